/* job.h: one thing on its way into the ledger, whatever its kind, and what came of it. */
#ifndef TRIBUTARY_LEDGER_JOB_H
#define TRIBUTARY_LEDGER_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/period.h"
#include "base/proof.h"
#include "db/db.h"
#include "identity/identity.h"

enum job_outcome {
    JOB_RECORDED,
    JOB_UNCHANGED,            /* it is so already; nothing is stored */
    JOB_REPLAY,               /* its Idempotency-Key was answered before */
    JOB_IDEMPOTENCY_CONFLICT, /* the key was used for something else */
    JOB_REVISION_CONFLICT,    /* a hand-in's base isn't the current revision */
    JOB_UNKNOWN_EVENT,        /* a hand-in names an event that doesn't exist */
    JOB_BESIDE_CHANGED,       /* a hand-in was judged beside documents that have changed since */
    JOB_REVIEWED,             /* a hand-in's submission was reviewed: what that leaves open must be looked at */
    JOB_PERIOD_CLOSED,        /* a hand-in's period is closed */
    JOB_WITHDRAWN,            /* the submission is withdrawn already */
    JOB_ACCEPTED,             /* a stage of review accepted what is to be withdrawn */
    JOB_ATTEST_AFTERWARDS,    /* a hand-in is there already, but its receipt isn't attested as it says */
    JOB_PREPARED_ENDED,       /* what is to be released was released or rejected before */
    JOB_REFUSED,              /* the database knows a reason against it; nothing is stored */
    JOB_UNAVAILABLE,          /* nothing is stored; try later */
    JOB_FAILED,               /* nothing is stored; a fault of ours */
};

enum { UUID_TEXT_SIZE = 37 };

/* Where a recorded entry stands in the log: all a receipt needs. */
struct log_place {
    uint64_t sequence, first, last;
    struct digest leaf, previous, head;
    struct digest path[PROOF_MOST_STEPS];
    size_t steps;
    char key[KEY_ID_SIZE];
    unsigned char signature[SIGNATURE_SIZE];
};

struct job;

/* What a kind of job does inside a batch. */
struct job_kind {
    /* Sends its one statement, which calls one function of the database. False when the connection is lost. */
    bool (*send)(struct db *db, const struct job *job);
    /* Reads the one row of the answer: the outcome and, if it is recorded, its sequence, its moment and its entry. False
     * without memory. */
    bool (*read)(struct job *job, const PGresult *result);
    /* Names it for the log of the program. */
    void (*describe)(const struct job *job, char *ret_words, size_t size);
};

/* The first member of every kind of job. */
struct job {
    const struct job_kind *kind;
    const struct principal *principal; /* for whom rows are seen and written while it runs */
    const timestamp *sample_clock;     /* NULL: the true clock */
    const char *key;                   /* Idempotency-Key or NULL */
    struct digest request_sha256;      /* what the key stands for */

    /* what came of it */
    enum job_outcome outcome;
    timestamp recorded_at;
    char *entry; /* canonical JSON of the log entry; owned, free() */
    struct log_place place;

    /* how it goes on: called once, on the writer's thread, after the commit or the refusal */
    void (*done)(struct job *job, void *owner);
    void *owner;
    int64_t deadline; /* monotonic ms; past it the job is refused unstored */
    struct job *next;
};

/* Makes a UUID of the time-ordered kind (version 7). */
void uuid_make(char ret_text[static UUID_TEXT_SIZE]);

/* The outcome by the word that the database's functions answer; JOB_FAILED for an unknown word. */
enum job_outcome job_outcome_parse(const char *word);

#endif
