/* press_blocks.c: the blocks of a paper on pages: what each looks like, and what must not be parted from what follows. */
#include <math.h>

#include "paper/press.h"

static const double heading_sizes[PAPER_MOST_LEVEL + 1] = {0, 16, 14, 12.5};

/* ---- what is set -------------------------------------------------------------------------------------------------- */

static PangoLayout *heading_layout(struct press *press, const struct paper_block *block)
{
    const char *text = arena_format(press->arena, "%s%s%s", text_or_empty(block->number),
                                    press->language == LANGUAGE_ZH ? "" : "  ", text_or_empty(block->text));

    return type_text(&press->type, text_or_empty(text),
                     &(struct type_look){.size = heading_sizes[block->level],
                                         .width = press_width(press),
                                         .line = 1.4,
                                         .indent = heading_sizes[block->level] * 2,
                                         .align = PAPER_START,
                                         .bold = true});
}

static double heading_gap(const struct paper_block *block)
{
    return block->level == 1 ? 12 : 8;
}

static PangoLayout *paragraph_layout(struct press *press, const struct paper_block *block)
{
    bool small = block->style == PAPER_SMALL, title = block->style == PAPER_TITLE;

    return type_runs(&press->type, block->runs, block->run_count,
                     &(struct type_look){.size = small   ? PRESS_SMALL + 0.5
                                                 : title ? PRESS_TITLE
                                                         : PRESS_BODY,
                                         .width = press_width(press),
                                         .line = small ? 1.4 : 1.6,
                                         .align = title || block->style == PAPER_CENTRED ? PAPER_CENTRE : PAPER_START,
                                         .bold = title});
}

static double item_left(const struct press *press, const struct paper_block *block)
{
    return (block->level - 1) * PRESS_BODY * (press->language == LANGUAGE_ZH ? 2 : 1.6);
}

/* Where the text begins behind the number, in the usual width of that level's numbers. */
static double item_hang(const struct press *press, const struct paper_block *block)
{
    static const double chinese[PAPER_MOST_ITEM_LEVEL] = {2, 3, 1.25, 2.5};

    return PRESS_BODY * (press->language == LANGUAGE_ZH ? chinese[block->level - 1] : 1.6);
}

static PangoLayout *item_layout(struct press *press, const struct paper_block *block)
{
    return type_runs(
        &press->type, block->runs, block->run_count,
        &(struct type_look){.size = PRESS_BODY,
                            .width = press_width(press) - item_left(press, block) - item_hang(press, block),
                            .line = 1.6,
                            .align = PAPER_START});
}

/* ---- what must stand together ---------------------------------------------------------------------------------------- */

static double height_and_unref(PangoLayout *layout)
{
    double height = type_height(layout);

    g_object_unref(layout);
    return height;
}

/* Two lines of a text, all of one that has no more than three. */
static double start_and_unref(PangoLayout *layout)
{
    double height;
    int lines = pango_layout_get_line_count(layout);

    type_lines_within(layout, 0, 1e9, &height);
    if (lines > 3)
        height = height / lines * 2;
    g_object_unref(layout);
    return height;
}

static double box_line_height(const struct paper_block *block)
{
    return block->line_count ? PRESS_BODY * 2.2 : 0;
}

static double box_height(struct press *press, const struct paper_block *block)
{
    (void)press;
    return PRESS_BODY * 2.4 + (double)block->line_count * box_line_height(block) + (block->line_count ? 6 : 48);
}

