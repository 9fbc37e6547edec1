/* withdrawal.h: a submission is withdrawn by one more revision, which says nothing but why. */
#ifndef TRIBUTARY_STANDING_WITHDRAWAL_H
#define TRIBUTARY_STANDING_WITHDRAWAL_H

#include "ledger/hand_in.h"
#include "revisions/revisions.h"

/* Whether a submission can be withdrawn from this revision on: it isn't yet, and no stage of review accepted it, or all of
 * it was returned. Inside a snapshot. */
enum db_status withdrawal_allowed(struct db *db, const struct revision *revision, bool *ret_allowed);

/* Makes a prepared job (job.principal is set) the withdrawal of a submission, made from `revision`: its document, digests
 * and measures. Of a submission that is withdrawn already, and of one with a newer revision, it will be refused. Texts in
 * `arena`; `reason` must outlive the job. False without memory. */
bool withdrawal_set(struct hand_in *hand_in, const struct revision *revision, const char *reason, struct arena *arena);

#endif
