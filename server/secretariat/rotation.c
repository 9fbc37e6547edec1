/* rotation.c: whose turn it is (seed 000, 5-4(1): the offices of a group take turns). */
#include "secretariat/rotation.h"

#include <string.h>

/* Who has a year, as recorded or as it is taken to be. */
struct holder {
    int year;
    const char *office;
};

const struct turn *rotation_turn(const struct rotation *rotation, int year)
{
    for (size_t i = 0; i < rotation->count; i++)
        if (rotation->turns[i].current && rotation->turns[i].year == year)
            return &rotation->turns[i];
    return NULL;
}

static bool is_in_group(const struct member *member, int year)
{
    return member->from <= year && year <= member->to && member->office->from <= year && year <= member->office->to;
}

bool rotation_has(const struct rotation *rotation, const char *office, int year)
{
    for (size_t i = 0; i < rotation->group->member_count; i++)
        if (strcmp(rotation->group->members[i].office->code, office) == 0 &&
            is_in_group(&rotation->group->members[i], year))
            return true;
    return false;
}

/* 0: never. */
static int last_year_of(const struct holder *holders, size_t count, const char *office)
{
    int last = 0;

    for (size_t i = 0; i < count; i++)
        if (strcmp(holders[i].office, office) == 0 && holders[i].year > last)
            last = holders[i].year;
    return last;
}

static struct suggestion pick(const struct rotation *rotation, const struct holder *holders, size_t count, int year)
{
    struct suggestion suggestion = {0};

    for (size_t i = 0; i < rotation->group->member_count; i++) {
        const struct member *member = &rotation->group->members[i];
        int last = last_year_of(holders, count, member->office->code);

        if (!is_in_group(member, year))
            continue;
        if (!suggestion.office || last < suggestion.last_year) {
            suggestion.office = member->office;
            suggestion.last_year = last;
            suggestion.tie = false;
        } else if (last == suggestion.last_year) {
            suggestion.tie = true;
        }
    }
    return suggestion;
}

bool rotation_suggest(const struct rotation *rotation, int year, struct arena *arena, struct suggestion *ret_suggestion)
{
    size_t to_come = year > rotation->assume_from ? (size_t)(year - rotation->assume_from) : 0, count = 0, assumed = 0;
    struct holder *holders = arena_alloc_array(arena, rotation->count + to_come + 1, sizeof *holders);
    const struct office **offices = arena_alloc_array(arena, to_come + 1, sizeof *offices);
    int *years = arena_alloc_array(arena, to_come + 1, sizeof *years);

    if (!holders || !offices || !years)
        return false;
    for (size_t i = 0; i < rotation->count; i++)
        if (rotation->turns[i].current)
            holders[count++] = (struct holder){rotation->turns[i].year, rotation->turns[i].office};
    for (int before = rotation->assume_from; before < year; before++) {
        struct suggestion taken = pick(rotation, holders, count, before);

        if (rotation_turn(rotation, before) || !taken.office)
            continue;
        offices[assumed] = taken.office;
        years[assumed++] = before;
        holders[count++] = (struct holder){before, taken.office->code};
    }
    *ret_suggestion = pick(rotation, holders, count, year);
    ret_suggestion->assumed_years = years;
    ret_suggestion->assumed_offices = offices;
    ret_suggestion->assumed_count = assumed;
    return true;
}

static bool had_turn_before(const struct rotation *rotation, const char *office, int year)
{
    for (size_t i = 0; i < rotation->count; i++)
        if (rotation->turns[i].current && rotation->turns[i].year < year &&
            strcmp(rotation->turns[i].office, office) == 0)
            return true;
    return false;
}

size_t rotation_passed_over(const struct rotation *rotation, const struct turn *turn, const struct office **ret_offices,
                            size_t most)
{
    size_t count = 0;

    if (!turn->current || !had_turn_before(rotation, turn->office, turn->year))
        return 0;
    for (size_t i = 0; i < rotation->group->member_count && count < most; i++) {
        const struct member *member = &rotation->group->members[i];

        if (is_in_group(member, turn->year) && strcmp(member->office->code, turn->office) != 0 &&
            !had_turn_before(rotation, member->office->code, turn->year))
            ret_offices[count++] = member->office;
    }
    return count;
}

/* Whether the year was another's before it: by an exchange, or by what was recorded first. */
static bool is_change(const struct rotation *rotation, const struct turn *turn)
{
    bool changed = turn->swapped_with != 0;

    for (size_t i = 0; !changed && i < rotation->count; i++) {
        const struct turn *other = &rotation->turns[i];

        changed = other->year == turn->year && other->sequence < turn->sequence &&
                  strcmp(other->plan, turn->plan) == 0 && strcmp(other->office, turn->office) != 0;
    }
    return changed;
}

size_t rotation_held_before(const struct rotation *rotation, const struct turn *turn,
                            const struct held_meeting **ret_meetings, size_t most)
{
    size_t count = 0;

    if (!turn->current || strcmp(turn->plan, rotation->plan->code) != 0 || !is_change(rotation, turn))
        return 0;
    for (size_t i = 0; i < rotation->held_count && count < most; i++)
        if (rotation->held[i].year == turn->year && strcmp(rotation->held[i].began_at, turn->recorded_at) <= 0)
            ret_meetings[count++] = &rotation->held[i];
    return count;
}