/* The least height that block `index` needs on its page, with all that it must not be parted from. */
static double needed(struct press *press, size_t index)
{
    const struct paper *paper = press->paper;
    double height = 0;

    for (; index < paper->block_count && block_leads(paper, index); index++) {
        const struct paper_block *block = &paper->blocks[index];

        if (block->kind == PAPER_HEADING)
            height += heading_gap(block) + height_and_unref(heading_layout(press, block));
        else
            height += height_and_unref(block->kind == PAPER_ITEM ? item_layout(press, block)
                                                                 : paragraph_layout(press, block));
        height += PRESS_GAP;
    }
    if (index == paper->block_count)
        return height;

    const struct paper_block *block = &paper->blocks[index];

    switch (block->kind) {
    case PAPER_PARAGRAPH: return height + start_and_unref(paragraph_layout(press, block));
    case PAPER_ITEM: return height + start_and_unref(item_layout(press, block));
    case PAPER_TABLE: return height + press_table_start(press, block->table);
    case PAPER_CHART: return height + press_chart_height(press, block->chart);
    case PAPER_BOX: return height + box_height(press, block);
    default: return height;
    }
}

/* ---- drawing ------------------------------------------------------------------------------------------------------- */

static const char *heading_name(struct press *press, size_t block)
{
    return arena_format(press->arena, "name='h%zu'", block);
}

static void add_outline(struct press *press, size_t index)
{
    const struct paper_block *block = &press->paper->blocks[index];
    int parent = CAIRO_PDF_OUTLINE_ROOT;
    const char *text = arena_format(press->arena, "%s%s%s", text_or_empty(block->number),
                                    press->language == LANGUAGE_ZH ? "" : " ", text_or_empty(block->text));
    const char *place = arena_format(press->arena, "dest='h%zu'", index);

    for (unsigned level = 1; level < block->level; level++)
        parent = press->outline[level] ? press->outline[level] : parent;
    press->outline[block->level] = cairo_pdf_surface_add_outline(press->surface, parent, text_or_empty(text),
                                                                 text_or_empty(place), CAIRO_PDF_OUTLINE_FLAG_OPEN);
    for (unsigned level = block->level + 1; level <= PAPER_MOST_LEVEL; level++)
        press->outline[level] = 0;
}

static void draw_heading(struct press *press, size_t index)
{
    static const char *const tags[PAPER_MOST_LEVEL + 1] = {"", "H1", "H2", "H3"};
    const struct paper_block *block = &press->paper->blocks[index];

    if (press->y > PRESS_TOP)
        press->y += heading_gap(block);
    press->heading_pages[index] = press->page;
    if (press->cairo) {
        add_outline(press, index);
        press_tag(press, CAIRO_TAG_DEST, heading_name(press, index));
    }
    press_flow(press, heading_layout(press, block), PRESS_SIDE, tags[block->level]);
    press_untag(press, CAIRO_TAG_DEST);
}

static void draw_item(struct press *press, const struct paper_block *block)
{
    double left = PRESS_SIDE + item_left(press, block), hang = item_hang(press, block);
    struct type_look look = {.size = PRESS_BODY, .line = 1.6, .align = PAPER_START};
    PangoLayout *number = type_text(&press->type, text_or_empty(block->number), &look);
    PangoLayout *text;

    /* 十一、 is wider than the room for 一、 */
    hang = fmax(hang, type_width(number));
    press_tag(press, "P", NULL);
    press_put(press, number, left, press->y);
    press_untag(press, "P");
    text = item_layout(press, block);
    pango_layout_set_width(text, (int)((press_width(press) - (left - PRESS_SIDE) - hang) * PANGO_SCALE));
    press_flow(press, text, left + hang, "P");
}

static void draw_frame(struct press *press, double x, double y, double width, double height)
{
    if (!press->cairo)
        return;
    cairo_set_line_width(press->cairo, 0.9);
    cairo_rectangle(press->cairo, x, y, width, height);
    cairo_stroke(press->cairo);
}

/* The line on which something is written by hand. */
static void draw_writing_line(struct press *press, double from, double to, double y)
{
    if (!press->cairo)
        return;
    cairo_set_line_width(press->cairo, 0.5);
    cairo_move_to(press->cairo, from, y);
    cairo_line_to(press->cairo, to, y);
    cairo_stroke(press->cairo);
}

