/* head.c: what a document says of itself: form, office, period, event, base. */
#include <stdint.h>
#include <string.h>

#include "form/document.h"

/* A text member of the document's head; NULL with a finding when it isn't one. */
static const char *read_head_text(const json_t *json, const char *member, struct findings *findings)
{
    const json_t *value = json_object_get(json, member);

    if (!value)
        findings_add_member(findings, FINDING_identity_missing, member, member, NULL);
    else if (!json_is_string(value))
        findings_add_member(findings, FINDING_wrong_type, member, "string", value);
    return json_string_value(value);
}

static const struct form *read_form(const struct plan *plan, const json_t *json, struct findings *findings)
{
    const char *code = read_head_text(json, "form", findings);
    const struct form *form = code ? plan_form(plan, code) : NULL;

    if (code && !form)
        findings_add_member(findings, FINDING_unknown_form, "form", NULL, json_object_get(json, "form"));
    return form;
}

/* A period as the form has them: of the year that was meant, if the plan has it. */
static const char *period_example(struct arena *arena, const struct document *document, int meant)
{
    const struct plan *plan = document->plan;
    int year = meant >= plan->from && meant <= plan->to ? meant : plan->from;

    switch (document->form->period) {
    case PERIOD_QUARTER: return arena_format(arena, "%dQ1", year);
    case PERIOD_PLAN: return "plan";
    case PERIOD_YEAR: break;
    }
    return arena_format(arena, "%d", year);
}

static void refuse_period(const struct document *document, int meant, struct findings *findings)
{
    static const struct name kinds[] = {[PERIOD_YEAR] = {{"年度，如 ", "a year such as "}},
                                        [PERIOD_QUARTER] = {{"季別，如 ", "a quarter such as "}},
                                        [PERIOD_PLAN] = {{"全期，寫作 ", "the whole plan, written "}}};
    struct arena *arena = findings->arena;
    const char *example = period_example(arena, document, meant);
    struct name *words = example ? arena_alloc(arena, sizeof *words) : NULL;

    for (int language = LANGUAGE_ZH; words && language <= LANGUAGE_EN; language++)
        words->text[language] = arena_format(arena, "%s%s", kinds[document->form->period].text[language], example);
    findings_add(findings, (struct finding){.code = FINDING_bad_period,
                                            .place = {.member = "period"},
                                            .expected = example,
                                            .expected_words = words,
                                            .found = json_excerpt(arena, json_object_get(document->json, "period"))});
}

static bool read_period(struct document *document, struct findings *findings)
{
    const json_t *json = json_object_get(document->json, "period");
    struct period period = {0};

    document->period_text = read_head_text(document->json, "period", findings);
    if (!document->period_text)
        return false;
    if (!period_parse(document->period_text, &period) || period.kind != document->form->period) {
        refuse_period(document, period.year, findings);
        return false;
    }
    document->period = period;
    if (!plan_has_period(document->plan, document->form, period)) {
        findings_add_member(findings, FINDING_period_outside_plan, "period",
                            arena_format(findings->arena, "%d–%d", document->plan->from, document->plan->to), json);
        return false;
    }
    return true;
}

static void read_office(struct document *document, bool has_period, struct findings *findings)
{
    const char *code = read_head_text(document->json, "office", findings);
    const json_t *json = json_object_get(document->json, "office");

    document->office = code ? plan_office(document->plan, code) : NULL;
    if (code && !document->office)
        findings_add_member(findings, FINDING_unknown_office, "office", NULL, json);
    else if (document->office && has_period &&
             !form_owed_by(document->form, document->office, plan_period_year(document->plan, document->period)))
        findings_add_member(findings, FINDING_office_not_owing, "office", NULL, json);
}

static bool is_uuid(const char *text)
{
    static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

    if (strlen(text) != sizeof shape - 1)
        return false;
    for (size_t i = 0; shape[i]; i++)
        if (shape[i] == '-' ? text[i] != '-' : strchr("0123456789abcdef", text[i]) == NULL)
            return false;
    return true;
}

static void read_event(struct document *document, struct findings *findings)
{
    const json_t *event = json_object_get(document->json, "event");

    if (!event || json_is_null(event))
        return;
    if (!document->form->event || !json_is_string(event) || !is_uuid(json_string_value(event)))
        findings_add_member(findings, FINDING_bad_event, "event", NULL, event);
    else
        document->event = json_string_value(event);
}

static void read_base(struct document *document, struct findings *findings)
{
    const json_t *base = json_object_get(document->json, "base");

    if (!base || json_is_null(base))
        return;
    document->has_base = true;
    if (!json_is_integer(base) || json_integer_value(base) < 0 || json_integer_value(base) > INT32_MAX)
        findings_add_member(findings, FINDING_bad_base, "base", "0", base);
    else
        document->base = json_integer_value(base);
}

static void check_members(const struct document *document, struct findings *findings)
{
    static const char *const known[] = {"form", "office", "period", "plan", "event",
                                        "base", "fields", "tables", "notes"};
    const char *key;
    json_t *value;

    json_object_foreach(document->json, key, value) {
        bool found = false;

        for (size_t i = 0; i < sizeof known / sizeof *known && !found; i++)
            found = strcmp(known[i], key) == 0;
        if (!found)
            findings_add(findings, (struct finding){.code = FINDING_unknown_member,
                                                    .place = {.member = arena_text(findings->arena, key)},
                                                    .found = arena_text(findings->arena, key)});
    }
    value = json_object_get(document->json, "plan");
    if (value && (!json_is_string(value) || strcmp(json_string_value(value), document->plan->code) != 0))
        findings_add_member(findings, FINDING_identity_differs, "plan", document->plan->code, value);
}

bool head_read(struct document *document, bool *ret_has_period, struct findings *findings)
{
    document->form = read_form(document->plan, document->json, findings);
    if (!document->form)
        return false;
    *ret_has_period = read_period(document, findings);
    read_office(document, *ret_has_period, findings);
    read_event(document, findings);
    read_base(document, findings);
    check_members(document, findings);
    return true;
}
