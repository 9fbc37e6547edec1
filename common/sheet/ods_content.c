/* ods_content.c: the content.xml of an ODS file: the sheets' columns, rows and cells. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sheet/workbook_write.h"

static const char head[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                           "<office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\""
                           " xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\""
                           " xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\""
                           " xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\""
                           " xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\""
                           " xmlns:of=\"urn:oasis:names:tc:opendocument:xmlns:of:1.2\" office:version=\"1.3\">";

/* ---- styles of columns, rows and sheets ------------------------------------------------------------------------- */

static int column_width(const struct workbook_column *column)
{
    return column->width ? column->width : DEFAULT_COLUMN_WIDTH;
}

static int compare_numbers(const void *a, const void *b)
{
    int left = *(const int *)a, right = *(const int *)b;

    return (left > right) - (left < right);
}

/* Sorts the lengths and writes a style for each that differs. */
static void write_length_styles(struct buffer *out, int *lengths, size_t count, bool columns)
{
    if (count == 0)
        return;
    qsort(lengths, count, sizeof *lengths, compare_numbers);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && lengths[i] == lengths[i - 1])
            continue;
        if (columns)
            buffer_append_format(out,
                                 "<style:style style:name=\"co-%d\" style:family=\"table-column\">"
                                 "<style:table-column-properties style:column-width=\"%d.%dmm\"/></style:style>",
                                 lengths[i], lengths[i] / 10, lengths[i] % 10);
        else
            buffer_append_format(out,
                                 "<style:style style:name=\"ro-%d\" style:family=\"table-row\">"
                                 "<style:table-row-properties style:row-height=\"%d.%dmm\""
                                 " style:use-optimal-row-height=\"false\"/></style:style>",
                                 lengths[i], lengths[i] / 10, lengths[i] % 10);
    }
}

static void write_column_styles(struct buffer *out, const struct workbook *workbook)
{
    size_t count = 0, filled = 0;

    for (size_t s = 0; s < workbook->sheet_count; s++)
        count += workbook->sheets[s]->column_count;

    int *widths = calloc(count + 1, sizeof *widths);

    if (!widths) {
        buffer_fail(out);
        return;
    }
    for (size_t s = 0; s < workbook->sheet_count; s++)
        for (size_t c = 0; c < workbook->sheets[s]->column_count; c++)
            widths[filled++] = column_width(&workbook->sheets[s]->columns[c]);
    write_length_styles(out, widths, filled, true);
    free(widths);
}

static void write_row_styles(struct buffer *out, const struct workbook *workbook)
{
    size_t count = 0, filled = 0;

    for (size_t s = 0; s < workbook->sheet_count; s++)
        count += workbook->sheets[s]->row_count;

    int *heights = calloc(count + 1, sizeof *heights);

    if (!heights) {
        buffer_fail(out);
        return;
    }
    for (size_t s = 0; s < workbook->sheet_count; s++)
        for (size_t r = 0; r < workbook->sheets[s]->row_count; r++)
            if (workbook->sheets[s]->rows[r].height)
                heights[filled++] = workbook->sheets[s]->rows[r].height;
    write_length_styles(out, heights, filled, false);
    free(heights);
    buffer_append_text(out, "<style:style style:name=\"ro-auto\" style:family=\"table-row\">"
                            "<style:table-row-properties style:use-optimal-row-height=\"true\"/></style:style>");
}

static void write_sheet_style(struct buffer *out, const struct workbook_sheet *sheet, size_t index)
{
    char page[32];

    ods_page_name(sheet, page);
    buffer_append_format(out,
                         "<style:style style:name=\"ta-%zu\" style:family=\"table\" style:master-page-name=\"%s\">"
                         "<style:table-properties table:display=\"%s\"/></style:style>",
                         index, page, sheet->hidden ? "false" : "true");
}

/* ---- cells ------------------------------------------------------------------------------------------------------ */

