/* csv_write.c: rows as RFC 4180 wants them, and a document as rows. */
#include <stdio.h>
#include <string.h>

#include "sheet/csv.h"
#include "sheet/marks.h"
#include "sheet/places.h"
#include "sheet/text.h"
#include "sheet/value.h"

#define ROW_END "\r\n"

enum { CELL_LIMIT = 16 * 1024 * 1024 };

bool csv_begin(struct buffer *out)
{
    return buffer_append_text(out, "\xef\xbb\xbf");
}

static bool write_quoted(struct buffer *out, const char *text)
{
    buffer_append_char(out, '"');
    for (; *text; text++) {
        if (*text == '"')
            buffer_append_char(out, '"');
        buffer_append_char(out, *text);
    }
    return buffer_append_char(out, '"');
}

/* One cell as it stands, quoted where needed. */
static bool write_cell(struct buffer *out, size_t column, const char *text)
{
    if (column > 0)
        buffer_append_char(out, ',');
    if (strpbrk(text, ",\"\r\n") || *text == ' ' || (*text && text[strlen(text) - 1] == ' '))
        return write_quoted(out, text);
    return buffer_append_text(out, text);
}

bool csv_row(struct buffer *out, const char *const *texts, size_t count)
{
    struct buffer escaped = BUFFER_WITH_LIMIT(CELL_LIMIT);

    for (size_t i = 0; i < count; i++) {
        const char *text = texts[i] ? texts[i] : "";

        if (!text_is_formula(text)) {
            write_cell(out, i, text);
            continue;
        }
        escaped.length = 0;
        buffer_append_char(&escaped, '\'');
        if (buffer_append_text(&escaped, text))
            write_cell(out, i, escaped.data);
    }
    bool good = !escaped.failed && buffer_append_text(out, ROW_END);

    buffer_free(&escaped);
    return good;
}

/* What writing a document needs at hand. */
struct csv_writer {
    const struct form *form;
    const json_t *document;
    enum language language;
    struct buffer *out;
    struct buffer cell; /* the one being made, reused */
};

/* Empties the cell being made. */
static struct buffer *new_cell(struct csv_writer *writer)
{
    writer->cell.length = 0;
    buffer_append_text(&writer->cell, "");
    return &writer->cell;
}

static bool end_cell(struct csv_writer *writer, size_t column)
{
    return !writer->cell.failed && write_cell(writer->out, column, writer->cell.data);
}

static bool write_text_cell(struct csv_writer *writer, size_t column, const char *text)
{
    return value_write_text(text, new_cell(writer)) && end_cell(writer, column);
}

static bool write_value_cell(struct csv_writer *writer, size_t column, const struct item *item, const json_t *value)
{
    return value_write(item, value, writer->language, new_cell(writer)) && end_cell(writer, column);
}

static bool end_row(struct csv_writer *writer)
{
    return buffer_append_text(writer->out, ROW_END);
}

static bool write_identity(struct csv_writer *writer)
{
    for (int part = 0; part < HEAD_PART_COUNT; part++) {
        const char *name = head_part_name((enum head_part)part);
        const json_t *value = json_object_get(writer->document, name);

        if (!value || json_is_null(value))
            continue;
        buffer_append_format(writer->out, "#%s", name);
        if (json_is_integer(value))
            buffer_append_format(writer->out, ",%" JSON_INTEGER_FORMAT, json_integer_value(value));
        else if (json_is_string(value))
            write_cell(writer->out, 1, json_string_value(value));
        end_row(writer);
    }
    return !writer->out->failed;
}

/* The note of a field, which has a column of its own; NULL if there is none. */
static const char *field_note(const struct csv_writer *writer, const struct item *field)
{
    char path[128]; /* a code has at most 64 characters */

    snprintf(path, sizeof path, "fields.%s", field->code);
    return json_string_value(json_object_get(json_object_get(writer->document, "notes"), path));
}

static bool is_field_note(const struct form *form, const char *path)
{
    return strncmp(path, "fields.", 7) == 0 && form_field(form, path + 7);
}

