/* fuzz_sheets.h: what the targets of spreadsheet files share: a grid to a document to findings, twice the same. */
#ifndef TRIBUTARY_TESTS_FUZZ_SHEETS_H
#define TRIBUTARY_TESTS_FUZZ_SHEETS_H

#include "fuzz/fuzz_support.h"
#include "sheet/grid.h"

typedef bool fuzz_reader(const char *bytes, size_t length, struct findings *findings, struct grid *ret_grid);

static inline void claim_grid_is_whole(const struct grid *grid)
{
    for (size_t s = 0; s < grid->sheet_count; s++) {
        CLAIM(grid->sheets[s].name || grid->sheet_count == 1); /* else it was taken for CSV */
        for (size_t r = 0; r < grid->sheets[s].row_count; r++) {
            const struct grid_row *row = &grid->sheets[s].rows[r];

            CLAIM(row->number > 0 && row->cell_count > 0 && *row->cells[row->cell_count - 1].text);
            for (size_t c = 0; c < row->cell_count; c++)
                CLAIM(row->cells[c].text && row->cells[c].kind <= GRID_FORMULA);
        }
    }
}

/* The document and the findings as one text; the caller frees it. */
static inline char *fuzz_read(const struct plan *plan, fuzz_reader *read, const char *bytes, size_t length)
{
    static const struct identity nothing_given = {.base = -1};
    struct arena *arena = arena_new(MEMORY);
    struct findings findings = FINDINGS_IN(arena);
    struct cell_places *places = NULL;
    struct grid grid;

    CLAIM(read(bytes, length, &findings, &grid));
    claim_grid_is_whole(&grid);

    json_t *json = grid_to_document(plan, &grid, &nothing_given, &findings, &places);

    CLAIM(!findings.out_of_memory);
    CLAIM(json || findings.error_count > 0);
    json_t *answer = json_pack("{so?}", "document", json ? json_deep_copy(json) : NULL);
    struct document *document = json ? document_judge(plan, json, &findings) : NULL;

    findings_locate(&findings, places);
    CLAIM(!findings.out_of_memory);
    claim_findings_are_whole(&findings);
    json_object_set_new(answer, "findings", findings_to_json(&findings, LANGUAGE_ZH));

    char *text = json_dumps(answer, JSON_COMPACT);

    CLAIM(text);
    json_decref(answer);
    document_release(document);
    arena_free(arena);
    return text;
}

static inline void fuzz_read_twice(fuzz_reader *read, const char *bytes, size_t length)
{
    for (size_t i = 0; i < PLAN_COUNT; i++) {
        char *first = fuzz_read(fuzz_plan(i), read, bytes, length);
        char *second = fuzz_read(fuzz_plan(i), read, bytes, length);

        CLAIM(strcmp(first, second) == 0);
        free(first);
        free(second);
    }
}

#endif
