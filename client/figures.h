/* figures.h: what roll-ups and indicators have in common when they are shown. */
#ifndef TRIBUTARY_CLIENT_FIGURES_H
#define TRIBUTARY_CLIENT_FIGURES_H

#include <jansson.h>

#include "client.h"
#include "plan_cache.h"

/* Asks for figures: plan/`rest` with the parameters by, basis, as_of from the options and `name`=`value`. On EXIT_DONE
 * with *ret_answer NULL the answer has been printed as it came; otherwise the caller decrefs it and ends with
 * cached_plan_release(). Any other status has been explained. */
enum exit_status figures_ask(struct client *client, const char *rest, const char *name, const char *value,
                             struct cached_plan *ret_plan, json_t **ret_answer);

/* Says what the figures below are: title, basis, moment, and that they are synthetic where they are. */
void figures_caption(struct client *client, const struct cached_plan *plan, const char *title, const json_t *answer);

/* A number of an answer with separators between thousands; "-" for null. */
const char *figures_number(struct client *client, const json_t *value);

/* "6/7". */
const char *figures_coverage(struct client *client, const json_t *unit, const char *part);

/* A unit's name in the reader's language, and whether its figures are provisional. */
const char *figures_unit(struct client *client, const struct plan *plan, const json_t *unit);

extern const struct option figures_options[];

#endif
