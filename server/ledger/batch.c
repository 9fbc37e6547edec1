/* batch.c: begin, lock the log, each job under its own row-level security, then — knowing what was recorded — the
 * batch's tree, its signed head and the commit. Two round trips, one sync. */
#include "ledger/batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

static const struct db_statement begin = {"begin", "begin", 0};
static const struct db_statement commit = {"commit", "commit", 0};
static const struct db_statement set_context = {
    "set_job_context",
    "select set_config('tributary.jurisdiction', $1, true), set_config('tributary.role', $2, true),"
    " set_config('tributary.office', $3, true), set_config('tributary.token', $4, true)",
    4};
static const struct db_statement lock_log = {"lock_log", "select sequence, head from tributary.lock_log()", 0};
static const struct db_statement close_batch = {
    "close_batch", "select tributary.close_batch($1::bytea, $2::bytea, $3, $4::bytea, $5::text[], $6::bytea[])", 6};

static bool send_context(struct db *db, const struct principal *principal)
{
    struct db_context context = principal_context(principal);

    return db_pipeline_send(db, &set_context,
                            (const char *const[]){context.jurisdiction, context.role, context.office, context.token});
}

static enum db_status skip_result(struct db *db)
{
    PGresult *result = NULL;
    enum db_status status = db_pipeline_result(db, &result);

    PQclear(result);
    return status;
}

/* Sends everything up to the jobs and reads what came of each. */
static enum db_status run_jobs(struct db *db, struct job **jobs, size_t count, struct digest *ret_previous)
{
    enum db_status status;
    PGresult *result = NULL;
    bool sent = db_pipeline_send(db, &begin, NULL) && send_context(db, jobs[0]->principal) &&
                db_pipeline_send(db, &lock_log, NULL);

    for (size_t i = 0; sent && i < count; i++)
        sent = send_context(db, jobs[i]->principal) && jobs[i]->kind->send(db, jobs[i]);
    if (!sent || !db_pipeline_flush(db))
        return DB_UNAVAILABLE;

    status = skip_result(db); /* begin */
    if (status == DB_OK)
        status = skip_result(db); /* the context */
    if (status != DB_OK || (status = db_pipeline_result(db, &result)) != DB_OK)
        return status;
    status = PQntuples(result) == 1 && bytea_parse(PQgetvalue(result, 0, 1), ret_previous->bytes, DIGEST_SIZE)
                 ? DB_OK
                 : DB_FAILED;
    PQclear(result);
    for (size_t i = 0; i < count && status == DB_OK; i++) {
        result = NULL;
        if ((status = skip_result(db)) != DB_OK || (status = db_pipeline_result(db, &result)) != DB_OK)
            return status;
        if (PQntuples(result) != 1 || !jobs[i]->kind->read(jobs[i], result))
            status = DB_FAILED;
        PQclear(result);
    }
    return status;
}

/* An array literal of texts: each quoted, quotes and backslashes escaped. */
static void append_array_text(struct buffer *array, const char *text)
{
    buffer_append_text(array, array->length > 1 ? ",\"" : "\"");
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            buffer_append_char(array, '\\');
        buffer_append_char(array, *text);
    }
    buffer_append_char(array, '"');
}

struct closing {
    struct digest previous, head;
    unsigned char signature[SIGNATURE_SIZE];
    struct buffer entries, leaves; /* array literals */
};

static bool send_close(struct db *db, const struct signer *signer, struct closing *closing)
{
    char previous[BYTEA_TEXT_SIZE], head[BYTEA_TEXT_SIZE], signature[BYTEA_TEXT_SIZE];

    bytea_format(closing->previous.bytes, DIGEST_SIZE, previous);
    bytea_format(closing->head.bytes, DIGEST_SIZE, head);
    bytea_format(closing->signature, SIGNATURE_SIZE, signature);
    return db_pipeline_send(
        db, &close_batch,
        (const char *const[]){previous, head, signer->key, signature, closing->entries.data, closing->leaves.data});
}

static bool add_to_closing(struct closing *closing, const char *entry, const struct digest *leaf)
{
    char text[BYTEA_TEXT_SIZE];

    bytea_format(leaf->bytes, DIGEST_SIZE, text);
    append_array_text(&closing->entries, entry);
    append_array_text(&closing->leaves, text);
    return !closing->entries.failed && !closing->leaves.failed;
}

static bool seal(struct closing *closing, const struct signer *signer, const char *jurisdiction,
                 const struct digest *leaves, size_t count, uint64_t first)
{
    struct digest root = proof_root(leaves, count);

    closing->head = proof_head(&closing->previous, &root, first, first + count - 1);
    buffer_append_char(&closing->entries, '}');
    buffer_append_char(&closing->leaves, '}');
    return signer_sign_head(signer, jurisdiction, &closing->head, closing->signature);
}

