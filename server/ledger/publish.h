/* publish.h: a checked plan file becomes a version of its plan, recorded in the log. */
#ifndef TRIBUTARY_LEDGER_PUBLISH_H
#define TRIBUTARY_LEDGER_PUBLISH_H

#include <stdbool.h>

#include "db/db.h"
#include "ledger/signer.h"
#include "plan/plan.h"

/* Stores `plan` as the next version beside the older ones, with the units and offices it draws and a place for each new
 * element. *ret_version is its number; *ret_unchanged is true when the newest version already equals it and nothing was
 * stored. `sample_clock` (RFC 3339, or NULL for the true clock) is for a database marked as a sample, and refused for any
 * other. Needs the migration login. False with words in ret_fault. */
bool publish_plan(struct db *db, const struct signer *signer, const struct plan *plan, const char *sample_clock,
                  int *ret_version, bool *ret_unchanged, char *ret_fault, size_t fault_size);

/* The newest stored version of the plan with this code; *ret_json is NULL if there is none. The caller owns it. */
enum db_status newest_plan(struct db *db, const struct plan *plan, int *ret_version, json_t **ret_json);

#endif
