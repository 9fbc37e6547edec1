/* units.c: the units in the tables of figures. */
#include <string.h>

#include "pack/figures.h"

static bool is_member(const struct group *group, const char *office, int year)
{
    for (size_t i = 0; i < group->member_count; i++)
        if (group->members[i].from <= year && year <= group->members[i].to &&
            strcmp(group->members[i].office->code, office) == 0)
            return true;
    return false;
}

static const struct group *group_of(const struct plan *plan, const char *office, int year)
{
    for (size_t i = 0; i < plan->group_count; i++)
        if (is_member(&plan->groups[i], office, year))
            return &plan->groups[i];
    return NULL;
}

static void add(struct pack_units *units, struct pack_unit unit)
{
    if (units->units)
        units->units[units->count++] = unit;
}

static void add_office(const struct pack_making *making, struct pack_units *units, const struct office *office)
{
    add(units,
        (struct pack_unit){.kind = UNIT_OFFICE, .code = office->code, .name = making_name(making, &office->name)});
}

static bool leaves_out(const struct whole *whole, const char *office)
{
    for (size_t i = 0; i < whole->except_count; i++)
        if (strcmp(whole->except[i]->code, office) == 0)
            return true;
    return false;
}

/* The names of those offices of a group that a whole leaves out; NULL: it leaves out none of it. */
static const char *names_left_out(const struct pack_making *making, const struct group *group,
                                  const struct whole *whole, int year)
{
    const char *names = NULL;

    for (size_t i = 0; i < whole->except_count; i++)
        if (is_member(group, whole->except[i]->code, year))
            names = join_text(making, names, making_name(making, &whole->except[i]->name));
    return names;
}

static void add_group_total(const struct pack_making *making, struct pack_units *units, const struct group *group,
                            int year, bool wholes)
{
    const struct plan *plan = making->question->version->plan;
    const char *name = making_name(making, &group->name);

    add(units, (struct pack_unit){.kind = UNIT_GROUP, .code = group->code, .name = name, .group = group});
    for (size_t i = 0; wholes && i < plan->whole_count; i++) {
        const char *without = names_left_out(making, group, &plan->wholes[i], year);

        if (without)
            add(units, (struct pack_unit){.kind = UNIT_GROUP_WITHOUT,
                                          .code = group->code,
                                          .group = group,
                                          .whole = &plan->wholes[i],
                                          .name = arena_format(making->arena,
                                                               making_say(making, "%s（不含%s）", "%s without %s"),
                                                               name, without)});
    }
}

static void add_wholes(const struct pack_making *making, struct pack_units *units, bool wholes)
{
    const struct plan *plan = making->question->version->plan;

    for (size_t i = 0; i < plan->whole_count; i++)
        if (wholes || plan->wholes[i].except_count == 0)
            add(units, (struct pack_unit){.kind = UNIT_WHOLE,
                                          .code = plan->wholes[i].code,
                                          .whole = &plan->wholes[i],
                                          .name = making_name(making, &plan->wholes[i].name)});
}

static void add_members(const struct pack_making *making, struct pack_units *units, const struct group *group, int year)
{
    const struct plan *plan = making->question->version->plan;

    for (size_t i = 0; i < plan->office_count; i++)
        if (plan->offices[i].from <= year && year <= plan->offices[i].to &&
            (group ? is_member(group, plan->offices[i].code, year) : !group_of(plan, plan->offices[i].code, year)))
            add_office(making, units, &plan->offices[i]);
}

static struct pack_units new_units(const struct pack_making *making)
{
    const struct plan *plan = making->question->version->plan;
    size_t most = plan->office_count + plan->group_count * (2 + plan->whole_count) + plan->whole_count;

    return (struct pack_units){arena_alloc_array(making->arena, most + 1, sizeof(struct pack_unit)), 0};
}

/* Each group with its offices, then those that are in none. */
static void add_all_groups(const struct pack_making *making, struct pack_units *units, int year, bool wholes)
{
    const struct plan *plan = making->question->version->plan;

    for (size_t i = 0; i < plan->group_count; i++) {
        const struct group *group = &plan->groups[i];

        add(units,
            (struct pack_unit){
                .kind = UNIT_HEADING, .code = group->code, .name = making_name(making, &group->name), .group = group});
        add_members(making, units, group, year);
        add_group_total(making, units, group, year, wholes);
    }
    add_members(making, units, NULL, year);
}

struct pack_units units_of(struct pack_making *making, int year, bool wholes)
{
    const struct pack_question *question = making->question;
    const struct plan *plan = question->version->plan;
    struct pack_units units = new_units(making);
    const struct group *own = NULL;

    if (question->body->per == BODY_PER_OFFICE) {
        const struct office *office = plan_office(plan, question->unit);

        own = group_of(plan, question->unit, year);
        if (office)
            add_office(making, &units, office);
        if (own) /* an office doesn't see by itself what the others of its group add up to without one of them */
            add_group_total(making, &units, own, year, false);
    } else if (question->body->per == BODY_PER_GROUP) {
        for (size_t i = 0; i < plan->group_count; i++)
            if (strcmp(plan->groups[i].code, question->unit) == 0)
                own = &plan->groups[i];
        if (own) {
            add_members(making, &units, own, year);
            add_group_total(making, &units, own, year, wholes);
        }
        for (size_t i = 0; i < plan->group_count; i++)
            if (&plan->groups[i] != own)
                add_group_total(making, &units, &plan->groups[i], year, wholes);
    } else {
        add_all_groups(making, &units, year, wholes);
    }
    add_wholes(making, &units, wholes);
    return units;
}

struct pack_units units_in_sum(struct pack_making *making, int year)
{
    struct pack_units all = units_of(making, year, false), units = new_units(making);
    bool of_office = making->question->body->per == BODY_PER_OFFICE;

    for (size_t i = 0; i < all.count; i++)
        if (unit_is_total(&all.units[i]) || (of_office && all.units[i].kind == UNIT_OFFICE))
            add(&units, all.units[i]);
    return units;
}

bool unit_is_total(const struct pack_unit *unit)
{
    return unit->kind == UNIT_GROUP || unit->kind == UNIT_GROUP_WITHOUT || unit->kind == UNIT_WHOLE;
}

bool unit_keeps(const struct pack_unit *unit, const struct office *office, int year)
{
    return unit->kind == UNIT_GROUP_WITHOUT && is_member(unit->group, office->code, year) &&
           !leaves_out(unit->whole, office->code);
}
