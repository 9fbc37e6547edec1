/* table_block.c: a block of a table: a heading of column codes or labels, then a row for each row. */
#include <stdint.h>
#include <string.h>

#include "sheet/headings.h"
#include "sheet/marks.h"
#include "sheet/reader.h"
#include "sheet/text.h"
#include "sheet/value.h"

/* What a column of the file is, beside the index of a column of the table. */
static const size_t IS_ROW = SIZE_MAX, IS_UNKNOWN = SIZE_MAX - 1, IS_STRAY = SIZE_MAX - 2;

/* As a cell may stand for many, a small file may say more than any body may hold. */
enum { MOST_TEXT = 8 * 1024 * 1024 };

static const struct name too_much_text_words = {
    {"表格內的文字合計超過 8 MiB", "the tables hold more than 8 MiB of text"}};

struct table_heading {
    const struct table *table;
    struct table_spots *spots;
    size_t *meanings; /* by column of the file */
    size_t count;
    json_t *list; /* the rows read so far; belongs to the document */
};

static size_t heading_meaning(const struct table *table, const char *text)
{
    if (text_is_blank(text))
        return IS_STRAY;
    if (text_same(text, COLUMN_ROW))
        return IS_ROW;

    size_t index = heading_find(table->columns, table->column_count, text);

    return index == SIZE_MAX ? IS_UNKNOWN : index;
}

size_t known_table_headings(const struct table *table, const struct grid_row *row)
{
    size_t known = 0;

    for (size_t c = 0; c < row->cell_count; c++) {
        size_t meaning = heading_meaning(table, grid_text(row, c));

        known += meaning != IS_UNKNOWN && meaning != IS_STRAY;
    }
    return known;
}

bool is_table_heading(const struct table *table, const struct grid_row *row)
{
    for (size_t c = 0; c < row->cell_count; c++)
        if (heading_meaning(table, grid_text(row, c)) == IS_UNKNOWN)
            return false;
    return known_table_headings(table, row) > 0;
}

static void read_heading_cell(struct grid_reader *reader, struct table_heading *heading, const struct grid_row *row,
                              size_t c)
{
    const struct table *table = heading->table;
    struct place place = {.table = table->code, .column = COLUMN_ROW};
    const struct name *label = NULL;
    size_t meaning = heading_meaning(table, grid_text(row, c)), *column = &heading->spots->row_column;

    heading->meanings[c] = meaning;
    if (meaning == IS_STRAY)
        return;
    if (meaning == IS_UNKNOWN && reader->sheet->name && !column_has_content(reader, c))
        return;
    if (meaning == IS_UNKNOWN) {
        place.column = text_excerpt(reader->findings->arena, grid_text(row, c));
        grid_complain(reader, row, c, (struct finding){.code = FINDING_unknown_column, .place = place});
        return;
    }
    if (meaning != IS_ROW) {
        place.column = table->columns[meaning].code;
        label = &table->columns[meaning].name;
        column = &heading->spots->columns[meaning];
    }
    if (*column != NO_COLUMN) {
        heading->meanings[c] = IS_UNKNOWN;
        grid_complain(reader, row, c,
                      (struct finding){.code = FINDING_row_identity_repeated, .label = label, .place = place});
        return;
    }
    *column = c;
}

/* How many columns the block has, with those that stand below no heading. */
static size_t block_width(const struct grid_reader *reader, const struct grid_row *heading)
{
    const struct grid_sheet *sheet = reader->sheet;
    size_t width = heading->cell_count;

    for (size_t r = reader->row; r < sheet->row_count && !grid_is_mark(&sheet->rows[r]); r++)
        if (sheet->rows[r].cell_count > width)
            width = sheet->rows[r].cell_count;
    return width;
}

static bool read_heading(struct grid_reader *reader, struct table_heading *heading, const struct grid_row *row)
{
    heading->count = block_width(reader, row);
    heading->meanings = arena_alloc_array(reader->findings->arena, heading->count + 1, sizeof *heading->meanings);
    for (size_t c = 0; heading->meanings && c < heading->count; c++)
        read_heading_cell(reader, heading, row, c);
    return heading->meanings != NULL;
}

