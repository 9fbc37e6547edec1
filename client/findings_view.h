/* findings_view.h: findings as a table for the person who has to mend them. */
#ifndef TRIBUTARY_CLIENT_FINDINGS_VIEW_H
#define TRIBUTARY_CLIENT_FINDINGS_VIEW_H

#include <jansson.h>
#include <stdbool.h>

#include "client.h"
#include "plan/plan.h"

/* Shows a list of findings (api.md), ours or the server's, errors first. `plan` and `form` give cells their names and may
 * be NULL. */
void findings_show(struct client *client, const struct plan *plan, const char *form, const json_t *findings);

/* "2 errors, 1 to be explained, 0 warnings"; "no findings" for none. */
const char *findings_summary(struct client *client, const json_t *findings);

/* Whether one of them is an error. */
bool findings_refuse(const json_t *findings);

#endif
