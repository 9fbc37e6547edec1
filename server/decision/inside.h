/* inside.h: what the files of decision/ share. Private to decision/. */
#ifndef TRIBUTARY_DECISION_INSIDE_H
#define TRIBUTARY_DECISION_INSIDE_H

#include "decision/decision.h"

/* Adds to a decision, as the database tells it, what only the plan knows: its number, names of bodies, units and owners, and
 * what the question's principal may do. False without memory. `decision` may be NULL. */
bool decision_complete(json_t *decision, const struct decisions_question *question);

#endif
