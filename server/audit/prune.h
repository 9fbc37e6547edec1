/* prune.h: giving up the texts of old entries that needn't be kept: their leaves stay, so that the log still verifies, and
 * an entry of the kind retention accounts for them. */
#ifndef TRIBUTARY_AUDIT_PRUNE_H
#define TRIBUTARY_AUDIT_PRUNE_H

#include <stdint.h>

#include "db/db.h"
#include "ledger/signer.h"

enum { PRUNE_LEAST_MONTHS = 6, PRUNE_MOST_MONTHS = 1200 };

/* Told of one kind of one jurisdiction: how many entries would be given up, recorded from when to when. */
typedef void prune_say(void *context, const char *jurisdiction, const char *kind, int64_t entries, const char *oldest,
                       const char *newest);

/* Calls `say` for each kind of each jurisdiction that has entries to give up. Nothing is changed. */
enum db_status prune_preview(struct db *db, int months, prune_say *say, void *context);

/* Gives them up, some thousand in a transaction, so that nobody waits long for the log; what is done stays done if it is
 * interrupted, and the next run goes on. *ret_entries counts them. Needs the migration login. */
enum db_status prune_log(struct db *db, const struct signer *signer, int months, int64_t *ret_entries);

#endif
