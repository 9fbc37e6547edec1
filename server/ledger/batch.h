/* batch.h: one batch of jobs in one transaction: one pipeline, one sync, one commit. */
#ifndef TRIBUTARY_LEDGER_BATCH_H
#define TRIBUTARY_LEDGER_BATCH_H

#include "db/db.h"
#include "ledger/job.h"
#include "ledger/signer.h"

enum { BATCH_MOST = 128 };

/* Records the jobs (all of one jurisdiction, 1 to BATCH_MOST) and sets their outcomes; nothing is acknowledged here.
 * On DB_OK the transaction is durable. Otherwise nothing of the batch is stored; DB_FAILED: some statement was refused,
 * so the caller runs them one by one to find the guilty one. */
enum db_status batch_record(struct db *db, const struct signer *signer, struct job **jobs, size_t count);

/* Appends entries to the locked log inside an open transaction, for writes that don't go through the queue.
 * `entry` is canonical JSON. Used after tributary.lock_log() and tributary.next_in_log(). */
enum db_status batch_close_single(struct db *db, const struct signer *signer, const char *jurisdiction,
                                  uint64_t sequence, const struct digest *previous_head, const char *entry);

#endif
