/* press_front.c: what stands before a paper's text: the cover and the contents. */
#include <math.h>

#include "paper/press.h"

static void put_line(struct press *press, const char *text, double size, bool bold, double above)
{
    if (!text || !*text)
        return;
    press->y += above;
    press_flow(
        press,
        type_text(&press->type, text,
                  &(struct type_look){
                      .size = size, .width = press_width(press), .line = 1.4, .align = PAPER_CENTRE, .bold = bold}),
        PRESS_SIDE, "P");
}

/* The title on one line, if it can stand there in type that is somewhat smaller. */
static double title_size(const struct press *press, const char *title)
{
    enum { LARGEST = 26, SMALLEST = 20 };

    for (int size = LARGEST; size >= SMALLEST; size--) {
        PangoLayout *layout =
            type_text(&press->type, title, &(struct type_look){.size = size, .line = 1, .bold = true});
        double width = type_width(layout);

        g_object_unref(layout);
        if (width <= press_width(press))
            return size;
    }
    return LARGEST;
}

static void draw_cover_line(struct press *press, const struct paper_line *line)
{
    const double label = PRESS_BODY * 8, left = PRESS_SIDE + 40, colon = PRESS_BODY;
    struct type_look look = {.size = PRESS_BODY + 1, .width = label, .line = 1.5, .align = PAPER_START};
    const char *text = arena_format(press->arena, press->language == LANGUAGE_ZH ? "%s：" : "%s:", line->label);
    double y = press->y, height;
    PangoLayout *words;

    press_tag(press, "P", NULL);
    height = press_put(press, type_text(&press->type, text_or_empty(text), &look), left, y);
    look.width = press_width(press) - 40 - label - colon;
    words = type_text(&press->type, line->text, &look);
    height = fmax(height, press_put(press, words, left + label, y));
    press_untag(press, "P");
    press->y = y + height + 4;
}

/* The moment and identifier, and that the figures are samples, at the foot of the cover. */
static void draw_cover_foot(struct press *press)
{
    const struct paper_head *head = &press->paper->head;
    const char *colon = press->language == LANGUAGE_ZH ? "：" : ": ";

    if (press_left(press) > 110)
        press->y += press_left(press) - 110;
    put_line(press, head->sample, PRESS_BODY + 2, true, 0);
    if (head->identifier)
        put_line(
            press,
            arena_format(press->arena, "%s%s%s", paper_word(WORD_IDENTIFIER, press->language), colon, head->identifier),
            PRESS_TABLE, false, 6);
    if (head->moment)
        put_line(press,
                 arena_format(press->arena, "%s%s%s", paper_word(WORD_AS_OF, press->language), colon,
                              text_or_empty(shown_moment(press->arena, head->moment, press->language))),
                 PRESS_TABLE, false, 2);
}

void press_cover(struct press *press, const struct paper_block *block)
{
    const struct paper_head *head = &press->paper->head;

    press_new_page(press, false, true);
    press->y += 70;
    put_line(press, head->organisation, 18, false, 0);
    press_tag(press, "H1", NULL);
    put_line(press, head->title, title_size(press, head->title), true, 26);
    press_untag(press, "H1");
    put_line(press, head->subtitle, 18, false, 14);
    put_line(press, head->date, 15, false, 26);
    press->y += 70;
    for (size_t i = 0; i < block->line_count; i++)
        draw_cover_line(press, &block->lines[i]);
    draw_cover_foot(press);
    press->y += press_left(press);
}

/* "貳、性別主流化訓練 ........ 5" with the dots drawn as text, so that they are read as one entry. */
static void draw_entry(struct press *press, size_t index)
{
    const struct paper_block *block = &press->paper->blocks[index];
    double indent = (block->level - 1) * 20, width = press_width(press);
    struct type_look look = {.size = PRESS_BODY, .width = width - indent - 36, .line = 1.5, .align = PAPER_START};
    const char *text = arena_format(press->arena, "%s%s%s", text_or_empty(block->number),
                                    press->language == LANGUAGE_ZH ? "" : "  ", text_or_empty(block->text));
    const char *page = arena_format(press->arena, "%d", press->heading_pages[index]);
    PangoLayout *entry;
    double height, end;

    look.bold = block->level == 1;
    entry = type_text(&press->type, text_or_empty(text), &look);
    height = type_height(entry);
    end = pango_layout_get_line_count(entry) == 1 ? type_width(entry) : look.width;
    press_need(press, height);
    press_tag(press, "TOCI", NULL);
    press_tag(press, CAIRO_TAG_LINK, arena_format(press->arena, "dest='h%zu'", index));
    press_put(press, entry, PRESS_SIDE + indent, press->y);
    if (press->cairo) {
        cairo_set_dash(press->cairo, (double[]){0.8, 3.2}, 2, 0);
        cairo_set_line_width(press->cairo, 0.8);
        cairo_move_to(press->cairo, PRESS_SIDE + indent + end + 5, press->y + height - 6.5);
        cairo_line_to(press->cairo, PRESS_SIDE + width - 24, press->y + height - 6.5);
        cairo_stroke(press->cairo);
        cairo_set_dash(press->cairo, NULL, 0, 0);
    }
    look = (struct type_look){.size = PRESS_BODY, .width = width, .line = 1.5, .align = PAPER_END};
    press_put(press, type_text(&press->type, text_or_empty(page), &look), PRESS_SIDE, press->y);
    press_untag(press, CAIRO_TAG_LINK);
    press_untag(press, "TOCI");
    press->y += height;
}

void press_contents(struct press *press)
{
    const struct paper *paper = press->paper;

    if (press->page > 0)
        press_new_page(press, false, false);
    put_line(press, paper_word(WORD_CONTENTS, press->language), 18, true, 0);
    press->y += 14;
    press_tag(press, "TOC", NULL);
    for (size_t i = 0; i < paper->block_count; i++)
        if (paper->blocks[i].kind == PAPER_HEADING && paper->blocks[i].level <= 2)
            draw_entry(press, i);
    press_untag(press, "TOC");
    press->y += press_left(press);
}
