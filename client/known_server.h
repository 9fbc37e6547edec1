/* known_server.h: which servers have answered this machine, so that what was kept for one isn't sent to another by accident. */
#ifndef TRIBUTARY_CLIENT_KNOWN_SERVER_H
#define TRIBUTARY_CLIENT_KNOWN_SERVER_H

#include <stdbool.h>

#include "client.h"

/* Whether a server has ever answered at that address: its plan or its keys are kept here, or known_server_note() was told. */
bool known_server(struct client *client, const char *server);

/* Remembers that the person's server has answered. That it can't be remembered is said, but it isn't a failure. */
void known_server_note(struct client *client);

/* Whether what was kept for one server goes to the person's, which is `server`: its own, or, without --from-any-server,
 * what was kept for an address where no server ever answered (mistyped, moved before it was reached). False, having said
 * so, if it stays where it is; `name` is what the person calls it. */
bool known_server_lets_go(struct client *client, const char *kept_for, const char *server, const char *name);

#endif