static bool note_row_number(struct table_spots *spots, size_t number, struct arena *arena)
{
    if (spots->row_count == spots->row_capacity) {
        size_t capacity = spots->row_capacity ? spots->row_capacity * 2 : 16;
        size_t *rows = arena_alloc_array(arena, capacity, sizeof *rows);

        if (!rows)
            return false;
        if (spots->row_count)
            memcpy(rows, spots->rows, spots->row_count * sizeof *rows);
        spots->rows = rows;
        spots->row_capacity = capacity;
    }
    spots->rows[spots->row_count++] = number;
    return true;
}

/* What will identify the row, as far as the file says it, so that findings can name it. */
static const char *row_identity(const struct table_heading *heading, const struct grid_row *row, struct arena *arena)
{
    const char *given = value_read_text(arena, grid_text(row, heading->spots->row_column)), *identity = NULL;

    if (heading->table->key_count == 0)
        return given && *given ? given : NULL;
    for (size_t i = 0; i < heading->table->key_count; i++) {
        size_t column = heading->spots->columns[heading->table->key[i]->index];
        const char *part = value_read_text(arena, grid_text(row, column));

        if (!part || !*part)
            return NULL;
        identity = identity ? arena_format(arena, "%s/%s", identity, part) : part;
        if (!identity)
            return NULL;
    }
    return identity;
}

static void read_identity_cell(struct grid_reader *reader, const char *cell, json_t *json)
{
    const char *text = value_read_text(reader->findings->arena, cell);

    if (!text || *text)
        grid_set(reader, json, COLUMN_ROW, text ? json_string(text) : NULL);
}

static void read_cell(struct grid_reader *reader, struct table_heading *heading, const struct grid_row *row, size_t c,
                      struct place place, json_t *json)
{
    size_t meaning = heading->meanings[c];

    if (meaning == IS_ROW) {
        place.column = COLUMN_ROW;
        if (grid_has_result(reader, row, c, NULL, place))
            read_identity_cell(reader, grid_text(row, c), json);
    } else if (meaning == IS_STRAY) {
        place.column = column_letters(reader->findings->arena, c);
        grid_complain(reader, row, c,
                      (struct finding){.code = FINDING_unknown_column, .place = place, .found = place.column});
        heading->meanings[c] = IS_UNKNOWN; /* said once */
    } else if (meaning != IS_UNKNOWN) {
        const struct item *item = &heading->table->columns[meaning];

        place.column = item->code;

        json_t *value = grid_value(reader, item, row, c, place);

        if (value)
            grid_set(reader, json, item->code, value);
    }
}

static bool is_totals_word(const char *text)
{
    static const char *const words[] = {"合計", "合計：", "總計",   "總計：", "小計",     "小計：",
                                        "共計", "total",  "totals", "sum",    "subtotal", "grand total"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_same(text, words[i]))
            return true;
    return false;
}

/* Whether the row adds up those above it, as tables on paper do: all it says beside its figures is that. Its cell that says
 * so is *ret_column. A row with an identity is an entry whatever it says. */
static bool is_totals_row(const struct table_heading *heading, const struct grid_row *row, size_t *ret_column)
{
    bool found = false;

    for (size_t c = 0; c < row->cell_count; c++) {
        const char *text = grid_text(row, c);
        size_t meaning = heading->meanings[c];

        if (text_is_blank(text))
            continue;
        if (is_totals_word(text) && meaning != IS_ROW) {
            *ret_column = c;
            found = true;
        } else if (meaning == IS_ROW || (meaning != IS_UNKNOWN && meaning != IS_STRAY &&
                                         !item_is_number(&heading->table->columns[meaning]))) {
            return false;
        }
    }
    return found;
}

/* Counted as an entry, the total would count everything twice. */
static void pass_over_totals(struct grid_reader *reader, const struct table_heading *heading,
                             const struct grid_row *row, size_t column)
{
    const char *text = text_trim(reader->findings->arena, grid_text(row, column));

    grid_complain(reader, row, column,
                  (struct finding){.code = FINDING_totals_row,
                                   .severity = SEVERITY_WARNING,
                                   .place = {.table = heading->table->code},
                                   .label = &heading->table->name,
                                   .found = text});
}

static void read_row(struct grid_reader *reader, struct table_heading *heading, const struct grid_row *row)
{
    struct arena *arena = reader->findings->arena;
    json_t *json = json_object();
    struct place place = {.table = heading->table->code,
                          .row_identity = row_identity(heading, row, arena),
                          .row = json_array_size(heading->list) + 1};

    if (json_array_append_new(heading->list, json) != 0 || !note_row_number(heading->spots, row->number, arena)) {
        reader->findings->out_of_memory = true;
        return;
    }
    for (size_t c = 0; c < row->cell_count; c++)
        if (!text_is_blank(grid_text(row, c)))
            read_cell(reader, heading, row, c, place, json);
}

