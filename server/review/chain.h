/* chain.h: the stages that a form's submissions pass, one after the other, as the plan says (domain.md 3). */
#ifndef TRIBUTARY_REVIEW_CHAIN_H
#define TRIBUTARY_REVIEW_CHAIN_H

#include "identity/identity.h"
#include "plan/plan.h"

/* The place of a stage in the form's chain, from 1; 0 if it isn't there. */
int chain_place(const struct form *form, const char *stage);

/* The stage at a place; NULL beyond the chain's end. */
const struct stage *chain_stage(const struct form *form, int place);

/* The place of the stage that makes a revision official; 0 for a form that nobody reviews. */
int chain_official_place(const struct form *form);

/* How many stages a corrected revision has passed when what it answers was returned at `place`: those before it, but never
 * the one that makes it official, which must look at every figure that becomes official. */
int chain_left_standing(const struct form *form, int place);

/* Whether the principal may say something at a stage of what `office` handed in: whose stage it is, or, of an office's own
 * body, the office too (which may not return: nobody returns their own). An administrator only breaks glass. */
bool chain_may_accept(const struct stage *stage, const struct principal *principal, const char *office);
bool chain_may_return(const struct stage *stage, const struct principal *principal);

#endif
