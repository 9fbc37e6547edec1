/* press_setting.c: measuring a table before it is set. */
#include "paper/press_setting.h"

#include <math.h>

#define USUAL_PADDING   3.2
#define CLOSEST_PADDING 1.7

double setting_width(const struct setting *setting, size_t first, size_t span)
{
    return setting->left[first + span] - setting->left[first];
}

PangoLayout *setting_cell(const struct setting *setting, const char *text, size_t first, size_t span,
                          enum paper_align align, bool bold)
{
    return type_text(&setting->press->type, text,
                     &(struct type_look){.size = setting->size,
                                         .width = setting_width(setting, first, span) - 2 * setting->side,
                                         .line = SETTING_LINE,
                                         .align = align,
                                         .bold = bold});
}

PangoLayout *setting_heading(const struct setting *setting, const char *text, size_t first, size_t span)
{
    double room = (setting_width(setting, first, span) - 2 * setting->side) / (setting->size / 2);
    const char *lines = balanced_heading(setting->press->arena, text, (unsigned)fmax(room, 1));
    PangoLayout *plain = setting_cell(setting, text, first, span, PAPER_CENTRE, true), *balanced;

    if (!lines || lines == text)
        return plain;
    balanced = setting_cell(setting, lines, first, span, PAPER_CENTRE, true);
    if (pango_layout_get_line_count(balanced) > pango_layout_get_line_count(plain)) {
        g_object_unref(balanced);
        return plain;
    }
    g_object_unref(plain);
    return balanced;
}

static PangoLayout *caption_layout(const struct setting *setting, bool goes_on)
{
    struct press *press = setting->press;
    const char *caption = table_caption(press->arena, setting->table, press->language);

    if (goes_on && caption)
        caption = arena_format(press->arena, "%s%s", caption, paper_word(WORD_CONTINUED, press->language));
    return type_text(
        &press->type, caption ? caption : "",
        &(struct type_look){
            .size = PRESS_TABLE + 0.5, .width = press_width(press), .line = 1.4, .align = PAPER_START, .bold = true});
}

PangoLayout *setting_caption(const struct setting *setting)
{
    return caption_layout(setting, setting->begun);
}

/* The largest type in which the columns have the room they want, within reason. */
static double table_size(const struct press *press, const struct paper_table *table)
{
    static const double sizes[] = {PRESS_TABLE, 10, 9.5, PRESS_SMALL, 8.5};
    double wanted = 0;
    size_t i = 0;

    for (size_t c = 0; c < table->column_count; c++)
        wanted += table->columns[c].share ? table->columns[c].share : wanted_width(table, c);
    while (i + 1 < sizeof sizes / sizeof *sizes && wanted * sizes[i] / 2 > press_width(press))
        i++;
    return sizes[i];
}

/* ---- heights ------------------------------------------------------------------------------------------------------ */

/* How high a heading's cell is. Of a heading that would fill the page, on every page, only the beginning is drawn. */
static double height_of(const struct press *press, PangoLayout *layout)
{
    double height = type_height(layout) + 2 * USUAL_PADDING;

    g_object_unref(layout);
    return fmin(height, press_height(press) / 4);
}

static void measure_heading(const struct setting *setting, struct press_measured *measured)
{
    const struct paper_table *table = setting->table;
    bool groups = has_groups(table);

    for (size_t c = 0; c < table->column_count && groups; c += group_span(table, c)) {
        size_t span = group_span(table, c);

        if (table->columns[c].group)
            measured->first_height =
                fmax(measured->first_height,
                     height_of(setting->press, setting_heading(setting, table->columns[c].group, c, span)));
    }
    for (size_t c = 0; c < table->column_count; c++) {
        double height = height_of(setting->press, setting_heading(setting, table->columns[c].heading, c, 1));

        measured->second_height =
            fmax(measured->second_height, table->columns[c].group ? height : height - measured->first_height);
    }
}

/* As high as it is with the usual room above and below, which only the heading's cells have. */
static void measure_captions(const struct setting *setting, struct press_measured *measured)
{
    for (int goes_on = 0; goes_on < 2 && setting->table->number; goes_on++)
        measured->captions[goes_on] =
            height_of(setting->press, caption_layout(setting, goes_on)) - 2 * USUAL_PADDING + 3;
}

double setting_heading_height(const struct setting *setting)
{
    const struct press_measured *measured = setting->measured;

    return measured->first_height + measured->second_height + measured->captions[setting->begun];
}

size_t setting_lay_row(const struct setting *setting, const struct paper_row *row, PangoLayout **layouts)
{
    const struct paper_table *table = setting->table;
    bool group = row->kind == PAPER_ROW_GROUP;
    size_t count = group ? 1 : table->column_count;

    for (size_t c = 0; c < count; c++) {
        const struct paper_column *column = &table->columns[c];
        const char *text = group ? row->texts[c] : shown_text(setting->press->arena, column->holding, row->texts[c]);

        layouts[c] = setting_cell(setting, text ? text : "", c, group ? table->column_count : 1,
                                  group ? PAPER_START : column_align(column), row->kind != PAPER_ROW_PLAIN);
    }
    return count;
}

static double text_height(const struct setting *setting, const struct paper_row *row)
{
    PangoLayout *layouts[PAPER_MOST_COLUMNS];
    size_t count = setting_lay_row(setting, row, layouts);
    double height = 0;

    for (size_t c = 0; c < count; c++) {
        height = fmax(height, type_height(layouts[c]));
        g_object_unref(layouts[c]);
    }
    return height;
}

