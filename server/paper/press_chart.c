/* press_chart.c: a chart on a page, with its caption and notes, never parted. */
#include "paper/chart.h"
#include "paper/press.h"

static PangoLayout *caption_layout(struct press *press, const struct paper_chart *chart)
{
    const char *caption = chart_caption(press->arena, chart, press->language);

    return type_text(
        &press->type, caption ? caption : "",
        &(struct type_look){
            .size = PRESS_TABLE + 0.5, .width = press_width(press), .line = 1.4, .align = PAPER_CENTRE, .bold = true});
}

double press_chart_height(struct press *press, const struct paper_chart *chart)
{
    PangoLayout *caption = caption_layout(press, chart);
    double height = chart_height(chart) + type_height(caption) + 4 +
                    press_notes_height(press, (const char *const *)chart->notes, chart->note_count);

    g_object_unref(caption);
    return height;
}

void press_chart(struct press *press, const struct paper_chart *chart)
{
    press_tag(press, "Figure", NULL);
    if (press->cairo)
        chart_draw(&(struct canvas){.cairo = press->cairo,
                                    .type = &press->type,
                                    .arena = press->arena,
                                    .language = press->language,
                                    .x = PRESS_SIDE,
                                    .y = press->y,
                                    .width = press_width(press),
                                    .height = chart_height(chart)},
                   chart);
    press_untag(press, "Figure");
    press->y += chart_height(chart) + 2;
    press_tag(press, "P", NULL);
    press->y += press_put(press, caption_layout(press, chart), PRESS_SIDE, press->y) + 2;
    press_untag(press, "P");
    press_notes(press, (const char *const *)chart->notes, chart->note_count);
    press->y += PRESS_GAP;
}
