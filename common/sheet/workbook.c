/* workbook.c: building a workbook in memory. */
#include "sheet/workbook.h"

#include <string.h>
#include <strings.h>

#include "base/period.h"
#include "sheet/workbook_write.h"

enum { SHEET_NAME_CHARACTERS = 31 };

/* Room for one more item in an array that lives in the arena; NULL without memory. */
static void *grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    size_t wanted = *capacity ? *capacity * 2 : 8;

    if (count < *capacity)
        return items;

    void *larger = arena_alloc_array(arena, wanted, size);

    if (!larger)
        return NULL;
    if (count)
        memcpy(larger, items, count * size);
    *capacity = wanted;
    return larger;
}

static void *refuse(struct workbook *workbook)
{
    workbook->refused = true;
    return NULL;
}

struct workbook *workbook_in(struct arena *arena, const char *title)
{
    struct workbook *workbook = arena_alloc(arena, sizeof *workbook);

    if (workbook)
        *workbook = (struct workbook){.arena = arena, .title = title};
    return workbook;
}

/* What spreadsheets take for a sheet's name. */
static const char *lawful_name(struct arena *arena, const char *name, size_t most)
{
    char *lawful = arena_text(arena, name), *out = lawful;
    size_t characters = 0;

    for (const char *in = name; lawful && *in; in++) {
        bool begins = ((unsigned char)*in & 0xc0) != 0x80;

        if (begins && characters == most)
            break;
        if (strchr("[]:*?/\\'", *in) || (unsigned char)*in < ' ')
            continue;
        characters += begins;
        *out++ = *in;
    }
    if (lawful)
        *out = '\0';
    return lawful;
}

static bool name_is_taken(const struct workbook *workbook, const char *name)
{
    for (size_t s = 0; s < workbook->sheet_count; s++)
        if (strcasecmp(workbook->sheets[s]->name, name) == 0)
            return true;
    return false;
}

/* The name, numbered if another sheet bears it. */
static const char *free_name(struct workbook *workbook, const char *name)
{
    enum { ROOM_FOR_NUMBER = 4 };
    struct arena *arena = workbook->arena;
    const char *lawful = lawful_name(arena, name, SHEET_NAME_CHARACTERS), *numbered = lawful;

    for (int number = 2; numbered && *numbered && name_is_taken(workbook, numbered); number++)
        numbered =
            arena_format(arena, "%s-%d", lawful_name(arena, name, SHEET_NAME_CHARACTERS - ROOM_FOR_NUMBER), number);
    return numbered && *numbered ? numbered : arena_format(arena, "%zu", workbook->sheet_count + 1);
}

struct workbook_sheet *workbook_sheet(struct workbook *workbook, const char *name)
{
    struct workbook_sheet **sheets, *sheet;

    if (!workbook)
        return NULL;
    if (workbook->sheet_count == WORKBOOK_MOST_SHEETS)
        return refuse(workbook);
    sheets = grow(workbook->arena, workbook->sheets, workbook->sheet_count, &workbook->sheet_capacity, sizeof *sheets);
    sheet = arena_alloc(workbook->arena, sizeof *sheet);
    name = free_name(workbook, name);
    if (!sheets || !sheet || !name)
        return refuse(workbook);
    *sheet = (struct workbook_sheet){.name = name, .workbook = workbook};
    workbook->sheets = sheets;
    workbook->sheets[workbook->sheet_count++] = sheet;
    return sheet;
}

struct workbook_row *sheet_row(struct workbook_sheet *sheet, size_t row)
{
    if (!sheet)
        return NULL;
    if (row >= WORKBOOK_MOST_ROWS)
        return refuse(sheet->workbook);
    while (sheet->row_count <= row) {
        struct workbook_row *rows =
            grow(sheet->workbook->arena, sheet->rows, sheet->row_count, &sheet->row_capacity, sizeof *rows);

        if (!rows)
            return refuse(sheet->workbook);
        sheet->rows = rows;
        sheet->rows[sheet->row_count++] = (struct workbook_row){0};
    }
    return &sheet->rows[row];
}

struct workbook_column *sheet_column(struct workbook_sheet *sheet, size_t column)
{
    if (!sheet)
        return NULL;
    if (column >= WORKBOOK_MOST_COLUMNS)
        return refuse(sheet->workbook);
    while (sheet->column_count <= column) {
        struct workbook_column *columns =
            grow(sheet->workbook->arena, sheet->columns, sheet->column_count, &sheet->column_capacity, sizeof *columns);

        if (!columns)
            return refuse(sheet->workbook);
        sheet->columns = columns;
        sheet->columns[sheet->column_count++] = (struct workbook_column){0};
    }
    return &sheet->columns[column];
}