/* A text whose line breaks are paragraphs; blanks that XML would fold are counted out. */
static void append_paragraphs(struct buffer *out, struct arena *arena, const char *text)
{
    const char *sound = xml_sound_text(arena, text);
    bool blank_before = true;

    buffer_append_text(out, "<text:p>");
    for (; sound && *sound; sound++) {
        char character[2] = {*sound, '\0'};

        if (*sound == '\n')
            buffer_append_text(out, "</text:p><text:p>");
        else if (*sound == '\t')
            buffer_append_text(out, "<text:tab/>");
        else if (*sound == ' ' && (blank_before || !sound[1] || sound[1] == '\n'))
            buffer_append_text(out, "<text:s/>");
        else if (strchr("&<>\"", *sound))
            xml_append(out, character);
        else if (*sound != '\r')
            buffer_append_char(out, *sound);
        blank_before = *sound == ' ' || *sound == '\n' || *sound == '\t';
    }
    buffer_append_text(out, "</text:p>");
}

static void append_value(struct buffer *out, struct arena *arena, const struct workbook_cell *cell)
{
    switch (cell->holding) {
    case HOLDS_NOTHING: buffer_append_text(out, "/>"); return;
    case HOLDS_TEXT:
        buffer_append_text(out, " office:value-type=\"string\">");
        append_paragraphs(out, arena, cell->text);
        break;
    case HOLDS_INTEGER:
        buffer_append_format(out, " office:value-type=\"float\" office:value=\"%" PRId64 "\"><text:p>%" PRId64,
                             cell->integer, cell->integer);
        buffer_append_text(out, "</text:p>");
        break;
    case HOLDS_DECIMAL:
        buffer_append_format(out, " office:value-type=\"float\" office:value=\"%s\"><text:p>%s</text:p>", cell->text,
                             cell->text);
        break;
    case HOLDS_DATE:
        buffer_append_format(out, " office:value-type=\"date\" office:date-value=\"%s\"><text:p>%s</text:p>",
                             cell->text, cell->text);
        break;
    }
    buffer_append_text(out, "</table:table-cell>");
}

static void write_cell(struct buffer *out, const struct workbook_sheet *sheet, size_t sheet_index, size_t row,
                       size_t column)
{
    static const struct workbook_cell empty = {0};
    const struct workbook_row *one = &sheet->rows[row];
    const struct workbook_cell *cell = column < one->cell_count ? &one->cells[column] : &empty;

    buffer_append_format(out, "<table:table-cell table:style-name=\"%s\"", cell_looks[cell->style].name);
    ods_name_validation(out, sheet, sheet_index, row, column);
    if (cell->span_columns > 1 || cell->span_rows > 1)
        buffer_append_format(out, " table:number-columns-spanned=\"%u\" table:number-rows-spanned=\"%u\"",
                             cell->span_columns ? cell->span_columns : 1, cell->span_rows ? cell->span_rows : 1);
    append_value(out, sheet->workbook->arena, cell);
}

/* Whether a cell that spans several covers this one. */
static bool is_covered(const struct workbook_sheet *sheet, size_t row, size_t column)
{
    enum { FARTHEST = 16 };

    for (size_t r = row > FARTHEST ? row - FARTHEST : 0; r <= row; r++) {
        const struct workbook_row *one = &sheet->rows[r];

        for (size_t c = 0; c < one->cell_count && c <= column; c++) {
            size_t columns = one->cells[c].span_columns ? one->cells[c].span_columns : 1;
            size_t rows = one->cells[c].span_rows ? one->cells[c].span_rows : 1;

            if ((r != row || c != column) && r + rows > row && c + columns > column)
                return true;
        }
    }
    return false;
}

static bool has_spans(const struct workbook_sheet *sheet)
{
    for (size_t r = 0; r < sheet->row_count; r++)
        for (size_t c = 0; c < sheet->rows[r].cell_count; c++)
            if (sheet->rows[r].cells[c].span_columns > 1 || sheet->rows[r].cells[c].span_rows > 1)
                return true;
    return false;
}

