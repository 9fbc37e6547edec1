/* inside.h: what the files of decision/ share. Private to decision/. */
#ifndef TRIBUTARY_DECISION_INSIDE_H
#define TRIBUTARY_DECISION_INSIDE_H

#include "decision/decision.h"

/* Adds to a decision, as the database tells it, what only the plan knows: its number, names of bodies, units and owners, and
 * what the question's principal may do. False without memory. `decision` may be NULL. */
bool decision_complete(json_t *decision, const struct decisions_question *question);

/* "113-group-1-03", of an object with "body", "unit", "year" and "place". */
json_t *decision_number(const struct plan *plan, const json_t *decision);

/* {"zh","en"}; null for NULL. */
json_t *decision_name(const struct name *name);
#endif
