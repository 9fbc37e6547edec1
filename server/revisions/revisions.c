/* revisions.c: queries over submissions and revisions. */
#include "revisions/revisions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "form/personal.h"

enum { DOCUMENT_VALUES = 4 * 1024 * 1024 };

/* The columns every query gives, in the order read_row() reads them; a document stands last, null in lists: thousands of
 * them would fill the memory. */
#define REVISION_COLUMNS                                                                                               \
    "r.id, s.plan, s.form, s.office, s.period, s.event,"                                                               \
    " (select p.id from tributary.revision p where p.submission = r.submission and p.number = r.previous),"            \
    " (select c.id from tributary.revision c where c.submission = r.submission order by c.number desc limit 1),"       \
    " r.number, r.plan_version, tributary.micros(r.received_at), tributary.micros(r.recorded_at), r.sha256,"           \
    " r.document_sha256, r.field_count, r.row_count, r.reported, r.provisional, s.submission, r.token, r.on_behalf,"   \
    " r.withdrawn, (select a.attested from tributary.attestation_in_force(r.id, null) a)"

static struct revision read_row(const PGresult *result, int row, struct arena *arena)
{
    struct revision revision = {
        .id = arena_text(arena, result_text(result, row, 0)),
        .plan = arena_text(arena, result_text(result, row, 1)),
        .form = arena_text(arena, result_text(result, row, 2)),
        .office = arena_text(arena, result_text(result, row, 3)),
        .period = arena_text(arena, result_text(result, row, 4)),
        .event = arena_text(arena, result_text(result, row, 5)),
        .replaces = arena_text(arena, result_text(result, row, 6)),
        .current = arena_text(arena, result_text(result, row, 7)),
        .number = (int)result_int64(result, row, 8),
        .plan_version = (int)result_int64(result, row, 9),
        .received_at = result_int64(result, row, 10),
        .recorded_at = result_int64(result, row, 11),
        .field_count = (size_t)result_int64(result, row, 14),
        .row_count = (size_t)result_int64(result, row, 15),
        .reported = result_bool(result, row, 16),
        .provisional = result_bool(result, row, 17),
        .submission = result_int64(result, row, 18),
        .actor = arena_text(arena, result_text(result, row, 19)),
        .on_behalf = result_bool(result, row, 20),
        .withdrawn = arena_text(arena, result_text(result, row, 21)),
        .attested = arena_text(arena, result_text(result, row, 22)),
        .document = arena_text(arena, result_text(result, row, 23)),
    };

    bytea_parse(PQgetvalue(result, row, 12), revision.sha256.bytes, DIGEST_SIZE);
    bytea_parse(PQgetvalue(result, row, 13), revision.document_sha256.bytes, DIGEST_SIZE);
    return revision;
}

static enum db_status read_one(struct db *db, const struct db_statement *statement, const char *const *parameters,
                               struct arena *arena, bool *ret_found, struct revision *ret_revision)
{
    PGresult *result = NULL;
    enum db_status status = db_run(db, statement, parameters, &result);

    if (status != DB_OK)
        return status;
    *ret_found = PQntuples(result) == 1;
    if (*ret_found)
        *ret_revision = read_row(result, 0, arena);
    PQclear(result);
    return arena_is_short(arena) ? DB_FAILED : DB_OK;
}

enum db_status revision_find(struct db *db, const char *id, struct arena *arena, bool *ret_found,
                             struct revision *ret_revision)
{
    static const struct db_statement find = {
        "revision_find",
        "select " REVISION_COLUMNS
        ", r.document from tributary.revision r join tributary.submission s using (submission) where r.id = $1::uuid",
        1};

    *ret_found = false;
    if (!uuid_is_well_formed(id))
        return DB_OK;
    return read_one(db, &find, (const char *const[]){id}, arena, ret_found, ret_revision);
}

enum db_status revision_current(struct db *db, const char *plan, const char *form, const char *office,
                                const char *period, const char *event, struct arena *arena, bool *ret_found,
                                struct revision *ret_revision)
{
    static const struct db_statement current = {
        "revision_current",
        "select " REVISION_COLUMNS ", r.document from tributary.submission s cross join lateral"
        " (select * from tributary.revision r where r.submission = s.submission order by r.number desc limit 1) r"
        " where s.jurisdiction = current_setting('tributary.jurisdiction') and s.plan = $1 and s.form = $2 and s.period = $4"
        " and s.office = $3 and (s.event = $5::uuid or (s.event is null and $5::uuid is null))",
        5};

    return read_one(db, &current, (const char *const[]){plan, form, office, period, event}, arena, ret_found,
                    ret_revision);
}