static void draw_box(struct press *press, const struct paper_block *block)
{
    double top = press->y, height = box_height(press, block), width = press_width(press), y = top + 6;
    struct type_look look = {.size = PRESS_BODY, .width = width - 20, .line = 1.5, .align = PAPER_START, .bold = true};

    draw_frame(press, PRESS_SIDE, top, width, height);
    press_tag(press, "P", NULL);
    press_put(press, type_text(&press->type, text_or_empty(block->text), &look), PRESS_SIDE + 10, y);
    y += PRESS_BODY * 2;
    look.bold = false;
    for (size_t i = 0; i < block->line_count; i++) {
        const struct paper_line *line = &block->lines[i];
        const char *text =
            arena_format(press->arena, press->language == LANGUAGE_ZH ? "%s：%s" : "%s: %s", line->label, line->text);
        PangoLayout *layout = type_text(&press->type, text_or_empty(text), &look);
        double used = type_width(layout);

        press_put(press, layout, PRESS_SIDE + 10, y);
        if (!*line->text)
            draw_writing_line(press, PRESS_SIDE + 14 + used, PRESS_SIDE + fmin(width - 10, fmax(280, used + 60)),
                              y + PRESS_BODY * 1.3);
        y += box_line_height(block);
    }
    press_untag(press, "P");
    press->y = top + height + PRESS_GAP;
}

/* How notes are set, `count` of them one below the other: several are numbered, and hang further. */
static struct type_look note_look(const struct press *press, size_t count)
{
    return (struct type_look){.size = PRESS_SMALL,
                              .width = press_width(press),
                              .line = 1.35,
                              .indent = PRESS_SMALL * (count == 1 ? 2 : 2.8),
                              .align = PAPER_START};
}

void press_notes(struct press *press, const char *const *notes, size_t count)
{
    const struct type_look look = note_look(press, count);

    for (size_t i = 0; i < count; i++) {
        const char *text = note_text(press->arena, notes[i], i, count, press->language);

        press->y += 2;
        press_flow(press, type_text(&press->type, text_or_empty(text), &look), PRESS_SIDE, "Note");
    }
}

double press_notes_height(struct press *press, const char *const *notes, size_t count)
{
    const struct type_look look = note_look(press, count);
    double height = 0;

    for (size_t i = 0; i < count; i++) {
        const char *text = note_text(press->arena, notes[i], i, count, press->language);

        height += 2 + height_and_unref(type_text(&press->type, text_or_empty(text), &look));
    }
    return height;
}

static void draw_block(struct press *press, size_t index)
{
    const struct paper_block *block = &press->paper->blocks[index];

    switch (block->kind) {
    case PAPER_HEADING: draw_heading(press, index); break;
    case PAPER_PARAGRAPH: press_flow(press, paragraph_layout(press, block), PRESS_SIDE, "P"); break;
    case PAPER_ITEM: draw_item(press, block); break;
    case PAPER_TABLE: press_table(press, block->table); break;
    case PAPER_CHART: press_chart(press, block->chart); break;
    case PAPER_BOX: draw_box(press, block); break;
    default: break;
    }
    press->y += PRESS_GAP;
}

static bool stands_in_text(enum paper_kind kind)
{
    return kind != PAPER_COVER && kind != PAPER_CONTENTS && kind != PAPER_BREAK;
}

void press_blocks(struct press *press)
{
    const struct paper *paper = press->paper;
    bool fresh = true; /* the next block begins a page */

    for (size_t i = 0; i < paper->block_count; i++) {
        const struct paper_block *block = &paper->blocks[i];

        if (stands_in_text(block->kind)) {
            bool landscape = block_is_landscape(paper, i), led = i > 0 && block_leads(paper, i - 1);

            if (fresh || (landscape != press->landscape && !led))
                press_new_page(press, landscape, false);
            else if (!led)
                press_need(press, needed(press, i));
            draw_block(press, i);
            fresh = false;
            continue;
        }
        if (block->kind == PAPER_COVER)
            press_cover(press, block);
        else if (block->kind == PAPER_CONTENTS)
            press_contents(press);
        fresh = true;
    }
    if (press->page == 0)
        press_new_page(press, false, false);
    press_end_page(press);
}
