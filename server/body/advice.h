/* advice.h: in a sentence, what would mend a rule that is broken. */
#ifndef TRIBUTARY_BODY_ADVICE_H
#define TRIBUTARY_BODY_ADVICE_H

#include "base/arena.h"
#include "body/rules.h"

/* Most seats go with an office, so it speaks of free seats and added qualified members first (domain.md 7). "" if the rule
 * isn't broken. In the arena; NULL without memory. */
const char *body_advice(const struct body *body, enum body_rule rule, const struct body_counts *counts,
                        enum language language, struct arena *arena);

#endif