enum db_status revision_of_period(struct db *db, const char *plan, const char *form, const char *office,
                                  const char *period, bool official, struct arena *arena, bool *ret_found,
                                  struct revision *ret_revision)
{
    static const struct db_statement of_period = {
        "revision_of_period",
        "select " REVISION_COLUMNS ", r.document from tributary.submission s cross join lateral"
        " (select * from tributary.revision r where r.submission = s.submission"
        "   and (not $5::boolean or tributary.is_official(r.submission, r.number, null))"
        "  order by r.number desc limit 1) r"
        " where s.jurisdiction = current_setting('tributary.jurisdiction') and s.plan = $1 and s.form = $2"
        "  and s.period = $4 and s.office = $3 and s.event is null",
        5};

    return read_one(db, &of_period, (const char *const[]){plan, form, office, period, official ? "t" : "f"}, arena,
                    ret_found, ret_revision);
}

enum db_status revision_of_key(struct db *db, const char *token, const char *key, const struct digest *request_sha256,
                               bool *ret_found, char *ret_id, size_t id_size)
{
    static const struct db_statement of_key = {
        "revision_of_key",
        "select revision from tributary.idempotency where token = $1::uuid and key = $2 and request_sha256 = $3::bytea",
        3};
    char digest[BYTEA_TEXT_SIZE];
    PGresult *result = NULL;

    bytea_format(request_sha256->bytes, DIGEST_SIZE, digest);

    enum db_status status = db_run(db, &of_key, (const char *const[]){token, key, digest}, &result);

    *ret_found = status == DB_OK && PQntuples(result) == 1;
    if (*ret_found)
        snprintf(ret_id, id_size, "%s", PQgetvalue(result, 0, 0));
    PQclear(result);
    return status;
}

enum db_status key_is_used(struct db *db, const char *actor, const char *key, bool *ret_used)
{
    static const struct db_statement used = {
        "key_is_used", "select exists (select from tributary.idempotency where token = $1::uuid and key = $2)", 2};
    PGresult *result = NULL;
    enum db_status status = db_run(db, &used, (const char *const[]){actor, key}, &result);

    *ret_used = status == DB_OK && result_bool(result, 0, 0);
    PQclear(result);
    return status;
}

static enum db_status read_many(struct db *db, const struct db_statement *statement, const char *const *parameters,
                                struct arena *arena, struct revision **ret_revisions, size_t *ret_count)
{
    PGresult *result = NULL;
    enum db_status status = db_run(db, statement, parameters, &result);

    if (status != DB_OK)
        return status;
    int count = PQntuples(result);

    *ret_revisions = arena_alloc_array(arena, (size_t)count + 1, sizeof **ret_revisions);
    *ret_count = *ret_revisions ? (size_t)count : 0;
    for (int i = 0; *ret_revisions && i < count; i++)
        (*ret_revisions)[i] = read_row(result, i, arena);
    PQclear(result);
    return arena_is_short(arena) ? DB_FAILED : DB_OK;
}

enum db_status revision_list(struct db *db, const struct revision_filter *filter, struct arena *arena,
                             struct revision **ret_revisions, size_t *ret_count)
{
    static const struct db_statement list = {
        "revision_list",
        "select " REVISION_COLUMNS ", null from tributary.submission s cross join lateral"
        " (select r.* from tributary.revision r where r.submission = s.submission order by r.number desc limit 1) r"
        " where s.jurisdiction = current_setting('tributary.jurisdiction') and s.plan = $1 and ($2::text is null or s.form = $2)"
        " and ($3::text is null or s.office = $3) and ($4::text is null or s.period = $4) and s.submission > $5::bigint"
        " order by s.submission limit $6::integer",
        6};
    char after[24], limit[16];

    snprintf(after, sizeof after, "%lld", (long long)filter->after);
    snprintf(limit, sizeof limit, "%d", filter->limit + 1);
    return read_many(db, &list,
                     (const char *const[]){filter->plan, filter->form, filter->office, filter->period, after, limit},
                     arena, ret_revisions, ret_count);
}

enum db_status revision_history(struct db *db, const struct revision *revision, struct arena *arena,
                                struct revision **ret_revisions, size_t *ret_count)
{
    static const struct db_statement history = {
        "revision_history",
        "select " REVISION_COLUMNS ", null from tributary.revision r join tributary.submission s using (submission)"
        " where r.submission = $1::bigint order by r.number",
        1};
    char submission[24];

    snprintf(submission, sizeof submission, "%lld", (long long)revision->submission);
    return read_many(db, &history, (const char *const[]){submission}, arena, ret_revisions, ret_count);
}

/* The personal values of a revision, as personal_join() takes them. */
static enum db_status read_personal(struct db *db, const char *id, json_t **ret_apart)
{
    static const struct db_statement personal = {
        "revision_personal",
        "select encode(digest, 'hex'), value from tributary.personal_value where revision = $1::uuid and value is not null",
        1};
    PGresult *result = NULL;
    enum db_status status = db_run(db, &personal, (const char *const[]){id}, &result);

