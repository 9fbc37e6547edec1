/* writer.h: the one writer: a bounded queue, natural batches, an answer for every job. */
#ifndef TRIBUTARY_LEDGER_WRITER_H
#define TRIBUTARY_LEDGER_WRITER_H

#include <stdbool.h>
#include <stddef.h>

#include "ledger/job.h"
#include "ledger/signer.h"

struct writer;

struct writer_options {
    const char *database_url;
    const struct signer *signer; /* outlives the writer */
    size_t queue_limit, batch_limit;
    /* told after each durable batch, before its jobs are done; may be NULL */
    void (*committed)(const char *jurisdiction, uint64_t sequence, void *context);
    void *context;
};

struct writer_counts {
    uint64_t batches, recorded, refused, retried_singly;
    size_t waiting;
};

/* Starts the writer's thread. NULL on failure. */
struct writer *writer_start(const struct writer_options *options);

/* Takes a job, which stays the caller's, until `done` is called. False at once when the queue is full or the writer
 * is stopping: nothing is stored and `done` isn't called. */
bool writer_submit(struct writer *writer, struct job *job);

/* Finishes what was accepted, then ends the thread; writer_submit() goes on to refuse. */
void writer_finish(struct writer *writer);

/* Finishes, then frees. Accepts NULL. */
void writer_free(struct writer *writer);

struct writer_counts writer_counts(struct writer *writer);

#endif
