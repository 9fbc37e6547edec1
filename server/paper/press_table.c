/* press_table.c: a table on pages: heading rows on each of them, rows kept whole where a page can hold them, notes kept
 * with the last row. */
#include "paper/press_setting.h"

#include <math.h>

static const double heading_paper = 0.90, group_paper = 0.95, rule_ink = 0.45;

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
    int lines = type_lines_within(layout, 0, height - 2 * setting->padding, &used);

    draw_box(press, x, y, setting_width(setting, first, span), height, paper);
    press_tag(press, tag, NULL);
    if (press->cairo && lines > 0)
        type_draw(press->cairo, layout, x + setting->side, y + (height - used) / 2, 0, lines);
    press_untag(press, tag);
    g_object_unref(layout);
}

/* A heading below its group's, or as high as both. */
static void draw_column_heading(const struct setting *setting, size_t c, double y)
{
    const struct paper_column *column = &setting->table->columns[c];
    double above = column->group ? setting->measured->first_height : 0;

    put_cell(setting, setting_heading(setting, column->heading, c, 1), c, 1, y + above,
             setting->measured->first_height + setting->measured->second_height - above, heading_paper, "TH");
}

static void draw_heading_cells(const struct setting *setting, double y)
{
    const struct paper_table *table = setting->table;

    press_tag(setting->press, "TR", NULL);
    for (size_t c = 0; c < table->column_count;) {
        size_t span = group_span(table, c);

        if (table->columns[c].group)
            put_cell(setting, setting_heading(setting, table->columns[c].group, c, span), c, span, y,
                     setting->measured->first_height, heading_paper, "TH");
        for (size_t end = c + span; c < end; c++)
            draw_column_heading(setting, c, y);
    }
    press_untag(setting->press, "TR");
}

/* As much of the caption as its height allows. */
static double put_caption(const struct setting *setting)
{
    struct press *press = setting->press;
    PangoLayout *layout = setting_caption(setting);
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
    press->y += setting->measured->first_height + setting->measured->second_height;
    setting->begun = true;
}

static void go_on(struct setting *setting)
{
    press_untag(setting->press, "Table");
    press_new_page(setting->press, setting->press->landscape, false);
    draw_heading(setting);
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
        int lines = type_lines_within(layouts[c], first, press_left(press) - 2 * setting->padding, &height);

        press_tag(press, "TD", NULL);
        if (press->cairo && lines)
            type_draw(press->cairo, layouts[c], setting->left[c] + setting->side, press->y + setting->padding, first,
                      lines);
        press_untag(press, "TD");
        tallest = fmax(tallest, height);
        most = lines > most ? lines : most;
    }
    press_untag(press, "TR");
    for (size_t c = 0; c < count; c++)
        draw_box(press, setting->left[c], press->y,
                 setting_width(setting, c, row->kind == PAPER_ROW_GROUP ? setting->table->column_count : 1),
                 tallest + 2 * setting->padding, 1);
    press->y += tallest + 2 * setting->padding;
    return most ? most : 1;
}

static void draw_in_pieces(struct setting *setting, const struct paper_row *row, PangoLayout **layouts, size_t count)
{
    int lines = 0;

    for (size_t c = 0; c < count; c++) {
        int some = pango_layout_get_line_count(layouts[c]);

        lines = some > lines ? some : lines;
    }
    if (press_left(setting->press) < 4 * setting->size * SETTING_LINE)
        go_on(setting);
    for (int first = 0; first < lines;) {
        first += draw_piece(setting, row, layouts, count, first);
        if (first < lines)
            go_on(setting);
    }
    for (size_t c = 0; c < count; c++)
        g_object_unref(layouts[c]);
}

static void draw_row(struct setting *setting, size_t r)
{
    const struct paper_row *row = &setting->table->rows[r];
    struct press *press = setting->press;
    PangoLayout *layouts[PAPER_MOST_COLUMNS];
    double height = setting_row_height(setting, r);

    if (height > press_height(press) - setting_heading_height(setting)) {
        draw_in_pieces(setting, row, layouts, setting_lay_row(setting, row, layouts));
        return;
    }
    if (press_left(press) < (r > 0 ? setting_kept_height(setting, r) : height))
        go_on(setting);
    if (press->cairo)
        draw_whole(setting, row, layouts, setting_lay_row(setting, row, layouts), height);
    press->y += height;
}

static void draw_nothing(struct setting *setting)
{
    struct press *press = setting->press;
    size_t count = setting->table->column_count;
    PangoLayout *layout = setting_cell(setting, paper_word(WORD_EMPTY, press->language), 0, count, PAPER_CENTRE, false);
    double height = type_height(layout) + 2 * setting->padding;

    press_tag(press, "TR", NULL);
    put_cell(setting, layout, 0, count, press->y, height, 1, "TD");
    press_untag(press, "TR");
    press->y += height;
}

void press_table(struct press *press, const struct paper_table *table)
{
    struct setting setting;

    setting_begin(&setting, press, table);
    draw_heading(&setting);
    for (size_t r = 0; r < table->row_count; r++)
        draw_row(&setting, r);
    if (table->row_count == 0)
        draw_nothing(&setting);
    press_untag(press, "Table");
    press_notes(press, table->notes, table->note_count);
    press->y += PRESS_GAP + 4;
}
