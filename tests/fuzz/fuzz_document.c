/* fuzz_document.c: JSON to a judged document, its canonical form, its figures, and apart and together again. */
#include "form/neighbours.h"
#include "form/personal.h"
#include "fuzz/fuzz_support.h"

static void count_salt(unsigned char salt[16])
{
    static unsigned char count;

    memset(salt, 0, 16);
    salt[0] = ++count;
}

/* What is stored and what lives apart make the document again. */
static void claim_personal_comes_back(const struct document *document)
{
    json_t *apart = NULL, *stored = personal_split(document, count_salt, &apart);

    CLAIM(stored);
    if (stored != document->json) {
        CLAIM(personal_join(stored, apart));
        CLAIM(json_equal(stored, document->json));
    }
    json_decref(stored);
    json_decref(apart);
}

/* The canonical form, judged again, is the same document with the same findings. */
static void claim_judging_is_stable(const struct plan *plan, const struct document *document,
                                    const struct findings *findings)
{
    struct arena *arena = arena_new(MEMORY);
    struct findings again = FINDINGS_IN(arena);
    struct json_fault fault;
    char *canonical = fuzz_canonical(document->json);
    json_t *json = canonical ? json_parse_strict(canonical, strlen(canonical), SIZE_MAX, &fault) : NULL;
    struct document *second = json ? document_judge(plan, json, &again) : NULL;

    CLAIM(!canonical || (second && !again.out_of_memory));
    if (second && findings->error_count == 0) {
        char *canonical_again = fuzz_canonical(second->json);

        CLAIM(strcmp(canonical, canonical_again) == 0);
        CLAIM(again.count == findings->count);
        free(canonical_again);
    }
    free(canonical);
    document_release(second);
    arena_free(arena);
}

/* What the office holds beside the document: lines, a roster, a meeting. */
static const char *const others[] = {
    "{\"form\":\"budget-plan\",\"office\":\"68000130\",\"period\":\"113\",\"fields\":{\"total_budget\":9},\"tables\":{\"lines\":["
    "{\"no\":1,\"name\":\"a\",\"budget\":5},{\"no\":\"A-2\",\"budget\":7}]}}",
    "{\"form\":\"task-group-roster\",\"office\":\"68000130\",\"period\":\"113\",\"fields\":{\"effective_from\":\"2024-03-01\"},"
    "\"tables\":{\"members\":[{\"_row\":\"a\",\"sex\":\"f\",\"role\":\"external\"}]}}",
    "{\"form\":\"task-group-meeting\",\"office\":\"68000130\",\"period\":\"113\",\"fields\":{\"date\":\"2024-05-01\",\"kind\":\"regular\"}}",
};

/* Held against other documents, and against itself as one of them, every finding can be said; an empty form of its kind
 * can be filled. */
static void claim_crossing(const struct plan *plan, const struct document *document)
{
    struct arena *arena = arena_new(MEMORY);
    struct neighbours neighbours = NEIGHBOURS_IN(arena);
    struct findings findings = FINDINGS_IN(arena);
    json_t *empty = json_object();

    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        CLAIM(neighbours_add(&neighbours, plan, json_loads(others[i], 0, NULL)));
    CLAIM(neighbours_add(&neighbours, plan, json_deep_copy(document->json)));
    cross_check(document, &neighbours, &findings);
    CLAIM(!findings.out_of_memory);
    claim_findings_are_whole(&findings);
    for (size_t i = 0; i < plan->form_count; i++)
        CLAIM(!plan_has_period(plan, &plan->forms[i], document->period) ||
              neighbours_prefill(&neighbours, plan, &plan->forms[i], document->period, empty));
    json_decref(empty);
    neighbours_release(&neighbours);
    arena_free(arena);
}

static void judge(const struct plan *plan, const char *bytes, size_t length)
{
    struct arena *arena = arena_new(MEMORY);
    struct findings findings = FINDINGS_IN(arena);
    struct json_fault fault = {0};
    json_t *json = json_parse_strict(bytes, length, MOST_VALUES, &fault);
    struct document *document = json ? document_judge(plan, json, &findings) : NULL;

    CLAIM(json || fault.text[0]);
    CLAIM(!findings.out_of_memory);
    CLAIM(!json || document || findings.error_count > 0);
    claim_findings_are_whole(&findings);
    if (document) {
        CLAIM(document_elements(document, arena));
        claim_judging_is_stable(plan, document, &findings);
        claim_crossing(plan, document);
        if (findings.error_count == 0)
            claim_personal_comes_back(document);
    }
    document_release(document);
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < PLAN_COUNT; i++)
        judge(fuzz_plan(i), (const char *)data, size);
    return 0;
}
