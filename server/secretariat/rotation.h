/* rotation.h: whose turn it is to keep a rotating secretariat: what was recorded, and what follows from it for a year of
 * which nothing is. Computes over turns in memory; reads nothing. */
#ifndef TRIBUTARY_SECRETARIAT_ROTATION_H
#define TRIBUTARY_SECRETARIAT_ROTATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "plan/bodies.h"

/* One row as it was recorded; texts in the arena. */
struct turn {
    const char *id, *plan, *office, *reason, *recorded_at; /* reason: perhaps NULL */
    int year, swapped_with;                                /* swapped_with 0: no exchange */
    int64_t sequence;
    bool current; /* the newest of its year */
};

/* A meeting of the group that was held; texts in the arena. */
struct held_meeting {
    const char *id, *day; /* ISO */
    const char *began_at; /* its day's first moment, as recorded_at of a turn is written */
    int year;
};

/* The turns of one group's body, by year and then as they were recorded. */
struct rotation {
    const struct plan *plan;
    const struct group *group;
    struct turn *turns;
    size_t count;
    struct held_meeting *held; /* of the same plan, by their days */
    size_t held_count;
    int assume_from; /* years from this one on that have no turn are taken as suggested */
};

/* The turn that counts in a year; NULL: none is recorded. */
const struct turn *rotation_turn(const struct rotation *rotation, int year);

/* Whether an office belongs to the group in a year. */
bool rotation_has(const struct rotation *rotation, const char *office, int year);

/* Whose turn a year should be: of the offices that are in the group in that year, the one whose last turn lies longest
 * ago; who never had one comes first, and the plan's order decides between equals. A turn recorded for a later year is the
 * latest of all. Years before
 * it, from assume_from on, that have no turn are taken as suggested. */
struct suggestion {
    const struct office *office; /* NULL: the group has no office in that year */
    int last_year;               /* of its last turn; 0: it never had one */
    bool tie;                    /* others had theirs in that year too, or never */
    const int *assumed_years;    /* whose turns are taken as suggested, and by whom */
    const struct office *const *assumed_offices;
    size_t assumed_count;
};

/* False without memory. */
bool rotation_suggest(const struct rotation *rotation, int year, struct arena *arena,
                      struct suggestion *ret_suggestion);

/* Whether a turn is its office's second or later one although others, which are in the group in that year, had none
 * before: up to `most` of them. Returns how many there are. */
size_t rotation_passed_over(const struct rotation *rotation, const struct turn *turn, const struct office **ret_offices,
                            size_t most);

/* Whether a turn was exchanged or changed when meetings of its year had been held (on that day or before): up to `most` of
 * them. History may be corrected, but somebody else may have convened them. Returns how many there are. */
size_t rotation_held_before(const struct rotation *rotation, const struct turn *turn,
                            const struct held_meeting **ret_meetings, size_t most);

#endif
