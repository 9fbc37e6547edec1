/* fair.h: giving meetings to members so that as many as possible have somebody and the load is as even as it can be. */
#ifndef TRIBUTARY_SECRETARIAT_FAIR_H
#define TRIBUTARY_SECRETARIAT_FAIR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum { FAIR_NOBODY = -1 };

/* What is to be given: each meeting to one member who may have it, and to no member two meetings of the same day. */
struct fair_question {
    size_t meetings, members, days;
    const size_t *day;    /* of each meeting, below `days` */
    const bool *may_have; /* [meeting * members + member] */
    const int *load;      /* meetings that each member has already */
};

/* Chooses for each meeting a member or FAIR_NOBODY. Of all choices that give the most meetings, it is one with the least sum of
 * squared loads, and so with the least greatest load and the greatest least load, too. The same question has always the same
 * answer. False without memory. */
bool fair_choose(const struct fair_question *question, struct arena *arena, int *ret_choice);

#endif
