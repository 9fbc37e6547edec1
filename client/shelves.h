/* shelves.h: what lies in the outbox of this machine, and what became of what was prepared there. */
#ifndef TRIBUTARY_CLIENT_SHELVES_H
#define TRIBUTARY_CLIENT_SHELVES_H

#include <jansson.h>
#include <stddef.h>

#include "client.h"
#include "outbox.h"
#include "plan/plan.h"

/* Asks the server what became of everything that was prepared here: an object of its answers by the preparations' ids,
 * without those that the person may not see. After a failure, which has been said, it holds what was known by then. The
 * caller decrefs it. */
enum exit_status shelves_ask(struct client *client, struct outbox *outbox, json_t **ret_known);

/* Shows every shelf that holds something. Without `known` nobody says what became of what was prepared. */
void shelves_show(struct client *client, struct outbox *outbox, const struct plan *plan, const json_t *known);

/* All entries of all shelves, by the shelves' names; what was prepared with what the server says of it `now` (null: not
 * known). The caller decrefs it. */
json_t *shelves_json(struct client *client, struct outbox *outbox, const json_t *known);

/* How many entries wait to be sent. */
size_t shelves_waiting(struct client *client, struct outbox *outbox);

#endif
