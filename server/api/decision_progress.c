/* decision_progress.c: what an owner reports of a decision, with the files that show it. */
#include "api/common.h"
#include "api/decision_tracking.h"
#include "api/handlers.h"
#include "api/judged_upload.h"
#include "api/members.h"
#include "api/recording.h"
#include "attachment/name.h"
#include "attachments/attachments.h"
#include "base/json.h"

enum { MOST_FILES = 20, LONGEST_NAME = 1000 };

struct reporting {
    const char *owner, *text, *proposes, *attachments;
};

/* A file that is attached already, by a request whose answer was lost, or elsewhere: the store tells them apart. An upload
 * that isn't is judged. False: a problem is replied. */
static bool recall_or_judge(struct request *request, struct db *db, struct judged_upload *file)
{
    struct attachment before;
    bool known = false;
    enum db_status status = attachment_file_of_upload(db, file->upload, request->arena, &known, &before);

    if (status != DB_OK) {
        reply_db_failure(request, db, (int)status, "attachment_find_failed");
        return false;
    }
    file->type = known ? attachment_type(before.type) : NULL;
    if (!file->type)
        return judge_upload(request, db, file);
    file->sha256 = before.sha256;
    if (!file->name)
        file->name = before.name;
    return true;
}

/* One file as the database takes it. NULL: a problem is replied. */
static json_t *read_file(struct request *request, struct db *db, struct list_place place, const json_t *one)
{
    struct judged_upload file = {0};
    char id[UUID_TEXT_SIZE], sha256[DIGEST_TEXT_SIZE];
    const char *name;

    if (!json_is_object(one) || json_object_size(one) != (json_object_get(one, "name") ? 2 : 1)) {
        members_refuse_row(request, place, "", "{\"upload\",\"name\"}");
        return NULL;
    }
    if (!members_text(request, one, "upload", LONGEST_TRACKING_CODE, true, &file.upload) ||
        !members_text(request, one, "name", LONGEST_NAME, false, &file.name))
        return NULL;
    if (!uuid_is_well_formed(file.upload)) {
        members_refuse_row(request, place, "upload", "UUID");
        return NULL;
    }
    if (!recall_or_judge(request, db, &file))
        return NULL;
    uuid_make(id);
    digest_format(&file.sha256, sha256);
    name = attachment_name(request->arena, file.name, file.type);
    return json_pack("{ss ss ss ss ss}", "attachment", id, "upload", file.upload, "name", name, "type",
                     file.type->media_type, "sha256", sha256);
}

/* The files, each looked at. Inside a snapshot. NULL: a problem is replied. */
static const char *read_files(struct request *request, struct db *db, const json_t *json)
{
    const json_t *given = json_object_get(json, "attachments"), *one;
    json_t *files = json_array(), *file;
    bool good = !given || json_is_null(given) || (json_is_array(given) && json_array_size(given) <= MOST_FILES);
    const char *text = NULL;
    size_t i;

    if (!good)
        members_refuse(
            request, "attachments",
            arena_format(request->arena, bilingual(request, "0–%d 個檔案的清單", "a list of 0–%d files"), MOST_FILES));
    json_array_foreach(given, i, one) {
        if (!good || !(file = read_file(request, db, (struct list_place){"attachments", i}, one))) {
            good = false;
            break;
        }
        json_array_append_new(files, file);
    }
    if (good)
        text = decision_json_text(request, files);
    json_decref(files);
    return text;
}

/* Whose progress it is; an office's own without saying so. False: a problem is replied. */
static bool read_reporter(struct request *request, const json_t *json, const struct tracking *tracking,
                          struct reporting *reporting)
{
    const json_t *asked = json_object_get(json, "owner");
    int place = 0;

    if (asked && !json_is_null(asked) && !(place = tracking_owner(tracking->decision, asked))) {
        members_refuse(
            request, "owner",
            bilingual(request, "列管事項的權責機關序號 1、2 …", "the number of an owner of the decision, 1, 2 …"));
        return false;
    }
    if (!place && request->principal.role != ROLE_OFFICE) {
        if (json_array_size(json_object_get(tracking->decision, "owners")) != 1) {
            members_refuse(
                request, "owner",
                bilingual(request, "列管事項的權責機關序號 1、2 …", "the number of an owner of the decision, 1, 2 …"));
            return false;
        }
        place = 1;
    }
    reporting->owner = place ? arena_format(request->arena, "%d", place) : NULL;
    return true;
}

static bool read_progress(struct request *request, const json_t *json, const struct tracking *tracking,
                          struct reporting *reporting)
{
    if (!read_reporter(request, json, tracking, reporting) ||
        !members_words(request, json, "text", LONGEST_TRACKING_TEXT, true, &reporting->text) ||
        !members_text(request, json, "proposes", LONGEST_TRACKING_CODE, false, &reporting->proposes))
        return false;
    if (!reporting->proposes)
        reporting->proposes = "continue";
    if (is_one_of(reporting->proposes, tracking_outcomes))
        return true;
    members_refuse(request, "proposes", tracking_outcome_words);
    return false;
}

enum step_result post_progress(struct request *request, struct db *db)
{
    static const char *const known[] = {"owner", "text", "proposes", "attachments", NULL};
    struct reporting reporting = {0};
    struct tracking tracking = {0};
    json_t *json = members_read(request, known);
    bool good =
        json && begin_snapshot(request, db) && tracking_find(request, db, request->path_parameters[0], &tracking) &&
        read_progress(request, json, &tracking, &reporting) && (reporting.attachments = read_files(request, db, json));

    db_snapshot_end(db);
    json_decref(tracking.decision);
    json_decref(json);
    if (!good)
        return STEP_DONE;
    return tracking_queue(request,
                          act_prepare(request, "decision_progress", &decision_progress_record,
                                      (const char *const[DECISION_PROGRESS_PARAMETERS - ACT_OWN_PARAMETERS]){
                                          tracking_new_id(request), request->path_parameters[0], reporting.owner,
                                          reporting.text, reporting.proposes, reporting.attachments}));
}
