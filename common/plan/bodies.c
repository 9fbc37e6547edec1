/* bodies.c: what a plan's bodies are: their units, by office, group or name. */
#include "plan/bodies.h"

#include <string.h>

const struct body *plan_body(const struct plan *plan, const char *code)
{
    for (size_t i = 0; plan->bodies && i < plan->bodies->body_count; i++)
        if (strcmp(plan->bodies->bodies[i].code, code) == 0)
            return &plan->bodies->bodies[i];
    return NULL;
}

const struct yearly_duty *plan_duty(const struct plan *plan, const char *code)
{
    for (size_t i = 0; plan->bodies && i < plan->bodies->duty_count; i++)
        if (strcmp(plan->bodies->duties[i].code, code) == 0)
            return &plan->bodies->duties[i];
    return NULL;
}

size_t body_unit_count(const struct plan *plan, const struct body *body)
{
    switch (body->per) {
    case BODY_PER_OFFICE: return plan->office_count;
    case BODY_PER_GROUP: return plan->group_count;
    case BODY_PER_UNIT: return body->unit_count;
    case BODY_OF_CITY: break;
    }
    return 1;
}

bool body_unit_at(const struct plan *plan, const struct body *body, size_t i, int year, const char **ret_code,
                  const struct name **ret_name)
{
    switch (body->per) {
    case BODY_PER_OFFICE:
        *ret_code = plan->offices[i].code;
        *ret_name = &plan->offices[i].name;
        return plan->offices[i].from <= year && year <= plan->offices[i].to;
    case BODY_PER_GROUP: *ret_code = plan->groups[i].code, *ret_name = &plan->groups[i].name; break;
    case BODY_PER_UNIT: *ret_code = body->units[i].code, *ret_name = &body->units[i].name; break;
    case BODY_OF_CITY: *ret_code = NULL, *ret_name = &body->name; break;
    }
    return true;
}

bool body_unit_find(const struct plan *plan, const struct body *body, const char *code, int year, size_t *ret_i)
{
    for (size_t i = 0; i < body_unit_count(plan, body); i++) {
        const struct name *name;
        const char *there = NULL;

        if (body_unit_at(plan, body, i, year, &there, &name) &&
            (there && code ? strcmp(there, code) == 0 : there == code)) {
            *ret_i = i;
            return true;
        }
    }
    return false;
}

bool body_unit_has(const struct plan *plan, const struct body *body, const char *unit, const char *office, int year)
{
    if (body->per == BODY_OF_CITY)
        return true;
    if (!unit) /* recorded while the body was of the city */
        return false;
    if (body->per == BODY_PER_OFFICE)
        return strcmp(unit, office) == 0;
    for (size_t g = 0; body->per == BODY_PER_GROUP && g < plan->group_count; g++)
        for (size_t m = 0; strcmp(plan->groups[g].code, unit) == 0 && m < plan->groups[g].member_count; m++) {
            const struct member *member = &plan->groups[g].members[m];

            if (strcmp(member->office->code, office) == 0 && member->from <= year && year <= member->to)
                return true;
        }
    return false;
}

const char *body_kind_word(enum body_kind kind)
{
    static const char *const words[] = {"task_group", "liaison", "special_group", "division", "council", "team"};

    return words[kind];
}

const char *body_per_word(enum body_per per)
{
    static const char *const words[] = {NULL, "office", "group", "unit"};

    return words[per];
}

const char *body_quorum_word(enum body_quorum_kind kind)
{
    static const char *const words[] = {NULL, "more_than_half", "half_of_external"};

    return words[kind];
}

const char *duty_kind_word(enum duty_kind kind)
{
    static const char *const words[] = {"count", "meetings", "everyone", "says"};

    return words[kind];
}