static void write_row(struct buffer *out, const struct workbook_sheet *sheet, size_t sheet_index, size_t row,
                      bool spans)
{
    const struct workbook_row *one = &sheet->rows[row];

    if (one->height)
        buffer_append_format(out, "<table:table-row table:style-name=\"ro-%d\"", one->height);
    else
        buffer_append_text(out, "<table:table-row table:style-name=\"ro-auto\"");
    buffer_append_text(out, one->hidden ? " table:visibility=\"collapse\">" : ">");
    for (size_t c = 0; c < one->cell_count; c++) {
        if (spans && is_covered(sheet, row, c))
            buffer_append_format(out, "<table:covered-table-cell table:style-name=\"%s\"/>",
                                 cell_looks[one->cells[c].style].name);
        else
            write_cell(out, sheet, sheet_index, row, c);
    }
    if (one->cell_count == 0)
        buffer_append_text(out, "<table:table-cell/>");
    buffer_append_text(out, "</table:table-row>");
}

/* The rows below the last one that have a validation: one row, repeated. */
static void write_rows_below(struct buffer *out, const struct workbook_sheet *sheet, size_t sheet_index)
{
    size_t end = sheet->row_count;

    for (size_t v = 0; v < sheet->validation_count; v++)
        if (sheet->validations[v].last_row >= end)
            end = sheet->validations[v].last_row + 1;
    if (end == sheet->row_count)
        return;
    buffer_append_format(out, "<table:table-row table:style-name=\"ro-auto\" table:number-rows-repeated=\"%zu\">",
                         end - sheet->row_count);
    for (size_t c = 0; c < sheet->column_count; c++) {
        buffer_append_format(out, "<table:table-cell table:style-name=\"below-%s\"",
                             cell_looks[sheet->columns[c].style].name);
        ods_name_validation(out, sheet, sheet_index, end - 1, c);
        buffer_append_text(out, "/>");
    }
    buffer_append_text(out, "</table:table-row>");
}

static void write_columns(struct buffer *out, const struct workbook_sheet *sheet)
{
    for (size_t c = 0; c < sheet->column_count; c++)
        buffer_append_format(out,
                             "<table:table-column table:style-name=\"co-%d\"%s"
                             " table:default-cell-style-name=\"below-%s\"/>",
                             column_width(&sheet->columns[c]),
                             sheet->columns[c].hidden ? " table:visibility=\"collapse\"" : "",
                             cell_looks[sheet->columns[c].style].name);
    if (sheet->column_count == 0)
        buffer_append_text(out, "<table:table-column/>");
}

static void write_sheet(struct buffer *out, const struct workbook_sheet *sheet, size_t index)
{
    size_t repeated_end = sheet->repeated_row + sheet->repeated_row_count;
    bool spans = has_spans(sheet);

    buffer_append_text(out, "<table:table table:name=\"");
    xml_append(out, sheet->name);
    buffer_append_format(out, "\" table:style-name=\"ta-%zu\"%s>", index,
                         sheet->locked ? " table:protected=\"true\"" : "");
    write_columns(out, sheet);
    for (size_t r = 0; r < sheet->row_count; r++) {
        if (sheet->repeated_row_count && r == sheet->repeated_row)
            buffer_append_text(out, "<table:table-header-rows>");
        write_row(out, sheet, index, r, spans);
        if (sheet->repeated_row_count && r + 1 == repeated_end)
            buffer_append_text(out, "</table:table-header-rows>");
    }
    write_rows_below(out, sheet, index);
    if (sheet->row_count == 0)
        buffer_append_text(out, "<table:table-row><table:table-cell/></table:table-row>");
    buffer_append_text(out, "</table:table>");
}

void ods_write_content(const struct workbook *workbook, struct buffer *out)
{
    buffer_append_text(out, head);
    buffer_append_text(out, "<office:automatic-styles>");
    write_column_styles(out, workbook);
    write_row_styles(out, workbook);
    for (size_t s = 0; s < workbook->sheet_count; s++)
        write_sheet_style(out, workbook->sheets[s], s);
    buffer_append_text(out, "</office:automatic-styles><office:body><office:spreadsheet>");
    ods_write_validations(workbook, out);
    for (size_t s = 0; s < workbook->sheet_count && !out->failed; s++)
        write_sheet(out, workbook->sheets[s], s);
    buffer_append_text(out, "</office:spreadsheet></office:body></office:document-content>");
}
