/* xlsx_sheet.c: the cells of one worksheet. Neither rows nor cells need say where they are: then they follow the last. */
#include <stdlib.h>
#include <string.h>

#include "sheet/number.h"
#include "sheet/text.h"
#include "sheet/xlsx_parts.h"

enum { LAST_ROW = 1048576, LAST_COLUMN = 16384, TYPE_SIZE = 16 };

static const struct name bad_index_words = {
    {"這一格指向不存在的文字，檔案可能已損壞", "this cell points at a text that isn't there; the file may be damaged"}};
static const struct name beyond_words = {
    {"儲存格的位置不正確，檔案可能已損壞", "a cell's address is out of range; the file may be damaged"}};
/* What the characters read belong to. */
enum part { PART_NONE, PART_VALUE, PART_FORMULA, PART_INLINE };

struct sheet_reader {
    struct xlsx_book *book;
    bool in_data, in_row, in_cell, has_formula;
    size_t row, column; /* row from 1, column from 0; of the next one while there is none */
    enum part part;
    char type[TYPE_SIZE];
    enum xlsx_format format;
    struct buffer value, formula;
    struct xlsx_text inline_text;
};

static bool is(struct xml_name name, const char *local)
{
    return name.space == XLSX_MAIN && strcmp(name.local, local) == 0;
}

/* The column of "B7", from 0; SIZE_MAX if there are no letters. */
static size_t column_of(const char *ref)
{
    size_t column = 0;

    for (; *ref >= 'A' && *ref <= 'Z' && column <= LAST_COLUMN; ref++)
        column = column * 26 + (size_t)(*ref - 'A' + 1);
    return column - 1;
}

static bool begin_row(struct sheet_reader *reader, const struct xml_attributes *attributes)
{
    const char *number = xml_attribute(attributes, XLSX_NONE, "r");

    if (number)
        reader->row = strtoul(number, NULL, 10);
    if (reader->row < 1 || reader->row > LAST_ROW)
        return builder_refuse(reader->book->builder, &beyond_words);
    reader->in_row = true;
    reader->column = 0;
    return builder_begin_row(reader->book->builder, reader->row);
}

static enum xlsx_format find_format(const struct xlsx_book *book, const char *style)
{
    size_t index = style ? strtoul(style, NULL, 10) : 0;

    return index < book->format_count ? (enum xlsx_format)book->formats[index] : XLSX_NUMBER;
}

static void clear(struct buffer *buffer)
{
    buffer->length = 0;
    buffer_append_text(buffer, "");
}

static bool begin_cell(struct sheet_reader *reader, const struct xml_attributes *attributes)
{
    const char *ref = xml_attribute(attributes, XLSX_NONE, "r"), *type = xml_attribute(attributes, XLSX_NONE, "t");

    if (ref)
        reader->column = column_of(ref);
    if (reader->column >= LAST_COLUMN)
        return builder_refuse(reader->book->builder, &beyond_words);
    reader->book->builder->spot.column = reader->column;
    reader->format = find_format(reader->book, xml_attribute(attributes, XLSX_NONE, "s"));
    reader->type[0] = '\0';
    if (type && strlen(type) < TYPE_SIZE)
        memcpy(reader->type, type, strlen(type) + 1);
    reader->in_cell = true;
    reader->has_formula = false;
    reader->part = PART_NONE;
    clear(&reader->value);
    clear(&reader->formula);
    xlsx_text_begin(&reader->inline_text);
    return true;
}

static void begin_part(struct sheet_reader *reader, struct xml_name name)
{
    if (reader->part == PART_INLINE) {
        xlsx_text_begin_element(&reader->inline_text, name);
    } else if (is(name, "v")) {
        reader->part = PART_VALUE;
    } else if (is(name, "is")) {
        reader->part = PART_INLINE;
    } else if (is(name, "f")) {
        reader->part = PART_FORMULA;
        reader->has_formula = true;
        clear(&reader->formula);
        buffer_append_char(&reader->formula, '=');
    }
}

static bool on_begin(void *context, struct xml_name name, const struct xml_attributes *attributes)
{
    struct sheet_reader *reader = context;

    if (reader->in_cell)
        begin_part(reader, name);
    else if (reader->in_row && is(name, "c"))
        return begin_cell(reader, attributes);
    else if (reader->in_data && !reader->in_row && is(name, "row"))
        return begin_row(reader, attributes);
    else if (is(name, "sheetData"))
        reader->in_data = true;
    return true;
}

