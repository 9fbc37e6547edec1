/* uploads.c: opening, filling and giving up. The row of an upload is locked while a piece is added. */
#include "attachments/uploads.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

enum { ROW_SIZE = 256 * 1024 }; /* bytes of a piece as it is stored */

#define UPLOAD_COLUMNS "upload, name, size, received, sha256, tributary.micros(expires_at)"

enum db_status upload_drop_expired(struct db *db)
{
    static const struct db_statement drop = {"drop_expired_uploads", "select tributary.drop_expired_uploads()", 0};

    return db_run(db, &drop, NULL, NULL);
}

static timestamp expiry(const struct upload_limits *limits)
{
    return clock_now() + (timestamp)limits->hours * 3600 * 1000000;
}

static enum upload_outcome opening_outcome(const char *word)
{
    return strcmp(word, "opened") == 0     ? UPLOAD_DONE
           : strcmp(word, "too_many") == 0 ? UPLOAD_TOO_MANY
                                           : UPLOAD_TOO_MUCH;
}

enum db_status upload_open(struct db *db, const struct principal *principal, const struct upload_limits *limits,
                           struct upload *upload, enum upload_outcome *ret_outcome)
{
    static const struct db_statement open = {
        "open_upload",
        "select tributary.open_upload($1::uuid, $2::uuid, $3, $4::bigint, $5::bytea, $6::timestamptz, $7::integer, $8::bigint)",
        8};
    char size[24], most_open[16], most_bytes[24], sha256[BYTEA_TEXT_SIZE], expires_at[TIMESTAMP_TEXT_SIZE];
    struct db_context context = principal_context(principal);
    PGresult *result = NULL;

    upload->expires_at = expiry(limits);
    timestamp_format(upload->expires_at, expires_at);
    snprintf(size, sizeof size, "%llu", (unsigned long long)upload->size);
    snprintf(most_open, sizeof most_open, "%d", limits->most_open);
    snprintf(most_bytes, sizeof most_bytes, "%llu", (unsigned long long)limits->most_bytes);
    if (upload->has_sha256)
        bytea_format(upload->sha256.bytes, DIGEST_SIZE, sha256);

    enum db_status status = upload_drop_expired(db);

    if (status == DB_OK)
        status = db_change_begin(db, &context);
    if (status == DB_OK)
        status = db_run(db, &open,
                        (const char *const[]){upload->id, principal->actor, upload->name, size,
                                              upload->has_sha256 ? sha256 : NULL, expires_at, most_open, most_bytes},
                        &result);
    *ret_outcome = status == DB_OK ? opening_outcome(PQgetvalue(result, 0, 0)) : UPLOAD_GONE;
    PQclear(result);

    enum db_status end = db_change_end(db, status == DB_OK && *ret_outcome == UPLOAD_DONE);

    return status == DB_OK ? end : status;
}

static struct upload read_row(const PGresult *result, struct arena *arena)
{
    struct upload upload = {.id = arena_text(arena, PQgetvalue(result, 0, 0)),
                            .name = arena_text(arena, PQgetvalue(result, 0, 1)),
                            .size = (uint64_t)result_int64(result, 0, 2),
                            .received = (uint64_t)result_int64(result, 0, 3),
                            .expires_at = result_int64(result, 0, 5)};

    upload.has_sha256 = bytea_parse(result_text(result, 0, 4), upload.sha256.bytes, DIGEST_SIZE);
    return upload;
}

static enum db_status find(struct db *db, const struct db_statement *statement, const char *id, struct arena *arena,
                           bool *ret_found, struct upload *ret_upload)
{
    PGresult *result = NULL;
    enum db_status status;

    *ret_found = false;
    if (!uuid_is_well_formed(id))
        return DB_OK;
    status = db_run(db, statement, (const char *const[]){id}, &result);
    if (status != DB_OK)
        return status;
    *ret_found = PQntuples(result) == 1;
    if (*ret_found)
        *ret_upload = read_row(result, arena);
    PQclear(result);
    return arena_is_short(arena) ? DB_FAILED : DB_OK;
}

enum db_status upload_find(struct db *db, const char *id, struct arena *arena, bool *ret_found,
                           struct upload *ret_upload)
{
    static const struct db_statement look = {
        "upload_find",
        "select " UPLOAD_COLUMNS " from tributary.upload where upload = $1::uuid and expires_at > clock_timestamp()",
        1};

    return find(db, &look, id, arena, ret_found, ret_upload);
}

