/* sheet_support.h: reading a CSV text into a judged document. */
#ifndef TRIBUTARY_TESTS_SHEET_SUPPORT_H
#define TRIBUTARY_TESTS_SHEET_SUPPORT_H

#include "sheet/csv.h"
#include "sheet/grid.h"
#include "unit/common_support.h"

#define NOT_GIVEN ((struct identity){.base = -1})

struct read_file {
    struct arena *arena;
    struct findings findings;
    struct grid grid;
    struct cell_places *places;
    json_t *json; /* as read; NULL if the form couldn't be told */
    struct document *document;
};

static inline struct read_file read_csv_bytes(const struct plan *plan, const char *bytes, size_t length,
                                              struct identity given)
{
    struct read_file file = {.arena = arena_new(JUDGED_MEMORY)};
    /* exactly the bytes, so that a read past them is seen */
    char *copy = malloc(length ? length : 1);

    memcpy(copy, bytes, length);
    file.findings = FINDINGS_IN(file.arena);
    cr_assert(grid_read_csv(copy, length, &file.findings, &file.grid));
    file.json = grid_to_document(plan, &file.grid, &given, &file.findings, &file.places);
    if (file.json)
        file.document = document_judge(plan, json_deep_copy(file.json), &file.findings);
    findings_locate(&file.findings, file.places);
    cr_assert_not(file.findings.out_of_memory);
    free(copy);
    return file;
}

static inline struct read_file read_csv_text(const struct plan *plan, const char *text)
{
    return read_csv_bytes(plan, text, strlen(text), NOT_GIVEN);
}

static inline void release_file(struct read_file *file)
{
    document_release(file->document);
    json_decref(file->json);
    arena_free(file->arena);
}

/* "code REF; code REF" in order; "-" where there is no cell. The caller frees it. */
static inline char *list_cells(const struct findings *findings)
{
    struct buffer text = BUFFER_WITH_LIMIT(1024 * 1024);

    for (size_t i = 0; i < findings->count; i++)
        buffer_append_format(&text, "%s%s %s", i ? "; " : "", finding_entry(findings->items[i].code)->code,
                             findings->items[i].ref ? findings->items[i].ref : "-");
    return buffer_take(&text, NULL);
}

#endif
