/* describe.c: a decision in the plan's words, and what the reader may do with it. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "decision/inside.h"

json_t *decision_name(const struct name *name)
{
    return name ? json_pack("{ss ss}", "zh", name->text[LANGUAGE_ZH], "en", name->text[LANGUAGE_EN]) : json_null();
}

static const struct name *unit_name(const struct plan *plan, const struct body *body, const char *unit, int year)
{
    for (size_t i = 0; body && unit && i < body_unit_count(plan, body); i++) {
        const struct name *name;
        const char *code;

        if (body_unit_at(plan, body, i, year, &code, &name) && code && strcmp(code, unit) == 0)
            return name;
    }
    return NULL;
}

/* Whether bodies of several kinds have units of this sort, so that a unit's code alone doesn't say which body it is. */
static bool unit_is_shared(const struct plan *plan, const struct body *body)
{
    for (size_t i = 0; i < plan->bodies->body_count; i++)
        if (&plan->bodies->bodies[i] != body && plan->bodies->bodies[i].per == body->per)
            return true;
    return false;
}

json_t *decision_number(const struct plan *plan, const json_t *decision)
{
    const char *unit = json_text_member(decision, "unit"), *code = json_text_member(decision, "body");
    const struct body *body = plan_body(plan, code);
    int year = (int)json_integer_value(json_object_get(decision, "year")),
        place = (int)json_integer_value(json_object_get(decision, "place"));

    if (unit && body && unit_is_shared(plan, body))
        return json_sprintf("%d-%s-%s-%02d", year, code, unit, place);
    return json_sprintf("%d-%s-%02d", year, unit ? unit : code, place);
}

bool decision_number_parse(const char *text, struct arena *arena, int *ret_year, const char **ret_code, int *ret_number)
{
    const char *first = strchr(text, '-'), *last = strrchr(text, '-');
    char *end;
    long year, number;

    if (!first || last == first || last == first + 1 || strlen(text) > 200)
        return false;
    year = strtol(text, &end, 10);
    if (end != first || year < 1 || year > 999)
        return false;
    number = strtol(last + 1, &end, 10);
    if (end == last + 1 || *end || last[1] < '0' || last[1] > '9' || number < 1 || number > 99999)
        return false;
    *ret_year = (int)year;
    *ret_number = (int)number;
    *ret_code = arena_format(arena, "%.*s", (int)(last - first - 1), first + 1);
    return *ret_code != NULL;
}

/* ---- who may do what ----------------------------------------------------------------------------------------------- */

static bool prepares(const struct principal *principal)
{
    return principal->role == ROLE_GEO || principal->role == ROLE_SUPERVISION;
}

/* Whether something is left to report of an owner, of this office (NULL: of any). */
static bool is_tracked(const json_t *decision, const char *office)
{
    const json_t *owner;
    size_t i;

    json_array_foreach(json_object_get(decision, "owners"), i, owner) {
        const char *state = json_text_member(owner, "state"), *code = json_text_member(owner, "office");

        if (state && strcmp(state, "closed") != 0 && strcmp(state, "withdrawn") != 0 &&
            (!office || (code && strcmp(code, office) == 0)))
            return true;
    }
    return false;
}

static bool awaits_outcome(const json_t *decision)
{
    const json_t *referral;
    size_t i;

    json_array_foreach(json_object_get(decision, "referrals"), i, referral) {
        if (json_is_null(json_object_get(referral, "outcome")))
            return true;
    }
    return false;
}

/* Whether a meeting has ruled of it, or one of a body that it was carried up to has spoken of it or resolved something on it. */
static bool is_ruled_upon(const json_t *decision)
{
    const json_t *one;
    size_t i;

    json_array_foreach(json_object_get(decision, "owners"), i, one)
        if (json_array_size(json_object_get(one, "rulings")) > 0)
            return true;
    json_array_foreach(json_object_get(decision, "referrals"), i, one)
        if (json_is_object(json_object_get(one, "outcome")))
            return true;
    return json_is_true(json_object_get(decision, "resolved_above"));
}

static json_t *may_of(const json_t *decision, const struct principal *principal)
{
    const char *unit = json_text_member(decision, "unit"), *state = json_text_member(decision, "state");
    bool prepared = principal && prepares(principal), office = principal && principal->role == ROLE_OFFICE;
    bool withdrawn = state && strcmp(state, "withdrawn") == 0;
    bool own = office && unit && strcmp(unit, principal->office) == 0;
    /* what its own task group decided an office records, rules upon and withdraws by its own records of the meetings */
    bool recorded = prepared || (own && json_is_true(json_object_get(json_object_get(decision, "meeting"), "record")));
    json_t *may = json_array();

    if ((prepared && is_tracked(decision, NULL)) || (office && is_tracked(decision, principal->office)))
        json_array_append_new(may, json_string("progress"));
    if (recorded && !withdrawn)
        json_array_append_new(may, json_string("rule"));
    if (prepared && state && strcmp(state, "open") == 0)
        json_array_append_new(may, json_string("refer"));
    if (prepared && !withdrawn && awaits_outcome(decision))
        json_array_append_new(may, json_string("outcome"));
    if (recorded && !withdrawn && !is_ruled_upon(decision))
        json_array_append_new(may, json_string("withdraw"));
    return may;
}

/* ---- names ---------------------------------------------------------------------------------------------------------- */

static bool name_owners(const json_t *decision, const struct plan *plan)
{
    json_t *owner;
    size_t i;

    json_array_foreach(json_object_get(decision, "owners"), i, owner) {
        const char *code = json_text_member(owner, "office"), *agency = json_text_member(owner, "agency");
        const struct office *office = code ? plan_office(plan, code) : NULL;
        json_t *name = office   ? decision_name(&office->name)
                       : agency ? json_pack("{ss ss}", "zh", agency, "en", agency)
                                : json_null();

        if (json_object_set_new(owner, "name", name) != 0)
            return false;
    }
    return true;
}

static bool name_referrals(const json_t *decision, const struct plan *plan)
{
    json_t *referral;
    size_t i;

    json_array_foreach(json_object_get(decision, "referrals"), i, referral) {
        const struct body *body = plan_body(plan, json_text_member(referral, "to_body"));

        if (json_object_set_new(referral, "to_body_name", decision_name(body ? &body->name : NULL)) != 0)
            return false;
    }
    return true;
}

bool decision_complete(json_t *decision, const struct decisions_question *question)
{
    const struct plan *plan = question->plan;
    const struct body *body = decision ? plan_body(plan, json_text_member(decision, "body")) : NULL;
    int year = (int)json_integer_value(json_object_get(decision, "year"));
    const struct name *unit;

    if (!decision)
        return false;
    unit = unit_name(plan, body, json_text_member(decision, "unit"), year < plan->from ? plan->from : year);
    return json_object_set_new(decision, "number", decision_number(plan, decision)) == 0 &&
           json_object_set_new(decision, "body_name", decision_name(body ? &body->name : NULL)) == 0 &&
           json_object_set_new(decision, "unit_name", decision_name(unit)) == 0 && name_owners(decision, plan) &&
           name_referrals(decision, plan) &&
           json_object_set_new(decision, "may", may_of(decision, question->principal)) == 0 &&
           json_object_del(decision, "place") == 0 && json_object_del(decision, "resolved_above") == 0;
}
