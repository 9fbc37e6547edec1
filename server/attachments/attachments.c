/* attachments.c: queries over attachments. */
#include "attachments/attachments.h"

#include <stdio.h>
#include <string.h>

#define ATTACHMENTS                                                                                                    \
    "select a.attachment, a.slot, a.name, a.type, a.content, a.office, a.revision, a.submission, c.size, c.sha256,"    \
    " tributary.micros(a.recorded_at), tributary.micros(a.received_at), a.sequence, w.reason,"                         \
    " tributary.micros(w.recorded_at), a.on_behalf, w.on_behalf"                                                       \
    " from tributary.attachment a join tributary.attachment_content c using (content)"                                 \
    " left join tributary.attachment_withdrawal w using (attachment)"

static struct attachment read_row(const PGresult *result, int row, struct arena *arena)
{
    struct attachment attachment = {
        .id = arena_text(arena, result_text(result, row, 0)),
        .slot = arena_text(arena, result_text(result, row, 1)),
        .name = arena_text(arena, result_text(result, row, 2)),
        .type = arena_text(arena, result_text(result, row, 3)),
        .content = arena_text(arena, result_text(result, row, 4)),
        .office = arena_text(arena, result_text(result, row, 5)),
        .submission = arena_text(arena, result_text(result, row, 6)),
        .thread = result_int64(result, row, 7),
        .size = (uint64_t)result_int64(result, row, 8),
        .recorded_at = result_int64(result, row, 10),
        .received_at = result_int64(result, row, 11),
        .sequence = result_int64(result, row, 12),
        .on_behalf = result_bool(result, row, 15),
        .withdrawn_because = arena_text(arena, result_text(result, row, 13)),
    };

    bytea_parse(PQgetvalue(result, row, 9), attachment.sha256.bytes, DIGEST_SIZE);
    if (attachment.withdrawn_because) {
        attachment.withdrawn_at = result_int64(result, row, 14);
        attachment.withdrawn_on_behalf = result_bool(result, row, 16);
    }
    return attachment;
}

static enum db_status find(struct db *db, const struct db_statement *statement, const char *id, struct arena *arena,
                           bool *ret_found, struct attachment *ret_attachment)
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
        *ret_attachment = read_row(result, 0, arena);
    PQclear(result);
    return arena_is_short(arena) ? DB_FAILED : DB_OK;
}

enum db_status attachment_find(struct db *db, const char *id, struct arena *arena, bool *ret_found,
                               struct attachment *ret_attachment)
{
    static const struct db_statement by_id = {"attachment_find", ATTACHMENTS " where a.attachment = $1::uuid", 1};

    return find(db, &by_id, id, arena, ret_found, ret_attachment);
}

/* Files that reports of progress attach, in the same columns. */
#define PROGRESS_FILES                                                                                                 \
    " union all select d.attachment, 'progress', d.name, d.type, d.content, null, null, 0, c.size, c.sha256,"          \
    " tributary.micros(p.recorded_at), tributary.micros(p.recorded_at), p.sequence, null, null, false, null"           \
    " from tributary.decision_attachment d join tributary.attachment_content c using (content)"                        \
    " join tributary.decision_progress p using (progress)"

enum db_status attachment_file_find(struct db *db, const char *id, struct arena *arena, bool *ret_found,
                                    struct attachment *ret_attachment)
{
    static const struct db_statement by_id = {
        "attachment_file_find",
        ATTACHMENTS " where a.attachment = $1::uuid" PROGRESS_FILES " where d.attachment = $1::uuid", 1};

    return find(db, &by_id, id, arena, ret_found, ret_attachment);
}

enum db_status attachment_file_of_upload(struct db *db, const char *upload, struct arena *arena, bool *ret_found,
                                         struct attachment *ret_attachment)
{
    static const struct db_statement by_upload = {
        "attachment_file_of_upload",
        ATTACHMENTS " where a.upload = $1::uuid" PROGRESS_FILES " where d.upload = $1::uuid", 1};

    return find(db, &by_upload, upload, arena, ret_found, ret_attachment);
}

enum db_status attachment_of_upload(struct db *db, const char *upload, struct arena *arena, bool *ret_found,
                                    struct attachment *ret_attachment)
{
    static const struct db_statement by_upload = {"attachment_of_upload", ATTACHMENTS " where a.upload = $1::uuid", 1};

    return find(db, &by_upload, upload, arena, ret_found, ret_attachment);
}

enum db_status attachment_list(struct db *db, int64_t submission, struct arena *arena,
                               struct attachment **ret_attachments, size_t *ret_count)
{
    static const struct db_statement of_submission = {
        "attachment_list", ATTACHMENTS " where a.submission = $1::bigint order by a.sequence", 1};
    char key[24];
    PGresult *result = NULL;

    snprintf(key, sizeof key, "%lld", (long long)submission);

    enum db_status status = db_run(db, &of_submission, (const char *const[]){key}, &result);

    if (status != DB_OK)
        return status;
    int count = PQntuples(result);

    *ret_attachments = arena_alloc_array(arena, (size_t)count + 1, sizeof **ret_attachments);
    *ret_count = *ret_attachments ? (size_t)count : 0;
    for (int i = 0; *ret_attachments && i < count; i++)
        (*ret_attachments)[i] = read_row(result, i, arena);
    PQclear(result);
    return arena_is_short(arena) ? DB_FAILED : DB_OK;
}

json_t *attachment_to_json(const struct attachment *attachment)
{
    char sha256[DIGEST_TEXT_SIZE], recorded_at[TIMESTAMP_TEXT_SIZE], received_at[TIMESTAMP_TEXT_SIZE],
        withdrawn_at[TIMESTAMP_TEXT_SIZE];
    json_t *withdrawal = json_null();

    digest_format(&attachment->sha256, sha256);
    timestamp_format(attachment->recorded_at, recorded_at);
    timestamp_format(attachment->received_at, received_at);
    if (attachment->withdrawn_because) {
        timestamp_format(attachment->withdrawn_at, withdrawn_at);
        withdrawal = json_pack("{ss ss sb}", "reason", attachment->withdrawn_because, "recorded_at", withdrawn_at,
                               "on_behalf", attachment->withdrawn_on_behalf);
    }
    return json_pack("{ss ss ss ss ss ss sI ss ss ss s{sI} sb so}", "attachment", attachment->id, "submission",
                     attachment->submission, "office", attachment->office, "slot", attachment->slot, "name",
                     attachment->name, "type", attachment->type, "size", (json_int_t)attachment->size, "sha256", sha256,
                     "received_at", received_at, "recorded_at", recorded_at, "log", "sequence",
                     (json_int_t)attachment->sequence, "on_behalf", attachment->on_behalf, "withdrawn", withdrawal);
}

json_t *attachments_to_json(const struct attachment *attachments, size_t count)
{
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, attachment_to_json(&attachments[i]));
    return list;
}
