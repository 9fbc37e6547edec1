/* places.h: where the state folder keeps what belongs to one server. */
#ifndef TRIBUTARY_CLIENT_PLACES_H
#define TRIBUTARY_CLIENT_PLACES_H

#include "base/arena.h"

/* state/room/NAME, NAME being drawn from the server's address. In `arena`; NULL without memory. */
const char *place_of_server(struct arena *arena, const char *state, const char *room, const char *server);

#endif
