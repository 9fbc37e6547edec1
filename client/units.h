/* units.h: an office or group as a person names it. */
#ifndef TRIBUTARY_CLIENT_UNITS_H
#define TRIBUTARY_CLIENT_UNITS_H

#include <jansson.h>

#include "client.h"

/* The code of the unit that is meant, among the units of a body as the server tells them: its code ("group-1"), its name
 * ("第1組", "龜山區公所"), or a part of either that only one unit has ("1", "龜山"). NULL, having said which there are, if
 * there is none, or several. Belongs to `units`. */
const char *unit_meant(struct client *client, const json_t *units, const char *text);

/* The unit of --group or --unit in a plan (its code) as the contract wants it, however the person names it, among those of a body (NULL: of --body,
 * or without it of any); *ret_unit NULL: neither is given. Any status but EXIT_DONE has been explained. */
enum exit_status unit_option(struct client *client, const char *plan, const char *body, const char **ret_unit);

#endif
