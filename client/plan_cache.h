/* plan_cache.h: the plan as this machine knows it, so that checking and naming work without the server. */
#ifndef TRIBUTARY_CLIENT_PLAN_CACHE_H
#define TRIBUTARY_CLIENT_PLAN_CACHE_H

#include <jansson.h>
#include <stdbool.h>

#include "client.h"
#include "plan/plan.h"

struct cached_plan {
    struct plan *plan;
    bool sample; /* the server holds labelled synthetic data */
};

/* The person's plan: the cached one, or the server's if none is cached. On EXIT_DONE the caller ends with
 * cached_plan_release(); otherwise the reason has been said. */
enum exit_status plan_cached(struct client *client, struct cached_plan *ret_plan);

/* The same, after asking the server whether it has a newer version. */
enum exit_status plan_current(struct client *client, struct cached_plan *ret_plan);

/* The cached plan if there is one; nothing is asked and nothing is said. ret_plan->plan may be NULL. */
void plan_if_cached(struct client *client, struct cached_plan *ret_plan);

/* The code of the person's plan: as set, or the only one cached, or the only one the server has for them. NULL, having
 * said why, with *ret_status set. */
const char *plan_code(struct client *client, enum exit_status *ret_status);

void cached_plan_release(struct cached_plan *plan);

#endif
