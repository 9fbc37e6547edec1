/* grid.c: from sheets of cells to a document: identity first, then block after block. */
#include "sheet/grid.h"

#include <stdint.h>
#include <string.h>

#include "sheet/marks.h"
#include "sheet/reader.h"
#include "sheet/text.h"
#include "sheet/value.h"

static const struct name empty_words = {{"檔案是空的", "the file is empty"}};
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

static bool is_result(const struct grid_row *row, size_t column)
{
    return column >= row->cell_count ||
           (row->cells[column].kind != GRID_ERROR && row->cells[column].kind != GRID_FORMULA);
}

bool grid_has_result(struct grid_reader *reader, const struct grid_row *row, size_t column, const struct name *label,
                     struct place place)
{
    static const struct name no_result_words = {
        {"公式的結果；檔案中沒有，請以試算表軟體開啟後重新存檔",
         "a formula's result, which the file lacks: open it in a spreadsheet program and save it again"}};
    static const struct name error_words = {{"公式的結果，而不是錯誤", "a formula's result and no error"}};
    const struct name *words;

    if (is_result(row, column))
        return true;
    words = row->cells[column].kind == GRID_ERROR ? &error_words : &no_result_words;
    grid_complain(reader, row, column,
                  (struct finding){.code = FINDING_unreadable_cell,
                                   .place = place,
                                   .label = label,
                                   .expected = words->text[LANGUAGE_EN],
                                   .expected_words = words});
    return false;
}

json_t *grid_value(struct grid_reader *reader, const struct item *item, const struct grid_row *row, size_t column,
                   struct place place)
{
    enum { DATE_LENGTH = 10 }; /* a cell of a date may carry a time of the day */
    struct arena *arena = reader->findings->arena;
    const char *text = grid_text(row, column);
    size_t length = strlen(text);

    if (!grid_has_result(reader, row, column, &item->name, place))
        return NULL;
    if (column < row->cell_count && row->cells[column].kind == GRID_DATE && item->type == ITEM_DATE &&
        length > DATE_LENGTH)
        text = arena_copy(arena, text, DATE_LENGTH);
    else if (column < row->cell_count && row->cells[column].kind == GRID_PERCENT && item->unit &&
             strcmp(item->unit, "percent") == 0)
        text = arena_copy(arena, text, length - 1);
    if (!text)
        return NULL; /* the arena remembers */
    return value_read(item, text, (struct cell_site){place, grid_spot(reader, row, column)}, reader->findings);
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

bool column_has_content(const struct grid_reader *reader, size_t column)
{
    const struct grid_sheet *sheet = reader->sheet;

    for (size_t r = reader->row; r < sheet->row_count && !grid_is_mark(&sheet->rows[r]); r++)
        if (!text_is_blank(grid_text(&sheet->rows[r], column)))
            return true;
    return false;
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

static void read_sheet(struct grid_reader *reader, const struct grid_sheet *sheet)
{
    begin_sheet(reader, sheet);
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
    struct grid told;
    struct grid_reader reader = {.plan = plan, .grid = &told, .findings = findings, .document = json_object()};

    *ret_places = NULL;
    if (!reader.document || !leave_out_remarks(findings->arena, grid, &told)) {
        json_decref(reader.document);
        findings->out_of_memory = true;
        return NULL;
    }
    if (is_empty(&told)) {
        if (findings->error_count == 0) /* else there is a finding that says why */
            findings_add(findings, (struct finding){.code = FINDING_unreadable_file,
                                                    .message = &empty_words,
                                                    .found = empty_words.text[LANGUAGE_EN]});
    } else if (read_identity(&reader, given)) {
        for (size_t s = 0; s < told.sheet_count; s++)
            read_sheet(&reader, &told.sheets[s]);
    }
    findings->out_of_memory = findings->out_of_memory || arena_is_short(findings->arena);
    if (findings->out_of_memory || !reader.places) {
        json_decref(reader.document);
        return NULL;
    }
    *ret_places = reader.places;
    return reader.document;
}
