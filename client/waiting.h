/* waiting.h: sending what waits in the outbox, in order. */
#ifndef TRIBUTARY_CLIENT_WAITING_H
#define TRIBUTARY_CLIENT_WAITING_H

#include <stdbool.h>
#include <stddef.h>

#include "client.h"
#include "outbox.h"

/* The outbox of this person. On a fault of this machine, having said so, EXIT_USAGE. */
enum exit_status waiting_open(struct client *client, struct outbox **ret_outbox);

/* Sends what waits for the person's server: everything, with what was kept for an address where no server ever answered
 * (what is left for another one is said: EXIT_UNREACHABLE), or with `ids` only those entries and what was stored before them
 * for the same reports, so that no revision overtakes an earlier one. Shows what comes of each; the worst status.
 * Afterwards the cached plan is renewed if the server has a newer one. */
enum exit_status waiting_send(struct client *client, struct outbox *outbox, const char *const *ids, size_t id_count);

#endif
