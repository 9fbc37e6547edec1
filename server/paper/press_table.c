/* press_table.c: a table on pages: heading rows on each of them, rows kept whole where a page can hold them, notes kept
 * with the last row. */
#include "paper/press.h"

#include <math.h>

#define PADDING     3.2 /* above and below a cell's text */
#define SIDE        5.0 /* beside it */
#define LINE_HEIGHT 1.3

static const double heading_paper = 0.90, group_paper = 0.95, rule_ink = 0.45;

/* A table being set. */
struct setting {
    struct press *press;
    const struct paper_table *table;
    double left[PAPER_MOST_COLUMNS + 1]; /* of each column; the last is the table's right edge */
    double size;
    double first_height, second_height; /* of the heading's rows; the first is 0 without groups */
    bool begun;
};

static double cell_width(const struct setting *setting, size_t first, size_t span)
{
    return setting->left[first + span] - setting->left[first];
}

static PangoLayout *cell_layout(const struct setting *setting, const char *text, size_t first, size_t span,
                                enum paper_align align, bool bold)
{
    return type_text(&setting->press->type, text,
                     &(struct type_look){.size = setting->size,
                                         .width = cell_width(setting, first, span) - 2 * SIDE,
                                         .line = LINE_HEIGHT,
                                         .align = align,
                                         .bold = bold});
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

/* How high a heading's cell is. Of a heading that would fill the page, on every page, only the beginning is drawn. */
static double height_of(const struct press *press, PangoLayout *layout)
{
    double height = type_height(layout) + 2 * PADDING;

    g_object_unref(layout);
    return fmin(height, press_height(press) / 5);
}

static void measure_heading(struct setting *setting)
{
    const struct paper_table *table = setting->table;
    bool groups = has_groups(table);

    for (size_t c = 0; c < table->column_count && groups; c += group_span(table, c)) {
        size_t span = group_span(table, c);

        if (table->columns[c].group)
            setting->first_height = fmax(
                setting->first_height,
                height_of(setting->press, cell_layout(setting, table->columns[c].group, c, span, PAPER_CENTRE, true)));
    }
    for (size_t c = 0; c < table->column_count; c++) {
        double height =
            height_of(setting->press, cell_layout(setting, table->columns[c].heading, c, 1, PAPER_CENTRE, true));

        setting->second_height =
            fmax(setting->second_height, table->columns[c].group ? height : height - setting->first_height);
    }
}

static void begin_setting(struct setting *setting, struct press *press, const struct paper_table *table)
{
    unsigned shares[PAPER_MOST_COLUMNS];

    *setting = (struct setting){.press = press, .table = table, .size = table_size(press, table)};
    column_shares(table, shares);
    setting->left[0] = PRESS_SIDE;
    for (size_t c = 0; c < table->column_count; c++)
        setting->left[c + 1] = setting->left[c] + press_width(press) * shares[c] / PAPER_WHOLE;
    measure_heading(setting);
}

static void draw_box(struct press *press, double x, double y, double width, double height, double paper)
{
    cairo_t *cairo = press->cairo;

    if (!cairo)
        return;
    cairo_rectangle(cairo, x, y, width, height);
    if (paper < 1) {
        cairo_set_source_rgb(cairo, paper, paper, paper);
        cairo_fill_preserve(cairo);
    }
    cairo_set_source_rgb(cairo, rule_ink, rule_ink, rule_ink);
    cairo_set_line_width(cairo, 0.5);
    cairo_stroke(cairo);
    cairo_set_source_rgb(cairo, 0, 0, 0);
}

/* A cell whose text stands in the middle of its height; lines beyond it aren't drawn. */
static void put_cell(const struct setting *setting, PangoLayout *layout, size_t first, size_t span, double y,
                     double height, double paper, const char *tag)
{
    struct press *press = setting->press;
    double x = setting->left[first], used;
    int lines = type_lines_within(layout, 0, height - 2 * PADDING, &used);

    draw_box(press, x, y, cell_width(setting, first, span), height, paper);
    press_tag(press, tag, NULL);
    if (press->cairo && lines > 0)
        type_draw(press->cairo, layout, x + SIDE, y + (height - used) / 2, 0, lines);
    press_untag(press, tag);
    g_object_unref(layout);
}

static PangoLayout *caption_layout(const struct setting *setting)
{
    struct press *press = setting->press;
    const char *caption = table_caption(press->arena, setting->table, press->language);

    if (setting->begun && caption)
        caption = arena_format(press->arena, "%s%s", caption, paper_word(WORD_CONTINUED, press->language));
    return type_text(
        &press->type, caption ? caption : "",
        &(struct type_look){
            .size = PRESS_TABLE + 0.5, .width = press_width(press), .line = 1.4, .align = PAPER_START, .bold = true});
}

static double heading_height(const struct setting *setting)
{
    double height = setting->first_height + setting->second_height;

    if (setting->table->number)
        height += height_of(setting->press, caption_layout(setting)) - 2 * PADDING + 3;
    return height;
}

/* A heading below its group's, or as high as both. */
static void draw_column_heading(const struct setting *setting, size_t c, double y)
{
    const struct paper_column *column = &setting->table->columns[c];
    double above = column->group ? setting->first_height : 0;

    put_cell(setting, cell_layout(setting, column->heading, c, 1, PAPER_CENTRE, true), c, 1, y + above,
             setting->first_height + setting->second_height - above, heading_paper, "TH");
}

static void draw_heading_cells(const struct setting *setting, double y)
{
    const struct paper_table *table = setting->table;

    press_tag(setting->press, "TR", NULL);
    for (size_t c = 0; c < table->column_count;) {
        size_t span = group_span(table, c);

        if (table->columns[c].group)
            put_cell(setting, cell_layout(setting, table->columns[c].group, c, span, PAPER_CENTRE, true), c, span, y,
                     setting->first_height, heading_paper, "TH");
        for (size_t end = c + span; c < end; c++)
            draw_column_heading(setting, c, y);
    }
    press_untag(setting->press, "TR");
}

/* As much of the caption as its height allows. */
static double put_caption(const struct setting *setting)
{
    struct press *press = setting->press;
    PangoLayout *layout = caption_layout(setting);
    double height;
    int lines = type_lines_within(layout, 0, press_height(press) / 5, &height);

    if (press->cairo && lines > 0)
        type_draw(press->cairo, layout, PRESS_SIDE, press->y, 0, lines);
    g_object_unref(layout);
    return height;
}

static void draw_heading(struct setting *setting)
{
    struct press *press = setting->press;

    if (setting->table->number) {
        press_tag(press, "P", NULL);
        press->y += put_caption(setting) + 3;
        press_untag(press, "P");
    }
    press_tag(press, "Table", NULL);
    draw_heading_cells(setting, press->y);
    press->y += setting->first_height + setting->second_height;
    setting->begun = true;
}

static void go_on(struct setting *setting)
{
    press_untag(setting->press, "Table");
    press_new_page(setting->press, setting->press->landscape, false);
    draw_heading(setting);
}

/* The texts of a row as they are shown, each as its own lines. Their number is returned, the greatest height given. */
static size_t lay_row(const struct setting *setting, const struct paper_row *row, PangoLayout **layouts,
                      double *ret_height)
{
    const struct paper_table *table = setting->table;
    bool group = row->kind == PAPER_ROW_GROUP;
    size_t count = group ? 1 : table->column_count;

    *ret_height = 0;
    for (size_t c = 0; c < count; c++) {
        const struct paper_column *column = &table->columns[c];
        const char *text = group ? row->texts[c] : shown_text(setting->press->arena, column->holding, row->texts[c]);

        layouts[c] = cell_layout(setting, text ? text : "", c, group ? table->column_count : 1,
                                 group ? PAPER_START : column_align(column), row->kind != PAPER_ROW_PLAIN);
        *ret_height = fmax(*ret_height, type_height(layouts[c]) + 2 * PADDING);
    }
    return count;
}

static double row_paper(const struct paper_row *row)
{
    return row->kind == PAPER_ROW_PLAIN ? 1 : group_paper;
}

static void draw_whole(const struct setting *setting, const struct paper_row *row, PangoLayout **layouts, size_t count,
                       double height)
{
    press_tag(setting->press, "TR", NULL);
    for (size_t c = 0; c < count; c++)
        put_cell(setting, layouts[c], c, row->kind == PAPER_ROW_GROUP ? setting->table->column_count : 1,
                 setting->press->y, height, row_paper(row), "TD");
    press_untag(setting->press, "TR");
    setting->press->y += height;
}

/* A piece of a row that no page can hold: as many lines of each cell as there is room for. How many lines that is. */
static int draw_piece(const struct setting *setting, const struct paper_row *row, PangoLayout **layouts, size_t count,
                      int first)
{
    struct press *press = setting->press;
    double tallest = 0;
    int most = 0;

    press_tag(press, "TR", NULL);
    for (size_t c = 0; c < count; c++) {
        double height;
        int lines = type_lines_within(layouts[c], first, press_left(press) - 2 * PADDING, &height);

        press_tag(press, "TD", NULL);
        if (press->cairo && lines)
            type_draw(press->cairo, layouts[c], setting->left[c] + SIDE, press->y + PADDING, first, lines);
        press_untag(press, "TD");
        tallest = fmax(tallest, height);
        most = lines > most ? lines : most;
    }
    press_untag(press, "TR");
    for (size_t c = 0; c < count; c++)
        draw_box(press, setting->left[c], press->y,
                 cell_width(setting, c, row->kind == PAPER_ROW_GROUP ? setting->table->column_count : 1),
                 tallest + 2 * PADDING, 1);
    press->y += tallest + 2 * PADDING;
    return most ? most : 1;
}

static void draw_in_pieces(struct setting *setting, const struct paper_row *row, PangoLayout **layouts, size_t count)
{
    int lines = 0;

    for (size_t c = 0; c < count; c++) {
        int some = pango_layout_get_line_count(layouts[c]);

        lines = some > lines ? some : lines;
    }
    if (press_left(setting->press) < 4 * setting->size * LINE_HEIGHT)
        go_on(setting);
    for (int first = 0; first < lines;) {
        first += draw_piece(setting, row, layouts, count, first);
        if (first < lines)
            go_on(setting);
    }
    for (size_t c = 0; c < count; c++)
        g_object_unref(layouts[c]);
}

/* What must stand on the same page below a row: the first row of its group, the table's notes. */
static double kept_below(const struct setting *setting, size_t r)
{
    const struct paper_table *table = setting->table;
    double height = 0;

    if (r + 1 == table->row_count)
        return press_notes_height(setting->press, table->notes, table->note_count);
    if (table->rows[r].kind == PAPER_ROW_GROUP) {
        PangoLayout *layouts[PAPER_MOST_COLUMNS];
        size_t count = lay_row(setting, &table->rows[r + 1], layouts, &height);

        for (size_t c = 0; c < count; c++)
            g_object_unref(layouts[c]);
    }
    return height;
}

static void draw_row(struct setting *setting, size_t r)
{
    const struct paper_row *row = &setting->table->rows[r];
    struct press *press = setting->press;
    PangoLayout *layouts[PAPER_MOST_COLUMNS];
    double height, most = press_height(press) - heading_height(setting), below = kept_below(setting, r);
    size_t count = lay_row(setting, row, layouts, &height);

    if (height > most) {
        draw_in_pieces(setting, row, layouts, count);
        return;
    }
    below = height + below > most ? 0 : below;
    if (press_left(press) < height + (r > 0 ? below : 0))
        go_on(setting);
    draw_whole(setting, row, layouts, count, height);
}

static void draw_nothing(struct setting *setting)
{
    struct press *press = setting->press;
    size_t count = setting->table->column_count;
    PangoLayout *layout = cell_layout(setting, paper_word(WORD_EMPTY, press->language), 0, count, PAPER_CENTRE, false);
    double height = type_height(layout) + 2 * PADDING;

    press_tag(press, "TR", NULL);
    put_cell(setting, layout, 0, count, press->y, height, 1, "TD");
    press_untag(press, "TR");
    press->y += height;
}

void press_table(struct press *press, const struct paper_table *table)
{
    struct setting setting;

    begin_setting(&setting, press, table);
    draw_heading(&setting);
    for (size_t r = 0; r < table->row_count; r++)
        draw_row(&setting, r);
    if (table->row_count == 0)
        draw_nothing(&setting);
    press_untag(press, "Table");
    press_notes(press, table->notes, table->note_count);
    press->y += PRESS_GAP + 4;
}

/* The heading with two rows; the whole table if it is that short. */
double press_table_start(struct press *press, const struct paper_table *table)
{
    struct setting setting;
    double height;

    begin_setting(&setting, press, table);
    height = heading_height(&setting);
    for (size_t r = 0; r < table->row_count && r < 3; r++) {
        PangoLayout *layouts[PAPER_MOST_COLUMNS];
        double row;
        size_t count = lay_row(&setting, &table->rows[r], layouts, &row);

        for (size_t c = 0; c < count; c++)
            g_object_unref(layouts[c]);
        height += fmin(row, press_height(press) / 4);
    }
    return height;
}
