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
 * an outcome `recorded` it must have changed nothing. ledger/verify_acts.c holds its rows against the log. */
struct act {
    struct job job;
    const char *kind; /* of its entry; static */
    const struct db_statement *statement;
    const char *const *parameters; /* in the request's arena */

    /* what came of it, besides job.outcome */
    char id[UUID_TEXT_SIZE];      /* "" if nothing */
    char reason[ACT_REASON_SIZE]; /* of JOB_REFUSED */
};

/* Fits job.kind of every act. */
extern const struct job_kind act_job;

#endif
