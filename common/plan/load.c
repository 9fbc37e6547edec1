/* load.c: the head of a plan file: years, offices, groups, wholes, code lists; then the other parts. */
#include <stdint.h>
#include <string.h>

#include "plan/reader.h"

enum { PLAN_MEMORY = 64 * 1024 * 1024, FIRST_ROC_YEAR = 1, LAST_ROC_YEAR = 999 };

static void read_span(struct plan_reader *reader, const json_t *json, int *ret_from, int *ret_to)
{
    const struct plan *plan = reader->plan;

    *ret_from = reader_int(reader, json, "from", false, plan->from, FIRST_ROC_YEAR, LAST_ROC_YEAR);
    *ret_to = reader_int(reader, json, "to", false, plan->to, FIRST_ROC_YEAR, LAST_ROC_YEAR);
    if (*ret_to < *ret_from)
        reader_fault(reader, "to", "ends before it begins");
}

static void read_offices(struct plan_reader *reader, const json_t *root)
{
    struct plan *plan = reader->plan;
    const json_t *list = reader_array(reader, root, "offices", true), *json;
    size_t mark = reader_enter_key(reader, "offices"), i;

    plan->offices = reader_alloc(reader, json_array_size(list), sizeof *plan->offices);
    if (list && json_array_size(list) == 0)
        reader_fault(reader, NULL, "a plan needs at least one office");
    json_array_foreach(list, i, json) {
        size_t here = reader_enter_index(reader, i);
        struct office office = {0};

        if (plan->offices && reader_check_members(reader, json, "code", "name", "from", "to", NULL)) {
            office.code = reader_code(reader, json, "code");
            office.name = reader_name(reader, json, "name", true);
            read_span(reader, json, &office.from, &office.to);
            if (office.code && plan_office(plan, office.code))
                reader_fault(reader, "code", "office '%s' stands twice", office.code);
            else if (office.code)
                plan->offices[plan->office_count++] = office;
        }
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
}

/* No office may be in two groups in one year: its figures would count twice. */
static void check_single_membership(struct plan_reader *reader, const struct group *group, const struct member *member)
{
    const struct plan *plan = reader->plan;

    for (size_t g = 0; g <= plan->group_count; g++) {
        const struct group *other = g < plan->group_count ? &plan->groups[g] : group;

        for (size_t m = 0; m < other->member_count; m++) {
            const struct member *seen = &other->members[m];

            if (seen != member && seen->office == member->office && seen->from <= member->to &&
                member->from <= seen->to) {
                reader_fault(reader, NULL, "office '%s' is already in group '%s' in a year of these",
                             member->office->code, other->code ? other->code : "?");
                return;
            }
        }
    }
}

static void read_members(struct plan_reader *reader, const json_t *json, struct group *group)
{
    const json_t *list = reader_array(reader, json, "members", true), *item;
    size_t mark = reader_enter_key(reader, "members"), i;

    group->members = reader_alloc(reader, json_array_size(list), sizeof *group->members);
    json_array_foreach(list, i, item) {
        size_t here = reader_enter_index(reader, i);

        if (group->members && reader_check_members(reader, item, "office", "from", "to", NULL)) {
            const char *code = reader_text(reader, item, "office", true);
            struct member member = {.office = code ? plan_office(reader->plan, code) : NULL};

            read_span(reader, item, &member.from, &member.to);
            if (code && !member.office)
                reader_fault(reader, "office", "no office has the code '%s'", code);
            if (member.office) {
                check_single_membership(reader, group, &member);
                group->members[group->member_count++] = member;
            }
        }
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
}

static bool unit_code_is_taken(const struct plan *plan, const char *code)
{
    for (size_t i = 0; i < plan->group_count; i++)
        if (strcmp(plan->groups[i].code, code) == 0)
            return true;
    for (size_t i = 0; i < plan->whole_count; i++)
        if (strcmp(plan->wholes[i].code, code) == 0)
            return true;
    return plan_office(plan, code) != NULL;
}

static void read_groups(struct plan_reader *reader, const json_t *root)
{
    struct plan *plan = reader->plan;
    const json_t *list = reader_array(reader, root, "groups", true), *json;
    size_t mark = reader_enter_key(reader, "groups"), i;

    plan->groups = reader_alloc(reader, json_array_size(list), sizeof *plan->groups);
    json_array_foreach(list, i, json) {
        size_t here = reader_enter_index(reader, i);
        struct group group = {0};

        if (plan->groups && reader_check_members(reader, json, "code", "name", "members", NULL)) {
            group.code = reader_code(reader, json, "code");
            group.name = reader_name(reader, json, "name", true);
            read_members(reader, json, &group);
            if (group.code && unit_code_is_taken(plan, group.code))
                reader_fault(reader, "code", "'%s' is taken already", group.code);
            else if (group.code)
                plan->groups[plan->group_count++] = group;
        }
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
}

static void read_except(struct plan_reader *reader, const json_t *json, struct whole *whole)
{
    const json_t *list = reader_array(reader, json, "except", false), *item;
    size_t mark = reader_enter_key(reader, "except"), i;

    whole->except = reader_alloc(reader, json_array_size(list), sizeof *whole->except);
    json_array_foreach(list, i, item) {
        const char *code = json_string_value(item);
        const struct office *office = code ? plan_office(reader->plan, code) : NULL;
        size_t here = reader_enter_index(reader, i);

        if (!office)
            reader_fault(reader, NULL, "no office has the code '%s'", code ? code : "?");
        else if (whole->except)
            whole->except[whole->except_count++] = office;
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
}

static void read_wholes(struct plan_reader *reader, const json_t *root)
{
    struct plan *plan = reader->plan;
    const json_t *list = reader_array(reader, root, "wholes", true), *json;
    size_t mark = reader_enter_key(reader, "wholes"), i;

    plan->wholes = reader_alloc(reader, json_array_size(list), sizeof *plan->wholes);
    json_array_foreach(list, i, json) {
        size_t here = reader_enter_index(reader, i);
        struct whole whole = {0};

        if (plan->wholes && reader_check_members(reader, json, "code", "name", "except", NULL)) {
            whole.code = reader_code(reader, json, "code");
            whole.name = reader_name(reader, json, "name", true);
            read_except(reader, json, &whole);
            if (whole.code && unit_code_is_taken(plan, whole.code))
                reader_fault(reader, "code", "'%s' is taken already", whole.code);
            else if (whole.code)
                plan->wholes[plan->whole_count++] = whole;
        }
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
}

static void read_code_entries(struct plan_reader *reader, const json_t *json, struct code_list *list)
{
    const json_t *item;
    size_t i;

    if (!json_is_array(json) || json_array_size(json) == 0) {
        reader_fault(reader, NULL, "must be a list of codes that isn't empty");
        return;
    }
    list->entries = reader_alloc(reader, json_array_size(json), sizeof *list->entries);
    json_array_foreach(json, i, item) {
        size_t here = reader_enter_index(reader, i);

        if (list->entries && reader_check_members(reader, item, "code", "name", NULL)) {
            struct code_entry entry = {reader_code(reader, item, "code"), reader_name(reader, item, "name", true)};

            if (entry.code && code_list_entry(list, entry.code))
                reader_fault(reader, "code", "'%s' stands twice", entry.code);
            else if (entry.code)
                list->entries[list->entry_count++] = entry;
        }
        reader_leave(reader, here);
    }
}

static void read_code_lists(struct plan_reader *reader, const json_t *root)
{
    struct plan *plan = reader->plan;
    json_t *lists = json_object_get(root, "code_lists"), *json;
    size_t mark = reader_enter_key(reader, "code_lists");
    const char *code;

    if (lists && !json_is_object(lists))
        reader_fault(reader, NULL, "must be an object");
    plan->code_lists = reader_alloc(reader, json_object_size(lists), sizeof *plan->code_lists);
    json_object_foreach(lists, code, json) {
        size_t here = reader_enter_key(reader, code);
        struct code_list list = {.code = code};

        read_code_entries(reader, json, &list);
        if (plan->code_lists)
            plan->code_lists[plan->code_list_count++] = list;
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
}

static void read_head(struct plan_reader *reader, const json_t *root)
{
    struct plan *plan = reader->plan;
    const json_t *years = json_object_get(root, "years"), *jurisdiction = json_object_get(root, "jurisdiction");
    size_t mark;

    reader_int(reader, root, "format", true, 1, 1, 1);
    plan->code = reader_code(reader, root, "plan");
    plan->name = reader_name(reader, root, "name", true);
    plan->draft = reader_bool(reader, root, "draft", false);
    reader_text(reader, root, "version_note", false);

    mark = reader_enter_key(reader, "jurisdiction");
    if (!jurisdiction)
        reader_fault(reader, NULL, "is missing");
    else if (reader_check_members(reader, jurisdiction, "code", "name", NULL)) {
        plan->jurisdiction = reader_code(reader, jurisdiction, "code");
        plan->jurisdiction_name = reader_name(reader, jurisdiction, "name", true);
    }
    reader_leave(reader, mark);

    plan->from = plan->to = FIRST_ROC_YEAR;
    mark = reader_enter_key(reader, "years");
    if (!years)
        reader_fault(reader, NULL, "is missing");
    else if (reader_check_members(reader, years, "from", "to", NULL)) {
        plan->from = reader_int(reader, years, "from", true, FIRST_ROC_YEAR, FIRST_ROC_YEAR, LAST_ROC_YEAR);
        plan->to = reader_int(reader, years, "to", true, plan->from, FIRST_ROC_YEAR, LAST_ROC_YEAR);
        if (plan->to < plan->from || plan->to - plan->from > 20)
            reader_fault(reader, "to", "a plan holds for 1 to 21 years");
    }
    reader_leave(reader, mark);
}

struct plan *plan_load(json_t *json, json_t **ret_faults)
{
    struct plan_reader reader = {.path = "$", .arena = arena_new(PLAN_MEMORY), .faults = json_array()};
    struct plan *plan = reader.arena ? arena_alloc(reader.arena, sizeof *plan) : NULL;

    *ret_faults = NULL;
    if (!plan || !reader.faults) {
        arena_free(reader.arena);
        json_decref(reader.faults);
        return NULL;
    }
    plan->arena = reader.arena;
    plan->json = json_incref(json);
    reader.plan = plan;

    if (reader_check_members(&reader, json, "format", "plan", "version_note", "draft", "jurisdiction", "name", "years",
                             "time_zone", "offices", "groups", "wholes", "calendar", "code_lists", "review_stages",
                             "forms", "indicators", "notes", "open_data", "bodies", "duties", "packs", "agencies",
                             NULL)) {
        read_head(&reader, json);
        read_offices(&reader, json);
        read_groups(&reader, json);
        read_wholes(&reader, json);
        read_calendar(&reader, json);
        read_code_lists(&reader, json);
        read_stages(&reader, json);
        if (!reader.out_of_memory)
            read_forms(&reader, json);
        if (!reader.out_of_memory)
            read_stage_meetings(&reader, json);
        if (!reader.out_of_memory)
            read_indicators(&reader, json);
        if (!reader.out_of_memory)
            read_open_data(&reader, json);
        if (!reader.out_of_memory)
            read_bodies(&reader, json);
        if (!reader.out_of_memory)
            read_packs(&reader, json);
        if (!reader.out_of_memory)
            read_agencies(&reader, json);
    }

    if (reader.out_of_memory || json_array_size(reader.faults) > 0) {
        if (reader.out_of_memory)
            json_decref(reader.faults);
        else
            *ret_faults = reader.faults;
        plan_free(plan);
        return NULL;
    }
    json_decref(reader.faults);
    return plan;
}

void plan_free(struct plan *plan)
{
    if (!plan)
        return;
    json_decref(plan->json);
    arena_free(plan->arena);
}
