/* annotate_ods_rows.c: marked rows of an ODS sheet written anew: repeats are split, missing rows and cells are made, and every
 * byte that isn't concerned is copied. */
#include "sheet/annotate_ods.h"

#include <stdio.h>
#include <string.h>

struct row_edit {
    struct ods_document *document;
    const struct ods_rows *rows;
    const struct ods_row *row; /* NULL: one that isn't there yet */
    const struct mark *marks;
    size_t count, next;
    size_t column; /* the next one to be written */
    struct buffer *out;
};

/* The style that holds for a cell which names none. */
static const char *default_style(const struct row_edit *edit, size_t column)
{
    const struct ods_column *declared = ods_column_at(edit->rows, column);

    if (edit->row && edit->row->style)
        return edit->row->style;
    return declared ? declared->style : NULL;
}

static void append_repeat(struct row_edit *edit, const struct ods_cell *cell, size_t repeat)
{
    const char *table = edit->document->names.table;
    char number[24];
    struct xml_change change = {table, "number-columns-repeated", NULL};

    if (repeat == 0)
        return;
    if (repeat > 1) {
        snprintf(number, sizeof number, "%zu", repeat);
        change.value = number;
    }
    xml_append_tag(edit->out, &cell->tag, &change, 1, cell->tag.kind);
    xml_append_range(edit->out, cell->tag.end, cell->range.end);
}

static void append_marked(struct row_edit *edit, const struct ods_cell *cell, const struct mark *mark)
{
    const struct ods_names *names = &edit->document->names;
    struct arena *arena = edit->document->annotation->arena;
    const char *own = xml_text(arena, &cell->tag, names->table, "style-name");
    const char *base = own ? own : default_style(edit, mark->column);
    const char *style = ods_marked_style(edit->document, base, mark);
    struct xml_change changes[] = {{names->table, "number-columns-repeated", NULL},
                                   {names->table, "style-name", style}};

    xml_append_tag(edit->out, &cell->tag, changes, style ? 2 : 1, XML_OPEN);
    ods_append_content(edit->document, xml_content(&cell->tag, cell->range), mark, edit->out);
    xml_append_end(edit->out, &cell->tag);
}

/* One cell, repeated or not, with the marks that lie in it. */
static void append_cell(struct row_edit *edit, const struct ods_cell *cell)
{
    size_t end = cell->column + cell->repeat;

    edit->column = cell->column;
    if (edit->next == edit->count || edit->marks[edit->next].column >= end) {
        xml_append_range(edit->out, cell->range.start, cell->range.end);
        edit->column = end;
        return;
    }
    for (; edit->next < edit->count && edit->marks[edit->next].column < end; edit->next++) {
        const struct mark *mark = &edit->marks[edit->next];

        append_repeat(edit, cell, mark->column - edit->column);
        append_marked(edit, cell, mark);
        edit->column = mark->column + 1;
    }
    append_repeat(edit, cell, end - edit->column);
    edit->column = end;
}

/* Cells that the row doesn't have yet. */
static void append_new_cells(struct row_edit *edit)
{
    const char *table = edit->document->names.table;
    struct ods_cell none = {.tag = {.kind = XML_EMPTY}};
    const char *text = arena_format(edit->document->annotation->arena, "<%stable-cell/>", table);
    struct xml_scan scan = {text, text ? text + strlen(text) : NULL};

    if (!text || !xml_next(&scan, &none.tag)) {
        annotation_run_out(edit->document->annotation);
        return;
    }
    none.range = (struct xml_range){none.tag.start, none.tag.end};
    for (; edit->next < edit->count; edit->next++) {
        const struct mark *mark = &edit->marks[edit->next];

        append_repeat(edit, &none, mark->column - edit->column);
        append_marked(edit, &none, mark);
        edit->column = mark->column + 1;
    }
}

