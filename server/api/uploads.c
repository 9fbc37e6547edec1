/* uploads.c: files on their way in: POST …/uploads, GET, PATCH and DELETE /v1/uploads/{id}. */
#include <string.h>
#include <strings.h>

#include "api/common.h"
#include "api/handlers.h"
#include "api/members.h"
#include "ledger/job.h"

enum { LONGEST_NAME = 1000 };

static enum step_result reply_upload(struct request *request, int status, const struct upload *upload)
{
    reply_header(request, "Upload-Offset", arena_format(request->arena, "%llu", (unsigned long long)upload->received));
    reply_header(request, "Upload-Length", arena_format(request->arena, "%llu", (unsigned long long)upload->size));
    return reply_json(request, status, upload_to_json(upload));
}

static enum step_result reply_outcome(struct request *request, enum upload_outcome outcome, const struct upload *upload)
{
    static const enum problem problems[] = {
        [UPLOAD_GONE] = PROBLEM_upload_gone,          [UPLOAD_ELSEWHERE] = PROBLEM_upload_offset,
        [UPLOAD_TOO_LONG] = PROBLEM_upload_piece,     [UPLOAD_TOO_MANY] = PROBLEM_too_many_uploads,
        [UPLOAD_TOO_MUCH] = PROBLEM_too_many_uploads,
    };

    if (outcome == UPLOAD_GONE || outcome == UPLOAD_TOO_MANY || outcome == UPLOAD_TOO_MUCH)
        return reply_problem(request, problems[outcome], NULL);
    reply_header(request, "Upload-Offset", arena_format(request->arena, "%llu", (unsigned long long)upload->received));
    return reply_problem_with(request, problems[outcome], NULL,
                              json_pack("{sI}", "offset", (json_int_t)upload->received));
}

/* ---- opening ---------------------------------------------------------------------------------------------------- */

static bool read_announcement(struct request *request, struct upload *upload)
{
    static const char *const known[] = {"size", "name", "sha256", NULL};
    uint64_t most = request->service->upload_limits.most_size;
    json_t *body = members_read(request, known);
    const char *sha256 = NULL;
    json_int_t size = json_integer_value(json_object_get(body, "size"));
    bool good = body && members_text(request, body, "name", LONGEST_NAME, true, &upload->name) &&
                members_text(request, body, "sha256", DIGEST_TEXT_SIZE, false, &sha256);

    json_decref(body);
    if (!good)
        return false;
    upload->has_sha256 = sha256 && digest_parse(sha256, &upload->sha256);
    upload->size = (uint64_t)size;
    if (sha256 && !upload->has_sha256)
        members_refuse(request, "sha256", bilingual(request, "64 個十六進位數字", "64 hexadecimal digits"));
    else if (size <= 0)
        members_refuse(request, "size", "1, 2, 3 …");
    else if (upload->size > most)
        reply_problem_with(request, PROBLEM_attachment_too_large, NULL, json_pack("{sI}", "most", (json_int_t)most));
    else
        return true;
    return false;
}

enum step_result post_upload(struct request *request, struct db *db)
{
    struct upload upload = {0};
    char id[UUID_TEXT_SIZE];
    enum upload_outcome outcome;
    enum db_status status;

    if (!find_plan(request, db, NULL) || !read_announcement(request, &upload))
        return STEP_DONE;
    uuid_make(id);
    upload.id = id;
    status = upload_open(db, &request->principal, &request->service->upload_limits, &upload, &outcome);
    if (status != DB_OK)
        return reply_db_failure(request, db, (int)status, "upload_open_failed");
    if (outcome != UPLOAD_DONE)
        return reply_outcome(request, outcome, &upload);
    reply_header(request, "Location", arena_format(request->arena, "/v1/uploads/%s", id));
    return reply_upload(request, 201, &upload);
}

/* ---- going on --------------------------------------------------------------------------------------------------- */

enum step_result get_upload(struct request *request, struct db *db)
{
    struct upload upload;
    bool found = false;

    if (begin_snapshot(request, db)) {
        enum db_status status = upload_find(db, request->path_parameters[0], request->arena, &found, &upload);

        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "upload_find_failed");
        else if (!found)
            reply_problem(request, PROBLEM_upload_gone, NULL);
        else
            reply_upload(request, 200, &upload);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

static bool read_offset(struct request *request, uint64_t *ret_offset)
{
    const char *text = request_header(request, "Upload-Offset");
    uint64_t offset = 0;
    size_t length = text ? strlen(text) : 0;

    if (length == 0 || length > 15 || strspn(text, "0123456789") != length) {
        reply_problem(request, PROBLEM_bad_request, "Upload-Offset: 0, 1, 2 …");
        return false;
    }
    for (; *text; text++)
        offset = offset * 10 + (uint64_t)(*text - '0');
    *ret_offset = offset;
    return true;
}

enum step_result patch_upload(struct request *request, struct db *db)
{
    const char *type = request_header(request, MHD_HTTP_HEADER_CONTENT_TYPE);
    struct upload upload = {0};
    enum upload_outcome outcome;
    uint64_t offset;

    if (!type || strcasecmp(type, "application/octet-stream") != 0)
        return reply_problem(request, PROBLEM_unsupported_media_type, "application/octet-stream");
    if (!read_offset(request, &offset))
        return STEP_DONE;

    enum db_status status =
        upload_append(db, &request->principal, &request->service->upload_limits, request->path_parameters[0], offset,
                      request->body.data, request->body.length, request->arena, &outcome, &upload);

    if (status != DB_OK)
        return reply_db_failure(request, db, (int)status, "upload_append_failed");
    return outcome == UPLOAD_DONE ? reply_upload(request, 200, &upload) : reply_outcome(request, outcome, &upload);
}

enum step_result delete_upload(struct request *request, struct db *db)
{
    bool found = false;
    enum db_status status = upload_drop(db, &request->principal, request->path_parameters[0], &found);

    if (status != DB_OK)
        return reply_db_failure(request, db, (int)status, "upload_drop_failed");
    return found ? reply_bytes(request, 204, NULL, NULL, 0) : reply_problem(request, PROBLEM_upload_gone, NULL);
}
