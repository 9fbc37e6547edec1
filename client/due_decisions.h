/* due_decisions.h: what decisions of meetings ask of offices, as a part of tributary due and of tributary status. */
#ifndef TRIBUTARY_CLIENT_DUE_DECISIONS_H
#define TRIBUTARY_CLIENT_DUE_DECISIONS_H

#include <jansson.h>

#include "client.h"
#include "plan/plan.h"

/* Shows what is asked for in `answers` (of GET …/obligations) and not given yet, and asks for the open decisions: of an office
 * its own; of all offices together only those that are overdue. Nothing is printed where there is none. */
void due_decisions_show(struct client *client, const struct plan *plan, const json_t *answers);

/* Says in a line how many decisions are open of --office, or else of the person's own, and how many of them are overdue; nothing
 * if none is, or the person is of no office. */
enum exit_status due_decisions_tell(struct client *client, const struct plan *plan);

#endif
