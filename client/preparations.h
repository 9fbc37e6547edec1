/* preparations.h: what somebody of the office prepared and somebody else is to release (核章). */
#ifndef TRIBUTARY_CLIENT_PREPARATIONS_H
#define TRIBUTARY_CLIENT_PREPARATIONS_H

#include <jansson.h>

#include "client.h"
#include "plan/plan.h"

/* All of a plan's in the `state` that GET /v1/plans/{plan}/prepared takes; none for a person of no office. The caller
 * decrefs the list on EXIT_DONE; otherwise the reason has been said. */
enum exit_status preparations_ask(struct client *client, const char *plan, const char *state, json_t **ret_list);

/* When it was prepared, or who gave it back when, and why. */
const char *preparation_text(struct client *client, const json_t *prepared);

/* The lines of tributary due: what was given back to who prepared it, and how much the person may release. */
void preparations_show(struct client *client, const struct plan *plan);

#endif
