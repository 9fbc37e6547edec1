/* chain.h: the stages that a form's submissions pass, one after the other, as the plan says (domain.md 3). */
#ifndef TRIBUTARY_REVIEW_CHAIN_H
#define TRIBUTARY_REVIEW_CHAIN_H

#include <jansson.h>

#include "identity/identity.h"
#include "plan/plan.h"

/* The place of a stage in the form's chain, from 1; 0 if it isn't there. */
int chain_place(const struct form *form, const char *stage);

/* The stage at a place; NULL beyond the chain's end. */
const struct stage *chain_stage(const struct form *form, int place);

/* The place of the stage that makes a revision official; 0 for a form that nobody reviews. */
int chain_official_place(const struct form *form);

/* How many stages of the chain, from its first, are among those that `left_standing` (a list of codes) names: what a
 * corrected revision begins with, whatever its plan has made of the chain since. Never the one that makes it official: that
 * looks at every figure that becomes official, wherever the plan has moved it. */
int chain_begun(const struct form *form, const json_t *left_standing);

/* Whether the principal may say something at a stage of what `office` handed in: whose stage it is, or, of an office's own
 * body whose meetings a form records, the office too (which may not return: nobody returns their own). An administrator only
 * breaks glass. */
bool chain_may_accept(const struct stage *stage, const struct principal *principal, const char *office);
bool chain_may_return(const struct stage *stage, const struct principal *principal);

#endif