/* The list of the table's rows in the document, new and empty. NULL without memory, or if it is there already. */
static json_t *open_list(struct grid_reader *reader, const struct table *table, struct spot opened)
{
    json_t *tables = grid_object(reader, "tables");
    struct arena *arena = reader->findings->arena;

    if (json_object_get(tables, table->code)) {
        findings_add(reader->findings, (struct finding){.code = FINDING_row_identity_repeated,
                                                        .place = {.table = table->code},
                                                        .label = &table->name,
                                                        .found = table->code,
                                                        .sheet = opened.sheet,
                                                        .ref = spot_ref(arena, opened)});
        return NULL;
    }
    grid_set(reader, tables, table->code, json_array());
    return json_object_get(tables, table->code);
}

/* "#none" below the mark: what templates ask where a table is empty. Passes over it; true if it says that there is
 * nothing to report, *ret_asked if it is there at all. */
static bool read_none(struct grid_reader *reader, bool *ret_asked, struct spot *ret_spot)
{
    const struct grid_row *row = grid_next(reader);

    *ret_asked = row && text_same(grid_text(row, 0), MARK_NONE);
    if (!*ret_asked)
        return false;
    reader->row++;
    for (size_t c = 1; c < row->cell_count; c++) {
        if (text_same(grid_text(row, c), NONE_WORD) || text_same(grid_text(row, c), "none")) {
            *ret_spot = grid_spot(reader, row, c);
            return true;
        }
    }
    return false;
}

/* An untouched table of a template says nothing; one that is said to be empty has no rows. */
static void settle_none(struct grid_reader *reader, const struct table *table, const json_t *list, bool none,
                        struct spot spot)
{
    static const struct name words = {
        {"已填「無」，但下面仍有資料列", "it says that there is none, but rows stand below"}};

    if (json_array_size(list) == 0 && !none)
        json_object_del(grid_object(reader, "tables"), table->code);
    if (json_array_size(list) > 0 && none)
        findings_add(reader->findings, (struct finding){.code = FINDING_combination_refused,
                                                        .place = {.table = table->code},
                                                        .label = &table->name,
                                                        .message = &words,
                                                        .found = NONE_WORD,
                                                        .sheet = spot.sheet,
                                                        .ref = spot_ref(reader->findings->arena, spot)});
}

/* Counts what the row says; false, with a finding, if that is too much in all. */
static bool has_room(struct grid_reader *reader, const struct grid_row *row)
{
    for (size_t c = 0; c < row->cell_count; c++)
        reader->text_length += strlen(grid_text(row, c));
    if (reader->text_length <= MOST_TEXT)
        return true;
    grid_complain(reader, row, 0, (struct finding){.code = FINDING_unreadable_file, .message = &too_much_text_words});
    return false;
}

/* The heading row and the rows below it. */
static void read_rows(struct grid_reader *reader, struct table_heading *heading)
{
    const struct grid_row *row = grid_next(reader);
    size_t totals;

    if (!row || grid_is_mark(row))
        return;
    reader->row++;
    if (!read_heading(reader, heading, row)) {
        reader->findings->out_of_memory = true;
        return;
    }
    heading->spots->heading.row = row->number; /* the mark before it may be hidden */
    while ((row = grid_next(reader)) && !grid_is_mark(row) && !reader->findings->out_of_memory) {
        reader->row++;
        if (!has_room(reader, row)) {
            skip_block(reader);
            return;
        }
        if (is_totals_row(heading, row, &totals))
            pass_over_totals(reader, heading, row, totals);
        else
            read_row(reader, heading, row);
    }
}

void read_table_block(struct grid_reader *reader, const struct table *table, struct spot opened)
{
    struct table_heading heading = {.table = table, .spots = &reader->places->tables[table->index]};
    struct spot said = opened;
    bool asked;

    heading.list = open_list(reader, table, opened);
    if (!heading.list) {
        skip_block(reader);
        return;
    }
    heading.spots->heading = opened;

    bool none = read_none(reader, &asked, &said);

    read_rows(reader, &heading);
    if (asked)
        settle_none(reader, table, heading.list, none, said);
}