/* Notes on anything but a field. */
static bool write_notes(struct csv_writer *writer)
{
    json_t *notes = json_object_get(writer->document, "notes"), *note;
    const char *path;
    bool good = true;

    json_object_foreach(notes, path, note) {
        if (!json_is_string(note) || (is_field_note(writer->form, path)))
            continue;
        good = good && buffer_append_text(writer->out, MARK_NOTE) && write_text_cell(writer, 1, path) &&
               write_text_cell(writer, 2, json_string_value(note)) && end_row(writer);
    }
    return good;
}

static bool write_fields(struct csv_writer *writer)
{
    const struct form *form = writer->form;
    const json_t *fields = json_object_get(writer->document, "fields");
    bool good = true;

    if (form->field_count == 0 || (form->table_count > 0 && !fields))
        return true;
    if (form->table_count > 0)
        buffer_append_text(writer->out, MARK_FIELDS ROW_END);
    for (int column = 0; column <= FIELD_NOTE; column++)
        write_cell(writer->out, (size_t)column, field_column_name((enum field_column)column));
    end_row(writer);
    for (size_t i = 0; good && i < form->field_count; i++) {
        const struct item *field = &form->fields[i];
        const char *note = field_note(writer, field);

        good = write_cell(writer->out, FIELD_CODE, field->code) &&
               write_text_cell(writer, FIELD_LABEL, field->name.text[writer->language]) &&
               write_value_cell(writer, FIELD_VALUE, field, json_object_get(fields, field->code)) &&
               write_text_cell(writer, FIELD_NOTE, note ? note : "") && end_row(writer);
    }
    return good;
}

static bool any_row_identity(const json_t *list)
{
    const json_t *row;
    size_t i;

    json_array_foreach(list, i, row)
        if (json_object_get(row, COLUMN_ROW))
            return true;
    return false;
}

static bool write_table_row(struct csv_writer *writer, const struct table *table, const json_t *row, bool identities)
{
    const char *identity = json_string_value(json_object_get(row, COLUMN_ROW));
    bool good = true;

    for (size_t c = 0; good && c < table->column_count; c++)
        good = write_value_cell(writer, c, &table->columns[c], json_object_get(row, table->columns[c].code));
    if (identities)
        good = good && write_text_cell(writer, table->column_count, identity ? identity : "");
    return good && end_row(writer);
}

/* A null list is a table to be filled in: headings, which alone would declare it empty, and the question whether it is. */
static bool write_table(struct csv_writer *writer, const struct table *table, const json_t *list)
{
    bool identities = any_row_identity(list), good;
    const json_t *row;
    size_t i;

    buffer_append_format(writer->out, MARK_TABLE ",%s" ROW_END, table->code);
    if (json_is_null(list))
        buffer_append_text(writer->out, MARK_NONE ",,本期如無任何資料，請在左格填「" NONE_WORD "」" ROW_END);
    for (size_t c = 0; c < table->column_count; c++)
        write_cell(writer->out, c, column_heading(table, c, writer->language));
    if (identities)
        write_cell(writer->out, table->column_count, COLUMN_ROW);
    good = end_row(writer);
    json_array_foreach(list, i, row)
        good = good && write_table_row(writer, table, row, identities);
    return good;
}

static bool write_tables(struct csv_writer *writer)
{
    const json_t *tables = json_object_get(writer->document, "tables");
    bool good = true;

    for (size_t t = 0; good && t < writer->form->table_count; t++) {
        const json_t *list = json_object_get(tables, writer->form->tables[t].code);

        if (list)
            good = write_table(writer, &writer->form->tables[t], list);
    }
    return good;
}

bool csv_write_document(const struct plan *plan, const json_t *document, enum language language, struct buffer *out)
{
    const char *code = json_string_value(json_object_get(document, "form"));
    struct csv_writer writer = {
        .document = document, .language = language, .out = out, .cell = BUFFER_WITH_LIMIT(CELL_LIMIT)};

    writer.form = code ? plan_form(plan, code) : NULL;

    bool good = writer.form && write_identity(&writer) && write_notes(&writer) && write_fields(&writer) &&
                write_tables(&writer);

    buffer_free(&writer.cell);
    return good && !out->failed;
}
