/* chart_rows.c: charts with a row for each unit: bars against targets, and intervals. */
#include <math.h>

#include "paper/chart.h"

/* The rows of a chart between its labels and its remarks. */
struct rows {
    const struct canvas *canvas;
    const struct paper_chart *chart;
    const struct chart_series *series;
    struct scale scale;
    double height, top, bottom;
};

static double widest_label(const struct rows *rows)
{
    double widest = 0;

    for (size_t i = 0; i < rows->series->point_count; i++)
        widest = fmax(widest, chart_text_width(rows->canvas, rows->series->points[i].label));
    return fmin(widest, rows->canvas->width * 0.35);
}

/* "92.49%　差 12 人" */
static const char *point_words(const struct rows *rows, const struct chart_point *point)
{
    const char *value = point->value ? shown_text(rows->canvas->arena, PAPER_NUMBER, point->value)
                                     : paper_word(WORD_EMPTY, rows->canvas->language);

    return arena_format(rows->canvas->arena, "%s%s%s%s", value ? value : "", point->value ? rows->chart->unit : "",
                        *point->remark ? "  " : "", point->remark);
}

static double widest_words(const struct rows *rows)
{
    double widest = 0;

    for (size_t i = 0; i < rows->series->point_count; i++)
        widest = fmax(widest, chart_text_width(rows->canvas, point_words(rows, &rows->series->points[i])));
    return fmin(widest, rows->canvas->width * 0.35);
}

static void draw_grid(const struct rows *rows)
{
    const struct scale *scale = &rows->scale;
    cairo_t *cairo = rows->canvas->cairo;

    cairo_set_line_width(cairo, 0.6);
    for (int i = 0; i <= scale_steps(scale); i++) {
        double at = scale->low + i * scale->step, x = scale_place(scale, at);

        use_ink(cairo, INK_FAINT);
        chart_line(cairo, x, rows->top, x, rows->bottom);
        use_ink(cairo, INK_GREY);
        chart_say_step(rows->canvas, scale, at, rows->chart->unit, x, rows->bottom + 10, PAPER_CENTRE);
    }
}

static bool begin_rows(struct rows *rows, const struct canvas *canvas, const struct paper_chart *chart, bool bars)
{
    double start, end;

    if (chart->series_count == 0 || chart->series[0].point_count == 0)
        return false;
    *rows = (struct rows){.canvas = canvas, .chart = chart, .series = &chart->series[0]};
    rows->top = canvas->y + CHART_TOP;
    rows->bottom = canvas->y + canvas->height - CHART_BOTTOM;
    rows->height = (rows->bottom - rows->top) / (double)rows->series->point_count;
    start = canvas->x + widest_label(rows) + 8;
    end = canvas->x + canvas->width - (widest_words(rows) + 10);
    rows->scale = value_scale(chart, bars, start, end);
    return true;
}

/* ---- bars -------------------------------------------------------------------------------------------------------------- */

static void draw_bar(const struct rows *rows, const struct chart_point *point, double y)
{
    cairo_t *cairo = rows->canvas->cairo;
    double value, thickness = fmin(rows->height * 0.62, 13), base = scale_place(&rows->scale, 0);

    if (chart_number(point->value, &value)) {
        double end = scale_place(&rows->scale, value);

        use_ink(cairo, point->standing == STANDING_BELOW ? INK_VERMILION : INK_BLUE);
        cairo_rectangle(cairo, fmin(base, end), y - thickness / 2, fabs(end - base), thickness);
        cairo_set_line_width(cairo, 1);
        if (point->small)
            cairo_set_dash(cairo, chart_small_dash, 2, 0);
        if (point->small || point->standing == STANDING_BELOW)
            cairo_stroke(cairo);
        else
            cairo_fill(cairo);
        cairo_set_dash(cairo, NULL, 0, 0);
        if (point->standing == STANDING_BELOW)
            chart_hatch(cairo, fmin(base, end), y - thickness / 2, fabs(end - base), thickness);
    }
    use_ink(cairo, INK_BLACK);
}

