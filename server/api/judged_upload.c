/* judged_upload.c: looking at the bytes of an upload. */
#include "api/judged_upload.h"

#include <string.h>

#include "attachments/pieces.h"
#include "attachments/uploads.h"

static enum problem judge_bytes(struct db *db, const struct upload *upload, struct judged_upload *file,
                                enum db_status *ret_status)
{
    struct piece_reader reader = {.db = db, .content = upload->id};
    struct byte_source source = piece_source(&reader, upload->size);
    enum problem problem = PROBLEM_internal;
    bool read = source_digest(&source, &file->sha256);

    if (read && upload->has_sha256 && memcmp(upload->sha256.bytes, file->sha256.bytes, DIGEST_SIZE) != 0)
        problem = PROBLEM_upload_differs;
    else
        read = read && attachment_judge(&source, &problem, &file->type);
    piece_reader_end(&reader);
    *ret_status = read ? DB_OK : reader.status != DB_OK ? reader.status : DB_FAILED;
    return problem;
}

bool judge_upload(struct request *request, struct db *db, struct judged_upload *file)
{
    struct upload upload;
    bool found = false;
    enum problem problem = PROBLEM_NONE;
    enum db_status status = upload_find(db, file->upload, request->arena, &found, &upload);

    if (status == DB_OK && !found)
        problem = PROBLEM_upload_gone;
    else if (status == DB_OK && upload.received != upload.size)
        problem = PROBLEM_upload_incomplete;
    else if (status == DB_OK)
        problem = judge_bytes(db, &upload, file, &status);
    if (status != DB_OK)
        reply_db_failure(request, db, (int)status, "upload_judge_failed");
    else if (problem != PROBLEM_NONE)
        reply_problem(request, problem, NULL);
    else if (!file->name)
        file->name = upload.name;
    return status == DB_OK && problem == PROBLEM_NONE;
}
