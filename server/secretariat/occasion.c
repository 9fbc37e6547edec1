/* occasion.c: whether one person can be at two meetings. */
#include "secretariat/occasion.h"

#include <stdbool.h>
#include <string.h>

enum { HALF_A_DAY = 4 * 60 }; /* of eight hours at work */

static bool is_one_place(const struct occasion *one, const struct occasion *other)
{
    bool in_two_houses = one->house && other->house && strcmp(one->house, other->house) != 0;

    return !in_two_houses && one->place && other->place && strcmp(one->place, other->place) == 0;
}

enum meeting_conflict occasion_conflict(const struct occasion *one, const struct occasion *other)
{
    const struct occasion *first = other->begins < one->begins ? other : one, *second = first == one ? other : one;

    if (date_compare(one->day, other->day) != 0)
        return CONFLICT_NONE;
    if (first->begins == OCCASION_NO_TIME)
        return CONFLICT_TIGHT_TIMES_UNKNOWN;
    if (first->begins == second->begins)
        return CONFLICT_CLASH;
    if (first->ends == OCCASION_NO_TIME)
        return CONFLICT_TIGHT_TIMES_UNKNOWN;
    if (second->begins < first->ends)
        return CONFLICT_CLASH;
    return is_one_place(one, other) || second->begins - first->ends >= HALF_A_DAY ? CONFLICT_NONE : CONFLICT_TIGHT_WAY;
}
