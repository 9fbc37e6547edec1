/* writer.c: drains what waits, commits it as one batch, answers. A batch that fails is run again one by one, so that
 * only the guilty job is refused. */
#include "ledger/writer.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/handover.h"
#include "base/log.h"
#include "ledger/batch.h"

/* A batch has so long; with the longest wait before it, a job is answered within half a minute. */
enum { RETRIES = 3, BATCH_MILLISECONDS = 10000 };

struct writer {
    struct writer_options options;
    struct db *db;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct job *first, **last;
    size_t waiting;
    bool stopping, finished;
    struct writer_counts counts;
};

static void finish(struct writer *writer, struct job *job)
{
    pthread_mutex_lock(&writer->lock);
    writer->counts.recorded += job->outcome == JOB_RECORDED;
    writer->counts.refused += job->outcome != JOB_RECORDED;
    pthread_mutex_unlock(&writer->lock);
    job->done(job, job->owner);
}

static void finish_all(struct writer *writer, struct job **batch, size_t count)
{
    uint64_t newest = 0;

    for (size_t i = 0; i < count; i++)
        if (batch[i]->outcome == JOB_RECORDED && batch[i]->place.last > newest)
            newest = batch[i]->place.last;
    if (newest && writer->options.committed)
        writer->options.committed(batch[0]->principal->jurisdiction, newest, writer->options.context);
    for (size_t i = 0; i < count; i++)
        finish(writer, batch[i]);
}

/* Up to the batch limit, all of the first one's jurisdiction; the others keep their order. */
static size_t take_batch(struct writer *writer, struct job **batch)
{
    struct job **link = &writer->first;
    const char *jurisdiction = writer->first->principal->jurisdiction;
    size_t count = 0;

    while (*link && count < writer->options.batch_limit) {
        if (strcmp((*link)->principal->jurisdiction, jurisdiction) == 0) {
            batch[count++] = *link;
            *link = (*link)->next;
        } else {
            link = &(*link)->next;
        }
    }
    while (*link)
        link = &(*link)->next;
    writer->last = link;
    writer->waiting -= count;
    return count;
}

/* Jobs that waited past their deadline are refused unstored. */
static size_t refuse_overdue(struct writer *writer, struct job **batch, size_t count)
{
    int64_t now = clock_milliseconds();
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        if (batch[i]->deadline > now) {
            batch[kept++] = batch[i];
        } else {
            batch[i]->outcome = JOB_UNAVAILABLE;
            finish(writer, batch[i]);
        }
    }
    return kept;
}

static enum db_status record_with_retries(struct writer *writer, struct job **batch, size_t count)
{
    enum db_status status = DB_RETRY;

    for (int attempt = 0; attempt < RETRIES && status == DB_RETRY; attempt++)
        status = batch_record(writer->db, writer->options.signer, batch, count);
    /* A lost connection is made anew once: an idle one may have died long ago. Content that was committed after all is
     * found unchanged, or by its Idempotency-Key. */
    if (status == DB_UNAVAILABLE)
        status = batch_record(writer->db, writer->options.signer, batch, count);
    return status;
}

static void log_failure(const struct writer *writer, const struct job *job)
{
    char words[256];

    job->kind->describe(job, words, sizeof words);
    log_event(LOG_ERROR, "job_failed", "%s: %s", words, db_error(writer->db));
}

static void record_singly(struct writer *writer, struct job **batch, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        enum db_status status = record_with_retries(writer, &batch[i], 1);

        if (status == DB_FAILED)
            log_failure(writer, batch[i]);
        /* a fault of the database itself (a quota, a file that may not grow) is no fault of the job */
        if (status == DB_FAILED && strncmp(db_sqlstate(writer->db), "XX", 2) == 0)
            status = DB_UNAVAILABLE;
        if (status != DB_OK)
            batch[i]->outcome = status == DB_FAILED ? JOB_FAILED : JOB_UNAVAILABLE;
        finish_all(writer, &batch[i], 1);
    }
}

static void record(struct writer *writer, struct job **batch, size_t count)
{
    db_set_time(writer->db, BATCH_MILLISECONDS);

    enum db_status status = record_with_retries(writer, batch, count);

    if (status == DB_FAILED || status == DB_RETRY) {
        pthread_mutex_lock(&writer->lock);
        writer->counts.retried_singly += count;
        pthread_mutex_unlock(&writer->lock);
        record_singly(writer, batch, count);
        return;
    }
    if (status == DB_UNAVAILABLE) {
        log_event(LOG_WARNING, "database_unavailable", "%zu jobs put off: %s", count, db_error(writer->db));
        for (size_t i = 0; i < count; i++)
            batch[i]->outcome = JOB_UNAVAILABLE;
    }
    finish_all(writer, batch, count);
}

static void *run(void *argument)
{
    struct writer *writer = argument;
    struct job *batch[BATCH_MOST];

    for (;;) {
        pthread_mutex_lock(&writer->lock);
        while (!writer->first && !writer->stopping)
            pthread_cond_wait(&writer->wake, &writer->lock);
        if (!writer->first) {
            pthread_mutex_unlock(&writer->lock);
            return NULL;
        }
        size_t count = take_batch(writer, batch);

        writer->counts.batches++;
        pthread_mutex_unlock(&writer->lock);
        count = refuse_overdue(writer, batch, count);
        if (count > 0)
            record(writer, batch, count);
    }
}

struct writer *writer_start(const struct writer_options *options)
{
    struct writer *writer = calloc(1, sizeof *writer);

    if (!writer)
        return NULL;
    writer->options = *options;
    if (writer->options.batch_limit > BATCH_MOST || writer->options.batch_limit == 0)
        writer->options.batch_limit = BATCH_MOST;
    writer->last = &writer->first;
    writer->db = db_new(options->database_url, "tributaryd writer");
    pthread_mutex_init(&writer->lock, NULL);
    pthread_cond_init(&writer->wake, NULL);
    if (writer->db)
        db_step_down(writer->db, true);
    if (!writer->db || pthread_create(&writer->thread, NULL, run, writer) != 0) {
        db_free(writer->db);
        free(writer);
        return NULL;
    }
    return writer;
}

bool writer_submit(struct writer *writer, struct job *job)
{
    bool accepted;

    job->next = NULL;
    pthread_mutex_lock(&writer->lock);
    accepted = !writer->stopping && writer->waiting < writer->options.queue_limit;
    if (accepted) {
        *writer->last = job;
        writer->last = &job->next;
        writer->waiting++;
        pthread_cond_signal(&writer->wake);
    }
    pthread_mutex_unlock(&writer->lock);
    handed_over();
    return accepted;
}

void writer_finish(struct writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    writer->stopping = true;
    pthread_cond_signal(&writer->wake);
    pthread_mutex_unlock(&writer->lock);
    if (!writer->finished)
        pthread_join(writer->thread, NULL);
    writer->finished = true;
}

void writer_free(struct writer *writer)
{
    if (!writer)
        return;
    writer_finish(writer);
    db_free(writer->db);
    pthread_cond_destroy(&writer->wake);
    pthread_mutex_destroy(&writer->lock);
    free(writer);
}

struct writer_counts writer_counts(struct writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    struct writer_counts counts = writer->counts;

    counts.waiting = writer->waiting;
    pthread_mutex_unlock(&writer->lock);
    return counts;
}
