/* units.h: an office or group as a person names it. */
#ifndef TRIBUTARY_CLIENT_UNITS_H
#define TRIBUTARY_CLIENT_UNITS_H

#include <jansson.h>

#include "client.h"

/* The code of the unit that is meant, among the units of a body as the server tells them: its code ("group-1"), its name
 * ("第1組", "龜山區公所"), or a part of either that only one unit has ("1", "龜山"). NULL, having said so, if there is none, or
 * several. Belongs to `units`. */
const char *unit_meant(struct client *client, const json_t *units, const char *text);

#endif
