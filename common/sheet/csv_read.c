/* csv_read.c: RFC 4180 as people's programs write it: any line ending, quotes where they like. Cells are cut in place
 * out of the decoded text, so that a file costs little more than its size; what is blank costs nothing. A row is
 * numbered as a spreadsheet numbers it: a line break inside quotes begins no new one. */
#include <string.h>

#include "sheet/decode.h"
#include "sheet/grid.h"
#include "sheet/places.h"
#include "sheet/text.h"

enum { MOST_BYTES = 8 * 1024 * 1024, MOST_COLUMNS = 1024, MOST_ROWS = 100 * 1000, MOST_CELLS = 1024 * 1024 };

static const struct name too_large_words = {{"檔案超過 8 MiB", "the file is larger than 8 MiB"}};
static const struct name too_many_rows_words = {{"檔案超過 100,000 列", "the file has more than 100,000 rows"}};
static const struct name too_many_cells_words = {{"檔案的儲存格太多", "the file has too many cells"}};
static const struct name too_wide_words = {{"檔案超過 1,024 欄", "the file has more than 1,024 columns"}};
static const struct name open_quote_words = {
    {"這一格的引號（\"）沒有結束，其後的內容無法讀取",
     "the quotes (\") of this cell are never closed; what follows can't be read"}};

struct csv_reader {
    struct findings *findings;
    struct decoded decoded;
    size_t position, next_bad, cell_count, row_capacity;
    struct grid_sheet *sheet;
    struct spot spot; /* of the cell being read */
    size_t filled;    /* cells of this row up to the last that isn't blank */
    const char *texts[MOST_COLUMNS];
    bool stopped; /* by a finding or for want of memory */
};

static void refuse_file(struct csv_reader *reader, const struct name *words, struct spot spot)
{
    struct arena *arena = reader->findings->arena;

    findings_add(reader->findings, (struct finding){.code = FINDING_unreadable_file,
                                                    .message = words,
                                                    .ref = spot_ref(arena, spot),
                                                    .found = words->text[LANGUAGE_EN]});
    reader->stopped = true;
}

static void run_out_of_memory(struct csv_reader *reader)
{
    reader->findings->out_of_memory = true;
    reader->stopped = true;
}

/* A finding for each byte left out up to `end`: they stood in this cell. */
static void report_bad_bytes(struct csv_reader *reader, size_t end)
{
    struct findings *findings = reader->findings;

    for (; reader->next_bad < reader->decoded.bad_count; reader->next_bad++) {
        const struct bad_byte *bad = &reader->decoded.bad[reader->next_bad];

        if (bad->position > end)
            return;
        findings_add(findings, (struct finding){.code = FINDING_undecodable_byte,
                                                .ref = spot_ref(findings->arena, reader->spot),
                                                .found = arena_format(findings->arena, "%zu", bad->number)});
    }
}

/* Copies a quoted part down to *end, doubled quotes made single. False if it is never closed. */
static bool read_quoted(struct csv_reader *reader, size_t *end)
{
    char *text = reader->decoded.text;

    for (size_t i = reader->position + 1; i < reader->decoded.length; i++) {
        if (text[i] == '"' && text[i + 1] != '"') {
            reader->position = i + 1;
            return true;
        }
        i += text[i] == '"';
        text[(*end)++] = text[i];
    }
    return false;
}

/* Cuts one cell out and steps over what ended it. NULL when reading has to stop; *ret_goes_on tells whether the row has
 * another cell. */
static const char *read_cell(struct csv_reader *reader, bool *ret_goes_on)
{
    char *text = reader->decoded.text, *cell = text + reader->position;
    size_t end = reader->position;

    if (*cell == '"' && !read_quoted(reader, &end)) {
        refuse_file(reader, &open_quote_words, reader->spot);
        return NULL;
    }
    /* what stands behind closing quotes belongs to the cell all the same */
    for (; reader->position < reader->decoded.length && !strchr(",\r\n", text[reader->position]); reader->position++)
        text[end++] = text[reader->position];
    report_bad_bytes(reader, reader->position);

    char ended_by = text[reader->position];

    if (ended_by)
        reader->position += ended_by == '\r' && text[reader->position + 1] == '\n' ? 2 : 1;
    text[end] = '\0';
    *ret_goes_on = ended_by == ',';
    return cell;
}