/* Stores the bytes in rows of their own. */
static enum db_status insert_rows(struct db *db, const struct principal *principal, const char *id, uint64_t offset,
                                  const char *bytes, size_t length)
{
    static const struct db_statement insert = {
        "insert_piece",
        "insert into tributary.attachment_piece (content, start, jurisdiction, bytes)"
        " values ($1::uuid, $2::bigint, $3, $4::bytea)",
        4};
    size_t most = length < ROW_SIZE ? length : ROW_SIZE;
    char *text = malloc(2 * most + 3), start[24];
    enum db_status status = text ? DB_OK : DB_FAILED;

    for (size_t done = 0; status == DB_OK && done < length; done += most) {
        size_t count = length - done < most ? length - done : most;
        unsigned long long at = offset + done;

        text[0] = '\\';
        text[1] = 'x';
        sodium_bin2hex(text + 2, 2 * count + 1, (const unsigned char *)bytes + done, count);
        snprintf(start, sizeof start, "%llu", at);
        status = db_run(db, &insert, (const char *const[]){id, start, principal->jurisdiction, text}, NULL);
    }
    free(text);
    return status;
}

static enum db_status move_on(struct db *db, const struct upload_limits *limits, struct upload *upload, size_t length)
{
    static const struct db_statement advance = {
        "advance_upload",
        "update tributary.upload set received = $2::bigint, expires_at = $3::timestamptz where upload = $1::uuid", 3};
    char received[24], expires_at[TIMESTAMP_TEXT_SIZE];

    upload->received += length;
    upload->expires_at = expiry(limits);
    snprintf(received, sizeof received, "%llu", (unsigned long long)upload->received);
    timestamp_format(upload->expires_at, expires_at);
    return db_run(db, &advance, (const char *const[]){upload->id, received, expires_at}, NULL);
}

/* What a piece is to an upload whose row is locked. */
static enum upload_outcome judge_piece(const struct upload *upload, bool found, uint64_t offset, size_t length)
{
    if (!found)
        return UPLOAD_GONE;
    if (offset != upload->received)
        return UPLOAD_ELSEWHERE;
    if (length == 0 || length > upload->size - offset ||
        (length < UPLOAD_LEAST_PIECE && length < upload->size - offset))
        return UPLOAD_TOO_LONG;
    return UPLOAD_DONE;
}

enum db_status upload_append(struct db *db, const struct principal *principal, const struct upload_limits *limits,
                             const char *id, uint64_t offset, const char *bytes, size_t length, struct arena *arena,
                             enum upload_outcome *ret_outcome, struct upload *ret_upload)
{
    static const struct db_statement lock = {"lock_upload",
                                             "select " UPLOAD_COLUMNS " from tributary.upload"
                                             " where upload = $1::uuid and expires_at > clock_timestamp() for update",
                                             1};
    struct db_context context = principal_context(principal);
    enum db_status status = db_change_begin(db, &context);
    bool found = false;

    if (status == DB_OK)
        status = find(db, &lock, id, arena, &found, ret_upload);
    *ret_outcome = judge_piece(ret_upload, found, offset, length);

    bool takes = status == DB_OK && *ret_outcome == UPLOAD_DONE;

    if (takes)
        status = insert_rows(db, principal, id, offset, bytes, length);
    if (takes && status == DB_OK)
        status = move_on(db, limits, ret_upload, length);

    enum db_status end = db_change_end(db, takes && status == DB_OK);

    return status == DB_OK ? end : status;
}

enum db_status upload_drop(struct db *db, const struct principal *principal, const char *id, bool *ret_found)
{
    static const struct db_statement drop = {"drop_upload", "select tributary.drop_upload($1::uuid)", 1};
    struct db_context context = principal_context(principal);
    PGresult *result = NULL;
    enum db_status status;

    *ret_found = false;
    if (!uuid_is_well_formed(id))
        return DB_OK;
    status = db_change_begin(db, &context);
    if (status == DB_OK)
        status = db_run(db, &drop, (const char *const[]){id}, &result);
    if (status == DB_OK)
        *ret_found = result_bool(result, 0, 0);
    PQclear(result);

    enum db_status end = db_change_end(db, status == DB_OK);

    return status == DB_OK ? end : status;
}

json_t *upload_to_json(const struct upload *upload)
{
    char expires_at[TIMESTAMP_TEXT_SIZE];

    timestamp_format(upload->expires_at, expires_at);
    return json_pack("{ss ss sI sI si ss}", "upload", upload->id, "name", upload->name, "size",
                     (json_int_t)upload->size, "offset", (json_int_t)upload->received, "piece", UPLOAD_PIECE,
                     "expires_at", expires_at);
}
