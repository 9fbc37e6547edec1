/* builder.c: rows are kept up to their last cell that isn't blank; equal rows share their cells, equal texts their
 * bytes. */
#include "sheet/builder.h"

#include <stdint.h>
#include <string.h>

#include "sheet/text.h"

enum { MOST_SHEETS = 256, MOST_TEXT = 24 * 1024 * 1024 };

static const struct name too_many_sheets_words = {{"檔案超過 256 個工作表", "the file has more than 256 sheets"}};
static const struct name too_many_rows_words = {{"檔案超過 100,000 列", "the file has more than 100,000 rows"}};
static const struct name too_many_cells_words = {{"檔案的儲存格太多", "the file has too many cells"}};
static const struct name too_wide_words = {{"檔案超過 1,024 欄", "the file has more than 1,024 columns"}};
static const struct name too_much_text_words = {{"檔案的文字太多", "the file holds too much text"}};
static const struct name long_text_words = {
    {"這一格的文字超過 32,767 字", "the text of this cell is longer than 32,767 characters"}};

struct grid_builder *builder_new(struct findings *findings)
{
    struct grid_builder *builder = arena_alloc(findings->arena, sizeof *builder);

    if (builder)
        builder->findings = findings;
    else
        findings->out_of_memory = true;
    return builder;
}

bool builder_refuse(struct grid_builder *builder, const struct name *words)
{
    if (builder->stopped)
        return false;
    findings_add(builder->findings, (struct finding){.code = FINDING_unreadable_file,
                                                     .message = words,
                                                     .sheet = builder->spot.sheet,
                                                     .ref = spot_ref(builder->findings->arena, builder->spot),
                                                     .found = words->text[LANGUAGE_EN]});
    builder->stopped = true;
    return false;
}

bool builder_run_out_of_memory(struct grid_builder *builder)
{
    builder->findings->out_of_memory = true;
    builder->stopped = true;
    return false;
}

/* Makes room for one more item behind `count`, moving them in the arena. NULL without memory. */
static void *grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    size_t wanted = *capacity ? *capacity * 2 : 16;
    void *grown;

    if (count < *capacity)
        return items;
    grown = arena_alloc_array(arena, wanted, size);
    if (grown && count > 0)
        memcpy(grown, items, count * size);
    if (grown)
        *capacity = wanted;
    return grown;
}

bool builder_begin_sheet(struct grid_builder *builder, const char *name, bool hidden)
{
    struct grid_sheet *sheets;

    builder->spot = (struct spot){.sheet = name};
    if (builder->stopped)
        return false;
    if (builder->sheet_count == MOST_SHEETS)
        return builder_refuse(builder, &too_many_sheets_words);
    sheets =
        grow(builder->findings->arena, builder->sheets, builder->sheet_count, &builder->sheet_capacity, sizeof *sheets);
    if (!sheets)
        return builder_run_out_of_memory(builder);
    sheets[builder->sheet_count++] = (struct grid_sheet){.name = name, .hidden = hidden};
    builder->sheets = sheets;
    builder->row_capacity = 0;
    return true;
}

bool builder_begin_row(struct grid_builder *builder, size_t number)
{
    builder->spot.row = number;
    builder->spot.column = 0;
    builder->filled = 0;
    return !builder->stopped;
}

bool builder_fill(struct grid_builder *builder, size_t column, size_t repeat, struct grid_cell cell)
{
    if (builder->stopped || text_is_blank(cell.text))
        return !builder->stopped;
    builder->spot.column = column;
    if (column >= MOST_COLUMNS || repeat > MOST_COLUMNS - column)
        return builder_refuse(builder, &too_wide_words);
    while (builder->filled < column + repeat)
        builder->cells[builder->filled++] = (struct grid_cell){.text = ""};
    for (size_t i = 0; i < repeat; i++)
        builder->cells[column + i] = cell;
    return true;
}

static bool keep_row(struct grid_builder *builder, struct grid_row row)
{
    struct grid_sheet *sheet = &builder->sheets[builder->sheet_count - 1];
    struct grid_row *rows =
        grow(builder->findings->arena, sheet->rows, sheet->row_count, &builder->row_capacity, sizeof *rows);

    if (!rows)
        return builder_run_out_of_memory(builder);
    sheet->rows = rows;
    sheet->rows[sheet->row_count++] = row;
    return true;
}

bool builder_end_row(struct grid_builder *builder, size_t repeat)
{
    struct grid_row row = {.cell_count = builder->filled, .number = builder->spot.row};

    if (builder->stopped || builder->filled == 0)
        return !builder->stopped;
    builder->spot.column = 0;
    if (repeat > MOST_ROWS - builder->row_count)
        return builder_refuse(builder, &too_many_rows_words);
    if (repeat * builder->filled > MOST_CELLS - builder->cell_count)
        return builder_refuse(builder, &too_many_cells_words);
    builder->row_count += repeat;
    builder->cell_count += repeat * builder->filled;
    row.cells = arena_alloc_array(builder->findings->arena, row.cell_count, sizeof *row.cells);
    if (!row.cells)
        return builder_run_out_of_memory(builder);
    memcpy(row.cells, builder->cells, row.cell_count * sizeof *row.cells);
    for (; repeat > 0 && keep_row(builder, row); repeat--)
        row.number++;
    return !builder->stopped;
}

static size_t hash_bytes(const char *bytes, size_t length)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * 16777619u;
    return hash;
}

const char *builder_text(struct grid_builder *builder, const char *bytes, size_t length)
{
    const char **shared = &builder->shared[hash_bytes(bytes, length) % SHARED_TEXTS];

    if (builder->stopped)
        return NULL;
    if (length == 0)
        return "";
    if (*shared && strncmp(*shared, bytes, length) == 0 && !(*shared)[length])
        return *shared;
    if (length > MOST_CELL_TEXT) {
        builder_refuse(builder, &long_text_words);
        return NULL;
    }
    builder->text_size += length + 1;
    if (builder->text_size > MOST_TEXT) {
        builder_refuse(builder, &too_much_text_words);
        return NULL;
    }

    const char *copy = arena_copy(builder->findings->arena, bytes, length);

    if (!copy)
        builder_run_out_of_memory(builder);
    else
        *shared = copy;
    return copy;
}

bool builder_lose_text(struct grid_builder *builder, const struct buffer *text)
{
    return text->beyond_limit ? builder_refuse(builder, &long_text_words) : builder_run_out_of_memory(builder);
}

bool builder_finish(struct grid_builder *builder, struct grid *ret_grid)
{
    struct findings *findings = builder->findings;

    *ret_grid = (struct grid){.sheets = builder->sheets, .sheet_count = builder->sheet_count};
    findings->out_of_memory = findings->out_of_memory || arena_is_short(findings->arena);
    return !findings->out_of_memory;
}