static void keep_cell(struct csv_reader *reader, const char *text)
{
    if (text_is_blank(text))
        return;
    if (reader->spot.column >= MOST_COLUMNS) {
        refuse_file(reader, &too_wide_words, reader->spot);
        return;
    }
    while (reader->filled < reader->spot.column)
        reader->texts[reader->filled++] = "";
    reader->texts[reader->filled++] = text;
}

static bool grow_rows(struct csv_reader *reader)
{
    size_t capacity = reader->row_capacity ? reader->row_capacity * 2 : 64;
    struct grid_row *rows = arena_alloc_array(reader->findings->arena, capacity, sizeof *rows);

    if (!rows)
        return false;
    if (reader->sheet->row_count)
        memcpy(rows, reader->sheet->rows, reader->sheet->row_count * sizeof *rows);
    reader->sheet->rows = rows;
    reader->row_capacity = capacity;
    return true;
}

static void keep_row(struct csv_reader *reader)
{
    struct grid_sheet *sheet = reader->sheet;
    struct grid_row row = {.cell_count = reader->filled, .number = reader->spot.row};

    if (reader->filled == 0)
        return;
    reader->cell_count += reader->filled;
    if (sheet->row_count == MOST_ROWS || reader->cell_count > MOST_CELLS) {
        refuse_file(reader, sheet->row_count == MOST_ROWS ? &too_many_rows_words : &too_many_cells_words,
                    (struct spot){.row = reader->spot.row});
        return;
    }
    row.cells = arena_alloc_array(reader->findings->arena, row.cell_count, sizeof *row.cells);
    if (!row.cells || (sheet->row_count == reader->row_capacity && !grow_rows(reader))) {
        run_out_of_memory(reader);
        return;
    }
    for (size_t i = 0; i < row.cell_count; i++)
        row.cells[i].text = reader->texts[i];
    sheet->rows[sheet->row_count++] = row;
}

static void read_row(struct csv_reader *reader)
{
    bool goes_on = true;

    reader->spot.row++;
    reader->filled = 0;
    for (reader->spot.column = 0; goes_on && !reader->stopped; reader->spot.column++) {
        const char *text = read_cell(reader, &goes_on);

        if (text)
            keep_cell(reader, text);
    }
    if (!reader->stopped)
        keep_row(reader);
}

bool grid_read_csv(const char *bytes, size_t length, struct findings *findings, struct grid *ret_grid)
{
    struct csv_reader *reader = arena_alloc(findings->arena, sizeof *reader);
    struct grid_sheet *sheet = arena_alloc(findings->arena, sizeof *sheet);

    if (!reader || !sheet || (length <= MOST_BYTES && !decode_text(findings->arena, bytes, length, &reader->decoded))) {
        findings->out_of_memory = true;
        return false;
    }
    reader->findings = findings;
    reader->sheet = sheet;
    if (length > MOST_BYTES || reader->decoded.refusal)
        refuse_file(reader, length > MOST_BYTES ? &too_large_words : reader->decoded.refusal, (struct spot){0});
    while (!reader->stopped && reader->position < reader->decoded.length)
        read_row(reader);
    reader->spot = (struct spot){.row = reader->spot.row + 1};
    if (!reader->stopped)
        report_bad_bytes(reader, reader->decoded.length);
    *ret_grid = (struct grid){.sheets = sheet, .sheet_count = 1};
    findings->out_of_memory = findings->out_of_memory || arena_is_short(findings->arena);
    return !findings->out_of_memory;
}
