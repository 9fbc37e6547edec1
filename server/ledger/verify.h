/* verify.h: proving a log from its first entry to its head. */
#ifndef TRIBUTARY_LEDGER_VERIFY_H
#define TRIBUTARY_LEDGER_VERIFY_H

#include <stdbool.h>
#include <stddef.h>

#include "db/db.h"

/* What a verification found; `fault` is called for each thing that is wrong. */
struct verification {
    void (*fault)(const char *words);
    size_t batches, entries, revisions, plan_versions, rollups, faults;
    bool wanted_head_seen;
};

__attribute__((format(printf, 2, 3))) void verification_fault(struct verification *verification, const char *format,
                                                              ...);

/* Checks every batch of a jurisdiction: numbers without gaps, leaves, roots, the chain of heads, signatures, and that the
 * stored head is the last one; and that every entry and every revision and plan version belong together. `wanted_head`
 * (hexadecimal, may be NULL) must be one of the heads; the newest batch must be signed by `own_key` (an id, may be NULL). False when the database can't be read. */
bool verify_log(struct db *db, const char *jurisdiction, const char *wanted_head, const char *own_key,
                struct verification *verification);

#endif