void sheet_set_column(struct workbook_sheet *sheet, size_t column, int width, enum cell_style style)
{
    struct workbook_column *one = sheet_column(sheet, column);

    if (one) {
        one->width = width;
        one->style = style;
    }
}

static struct workbook_cell *cell_at(struct workbook_sheet *sheet, size_t row, size_t column)
{
    struct workbook_row *one = sheet_row(sheet, row);

    if (!one)
        return NULL;
    if (column >= WORKBOOK_MOST_COLUMNS)
        return refuse(sheet->workbook);
    while (one->cell_count <= column) {
        struct workbook_cell *cells =
            grow(sheet->workbook->arena, one->cells, one->cell_count, &one->capacity, sizeof *cells);

        if (!cells)
            return refuse(sheet->workbook);
        one->cells = cells;
        one->cells[one->cell_count++] = (struct workbook_cell){0};
    }
    return &one->cells[column];
}

void sheet_put(struct workbook_sheet *sheet, size_t row, size_t column, struct workbook_cell cell)
{
    struct workbook_cell *place = cell_at(sheet, row, column);

    if (place)
        *place = cell;
}

void sheet_put_text(struct workbook_sheet *sheet, size_t row, size_t column, enum cell_style style, const char *text)
{
    sheet_put(
        sheet, row, column,
        (struct workbook_cell){.holding = text && *text ? HOLDS_TEXT : HOLDS_NOTHING, .style = style, .text = text});
}

void sheet_put_integer(struct workbook_sheet *sheet, size_t row, size_t column, enum cell_style style, int64_t integer)
{
    sheet_put(sheet, row, column, (struct workbook_cell){.holding = HOLDS_INTEGER, .style = style, .integer = integer});
}

void sheet_put_decimal(struct workbook_sheet *sheet, size_t row, size_t column, enum cell_style style,
                       const char *decimal)
{
    sheet_put(sheet, row, column, (struct workbook_cell){.holding = HOLDS_DECIMAL, .style = style, .text = decimal});
}

void sheet_put_date(struct workbook_sheet *sheet, size_t row, size_t column, enum cell_style style, const char *date)
{
    struct date parsed;
    bool is_date = date && date_parse_iso(date, &parsed);

    if (!is_date)
        sheet_put_text(sheet, row, column, style, date);
    else
        sheet_put(sheet, row, column, (struct workbook_cell){.holding = HOLDS_DATE, .style = style, .text = date});
}

void sheet_put_wide(struct workbook_sheet *sheet, size_t row, size_t column, unsigned columns, enum cell_style style,
                    const char *text)
{
    for (unsigned i = 0; i < columns; i++)
        sheet_put_text(sheet, row, column + i, style, i == 0 ? text : NULL);

    struct workbook_cell *cell = columns > 1 ? cell_at(sheet, row, column) : NULL;

    if (cell)
        cell->span_columns = columns;
}

void sheet_validate(struct workbook_sheet *sheet, struct workbook_validation validation)
{
    struct workbook_validation *validations;

    if (!sheet)
        return;
    validations = grow(sheet->workbook->arena, sheet->validations, sheet->validation_count, &sheet->validation_capacity,
                       sizeof *validations);
    if (!validations) {
        refuse(sheet->workbook);
        return;
    }
    sheet->validations = validations;
    sheet->validations[sheet->validation_count++] = validation;
}

static const struct {
    const char *name, *media_type;
    bool (*write)(const struct workbook *workbook, struct buffer *out);
} formats[WORKBOOK_FORMAT_COUNT] = {
    [WORKBOOK_ODS] = {"ods", "application/vnd.oasis.opendocument.spreadsheet", ods_write},
    [WORKBOOK_XLSX] = {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx_write},
};

bool workbook_write(const struct workbook *workbook, enum workbook_format format, struct buffer *out)
{
    if (!workbook || workbook->refused || workbook->sheet_count == 0 || arena_is_short(workbook->arena))
        return false;
    return formats[format].write(workbook, out) && !out->failed;
}

const char *workbook_format_name(enum workbook_format format)
{
    return formats[format].name;
}

const char *workbook_media_type(enum workbook_format format)
{
    return formats[format].media_type;
}
