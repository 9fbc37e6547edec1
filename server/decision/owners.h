/* owners.h: whom a resolution's text makes owners of a decision. */
#ifndef TRIBUTARY_DECISION_OWNERS_H
#define TRIBUTARY_DECISION_OWNERS_H

#include "decision/recognise.h"

enum { NAMED_OWNERS_MOST = 50 };

struct named_owner {
    const struct office *office; /* or */
    const char *agency;
};

/* Those whom the text tells to do something, in its order, each once; 各區公所 are the offices of the group that is named, or
 * that the body's unit is or belongs to, without those that are excepted. How many; 0 also if there are more than that. */
size_t owners_named(const struct plan *plan, const struct body *body, const char *unit, int year,
                    const struct recognised *recognised, struct named_owner ret_owners[static NAMED_OWNERS_MOST]);

#endif
