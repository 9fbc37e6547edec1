/* act.h: anything recorded besides a hand-in: an extension, a change of who may read. It takes its place in the log with
 * one call of one function of the database. */
#ifndef TRIBUTARY_LEDGER_ACT_H
#define TRIBUTARY_LEDGER_ACT_H

#include "ledger/job.h"

enum { ACT_REASON_SIZE = 64 };

/* The statement answers one row:
 *   outcome text        recorded, unchanged, replay, idempotency_conflict, or any other word: refused for that reason
 *   id text             what was recorded, replayed or is so already; null if nothing
 *   recorded_at bigint  microseconds, of tributary.next_in_log()
 *   sequence bigint     of tributary.next_in_log()
 *   said jsonb          what its entry says besides kind, jurisdiction, sequence, recorded_at and actor
 * It runs under the principal's row-level security, inside the writer's transaction, under the lock of the log. Without
 * an outcome `recorded` it must have changed nothing but counters. ledger/verify_acts.c holds its rows against the log. */
struct act {
    struct job job;
    const char *kind; /* of its entry; static */
    const struct db_statement *statement;
    const char *const *parameters; /* in the request's arena */

    /* what came of it, besides job.outcome */
    char id[UUID_TEXT_SIZE];      /* "" if nothing */
    char reason[ACT_REASON_SIZE]; /* of JOB_REFUSED */
};

/* What every entry of an act says, besides what its statement says of it. */
struct act_place {
    const char *kind, *jurisdiction, *actor;
    uint64_t sequence;
    timestamp recorded_at;
};

/* The entry as canonical JSON; `said` is the statement's. The caller frees it. NULL without memory, or if it isn't JSON. */
char *act_entry(const struct act_place *place, const char *said);

/* Fits job.kind of every act. */
extern const struct job_kind act_job;

#endif