/* The row with its marks, once. */
static void append_marked_row(struct row_edit *edit)
{
    const struct ods_row *row = edit->row;
    struct xml_change once = {edit->document->names.table, "number-rows-repeated", NULL};
    struct ods_cells cells = ods_cells_of(edit->document, row);
    struct xml_range content = xml_content(&row->tag, row->range);
    const char *done = content.start;
    struct ods_cell cell;

    xml_append_tag(edit->out, &row->tag, &once, 1, XML_OPEN);
    while (ods_next_cell(&cells, &cell)) {
        xml_append_range(edit->out, done, cell.range.start);
        append_cell(edit, &cell);
        done = cell.range.end;
    }
    append_new_cells(edit);
    xml_append_range(edit->out, done, content.end);
    xml_append_end(edit->out, &row->tag);
}

static void append_rows(struct row_edit *edit, size_t repeat)
{
    char number[24];
    struct xml_change change = {edit->document->names.table, "number-rows-repeated", NULL};

    if (repeat == 0)
        return;
    if (repeat > 1) {
        snprintf(number, sizeof number, "%zu", repeat);
        change.value = number;
    }
    xml_append_tag(edit->out, &edit->row->tag, &change, 1, edit->row->tag.kind);
    xml_append_range(edit->out, edit->row->tag.end, edit->row->range.end);
}

/* How many marks from `first` on lie in the row of the first. */
static size_t count_in_row(const struct marks *marks, size_t first)
{
    size_t last = first;

    while (last < marks->count && marks->items[last].row == marks->items[first].row)
        last++;
    return last - first;
}

/* Replaces a row, repeated or not, that has marks from *next on. */
static void edit_row(struct ods_document *document, const struct ods_rows *rows, const struct ods_row *row,
                     const struct marks *marks, size_t *next)
{
    struct buffer out = BUFFER_WITH_LIMIT(2 * (size_t)ANNOTATION_LARGEST_PART);
    struct row_edit edit = {.document = document, .rows = rows, .row = row, .out = &out};
    size_t number = row->number;

    while (*next < marks->count && marks->items[*next].row < row->number + row->repeat) {
        size_t marked = marks->items[*next].row;

        edit.marks = marks->items + *next;
        edit.count = count_in_row(marks, *next);
        edit.next = edit.column = 0;
        append_rows(&edit, marked - number);
        append_marked_row(&edit);
        *next += edit.count;
        number = marked + 1;
    }
    append_rows(&edit, row->number + row->repeat - number);
    xml_replace(&document->edits, row->range, &out);
    buffer_free(&out);
}

/* Rows below the last one. */
static void add_rows(struct ods_document *document, const struct ods_rows *rows, const struct marks *marks, size_t next)
{
    struct buffer out = BUFFER_WITH_LIMIT(2 * (size_t)ANNOTATION_LARGEST_PART);
    const char *table = document->names.table;
    size_t number = rows->next_number;

    while (next < marks->count) {
        struct row_edit edit = {.document = document, .rows = rows, .out = &out, .marks = marks->items + next};

        edit.count = count_in_row(marks, next);
        if (edit.marks->row > number)
            buffer_append_format(&out, "<%stable-row %snumber-rows-repeated=\"%zu\"><%stable-cell/></%stable-row>",
                                 table, table, edit.marks->row - number, table, table);
        buffer_append_format(&out, "<%stable-row>", table);
        append_new_cells(&edit);
        buffer_append_format(&out, "</%stable-row>", table);
        next += edit.count;
        number = edit.marks->row + 1;
    }
    xml_replace(&document->edits, (struct xml_range){rows->tail, rows->tail}, &out);
    buffer_free(&out);
}

bool ods_edit_sheet(struct ods_document *document, const struct ods_sheet *sheet, const struct marks *marks)
{
    static const struct name empty_words = {{"工作表是空的", "a sheet is empty"}};
    struct ods_rows rows = ods_rows_of(document, sheet);
    struct ods_row row;
    size_t next = 0;

    if (marks->count > 0 && sheet->tag.kind != XML_OPEN)
        return annotation_refuse(document->annotation, &empty_words);
    while (next < marks->count && ods_next_row(&rows, &row))
        if (marks->items[next].row < row.number + row.repeat)
            edit_row(document, &rows, &row, marks, &next);
    if (next < marks->count)
        add_rows(document, &rows, marks, next);
    if (document->edits.failed)
        return annotation_run_out(document->annotation);
    return !document->annotation->failed;
}
