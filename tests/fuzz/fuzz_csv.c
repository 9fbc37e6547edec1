/* fuzz_csv.c: CSV bytes to cells, to a document, to findings at their cells; and a sound document written and read
 * again. */
#include "fuzz/fuzz_support.h"
#include "sheet/csv.h"
#include "sheet/grid.h"

static const struct identity nothing_given = {.base = -1};

/* What was read from a table is written so that it is read again. */
static void claim_round_trip(const struct plan *plan, const json_t *document, enum language language)
{
    struct arena *arena = arena_new(MEMORY);
    struct findings findings = FINDINGS_IN(arena);
    struct buffer csv = BUFFER_WITH_LIMIT(MEMORY);
    struct cell_places *places;
    struct grid grid;

    CLAIM(csv_begin(&csv) && csv_write_document(plan, document, language, &csv));
    CLAIM(grid_read_csv(csv.data, csv.length, &findings, &grid));
    json_t *again = grid_to_document(plan, &grid, &nothing_given, &findings, &places);

    CLAIM(again);
    char *first = fuzz_canonical(document), *second = fuzz_canonical(again);

    if (strcmp(first, second) != 0)
        fprintf(stderr, "%s\n%s\n%s\n", first, second, csv.data);
    CLAIM(strcmp(first, second) == 0);
    free(first);
    free(second);
    json_decref(again);
    buffer_free(&csv);
    arena_free(arena);
}

static void read_file(const struct plan *plan, const char *bytes, size_t length)
{
    struct arena *arena = arena_new(MEMORY);
    struct findings findings = FINDINGS_IN(arena);
    struct cell_places *places = NULL;
    struct grid grid;

    CLAIM(grid_read_csv(bytes, length, &findings, &grid));
    json_t *json = grid_to_document(plan, &grid, &nothing_given, &findings, &places);

    CLAIM(!findings.out_of_memory);
    CLAIM(json || findings.error_count > 0);
    CLAIM(!json || places);

    json_t *read = json ? json_deep_copy(json) : NULL;
    struct document *document = json ? document_judge(plan, json, &findings) : NULL;

    findings_locate(&findings, places);
    CLAIM(!findings.out_of_memory);
    claim_findings_are_whole(&findings);
    if (findings.error_count == 0) {
        claim_round_trip(plan, read, LANGUAGE_ZH);
        claim_round_trip(plan, read, LANGUAGE_EN);
    }
    json_decref(read);
    document_release(document);
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < PLAN_COUNT; i++)
        read_file(fuzz_plan(i), (const char *)data, size);
    return 0;
}
