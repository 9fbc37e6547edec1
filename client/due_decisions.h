/* due_decisions.h: what decisions of meetings ask of offices, as a part of tributary due. */
#ifndef TRIBUTARY_CLIENT_DUE_DECISIONS_H
#define TRIBUTARY_CLIENT_DUE_DECISIONS_H

#include <jansson.h>

#include "client.h"
#include "plan/plan.h"

/* Shows what is asked for in `answers` (of GET …/obligations) and not given yet, and asks for the open decisions: of an office
 * its own; of all offices together only those that are overdue. Nothing is printed where there is none. */
void due_decisions_show(struct client *client, const struct plan *plan, const json_t *answers);

#endif
