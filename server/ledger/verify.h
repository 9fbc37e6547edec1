/* verify.h: proving a log from its first entry to its head. */
#ifndef TRIBUTARY_LEDGER_VERIFY_H
#define TRIBUTARY_LEDGER_VERIFY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/digest.h"
#include "db/db.h"

/* A head that somebody kept outside: the log must still go through it. */
struct wanted_head {
    char head[DIGEST_TEXT_SIZE];
    bool seen;
};

/* What a verification found; `fault` is called for each thing that is wrong. */
struct verification {
    void (*fault)(void *context, const char *words);
    /* told what is worth saying though nothing is wrong; may be NULL */
    void (*notice)(void *context, const char *words);
    /* told now and then how far a long piece of work has come; may be NULL */
    void (*progress)(void *context, const char *jurisdiction, const char *doing, size_t done, size_t total);
    void *context;
    struct wanted_head *wanted;
    size_t wanted_count;
    size_t batches, entries, pruned, revisions, plan_versions, rollups, faults;
};

__attribute__((format(printf, 2, 3))) void verification_fault(struct verification *verification, const char *format,
                                                              ...);

__attribute__((format(printf, 2, 3))) void verification_notice(struct verification *verification, const char *format,
                                                               ...);

void verification_progress(struct verification *verification, const char *jurisdiction, const char *doing, size_t done,
                           size_t total);

/* Checks every batch of a jurisdiction: numbers without gaps, leaves, roots, the chain of heads, signatures, and that the
 * stored head is the last one; that entries whose text was given up are covered by a retention entry; and that every entry
 * and every row that it tells of belong together. Marks the wanted heads that it sees; the newest batch must be signed by
 * `own_key` (an id, may be NULL). False when the database can't be read. */
bool verify_log(struct db *db, const char *jurisdiction, const char *own_key, struct verification *verification);

#endif
