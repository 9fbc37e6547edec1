/* batch.c: begin, lock the log, each job under its own row-level security, then — knowing what was recorded — the
 * batch's tree, its signed head and the commit. Two round trips, one sync. */
#include "ledger/batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct db_statement begin = {"begin", "begin", 0};
static const struct db_statement commit = {"commit", "commit", 0};
static const struct db_statement set_context = {
    "set_job_context",
    "select set_config('tributary.jurisdiction', $1, true), set_config('tributary.role', $2, true),"
    " set_config('tributary.office', $3, true), set_config('tributary.token', $4, true)",
    4};
static const struct db_statement lock_log = {"lock_log", "select sequence, head from tributary.lock_log()", 0};
static const struct db_statement record_submission = {
    "record_submission",
    "select outcome, id, number, replaces, recorded_at, sequence from tributary.record_submission($1, $2::integer, $3, $4, $5, $6::uuid,"
    " $7::boolean, $8::integer, $9::uuid, $10::timestamptz, $11::timestamptz, $12::uuid, $13, $14::bytea, $15::bytea, $16::bytea,"
    " $17::bytea, $18, $19::integer, $20::integer, $21::boolean, $22::boolean, $23, $24::numeric[], $25::jsonb)",
    25};
static const struct db_statement close_batch = {
    "close_batch", "select tributary.close_batch($1::bytea, $2::bytea, $3, $4::bytea, $5::text[], $6::bytea[])", 6};

static const struct {
    const char *name;
    enum hand_in_outcome outcome;
} outcomes[] = {
    {"recorded", HAND_IN_RECORDED},
    {"unchanged", HAND_IN_UNCHANGED},
    {"replay", HAND_IN_REPLAY},
    {"idempotency_conflict", HAND_IN_IDEMPOTENCY_CONFLICT},
    {"revision_conflict", HAND_IN_REVISION_CONFLICT},
    {"unknown_event", HAND_IN_UNKNOWN_EVENT},
};

static bool send_context(struct db *db, const struct principal *principal)
{
    struct db_context context = principal_context(principal);

    return db_pipeline_send(db, &set_context,
                            (const char *const[]){context.jurisdiction, context.role, context.office, context.token});
}

static bool send_job(struct db *db, const struct hand_in *hand_in)
{
    char version[16], base[16], fields[24], rows[24], received[TIMESTAMP_TEXT_SIZE], clock[TIMESTAMP_TEXT_SIZE];
    char request_sha[BYTEA_TEXT_SIZE], sha[BYTEA_TEXT_SIZE], document_sha[BYTEA_TEXT_SIZE], stored_sha[BYTEA_TEXT_SIZE];

    snprintf(version, sizeof version, "%d", hand_in->plan_version);
    snprintf(base, sizeof base, "%d", hand_in->base);
    snprintf(fields, sizeof fields, "%zu", hand_in->field_count);
    snprintf(rows, sizeof rows, "%zu", hand_in->row_count);
    timestamp_format(hand_in->received_at, received);
    if (hand_in->sample_clock)
        timestamp_format(*hand_in->sample_clock, clock);
    bytea_format(hand_in->request_sha256.bytes, DIGEST_SIZE, request_sha);
    bytea_format(hand_in->sha256.bytes, DIGEST_SIZE, sha);
    bytea_format(hand_in->document_sha256.bytes, DIGEST_SIZE, document_sha);
    bytea_format(hand_in->stored_sha256.bytes, DIGEST_SIZE, stored_sha);
    return send_context(db, hand_in->principal) &&
           db_pipeline_send(db, &record_submission,
                            (const char *const[]){hand_in->plan,
                                                  version,
                                                  hand_in->form,
                                                  hand_in->office,
                                                  hand_in->period,
                                                  hand_in->event[0] ? hand_in->event : NULL,
                                                  hand_in->new_event ? "t" : "f",
                                                  base,
                                                  hand_in->id,
                                                  received,
                                                  hand_in->sample_clock ? clock : NULL,
                                                  hand_in->principal->token,
                                                  hand_in->key,
                                                  request_sha,
                                                  sha,
                                                  document_sha,
                                                  stored_sha,
                                                  hand_in->document,
                                                  fields,
                                                  rows,
                                                  hand_in->reported ? "t" : "f",
                                                  hand_in->provisional ? "t" : "f",
                                                  hand_in->element_state,
                                                  hand_in->element_value,
                                                  hand_in->personal});
}

static enum db_status skip_result(struct db *db)
{
    PGresult *result = NULL;
    enum db_status status = db_pipeline_result(db, &result);

    PQclear(result);
    return status;
}

static bool read_job(struct hand_in *hand_in, const PGresult *result)
{
    const char *id = result_text(result, 0, 1), *replaces = result_text(result, 0, 3);

    hand_in->outcome = HAND_IN_FAILED;
    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++)
        if (strcmp(outcomes[i].name, PQgetvalue(result, 0, 0)) == 0)
            hand_in->outcome = outcomes[i].outcome;
    snprintf(hand_in->current_id, sizeof hand_in->current_id, "%s", id ? id : "");
    snprintf(hand_in->replaces, sizeof hand_in->replaces, "%s", replaces ? replaces : "");
    hand_in->number = (int)result_int64(result, 0, 2);
    hand_in->recorded_at = result_int64(result, 0, 4);
    hand_in->place.sequence = (uint64_t)result_int64(result, 0, 5);
    return hand_in->outcome != HAND_IN_RECORDED || hand_in_write_entry(hand_in);
}

/* Sends everything up to the jobs and reads what came of each. */
static enum db_status run_jobs(struct db *db, struct hand_in **hand_ins, size_t count, struct digest *ret_previous)
{
    enum db_status status;
    PGresult *result = NULL;
    bool sent = db_pipeline_send(db, &begin, NULL) && send_context(db, hand_ins[0]->principal) &&
                db_pipeline_send(db, &lock_log, NULL);

    for (size_t i = 0; sent && i < count; i++)
        sent = send_job(db, hand_ins[i]);
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
        if (PQntuples(result) != 1 || !read_job(hand_ins[i], result))
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

/* Gives each recorded hand-in its place in the sealed batch. */
static void set_places(struct hand_in **recorded, size_t count, const struct digest *leaves,
                       const struct closing *closing, const struct signer *signer)
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
static enum db_status send_log(struct db *db, const struct signer *signer, struct hand_in **hand_ins, size_t count,
                               const struct digest *previous, size_t *ret_recorded)
{
    struct closing closing = closing_begin(previous);
    struct digest leaves[BATCH_MOST];
    struct hand_in *recorded[BATCH_MOST];
    size_t n = 0;
    bool good = true;

    for (size_t i = 0; i < count && good; i++) {
        if (hand_ins[i]->outcome != HAND_IN_RECORDED)
            continue;
        leaves[n] = proof_leaf(hand_ins[i]->entry, strlen(hand_ins[i]->entry));
        recorded[n] = hand_ins[i];
        good = add_to_closing(&closing, hand_ins[i]->entry, &leaves[n++]);
    }
    if (good && n > 0) {
        good = seal(&closing, signer, hand_ins[0]->principal->jurisdiction, leaves, n, recorded[0]->place.sequence) &&
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

enum db_status batch_record(struct db *db, const struct signer *signer, struct hand_in **hand_ins, size_t count)
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
    status = run_jobs(db, hand_ins, count, &previous);
    if (status == DB_OK)
        status = send_log(db, signer, hand_ins, count, &previous, &recorded);
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