static const double *text_heights(const struct setting *setting)
{
    const struct paper_table *table = setting->table;
    double *heights = arena_alloc_array(setting->press->arena, table->row_count + 1, sizeof *heights);

    for (size_t r = 0; heights && r < table->row_count; r++)
        heights[r] = text_height(setting, &table->rows[r]);
    return heights;
}

/* Measured once on pages of this width, for counting pages and for drawing. */
static const struct press_measured *find_measured(const struct setting *setting)
{
    static const struct press_measured nothing; /* the arena noted that it is short: nothing will be given out */
    struct press *press = setting->press;
    const struct paper_table *table = setting->table;
    struct press_measured *found = press->measured;

    while (found && (found->table != table || found->width != press_width(press)))
        found = found->next;
    if (found)
        return found;
    found = arena_alloc(press->arena, sizeof *found);
    if (!found)
        return &nothing;
    *found = (struct press_measured){.table = table, .width = press_width(press), .next = press->measured};
    measure_heading(setting, found);
    measure_captions(setting, found);
    found->notes = press_notes_height(press, table->notes, table->note_count);
    found->texts = text_heights(setting);
    press->measured = found;
    return found;
}

double setting_row_height(const struct setting *setting, size_t r)
{
    return (setting->measured->texts ? setting->measured->texts[r] : 0) + 2 * setting->padding;
}

/* ---- what stands together ----------------------------------------------------------------------------------------- */

/* Whether a row and the next stand under one group row with a few others. */
static bool in_small_group(const struct paper_table *table, size_t r)
{
    enum { FEW = 5 };
    size_t first = r, end = r + 1;

    while (first > 0 && r - first < FEW && table->rows[first].kind != PAPER_ROW_GROUP)
        first--;
    while (end < table->row_count && end - first <= FEW + 1 && table->rows[end].kind != PAPER_ROW_GROUP)
        end++;
    return table->rows[first].kind == PAPER_ROW_GROUP && end - first <= FEW + 1 && r + 1 < end;
}

static bool keeps_next(const struct paper_table *table, size_t r)
{
    return table->rows[r].kind == PAPER_ROW_GROUP || r + 2 == table->row_count || in_small_group(table, r) ||
           (table->rows[r].kind == PAPER_ROW_PLAIN && table->rows[r + 1].kind == PAPER_ROW_TOTAL);
}

double setting_kept_height(const struct setting *setting, size_t r)
{
    const struct paper_table *table = setting->table;
    double most = press_height(setting->press) - setting_heading_height(setting);
    double alone = setting_row_height(setting, r), height = alone;

    for (; r + 1 < table->row_count && keeps_next(table, r) && height <= most; r++)
        height += setting_row_height(setting, r + 1);
    if (r + 1 == table->row_count)
        height += setting->measured->notes;
    return height > most ? alone : height;
}

/* How many pages the table takes, of which the first has so much room. Of rows that no page can hold, it doesn't tell. */
static int pages_taken(const struct setting *setting, double room)
{
    double heading = setting_heading_height(setting), whole = press_height(setting->press) - heading;
    int pages = 1;

    room -= heading;
    for (size_t r = 0; r < setting->table->row_count; r++) {
        if (room < setting_kept_height(setting, r)) {
            pages++;
            room = whole;
        }
        room -= setting_row_height(setting, r);
    }
    return pages;
}

static void choose_padding(struct setting *setting, double room)
{
    static const double closer[] = {2.7, 2.2, CLOSEST_PADDING};
    double best = USUAL_PADDING;
    int least;

    setting->padding = USUAL_PADDING;
    least = pages_taken(setting, room);
    for (size_t i = 0; least > 1 && i < sizeof closer / sizeof *closer; i++) {
        int pages;

        setting->padding = closer[i];
        pages = pages_taken(setting, room);
        if (pages < least) {
            least = pages;
            best = closer[i];
        }
    }
    setting->padding = best;
}

static void measure(struct setting *setting, struct press *press, const struct paper_table *table)
{
    unsigned shares[PAPER_MOST_COLUMNS];

    *setting =
        (struct setting){.press = press, .table = table, .size = table_size(press, table), .padding = USUAL_PADDING};
    setting->side = setting->size < 10 ? 3.5 : 5;
    column_shares(table, shares);
    setting->left[0] = PRESS_SIDE;
    for (size_t c = 0; c < table->column_count; c++)
        setting->left[c + 1] = setting->left[c] + press_width(press) * shares[c] / PAPER_WHOLE;
    setting->measured = find_measured(setting);
}

void setting_begin(struct setting *setting, struct press *press, const struct paper_table *table)
{
    measure(setting, press, table);
    choose_padding(setting, press_left(press));
}

/* The heading with two rows; the whole of a table that takes less than half a page, its rows as close as may be. One that a page can hold doesn't begin at
 * the foot of the one before. */
double press_table_start(struct press *press, const struct paper_table *table)
{
    struct setting setting;
    double height, whole, page = press_height(press);

    measure(&setting, press, table);
    height = whole = setting_heading_height(&setting);
    for (size_t r = 0; r < table->row_count && r < 3; r++)
        height += fmin(setting_row_height(&setting, r), page / 4);
    setting.padding = CLOSEST_PADDING;
    for (size_t r = 0; r < table->row_count && whole <= page; r++)
        whole += setting_row_height(&setting, r);
    whole += setting.measured->notes;
    if (whole <= page / 2)
        return whole;
    return whole <= page ? fmax(height, page / 4) : height;
}
