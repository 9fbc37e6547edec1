/* due_reviews.h: what reviews ask of the person: to correct what was returned, to look at what waits. */
#ifndef TRIBUTARY_CLIENT_DUE_REVIEWS_H
#define TRIBUTARY_CLIENT_DUE_REVIEWS_H

#include <jansson.h>

#include "client.h"
#include "plan/plan.h"

/* Shows what stands returned in `answers` (lists of obligations), the newest return first, and, for a role that reviews,
 * how much waits for it now (not with --as-of). */
void due_reviews_show(struct client *client, const struct plan *plan, const json_t *answers);

#endif
