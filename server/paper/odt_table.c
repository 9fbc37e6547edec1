/* odt_table.c: tables of an ODT: heading rows that are repeated, columns of fixed shares, rows that aren't torn apart. */
#include <string.h>

#include "paper/odt.h"
#include "sheet/sound_text.h"

static int table_width(const struct paper_table *table)
{
    return table->wide ? ODT_LANDSCAPE : ODT_PORTRAIT;
}

enum {
    USUAL_HALF = 185,
    DENSE_HALF = 159
}; /* of a Chinese character, hundredths of a millimetre at 10.5 and 9 points */

/* Whether the columns need small type to have the room that they want. */
static bool is_dense(const struct paper_table *table)
{
    unsigned wanted = 0;

    for (size_t c = 0; c < table->column_count; c++)
        wanted += table->columns[c].share ? table->columns[c].share : wanted_width(table, c);
    return (int)wanted * USUAL_HALF > table_width(table);
}

/* On how many lines a text comes to stand. */
static unsigned lines_of(const char *text, unsigned room)
{
    unsigned lines = 1 + text_width(text) / (room + 1);

    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

/* How many halves of a Chinese character fit beside one another in columns of a table. */
static unsigned room_of(const struct paper_table *table, const unsigned *shares, size_t first, size_t span)
{
    enum { SIDES = 300 }; /* of a cell, hundredths of a millimetre */
    int half = is_dense(table) ? DENSE_HALF : USUAL_HALF;
    long width = 0;

    for (size_t c = first; c < first + span; c++)
        width += (long)table_width(table) * shares[c] / PAPER_WHOLE;
    return width > SIDES + half ? (unsigned)((width - SIDES) / half) : 1;
}

/* Whether the table takes less than about half a page, so that it needn't be parted. */
static bool is_short(const struct paper_table *table, const unsigned *shares)
{
    enum { LINES_UPRIGHT = 22, LINES_LANDSCAPE = 12 };
    unsigned lines = 3 + (unsigned)table->note_count / 2, most = table->wide ? LINES_LANDSCAPE : LINES_UPRIGHT;

    for (size_t r = 0; r < table->row_count && lines <= most; r++) {
        size_t count = table->rows[r].kind == PAPER_ROW_GROUP ? 0 : table->column_count;
        unsigned tallest = 1;

        for (size_t c = 0; c < count; c++) {
            unsigned some = lines_of(table->rows[r].texts[c], room_of(table, shares, c, 1));

            tallest = some > tallest ? some : tallest;
        }
        lines += tallest;
    }
    return lines <= most;
}

void odt_table_styles(const struct odt *odt, const struct paper_table *table, size_t index)
{
    unsigned shares[PAPER_MOST_COLUMNS];
    int width = table_width(table);
    bool whole;

    column_shares(table, shares);
    whole = is_short(table, shares);
    buffer_append_format(odt->out,
                         "<style:style style:name=\"T%zu\" style:family=\"table\"><style:table-properties"
                         " style:width=\"%d.%02dmm\" table:align=\"left\" style:may-break-between-rows=\"%s\""
                         "%s table:border-model=\"collapsing\"/></style:style>",
                         index, width / 100, width % 100, whole ? "false" : "true",
                         whole && table->note_count ? " fo:keep-with-next=\"always\"" : "");
    for (size_t c = 0; c < table->column_count; c++) {
        int column = (int)((long)width * shares[c] / PAPER_WHOLE);

        buffer_append_format(odt->out,
                             "<style:style style:name=\"T%zu.%zu\" style:family=\"table-column\">"
                             "<style:table-column-properties style:column-width=\"%d.%02dmm\"/></style:style>",
                             index, c, column / 100, column % 100);
    }
}

static void open_cell(const struct odt *odt, const char *style, size_t columns, size_t rows)
{
    buffer_append_format(odt->out, "<table:table-cell table:style-name=\"%s\"", style);
    if (columns > 1)
        buffer_append_format(odt->out, " table:number-columns-spanned=\"%zu\"", columns);
    if (rows > 1)
        buffer_append_format(odt->out, " table:number-rows-spanned=\"%zu\"", rows);
    buffer_append_text(odt->out, " office:value-type=\"string\">");
}

static void close_cell(const struct odt *odt, size_t columns)
{
    buffer_append_text(odt->out, "</table:table-cell>");
    for (size_t c = 1; c < columns; c++)
        buffer_append_text(odt->out, "<table:covered-table-cell/>");
}

static void heading_cell(const struct odt *odt, const struct paper_table *table, const char *text, size_t first,
                         size_t columns, size_t rows)
{
    unsigned shares[PAPER_MOST_COLUMNS];
    const char *lines;

    column_shares(table, shares);
    lines = balanced_heading(odt->arena, text, room_of(table, shares, first, columns));
    open_cell(odt, "cell-heading", columns, rows);
    buffer_append_format(odt->out, "<text:p text:style-name=\"%s_20_Heading\">", is_dense(table) ? "Dense" : "Table");
    odt_append(odt, lines ? lines : text);
    buffer_append_text(odt->out, "</text:p>");
    close_cell(odt, columns);
}

static void write_heading(const struct odt *odt, const struct paper_table *table)
{
    bool groups = has_groups(table);

    buffer_append_text(odt->out, "<table:table-header-rows>");
    if (groups) {
        buffer_append_text(odt->out, "<table:table-row table:style-name=\"row\">");
        for (size_t c = 0; c < table->column_count; c += group_span(table, c)) {
            const struct paper_column *column = &table->columns[c];

            heading_cell(odt, table, column->group ? column->group : column->heading, c, group_span(table, c),
                         column->group ? 1 : 2);
        }
        buffer_append_text(odt->out, "</table:table-row>");
    }
    buffer_append_text(odt->out, "<table:table-row table:style-name=\"row\">");
    for (size_t c = 0; c < table->column_count; c++) {
        if (groups && !table->columns[c].group)
            buffer_append_text(odt->out, "<table:covered-table-cell/>");
        else
            heading_cell(odt, table, table->columns[c].heading, c, 1, 1);
    }
    buffer_append_text(odt->out, "</table:table-row></table:table-header-rows>");
}

static void body_cell(const struct odt *odt, const struct paper_table *table, const struct paper_row *row, size_t c)
{
    static const char *const aligned[] = {"Text", "Text", "Centre", "Number"};
    bool group = row->kind == PAPER_ROW_GROUP, bold = row->kind != PAPER_ROW_PLAIN;
    const char *text = group ? row->texts[c] : shown_text(odt->arena, table->columns[c].holding, row->texts[c]);
    size_t span = group ? table->column_count : 1;

    open_cell(odt, bold ? "cell-strong" : "cell", span, 1);
    buffer_append_format(odt->out, "<text:p text:style-name=\"%s_20_%s\">", is_dense(table) ? "Dense" : "Table",
                         group ? "Text" : aligned[column_align(&table->columns[c])]);
    if (bold)
        buffer_append_text(odt->out, "<text:span text:style-name=\"Strong_20_Emphasis\">");
    odt_append(odt, text ? text : "");
    buffer_append_text(odt->out, bold ? "</text:span></text:p>" : "</text:p>");
    close_cell(odt, span);
}

/* A row of so much text that it may be longer than a page. */
static bool is_long(const struct paper_table *table, const struct paper_row *row)
{
    enum { LONG_TEXT = 2400 }; /* bytes */
    size_t count = row->kind == PAPER_ROW_GROUP ? 1 : table->column_count;

    for (size_t c = 0; c < count; c++)
        if (strnlen(row->texts[c], LONG_TEXT) == LONG_TEXT)
            return true;
    return false;
}

static void write_row(const struct odt *odt, const struct paper_table *table, const struct paper_row *row)
{
    buffer_append_format(odt->out, "<table:table-row table:style-name=\"%s\">",
                         is_long(table, row) ? "row-long" : "row");
    for (size_t c = 0; c < (row->kind == PAPER_ROW_GROUP ? 1 : table->column_count); c++)
        body_cell(odt, table, row, c);
    buffer_append_text(odt->out, "</table:table-row>");
}

static void write_nothing(const struct odt *odt, const struct paper_table *table)
{
    buffer_append_text(odt->out, "<table:table-row table:style-name=\"row\">");
    open_cell(odt, "cell", table->column_count, 1);
    buffer_append_text(odt->out, "<text:p text:style-name=\"Table_20_Centre\">");
    odt_append(odt, paper_word(WORD_EMPTY, odt->language));
    buffer_append_text(odt->out, "</text:p>");
    close_cell(odt, table->column_count);
    buffer_append_text(odt->out, "</table:table-row>");
}

static void write_notes(const struct odt *odt, const char *const *notes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *text = note_text(odt->arena, notes[i], i, count, odt->language);

        odt_open_paragraph(odt, i + 1 < count ? "Note_20_Lead" : "Note", TURN_NONE);
        odt_append(odt, text ? text : "");
        buffer_append_text(odt->out, "</text:p>");
    }
}

void odt_table(struct odt *odt, const struct paper_table *table, size_t index, enum odt_turn turn)
{
    if (table->number) {
        odt_open_paragraph(odt, "Table_20_Caption", turn);
        odt_caption(odt, true, table->number, table->caption);
        buffer_append_text(odt->out, "</text:p>");
    } else if (turn != TURN_NONE) {
        odt_open_paragraph(odt, "Spacer", turn);
        buffer_append_text(odt->out, "</text:p>");
    }
    buffer_append_format(odt->out, "<table:table table:name=\"T%zu\" table:style-name=\"T%zu\">", index, index);
    for (size_t c = 0; c < table->column_count; c++)
        buffer_append_format(odt->out, "<table:table-column table:style-name=\"T%zu.%zu\"/>", index, c);
    write_heading(odt, table);
    for (size_t r = 0; r < table->row_count; r++)
        write_row(odt, table, &table->rows[r]);
    if (table->row_count == 0)
        write_nothing(odt, table);
    buffer_append_text(odt->out, "</table:table>");
    write_notes(odt, table->notes, table->note_count);
    odt_open_paragraph(odt, "Spacer", TURN_NONE);
    buffer_append_text(odt->out, "</text:p>");
}
