/* attachments.c: the list of a submission's attachments, and the bytes of one, whole or from where a line broke. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/common.h"
#include "api/file_part.h"
#include "api/handlers.h"
#include "api/tabular.h"
#include "attachments/attachments.h"
#include "attachments/pieces.h"
#include "base/log.h"
#include "revisions/revisions.h"

/* ---- list ------------------------------------------------------------------------------------------------------- */

static const struct tabulation_column columns[] = {
    {.code = "attachment", .kind = COLUMN_CODE, .heading = {{"識別碼", "Id"}}},
    {.code = "slot", .kind = COLUMN_CODE, .heading = {{"種類", "Kind"}}},
    {.code = "name", .kind = COLUMN_TEXT, .heading = {{"檔名", "Name"}}},
    {.code = "type", .kind = COLUMN_CODE, .heading = {{"格式", "Type"}}},
    {.code = "size", .kind = COLUMN_INTEGER, .heading = {{"位元組", "Bytes"}}},
    {.code = "sha256", .kind = COLUMN_CODE, .heading = {{"雜湊", "SHA-256"}}},
    {.code = "received_at", .kind = COLUMN_MOMENT, .heading = {{"收到時間", "Received"}}},
    {.code = "recorded_at", .kind = COLUMN_MOMENT, .heading = {{"登錄時間", "Recorded"}}},
    {.code = "on_behalf", .kind = COLUMN_TRUTH, .heading = {{"性平辦代報", "By the GEO on behalf"}}},
    {.code = "withdrawn", .kind = COLUMN_TEXT, .heading = {{"撤回原因", "Withdrawn because"}}},
};

static enum step_result reply_list_table(struct request *request, const struct attachment *attachments, size_t count)
{
    static const struct name title = {{"附件", "Attachments"}};
    struct arena *arena = request->arena;
    struct tabulation *table = new_tabulation(request, NULL, &title, NULL, columns, sizeof columns / sizeof *columns);

    for (size_t i = 0; table && i < count; i++) {
        const struct attachment *one = &attachments[i];
        char sha256[DIGEST_TEXT_SIZE], received_at[TIMESTAMP_TEXT_SIZE], recorded_at[TIMESTAMP_TEXT_SIZE];

        digest_format(&one->sha256, sha256);
        timestamp_format(one->received_at, received_at);
        timestamp_format(one->recorded_at, recorded_at);
        tabulation_row(table, (const char *const[]){one->id, one->slot, one->name, one->type,
                                                    arena_format(arena, "%llu", (unsigned long long)one->size),
                                                    arena_text(arena, sha256), arena_text(arena, received_at),
                                                    arena_text(arena, recorded_at), one->on_behalf ? "true" : "false",
                                                    one->withdrawn_because});
    }
    return reply_tabulation(request, table);
}

static void reply_list(struct request *request, struct db *db, const struct revision *revision)
{
    struct attachment *attachments = NULL;
    size_t count = 0;
    enum db_status status = attachment_list(db, revision->submission, request->arena, &attachments, &count);

    if (status != DB_OK) {
        reply_db_failure(request, db, (int)status, "attachment_list_failed");
        return;
    }
    if (request->format != FORMAT_JSON) {
        reply_list_table(request, attachments, count);
        return;
    }
    reply_json(request, 200, json_pack("{so}", "attachments", attachments_to_json(attachments, count)));
}

enum step_result list_attachments(struct request *request, struct db *db)
{
    struct revision revision;
    bool found = false;

    if (begin_snapshot(request, db)) {
        enum db_status status = revision_find(db, request->path_parameters[0], request->arena, &found, &revision);

        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "revision_find_failed");
        else if (!found)
            reply_problem(request, PROBLEM_not_found, NULL);
        else
            reply_list(request, db, &revision);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

/* ---- the bytes -------------------------------------------------------------------------------------------------- */

struct sending {
    const char *content;
    uint64_t at;
};

/* Loads the piece that comes next, on a worker. */
static enum step_result load_piece(struct request *request, struct db *db)
{
    struct sending *sending = request->reply.stream->state;
    struct db_context context = principal_context(&request->principal);
    unsigned char *bytes = NULL;
    uint64_t start = 0;
    size_t length = 0;
    enum db_status status = db_snapshot_begin(db, &context);

    if (status == DB_OK)
        status = piece_read(db, sending->content, sending->at, &start, &bytes, &length);
    db_snapshot_end(db);
    if (status != DB_OK)
        log_event(LOG_WARNING, "attachment_broken_off", "%s %s", db_sqlstate(db), db_error(db));

    char *copy = bytes ? malloc(length) : NULL;

    if (copy) {
        size_t skipped = (size_t)(sending->at - start);

        memcpy(copy, bytes, length);
        sending->at = start + length;
        stream_loaded(request, copy, skipped, length);
    }
    PQfreemem(bytes);
    return STEP_DONE;
}

static enum step_result reply_bytes_of(struct request *request, const struct attachment *attachment)
{
    struct reply_stream *stream = arena_alloc(request->arena, sizeof *stream);
    struct sending *sending = arena_alloc(request->arena, sizeof *sending);
    struct file_part part;

    if (!stream || !sending)
        return reply_problem(request, PROBLEM_internal, NULL);
    if (!read_file_part(request, attachment->size, &part))
        return STEP_DONE;
    /* whatever it holds, a browser shows nothing of it as ours */
    reply_header(request, "Content-Security-Policy", "sandbox; default-src 'none'");
    reply_header(request, "Content-Disposition", attachment_disposition(request->arena, attachment->name));
    *sending = (struct sending){attachment->content, part.first};
    *stream = (struct reply_stream){.length = part.length, .load = load_piece, .state = sending};
    return reply_stream(request, part.status, attachment->type, stream);
}

enum step_result get_attachment(struct request *request, struct db *db)
{
    struct attachment attachment;
    char sha256[DIGEST_TEXT_SIZE];
    bool found = false;

    if (begin_snapshot(request, db)) {
        enum db_status status =
            attachment_file_find(db, request->path_parameters[0], request->arena, &found, &attachment);

        if (status != DB_OK) {
            reply_db_failure(request, db, (int)status, "attachment_find_failed");
        } else if (!found) {
            reply_problem(request, PROBLEM_not_found, NULL);
        } else {
            digest_format(&attachment.sha256, sha256);
            snprintf(request->reply.etag, sizeof request->reply.etag, "\"%s\"", sha256);
            reply_bytes_of(request, &attachment);
        }
    }
    db_snapshot_end(db);
    return STEP_DONE;
}