/* Each row's part of the target line; rows of one target make one line. */
static void draw_row_target(const struct rows *rows, const struct chart_point *point, double y)
{
    cairo_t *cairo = rows->canvas->cairo;
    double target, x;

    if (!chart_number(point->target, &target))
        return;
    x = scale_place(&rows->scale, target);
    use_ink(cairo, INK_BLACK);
    cairo_set_line_width(cairo, 1.3);
    cairo_set_dash(cairo, (double[]){4, 2}, 2, 0);
    chart_line(cairo, x, y - rows->height / 2, x, y + rows->height / 2);
    cairo_set_dash(cairo, NULL, 0, 0);
}

static void draw_rows_legend(const struct canvas *canvas, const struct paper_chart *chart, bool bars)
{
    double x = canvas->x, y = canvas->y + 9;

    if (chart_has_standing(chart, STANDING_MET))
        chart_legend(canvas, bars ? SAMPLE_MET : SAMPLE_DOT, paper_word(WORD_MET, canvas->language), &x, y);
    if (chart_has_standing(chart, STANDING_BELOW))
        chart_legend(canvas, bars ? SAMPLE_BELOW : SAMPLE_BELOW_DOT, paper_word(WORD_BELOW, canvas->language), &x, y);
    if (chart_has_target(chart))
        chart_legend(canvas, SAMPLE_TARGET, chart->target_name, &x, y);
    if (chart_has_small(chart))
        chart_legend(canvas, bars ? SAMPLE_SMALL_BAR : SAMPLE_SMALL_DOT, chart->small_name, &x, y);
}

void draw_bars(const struct canvas *canvas, const struct paper_chart *chart)
{
    struct rows rows;

    if (!begin_rows(&rows, canvas, chart, true))
        return;
    draw_rows_legend(canvas, chart, true);
    draw_grid(&rows);
    for (size_t i = 0; i < rows.series->point_count; i++) {
        const struct chart_point *point = &rows.series->points[i];
        double y = rows.top + rows.height * ((double)i + 0.5);

        use_ink(canvas->cairo, INK_BLACK);
        chart_say(canvas, point->label, rows.scale.start - 6, y, PAPER_END);
        draw_bar(&rows, point, y);
        draw_row_target(&rows, point, y);
        chart_say(canvas, point_words(&rows, point), rows.scale.end + 8, y, PAPER_START);
    }
    use_ink(canvas->cairo, INK_GREY);
    cairo_set_line_width(canvas->cairo, 0.8);
    chart_line(canvas->cairo, scale_place(&rows.scale, 0), rows.top, scale_place(&rows.scale, 0), rows.bottom);
}

/* ---- intervals ---------------------------------------------------------------------------------------------------------- */

static void draw_interval(const struct rows *rows, const struct chart_point *point, double y)
{
    cairo_t *cairo = rows->canvas->cairo;
    double value, low, high;

    use_ink(cairo, point->standing == STANDING_BELOW ? INK_VERMILION : INK_BLUE);
    cairo_set_line_width(cairo, 1.4);
    if (chart_number(point->low, &low) && chart_number(point->high, &high)) {
        double from = scale_place(&rows->scale, low), to = scale_place(&rows->scale, high);

        chart_line(cairo, from, y, to, y);
        chart_line(cairo, from, y - 3, from, y + 3);
        chart_line(cairo, to, y - 3, to, y + 3);
    }
    if (chart_number(point->value, &value))
        chart_mark(cairo, point->standing == STANDING_BELOW ? 3 : 0, scale_place(&rows->scale, value), y, point->small);
    use_ink(cairo, INK_BLACK);
}

void draw_intervals(const struct canvas *canvas, const struct paper_chart *chart)
{
    struct rows rows;

    if (!begin_rows(&rows, canvas, chart, false))
        return;
    draw_rows_legend(canvas, chart, false);
    draw_grid(&rows);
    for (size_t i = 0; i < rows.series->point_count; i++) {
        const struct chart_point *point = &rows.series->points[i];
        double y = rows.top + rows.height * ((double)i + 0.5);

        use_ink(canvas->cairo, INK_BLACK);
        chart_say(canvas, point->label, rows.scale.start - 6, y, PAPER_END);
        draw_row_target(&rows, point, y);
        draw_interval(&rows, point, y);
        chart_say(canvas, point_words(&rows, point), rows.scale.end + 8, y, PAPER_START);
    }
}