/* A number as its format shows it. */
static struct grid_cell show_number(const struct sheet_reader *reader, const char *value,
                                    char room[static NUMBER_TEXT_SIZE + 2])
{
    if (reader->format == XLSX_DATE && serial_to_date(value, reader->book->from_1904, room))
        return (struct grid_cell){room, room[4] == '-' ? GRID_DATE : GRID_TEXT};
    if (reader->format == XLSX_HOURS && serial_to_hours(value, room))
        return (struct grid_cell){room, GRID_TEXT};
    if (reader->format == XLSX_PERCENT && number_settle(value, 2, room)) {
        memcpy(room + strlen(room), "%", 2);
        return (struct grid_cell){room, GRID_PERCENT};
    }
    if (number_settle(value, 0, room))
        return (struct grid_cell){room, GRID_NUMBER};
    return (struct grid_cell){value, GRID_TEXT};
}

static bool is_shared(const struct sheet_reader *reader)
{
    return strcmp(reader->type, "s") == 0;
}

static bool take_shared(struct sheet_reader *reader, struct grid_cell *ret_cell)
{
    const char *digits = reader->value.data;
    size_t length = strspn(digits, "0123456789"), index = strtoul(digits, NULL, 10);

    if (length == 0 || length > 9 || digits[length] || index >= reader->book->string_count)
        return builder_refuse(reader->book->builder, &bad_index_words);
    *ret_cell = (struct grid_cell){.text = reader->book->strings[index]};
    return true;
}

/* What the cell holds but for shared texts; it may lie in `room` or in the reader. */
static struct grid_cell show_cell(struct sheet_reader *reader, char room[static NUMBER_TEXT_SIZE + 2])
{
    const char *type = reader->type;
    char *value = reader->value.data;

    if (strcmp(type, "str") == 0)
        return (struct grid_cell){value, GRID_TEXT};
    if (text_is_blank(value) && reader->has_formula)
        return (struct grid_cell){reader->formula.data, GRID_FORMULA};
    if (text_is_blank(value))
        return (struct grid_cell){"", GRID_TEXT};
    if (strcmp(type, "b") == 0)
        return (struct grid_cell){strcmp(value, "0") == 0 || strcmp(value, "false") == 0 ? "FALSE" : "TRUE",
                                  GRID_BOOLEAN};
    if (strcmp(type, "e") == 0)
        return (struct grid_cell){value, GRID_ERROR};
    if (strcmp(type, "d") == 0)
        return (struct grid_cell){show_iso_date(value), GRID_DATE};
    return show_number(reader, value, room);
}

static bool end_cell(struct sheet_reader *reader)
{
    struct grid_builder *builder = reader->book->builder;
    struct grid_cell cell = {.text = ""};
    char room[NUMBER_TEXT_SIZE + 2];

    reader->in_cell = false;
    if (reader->value.failed || reader->formula.failed)
        return builder_lose_text(builder, reader->value.failed ? &reader->value : &reader->formula);
    if (strcmp(reader->type, "inlineStr") == 0) {
        cell.text = xlsx_text_take(&reader->inline_text, builder);
    } else if (is_shared(reader) && !text_is_blank(reader->value.data)) {
        if (!take_shared(reader, &cell))
            return false;
    } else if (!is_shared(reader)) {
        cell = show_cell(reader, room);
        cell.text = builder_text(builder, cell.text, strlen(cell.text));
    }
    return cell.text && builder_fill(builder, reader->column++, 1, cell);
}

static bool on_end(void *context, struct xml_name name)
{
    struct sheet_reader *reader = context;

    if (reader->part == PART_INLINE && !is(name, "is")) {
        xlsx_text_end_element(&reader->inline_text, name);
    } else if (reader->in_cell && is(name, "c")) {
        return end_cell(reader);
    } else if (reader->in_cell) {
        reader->part = PART_NONE;
    } else if (reader->in_row && is(name, "row")) {
        reader->in_row = false;
        reader->row++;
        return builder_end_row(reader->book->builder, 1);
    } else if (is(name, "sheetData")) {
        reader->in_data = false;
    }
    return true;
}

static bool on_text(void *context, const char *bytes, size_t count)
{
    struct sheet_reader *reader = context;

    if (reader->part == PART_VALUE)
        buffer_append(&reader->value, bytes, count);
    else if (reader->part == PART_FORMULA)
        buffer_append(&reader->formula, bytes, count);
    else if (reader->part == PART_INLINE)
        xlsx_text_append(&reader->inline_text, bytes, count);
    return true;
}

bool xlsx_read_sheet(struct xlsx_book *book, const char *member)
{
    static const struct xml_reading reading = {xlsx_spaces, on_begin, on_end, on_text};
    struct sheet_reader reader = {.book = book,
                                  .row = 1,
                                  .value = BUFFER_WITH_LIMIT(MOST_CELL_TEXT),
                                  .formula = BUFFER_WITH_LIMIT(MOST_CELL_TEXT)};
    const struct name *refusal = NULL;
    enum archive_outcome outcome = xml_read_member(book->archive, member, &reading, &reader, &refusal);

    buffer_free(&reader.value);
    buffer_free(&reader.formula);
    buffer_free(&reader.inline_text.text);
    return builder_accept(book->builder, outcome, refusal);
}