static struct closing closing_begin(const struct digest *previous)
{
    struct closing closing = {.previous = *previous,
                              .entries = BUFFER_WITH_LIMIT(64 * 1024 * 1024),
                              .leaves = BUFFER_WITH_LIMIT(1024 * 1024)};

    buffer_append_char(&closing.entries, '{');
    buffer_append_char(&closing.leaves, '{');
    return closing;
}

static void closing_end(struct closing *closing)
{
    buffer_free(&closing->entries);
    buffer_free(&closing->leaves);
}

/* Gives each recorded job its place in the sealed batch. */
static void set_places(struct job **recorded, size_t count, const struct digest *leaves, const struct closing *closing,
                       const struct signer *signer)
{
    for (size_t i = 0; i < count; i++) {
        struct log_place *place = &recorded[i]->place;

        place->first = recorded[0]->place.sequence;
        place->last = place->first + count - 1;
        place->leaf = leaves[i];
        place->previous = closing->previous;
        place->head = closing->head;
        place->steps = proof_path(leaves, count, i, place->path);
        memcpy(place->key, signer->key, sizeof place->key);
        memcpy(place->signature, closing->signature, SIGNATURE_SIZE);
    }
}

/* Makes the tree over what was recorded and sends it with the commit. */
static enum db_status send_log(struct db *db, const struct signer *signer, struct job **jobs, size_t count,
                               const struct digest *previous, size_t *ret_recorded)
{
    struct closing closing = closing_begin(previous);
    struct digest leaves[BATCH_MOST];
    struct job *recorded[BATCH_MOST];
    size_t n = 0;
    bool good = true;

    for (size_t i = 0; i < count && good; i++) {
        if (jobs[i]->outcome != JOB_RECORDED)
            continue;
        leaves[n] = proof_leaf(jobs[i]->entry, strlen(jobs[i]->entry));
        recorded[n] = jobs[i];
        good = add_to_closing(&closing, jobs[i]->entry, &leaves[n++]);
    }
    if (good && n > 0) {
        good = seal(&closing, signer, jobs[0]->principal->jurisdiction, leaves, n, recorded[0]->place.sequence) &&
               send_close(db, signer, &closing);
        if (good)
            set_places(recorded, n, leaves, &closing, signer);
    }
    closing_end(&closing);
    *ret_recorded = n;
    good = good && db_pipeline_send(db, &commit, NULL) && db_pipeline_sync(db);
    if (!good) /* without a sync the pipeline has no end to wait for */
        db_reset(db);
    return good ? DB_OK : DB_UNAVAILABLE;
}

enum db_status batch_record(struct db *db, const struct signer *signer, struct job **jobs, size_t count)
{
    struct digest previous;
    size_t recorded = 0;
    enum db_status status = db_connect(db);

    if (status != DB_OK)
        return status;
    if (!db_pipeline_begin(db)) {
        db_reset(db);
        return DB_UNAVAILABLE;
    }
    status = run_jobs(db, jobs, count, &previous);
    if (status == DB_OK)
        status = send_log(db, signer, jobs, count, &previous, &recorded);
    else if (!db_pipeline_sync(db))
        db_reset(db);
    if (status == DB_OK && recorded > 0)
        status = skip_result(db);
    if (status == DB_OK)
        status = skip_result(db);

    /* A connection lost around the commit may hide a commit that happened: the caller's answer is "try again", and the
     * Idempotency-Key or the equal content makes the second try find the first. */
    if (!db_pipeline_end(db) && status != DB_OK)
        return DB_UNAVAILABLE;
    if (status != DB_OK)
        db_execute(db, "rollback");
    return status;
}

enum db_status batch_close_single(struct db *db, const struct signer *signer, const char *jurisdiction,
                                  uint64_t sequence, const struct digest *previous_head, const char *entry)
{
    struct closing closing = closing_begin(previous_head);
    struct digest leaf = proof_leaf(entry, strlen(entry));
    char previous[BYTEA_TEXT_SIZE], head[BYTEA_TEXT_SIZE], signature[BYTEA_TEXT_SIZE];
    enum db_status status = DB_FAILED;

    if (add_to_closing(&closing, entry, &leaf) && seal(&closing, signer, jurisdiction, &leaf, 1, sequence)) {
        bytea_format(closing.previous.bytes, DIGEST_SIZE, previous);
        bytea_format(closing.head.bytes, DIGEST_SIZE, head);
        bytea_format(closing.signature, SIGNATURE_SIZE, signature);
        status = db_run(
            db, &close_batch,
            (const char *const[]){previous, head, signer->key, signature, closing.entries.data, closing.leaves.data},
            NULL);
    }
    closing_end(&closing);
    return status;
}
