/* grid.c: from sheets of cells to a document: identity first, then block after block. */
#include "sheet/grid.h"

#include <stdint.h>
#include <string.h>

#include "sheet/marks.h"
#include "sheet/reader.h"
#include "sheet/text.h"

static const struct name empty_words = {{"檔案是空的", "the file is empty"}};
static const struct name no_block_words = {
    {"看不出這些資料屬於哪個表格：請在標題列之前加上「#table,表格代碼」或「#fields」",
     "these rows may belong to several tables: put \"#table,CODE\" or \"#fields\" before the heading row"}};

const char *grid_text(const struct grid_row *row, size_t column)
{
    return column < row->cell_count ? row->cells[column].text : "";
}

const struct grid_row *grid_next(const struct grid_reader *reader)
{
    return reader->row < reader->sheet->row_count ? &reader->sheet->rows[reader->row] : NULL;
}

struct spot grid_spot(const struct grid_reader *reader, const struct grid_row *row, size_t column)
{
    return (struct spot){.sheet = reader->sheet->name, .row = row->number, .column = column};
}

void grid_complain(struct grid_reader *reader, const struct grid_row *row, size_t column, struct finding finding)
{
    struct arena *arena = reader->findings->arena;

    if (!finding.found)
        finding.found = text_excerpt(arena, grid_text(row, column));
    finding.sheet = reader->sheet->name;
    finding.ref = spot_ref(arena, grid_spot(reader, row, column));
    findings_add(reader->findings, finding);
}

void grid_set(struct grid_reader *reader, json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) != 0)
        reader->findings->out_of_memory = true;
}

json_t *grid_object(struct grid_reader *reader, const char *key)
{
    json_t *object = json_object_get(reader->document, key);

    if (object)
        return object;
    grid_set(reader, reader->document, key, json_object());
    return json_object_get(reader->document, key);
}

bool grid_is_mark(const struct grid_row *row)
{
    const char *mark = grid_text(row, 0);

    return *mark == '#' && (text_same(mark, MARK_TABLE) || text_same(mark, MARK_FIELDS));
}

static const struct table *find_table(const struct grid_reader *reader, const char *text)
{
    size_t index = wording_find(reader->form->tables, reader->form->table_count, table_wording, text);

    return index == SIZE_MAX ? NULL : &reader->form->tables[index];
}

void skip_block(struct grid_reader *reader)
{
    while (grid_next(reader) && !grid_is_mark(grid_next(reader)))
        reader->row++;
}

/* The block that "#table,courses" or "#fields" opens. */
static void read_marked_block(struct grid_reader *reader)
{
    const struct grid_row *row = grid_next(reader);
    bool fields = text_same(grid_text(row, 0), MARK_FIELDS);
    const struct table *table = fields ? NULL : find_table(reader, grid_text(row, 1));

    reader->row++;
    if (fields) {
        read_fields_block(reader);
    } else if (table) {
        read_table_block(reader, table, grid_spot(reader, row, 1));
    } else {
        const char *code = text_excerpt(reader->findings->arena, grid_text(row, 1));

        grid_complain(reader, row, 1, (struct finding){.code = FINDING_unknown_table, .place = {.table = code}});
        skip_block(reader);
    }
}

/* The one block that rows without a mark can be; *ret_table is NULL for the fields. */
static bool find_block(const struct grid_reader *reader, const struct table **ret_table)
{
    const struct form *form = reader->form;
    const struct grid_row *heading = grid_next(reader);
    size_t candidates = 0;

    *ret_table = form->table_count ? form->tables : NULL;
    if (form->table_count + (form->field_count > 0) == 1)
        return true;
    if (form->field_count > 0 && is_fields_heading(heading)) {
        *ret_table = NULL;
        candidates++;
    }
    for (size_t t = 0; t < form->table_count; t++) {
        if (is_table_heading(&form->tables[t], heading)) {
            *ret_table = &form->tables[t];
            candidates++;
        }
    }
    return candidates == 1;
}

static void read_unmarked_block(struct grid_reader *reader)
{
    const struct grid_row *row = grid_next(reader);
    const struct table *table = reader->sheet->name ? find_table(reader, reader->sheet->name) : NULL;

    if (!table && !find_block(reader, &table)) {
        grid_complain(reader, row, 0, (struct finding){.code = FINDING_unreadable_file, .message = &no_block_words});
        skip_block(reader);
        return;
    }
    if (table)
        read_table_block(reader, table, grid_spot(reader, row, 0));
    else
        read_fields_block(reader);
}

static void read_sheet(struct grid_reader *reader, const struct grid_sheet *sheet)
{
    reader->sheet = sheet;
    reader->row = identity_row_count(sheet);
    if (grid_next(reader) && !grid_is_mark(grid_next(reader)))
        read_unmarked_block(reader);
    while (grid_next(reader) && !reader->findings->out_of_memory)
        read_marked_block(reader);
}

static bool is_empty(const struct grid *grid)
{
    for (size_t s = 0; s < grid->sheet_count; s++)
        if (grid->sheets[s].row_count > 0)
            return false;
    return true;
}

json_t *grid_to_document(const struct plan *plan, const struct grid *grid, const struct identity *given,
                         struct findings *findings, struct cell_places **ret_places)
{
    struct grid_reader reader = {.plan = plan, .grid = grid, .findings = findings, .document = json_object()};

    *ret_places = NULL;
    if (!reader.document) {
        findings->out_of_memory = true;
        return NULL;
    }
    if (is_empty(grid)) {
        if (findings->error_count == 0) /* else there is a finding that says why */
            findings_add(findings, (struct finding){.code = FINDING_unreadable_file,
                                                    .message = &empty_words,
                                                    .found = empty_words.text[LANGUAGE_EN]});
    } else if (read_identity(&reader, given)) {
        for (size_t s = 0; s < grid->sheet_count; s++)
            read_sheet(&reader, &grid->sheets[s]);
    }
    findings->out_of_memory = findings->out_of_memory || arena_is_short(findings->arena);
    if (findings->out_of_memory || !reader.places) {
        json_decref(reader.document);
        return NULL;
    }
    *ret_places = reader.places;
    return reader.document;
}
