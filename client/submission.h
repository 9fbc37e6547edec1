/* submission.h: sending what waits in the outbox and putting it where the answer says. */
#ifndef TRIBUTARY_CLIENT_SUBMISSION_H
#define TRIBUTARY_CLIENT_SUBMISSION_H

#include <stdbool.h>

#include "client.h"
#include "outbox.h"
#include "plan/plan.h"
#include "sheet/grid.h"
#include "transport.h"

/* What an answer means for a hand-in. */
struct verdict {
    enum shelf shelf; /* where it goes; SHELF_OUTBOX: it waits on */
    enum exit_status status;
    bool stop; /* the next one would fare alike: don't try it now */
};

/* `code` is the problem's code, NULL for what is neither a receipt nor a problem of ours: then nothing is decided. */
struct verdict submission_verdict(long status, bool is_receipt, const char *code);

/* Whether the answer is a receipt. */
bool is_receipt(const json_t *json);

/* Sends one entry, settles it, and says or shows what came of it. `sending` must be locked (outbox_lock()). */
struct verdict submission_send(struct client *client, struct outbox *outbox, const struct plan *plan,
                               const struct outbox_entry *entry);

/* The path a file is handed in at. NULL without memory. */
const char *submission_path(struct client *client, const char *plan, const struct identity *given);

#endif