    if (status != DB_OK)
        return status;
    *ret_apart = json_array();
    for (int i = 0; i < PQntuples(result); i++) {
        json_t *value = json_loads(PQgetvalue(result, i, 1), JSON_DECODE_ANY, NULL);

        json_array_append_new(*ret_apart, json_pack("{ss so*}", "digest", PQgetvalue(result, i, 0), "value", value));
    }
    PQclear(result);
    return DB_OK;
}

enum db_status revision_document(struct db *db, const struct revision *revision, json_t **ret_document)
{
    struct json_fault fault;
    json_t *document = json_parse_strict(revision->document, strlen(revision->document), DOCUMENT_VALUES, &fault),
           *apart = NULL;
    enum db_status status = document ? read_personal(db, revision->id, &apart) : DB_FAILED;

    if (status == DB_OK && !personal_join(document, apart))
        status = DB_FAILED;
    json_decref(apart);
    if (status == DB_OK)
        *ret_document = document;
    else
        json_decref(document);
    return status;
}

void document_drop_erased(json_t *json)
{
    const char *key;
    json_t *value;
    void *next;
    size_t i;

    json_array_foreach(json, i, value)
        document_drop_erased(value);
    json_object_foreach_safe(json, next, key, value) {
        if (json_is_true(json_object_get(value, "erased")))
            json_object_del(json, key);
        else
            document_drop_erased(value);
    }
}

enum db_status revision_receipt(struct db *db, const struct revision *revision, struct arena *arena,
                                json_t **ret_receipt)
{
    static const struct db_statement proof = {
        "revision_proof",
        "select entry, sequence, first_sequence, last_sequence, previous_head, head, key, signature, leaves"
        " from tributary.revision_proof($1::uuid)",
        1};
    PGresult *result = NULL;
    struct log_place place = {0};
    enum db_status status = db_run(db, &proof, (const char *const[]){revision->id}, &result);

    if (status != DB_OK)
        return status;
    if (PQntuples(result) != 1 || !log_place_read(result, &place)) {
        PQclear(result);
        return DB_FAILED;
    }
    struct receipt receipt = {
        .submission = revision->id,
        .plan = revision->plan,
        .form = revision->form,
        .office = revision->office,
        .period = revision->period,
        .event = revision->event,
        .replaces = revision->replaces,
        .revision = revision->number,
        .sha256 = revision->sha256,
        .document_sha256 = revision->document_sha256,
        .received_at = revision->received_at,
        .recorded_at = revision->recorded_at,
        .field_count = revision->field_count,
        .row_count = revision->row_count,
        .on_behalf = revision->on_behalf,
        .withdrawn = revision->withdrawn,
        .attested = revision->attested,
        .entry = arena_text(arena, PQgetvalue(result, 0, 0)),
        .place = &place,
    };

    PQclear(result);
    *ret_receipt = receipt_to_json(&receipt);
    return *ret_receipt ? DB_OK : DB_FAILED;
}

json_t *revision_to_json(const struct revision *revision)
{
    char received_at[TIMESTAMP_TEXT_SIZE], recorded_at[TIMESTAMP_TEXT_SIZE], sha256[DIGEST_TEXT_SIZE],
        document_sha256[DIGEST_TEXT_SIZE];

    timestamp_format(revision->received_at, received_at);
    timestamp_format(revision->recorded_at, recorded_at);
    digest_format(&revision->sha256, sha256);
    digest_format(&revision->document_sha256, document_sha256);
    return json_pack("{ss ss ss ss ss ss? si ss? sb ss si ss ss ss ss s{sI sI} sb sb sb so so}", "submission",
                     revision->id, "plan", revision->plan, "form", revision->form, "office", revision->office, "period",
                     revision->period, "event", revision->event, "revision", revision->number, "replaces",
                     revision->replaces, "is_current", strcmp(revision->id, revision->current) == 0, "current",
                     revision->current, "plan_version", revision->plan_version, "received_at", received_at,
                     "recorded_at", recorded_at, "sha256", sha256, "document_sha256", document_sha256, "counts",
                     "fields", (json_int_t)revision->field_count, "rows", (json_int_t)revision->row_count, "reported",
                     revision->reported, "provisional", revision->provisional, "on_behalf", revision->on_behalf,
                     "withdrawn", reason_to_json(revision->withdrawn, revision->recorded_at), "attested",
                     attested_to_json(revision->attested));
}

enum db_status data_version(struct db *db, uint64_t *ret_sequence)
{
    static const struct db_statement newest = {
        "data_version",
        "select sequence from tributary.log_head where jurisdiction = current_setting('tributary.jurisdiction')", 0};
    PGresult *result = NULL;
    enum db_status status = db_run(db, &newest, NULL, &result);

    if (status == DB_OK)
        *ret_sequence = PQntuples(result) == 1 ? (uint64_t)result_int64(result, 0, 0) : 0;
    PQclear(result);
    return status;
}
