/* attach.c: an upload becomes an attachment of a submission; an attachment is withdrawn. */
#include <string.h>

#include "api/closed.h"
#include "api/common.h"
#include "api/handlers.h"
#include "api/judged_upload.h"
#include "api/members.h"
#include "api/recording.h"
#include "attachment/name.h"
#include "attachments/attachments.h"
#include "revisions/revisions.h"

enum { LONGEST_NAME = 1000, LONGEST_REASON = 6000, LONGEST_SLOT = 100, MOST_REASON_CHARACTERS = 2000 };

/* An attachment while it is on its way. */
struct attaching {
    struct judged_upload file;
    const char *slot_code;
    const struct attachment_slot *slot;
    struct act *act;
    char id[UUID_TEXT_SIZE];
};

/* ---- answers ---------------------------------------------------------------------------------------------------- */

static enum step_result reply_attachment(struct request *request, struct db *db, const char *id, int status)
{
    struct attachment attachment;
    bool found = false;

    if (begin_snapshot(request, db)) {
        enum db_status asked = attachment_find(db, id, request->arena, &found, &attachment);

        if (asked != DB_OK || !found)
            reply_db_failure(request, db, (int)asked, "attachment_find_failed");
        else
            reply_json(request, status, attachment_to_json(&attachment));
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

static enum step_result answer_attachment(struct request *request, struct db *db)
{
    static const struct refusal refusals[] = {{"upload_gone", PROBLEM_upload_gone, NULL},
                                              {"upload_incomplete", PROBLEM_upload_incomplete, NULL},
                                              {"upload_used", PROBLEM_upload_used, NULL},
                                              {"slot_full", PROBLEM_attachment_slot_full, NULL},
                                              {"submission_withdrawn", PROBLEM_submission_withdrawn, NULL},
                                              {NULL, PROBLEM_NONE, NULL}};
    struct attaching *attaching = request->state;
    struct act *act = attaching->act;

    if (is_period_closed(act))
        return reply_period_closed(request, db, act->id);
    if (!act_succeeded(request, act, refusals))
        return STEP_DONE;

    bool is_new = act->job.outcome == JOB_RECORDED || strcmp(act->id, attaching->id) == 0;

    if (is_new)
        upload_drop_expired(db); /* the bytes of a file that is stored already; otherwise the next one clears up */
    return reply_attachment(request, db, act->id, is_new ? 201 : 200);
}

/* ---- judging the upload ----------------------------------------------------------------------------------------- */

/* The upload may be attached already, by a request whose answer was lost: then it is known. */
static bool recall_upload(struct request *request, struct db *db, struct attaching *attaching, bool *ret_known)
{
    struct attachment before;
    enum db_status status = attachment_of_upload(db, attaching->file.upload, request->arena, ret_known, &before);

    if (status != DB_OK) {
        reply_db_failure(request, db, (int)status, "attachment_find_failed");
        return false;
    }
    if (*ret_known) {
        attaching->file.sha256 = before.sha256;
        attaching->file.type = attachment_type(before.type);
        if (!attaching->file.name)
            attaching->file.name = before.name;
    }
    if (*ret_known && !attaching->file.type) { /* of a type that is taken no more */
        reply_problem(request, PROBLEM_upload_used, NULL);
        return false;
    }
    return true;
}

/* The slot asked for, and those there are. */
static const char *name_slots(struct request *request, const struct form *form, const char *asked)
{
    const char *text = asked, *separator = request->language == LANGUAGE_ZH ? "；可用：" : "; there are ",
               *comma = request->language == LANGUAGE_ZH ? "、" : ", ";

    for (size_t i = 0; form && i < form->slot_count && text; i++)
        text = arena_format(request->arena, "%s%s%s", text, i == 0 ? separator : comma, form->slots[i].code);
    return text;
}

static bool find_slot(struct request *request, struct db *db, struct attaching *attaching)
{
    struct revision revision;
    bool found = false;
    enum db_status status = revision_find(db, request->path_parameters[0], request->arena, &found, &revision);
    const struct plan_version *version =
        found ? shelf_find(request->service->shelf, request->principal.jurisdiction, revision.plan, NULL) : NULL;
    const struct form *form = version ? plan_form(version->plan, revision.form) : NULL;

    if (status != DB_OK) {
        reply_db_failure(request, db, (int)status, "revision_find_failed");
        return false;
    }
    if (!found) {
        reply_problem(request, PROBLEM_not_found, NULL);
        return false;
    }
    for (size_t i = 0; form && i < form->slot_count; i++)
        if (strcmp(form->slots[i].code, attaching->slot_code) == 0)
            attaching->slot = &form->slots[i];
    if (!attaching->slot)
        reply_problem(request, PROBLEM_no_such_slot, name_slots(request, form, attaching->slot_code));
    return attaching->slot != NULL;
}

/* ---- the handlers ----------------------------------------------------------------------------------------------- */

static bool read_order(struct request *request, struct attaching *attaching)
{
    static const char *const known[] = {"upload", "slot", "name", NULL};
    json_t *body = members_read(request, known);
    bool good = body && members_text(request, body, "upload", UUID_TEXT_SIZE - 1, true, &attaching->file.upload) &&
                members_text(request, body, "slot", LONGEST_SLOT, true, &attaching->slot_code) &&
                members_text(request, body, "name", LONGEST_NAME, false, &attaching->file.name);

    json_decref(body);
    if (good && !uuid_is_well_formed(attaching->file.upload)) {
        members_refuse(request, "upload", "UUID");
        good = false;
    }
    return good;
}

/* When it reached us: on a sample database by the feeder's clock, which job_prepare() checks. */
static const char *received_at(struct request *request)
{
    const char *clock = request_header(request, "Tributary-Sample-Clock");
    timestamp moment = request->received_at;
    char text[TIMESTAMP_TEXT_SIZE];

    if (clock && request->service->sample)
        timestamp_parse(clock, &moment);
    timestamp_format(moment, text);
    return arena_text(request->arena, text);
}

static enum step_result queue_attachment(struct request *request, struct attaching *attaching)
{
    static const struct db_statement record = {
        "record_attachment",
        "select outcome, id, recorded_at, sequence, said from tributary.record_attachment($1::uuid, $2::uuid, $3::uuid, $4,"
        " $5::integer, $6, $7, $8::bytea, $9::timestamptz, $10::timestamptz, $11::uuid, $12, $13::bytea)",
        13};
    char sha256[BYTEA_TEXT_SIZE];
    const char *name = attachment_name(request->arena, attaching->file.name, attaching->file.type);

    bytea_format(attaching->file.sha256.bytes, DIGEST_SIZE, sha256);

    struct act *act = name
                          ? act_prepare(request, "attachment", &record,
                                        (const char *const[]){attaching->id, attaching->file.upload,
                                                              request->path_parameters[0], attaching->slot->code,
                                                              arena_format(request->arena, "%d", attaching->slot->most),
                                                              name, attaching->file.type->media_type,
                                                              arena_text(request->arena, sha256), received_at(request)})
                          : NULL;

    attaching->act = act;
    return act ? job_queue(request, &act->job, answer_attachment) : STEP_DONE;
}

enum step_result post_attachment(struct request *request, struct db *db)
{
    struct attaching *attaching = arena_alloc(request->arena, sizeof *attaching);
    bool known = false, good;

    if (!attaching)
        return reply_problem(request, PROBLEM_internal, NULL);
    request->state = attaching;
    if (!identity_may_hand_in(request->service->identity, &request->principal, request->service->hand_ins_per_second))
        return reply_problem(request, PROBLEM_too_many_requests, NULL);
    if (!read_order(request, attaching))
        return STEP_DONE;
    uuid_make(attaching->id);
    good = begin_snapshot(request, db) && find_slot(request, db, attaching) &&
           recall_upload(request, db, attaching, &known) && (known || judge_upload(request, db, &attaching->file));
    db_snapshot_end(db);
    return good ? queue_attachment(request, attaching) : STEP_DONE;
}

/* ---- withdrawal ------------------------------------------------------------------------------------------------- */

static enum step_result answer_withdrawal(struct request *request, struct db *db)
{
    static const struct refusal refusals[] = {{"withdrawn", PROBLEM_attachment_withdrawn, NULL},
                                              {NULL, PROBLEM_NONE, NULL}};
    struct act *act = request->state;

    if (is_period_closed(act))
        return reply_period_closed(request, db, act->id);
    if (!act_succeeded(request, act, refusals))
        return STEP_DONE;
    return reply_attachment(request, db, act->id, act->job.outcome == JOB_RECORDED ? 201 : 200);
}

static size_t count_characters(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

static bool read_reason(struct request *request, const char **ret_reason)
{
    static const char *const known[] = {"reason", NULL};
    json_t *body = members_read(request, known);
    bool good = body && members_text(request, body, "reason", LONGEST_REASON, true, ret_reason);

    json_decref(body);
    if (good &&
        (count_characters(*ret_reason) > MOST_REASON_CHARACTERS || !(*ret_reason)[strspn(*ret_reason, " \t\r\n")])) {
        members_refuse(request, "reason",
                       arena_format(request->arena, bilingual(request, "1–%d 字的事由", "a reason of 1–%d characters"),
                                    MOST_REASON_CHARACTERS));
        good = false;
    }
    return good;
}

/* Whether the attachment in the address is there to see. False: a problem is replied. */
static bool is_there(struct request *request, struct db *db)
{
    struct attachment attachment;
    bool found = false, good = begin_snapshot(request, db);

    if (good) {
        enum db_status status = attachment_find(db, request->path_parameters[0], request->arena, &found, &attachment);

        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "attachment_find_failed");
        else if (!found)
            reply_problem(request, PROBLEM_not_found, NULL);
    }
    db_snapshot_end(db);
    return found;
}

enum step_result post_attachment_withdrawal(struct request *request, struct db *db)
{
    static const struct db_statement record = {
        "record_attachment_withdrawal",
        "select outcome, id, recorded_at, sequence, said from tributary.record_attachment_withdrawal($1::uuid, $2,"
        " $3::timestamptz, $4::timestamptz, $5::uuid, $6, $7::bytea)",
        7};
    const char *reason;
    struct act *act;

    if (!is_there(request, db) || !read_reason(request, &reason))
        return STEP_DONE;
    act = act_prepare(request, "attachment_withdrawal", &record,
                      (const char *const[]){request->path_parameters[0], reason, received_at(request)});
    if (!act)
        return STEP_DONE;
    request->state = act;
    return job_queue(request, &act->job, answer_withdrawal);
}
