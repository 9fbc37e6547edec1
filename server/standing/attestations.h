/* attestations.h: receipts that the Gender Equality Office attests to have come earlier, by mail for instance. */
#ifndef TRIBUTARY_STANDING_ATTESTATIONS_H
#define TRIBUTARY_STANDING_ATTESTATIONS_H

#include <jansson.h>

#include "db/db.h"
#include "plan/plan.h"

/* Attests an earlier receipt, or takes that back: see tributary.record_attestation(). For an act (ledger/act.h); its
 * parameters: id, revision, received_at (NULL: taken back), reason, by, clock, token, key, digest of the request. */
extern const struct db_statement attestation_record;
enum { ATTESTATION_PARAMETERS = 9 };

/* Nothing came before the first moment of its period (of the plan's first year, for the plan's own), where the plan is at
 * home. */
timestamp attestation_earliest(const struct plan *plan, struct period period);

/* Every attestation of a revision, the oldest first, or the one of `id` (NULL: all); "current" marks the one that holds.
 * Runs inside a snapshot. The caller owns *ret_list. */
enum db_status attestations_list(struct db *db, const char *revision, const char *id, json_t **ret_list);

#endif
