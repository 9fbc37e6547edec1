/* fuzz_place.c: a path read is a place that is written back as the same path; what it names is found in a document and in
 * words. */
#include "form/place.h"
#include "fuzz/fuzz_support.h"

/* Documents with rows whose identities are a key, given, or made. */
static const char *const sources[] = {
    "{\"form\":\"budget-plan\",\"office\":\"68000130\",\"period\":\"113\",\"tables\":{\"lines\":["
    "{\"no\":1,\"name\":\"a\",\"budget\":5},{\"no\":\"A-2\",\"budget\":7},{\"no\":\"x].budget\",\"budget\":1}]}}",
    "{\"form\":\"training-quarterly\",\"office\":\"68000130\",\"period\":\"113Q2\",\"tables\":{\"courses\":["
    "{\"_row\":\"a1\",\"name\":\"b\"},{\"_row\":\"#2\",\"name\":\"c\"},{\"name\":\"d\"}],\"outreach\":[]}}",
    "{\"form\":\"training-annual\",\"office\":\"68000130\",\"period\":\"113\",\"fields\":{\"general.staff.m\":1}}",
};

static void claim_found(const struct document *document, struct arena *arena, struct place place)
{
    const struct table *table;

    if (!place_find(document, arena, &place) || !place.row_identity)
        return;
    table = form_table(document->form, place.table);
    CLAIM(table && place.row > 0 && place.row <= document->tables[table->index].row_count);
    CLAIM(strcmp(document->tables[table->index].rows[place.row - 1].identity, place.row_identity) == 0);
}

static void try_form(const struct form *form, const struct document *document, const char *path)
{
    struct arena *arena = arena_new(MEMORY);
    struct place place;

    if (place_parse(form, path, arena, &place)) {
        CLAIM(strcmp(place_path(arena, place), path) == 0);
        CLAIM(place_label(form, &place));
        CLAIM(place_words(arena, form, &place, LANGUAGE_ZH) && place_words(arena, form, &place, LANGUAGE_EN));
        if (document)
            claim_found(document, arena, place);
    }
    arena_free(arena);
}

/* Every row of a document has a path that leads back to it. */
static void claim_rows_have_paths(const struct document *document, struct arena *arena)
{
    for (size_t t = 0; t < document->form->table_count; t++) {
        for (size_t r = 0; r < document->tables[t].row_count; r++) {
            struct place place = {.table = document->form->tables[t].code,
                                  .row_identity = document->tables[t].rows[r].identity},
                         again = {0};

            CLAIM(place_parse(document->form, place_path(arena, place), arena, &again));
            CLAIM(strcmp(again.row_identity, place.row_identity) == 0 && place_find(document, arena, &again));
            CLAIM(again.row == r + 1);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *path = malloc(size + 1);

    memcpy(path, data, size);
    path[size] = '\0';
    for (size_t p = 0; p < PLAN_COUNT; p++)
        for (size_t f = 0; f < fuzz_plan(p)->form_count; f++)
            try_form(&fuzz_plan(p)->forms[f], NULL, path);
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        struct arena *arena = arena_new(MEMORY);
        struct findings findings = FINDINGS_IN(arena);
        struct document *document = document_judge(fuzz_plan(1), json_loads(sources[i], 0, NULL), &findings);

        CLAIM(document);
        claim_rows_have_paths(document, arena);
        try_form(document->form, document, path);
        document_release(document);
        arena_free(arena);
    }
    free(path);
    return 0;
}
