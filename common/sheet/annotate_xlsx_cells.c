/* annotate_xlsx_cells.c: the rows and cells of an XLSX sheet that are marked get another format; those that aren't there
 * are made, in their order. */
#include <stdio.h>
#include <string.h>

#include "sheet/annotate_xlsx.h"
#include "sheet/places.h"

struct row_edit {
    struct xlsx_sheet *sheet;
    size_t number, format; /* of the row */
    bool has_format;
    const struct mark *marks;
    size_t count, next;
    struct buffer *out;
};

size_t xlsx_row_number(const struct xml_tag *tag, size_t before)
{
    size_t number = xml_number(tag, "", "r", 0);

    return number > 0 ? number : before + 1;
}

size_t xlsx_cell_column(const struct xml_tag *tag, size_t next)
{
    struct xml_attribute ref;
    size_t row, column;

    return xml_find(tag, "", "r", &ref) && ref_parse(ref.value, ref.value_length, &row, &column) ? column : next;
}

/* The format of a cell that has none of its own. */
static size_t default_format(const struct row_edit *edit, size_t column)
{
    const struct xlsx_sheet *sheet = edit->sheet;
    struct xml_scan scan = {sheet->columns.start, sheet->columns.end};
    struct xml_tag tag;

    if (edit->has_format)
        return edit->format;
    while (scan.at && xml_next(&scan, &tag))
        if (xml_is(&tag, sheet->prefix, "col") && xml_number(&tag, "", "min", 0) <= column + 1 &&
            xml_number(&tag, "", "max", 0) >= column + 1)
            return xml_number(&tag, "", "style", 0);
    return 0;
}

/* A cell that is there, with another format. */
static void append_marked(struct row_edit *edit, const struct xml_tag *tag, struct xml_range cell,
                          const struct mark *mark)
{
    size_t own = xml_number(tag, "", "s", 0), format = xlsx_marked_format(edit->sheet->styles, own, mark);
    char number[24];
    struct xml_change change = {"", "s", number};

    snprintf(number, sizeof number, "%zu", format);
    xml_append_tag(edit->out, tag, &change, format != own, tag->kind);
    xml_append_range(edit->out, tag->end, cell.end);
}

/* Cells before `column` that aren't there. */
static void append_missing(struct row_edit *edit, size_t column)
{
    struct xlsx_sheet *sheet = edit->sheet;

    for (; edit->next < edit->count && edit->marks[edit->next].column < column; edit->next++) {
        const struct mark *mark = &edit->marks[edit->next];
        const char *letters = column_letters(sheet->annotation->arena, mark->column);

        if (mark->text)
            buffer_append_format(edit->out, "<%sc r=\"%s%zu\" s=\"%zu\"/>", sheet->prefix, letters ? letters : "",
                                 mark->row,
                                 xlsx_marked_format(sheet->styles, default_format(edit, mark->column), mark));
    }
}

static void append_cells(struct row_edit *edit, struct xml_range content)
{
    struct xml_scan scan = {content.start, content.end};
    const char *done = content.start;
    size_t next_column = 0;
    struct xml_tag tag;
    struct xml_range cell;

    while (xml_next_child(&scan, &tag, &cell)) {
        if (!xml_is(&tag, edit->sheet->prefix, "c"))
            continue;
        next_column = xlsx_cell_column(&tag, next_column);
        xml_append_range(edit->out, done, cell.start);
        append_missing(edit, next_column);
        if (edit->next < edit->count && edit->marks[edit->next].column == next_column)
            append_marked(edit, &tag, cell, &edit->marks[edit->next++]);
        else
            xml_append_range(edit->out, cell.start, cell.end);
        done = cell.end;
        next_column++;
    }
    append_missing(edit, MOST_SHEET_COLUMNS + 1);
    xml_append_range(edit->out, done, content.end);
}

/* How many marks from `first` on lie in the row of the first. */
static size_t count_in_row(const struct marks *marks, size_t first)
{
    size_t last = first;

    while (last < marks->count && marks->items[last].row == marks->items[first].row)
        last++;
    return last - first;
}

static void append_row(struct row_edit *edit, const struct xml_tag *tag, struct xml_range row)
{
    struct xml_attribute own;
    struct xml_change no_spans = {"", "spans", NULL}; /* a hint that may no longer hold */

    edit->has_format = xml_flag(tag, "", "customFormat") && xml_find(tag, "", "s", &own);
    edit->format = xml_number(tag, "", "s", 0);
    xml_append_tag(edit->out, tag, &no_spans, 1, XML_OPEN);
    append_cells(edit, xml_content(tag, row));
    xml_append_end(edit->out, tag);
}

/* Rows before `number` that aren't there. */
static void append_missing_rows(struct xlsx_sheet *sheet, size_t *next, size_t number, struct buffer *out)
{
    const struct marks *marks = &sheet->marks;

    while (*next < marks->count && marks->items[*next].row < number) {
        struct row_edit edit = {.sheet = sheet, .marks = marks->items + *next, .out = out};

        edit.count = count_in_row(marks, *next);
        buffer_append_format(out, "<%srow r=\"%zu\">", sheet->prefix, edit.marks->row);
        append_missing(&edit, MOST_SHEET_COLUMNS + 1);
        buffer_append_format(out, "</%srow>", sheet->prefix);
        *next += edit.count;
    }
}

static void edit_rows(struct xlsx_sheet *sheet, struct buffer *out)
{
    struct xml_range content = xml_content(&sheet->data_tag, sheet->data), row;
    struct xml_scan scan = {content.start, content.end};
    const struct marks *marks = &sheet->marks;
    size_t number = 0, next = 0;
    struct xml_tag tag;

    while (next < marks->count && xml_next_child(&scan, &tag, &row)) {
        if (!xml_is(&tag, sheet->prefix, "row"))
            continue;
        number = xlsx_row_number(&tag, number);
        append_missing_rows(sheet, &next, number, out);
        if (out->length > 0)
            xml_replace(&sheet->edits, (struct xml_range){row.start, row.start}, out);
        if (next < marks->count && marks->items[next].row == number) {
            struct row_edit edit = {.sheet = sheet,
                                    .number = number,
                                    .marks = marks->items + next,
                                    .count = count_in_row(marks, next),
                                    .out = out};

            next += edit.count;
            append_row(&edit, &tag, row);
            xml_replace(&sheet->edits, row, out);
        }
    }
    append_missing_rows(sheet, &next, SIZE_MAX, out);
    if (out->length > 0)
        xml_replace(&sheet->edits, (struct xml_range){content.end, content.end}, out);
}

bool xlsx_edit_cells(struct xlsx_sheet *sheet)
{
    struct buffer out = BUFFER_WITH_LIMIT(2 * (size_t)ANNOTATION_LARGEST_PART);

    if (sheet->data_tag.kind == XML_OPEN) {
        edit_rows(sheet, &out);
    } else { /* <sheetData/> */
        size_t next = 0;

        xml_append_tag(&out, &sheet->data_tag, NULL, 0, XML_OPEN);
        append_missing_rows(sheet, &next, SIZE_MAX, &out);
        xml_append_end(&out, &sheet->data_tag);
        xml_replace(&sheet->edits, sheet->data, &out);
    }
    bool good = !out.failed && !sheet->edits.failed && !sheet->annotation->failed;

    buffer_free(&out);
    return good || annotation_run_out(sheet->annotation);
}
