/* fuzz_plan.c: a plan file: loaded whole, or refused with at least one fault; what loads can be worked with. */
#include "fuzz/fuzz_support.h"

/* Judges a document of a form that says nothing but what it is. */
static void judge_empty(const struct plan *plan, const struct form *form)
{
    struct arena *arena = arena_new(MEMORY);
    struct findings findings = FINDINGS_IN(arena);
    struct period period = {form->period, form->period == PERIOD_PLAN ? 0 : plan->from,
                            form->period == PERIOD_QUARTER ? 1 : 0};
    char text[PERIOD_TEXT_SIZE];

    period_format(period, text);
    struct document *document = document_judge(plan,
                                               json_pack("{ss ss ss s{} s{}}", "form", form->code, "office",
                                                         plan->offices[0].code, "period", text, "fields", "tables"),
                                               &findings);

    CLAIM(document && document_elements(document, arena));
    claim_findings_are_whole(&findings);
    document_release(document);
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct json_fault fault;
    json_t *json = json_parse_strict((const char *)data, size, MOST_VALUES, &fault), *faults = NULL;
    struct plan *plan = json ? plan_load(json, &faults) : NULL;

    CLAIM(!json || plan || json_array_size(faults) > 0);
    for (size_t i = 0; plan && i < plan->form_count; i++)
        judge_empty(plan, &plan->forms[i]);
    plan_free(plan);
    json_decref(faults);
    json_decref(json);
    return 0;
}
