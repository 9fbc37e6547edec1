/* decision_acts.c: what becomes of a decision: progress, rulings, referrals and their outcome. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api/common.h"
#include "api/decision_answer.h"
#include "api/handlers.h"
#include "api/judged_upload.h"
#include "api/members.h"
#include "api/recording.h"
#include "attachment/name.h"
#include "attachments/attachments.h"
#include "base/json.h"

enum {
    LONGEST_TEXT = 20000,
    LONGEST_REASON = 2000,
    LONGEST_CODE = 100,
    MOST_RULINGS = 50,
    MOST_FILES = 20,
    LONGEST_NAME = 1000
};

static const char *const outcomes[] = {"continue", "close", "hand_over", NULL};
static const char outcome_words[] = "continue, close, hand_over";

/* ---- what they do alike --------------------------------------------------------------------------------------------- */

const char *decision_json_text(struct request *request, const json_t *json)
{
    char *text = json_dumps(json, JSON_COMPACT);
    const char *copy = text ? arena_text(request->arena, text) : NULL;

    free(text);
    if (!copy)
        reply_problem(request, PROBLEM_internal, NULL);
    return copy;
}

bool decision_day(struct request *request, const json_t *json, const char *name, const char **ret_day)
{
    const char *text;
    char iso[DATE_TEXT_SIZE];
    struct date date;

    *ret_day = NULL;
    if (!members_text(request, json, name, LONGEST_CODE, false, &text))
        return false;
    if (!text)
        return true;
    if (!date_parse_habit(text, &date)) {
        members_refuse(request, name, "YYYY-MM-DD");
        return false;
    }
    date_format_iso(date, iso);
    *ret_day = arena_text(request->arena, iso);
    return *ret_day != NULL;
}

/* A decision while something is recorded of it. */
struct tracking {
    const struct plan *plan;
    json_t *decision; /* as it stands */
    const struct body *body;
    const char *unit;
};

/* Inside a snapshot. False: a problem is replied. Free with json_decref(tracking->decision) in any case. */
static bool find_decision(struct request *request, struct db *db, const char *id, struct tracking *tracking)
{
    *tracking = (struct tracking){.plan = decision_plan(request, db, id)};
    if (tracking->plan)
        tracking->decision = decision_read(request, db, tracking->plan, id, NULL);
    if (!tracking->decision)
        return false;
    tracking->body = plan_body(tracking->plan, json_text_member(tracking->decision, "body"));
    tracking->unit = json_text_member(tracking->decision, "unit");
    if (!tracking->body)
        reply_problem(request, PROBLEM_unknown_body, json_text_member(tracking->decision, "body"));
    return tracking->body != NULL;
}

/* The place of an owner, told by it, by an office's code or by a name; 0: there is none. */
static int owner_place(const json_t *decision, const json_t *asked)
{
    const char *text = json_string_value(asked);
    const json_t *owner;
    size_t i;

    json_array_foreach(json_object_get(decision, "owners"), i, owner) {
        static const char *const members[] = {"office", "agency"};

        if (json_is_integer(asked) && json_equal(asked, json_object_get(owner, "owner")))
            return (int)json_integer_value(asked);
        for (size_t k = 0; text && k < sizeof members / sizeof *members; k++) {
            const char *code = json_text_member(owner, members[k]);

            if (code && strcmp(code, text) == 0)
                return (int)json_integer_value(json_object_get(owner, "owner"));
        }
    }
    return 0;
}

/* The meeting that the member "meeting" names, by its id or day, of a unit's body. Inside a snapshot. False: a problem is
 * replied. */
static bool find_meeting(struct request *request, struct db *db, const struct tracking *tracking,
                         const struct body *body, const char *unit, const char *asked, struct decision_place *ret_place)
{
    bool found = false;
    enum db_status status =
        decision_place_asked(db, tracking->plan, body, unit, asked, request->arena, &found, ret_place);

    if (status != DB_OK)
        reply_db_failure(request, db, (int)status, "decision_place_failed");
    else if (!found)
        reply_problem(request, PROBLEM_no_meeting, asked);
    return found;
}

static enum step_result queue(struct request *request, struct act *act)
{
    if (!act)
        return STEP_DONE;
    request->state = act;
    return job_queue(request, &act->job, answer_decision);
}

static const char *new_id(struct request *request)
{
    char id[UUID_TEXT_SIZE];

    uuid_make(id);
    return arena_text(request->arena, id);
}

/* ---- progress ------------------------------------------------------------------------------------------------------- */

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
static json_t *read_file(struct request *request, struct db *db, const json_t *one)
{
    struct judged_upload file = {0};
    char id[UUID_TEXT_SIZE], sha256[DIGEST_TEXT_SIZE];
    const char *name;

    if (!json_is_object(one) || json_object_size(one) != (json_object_get(one, "name") ? 2 : 1)) {
        members_refuse(request, "attachments", "[{\"upload\",\"name\"}]");
        return NULL;
    }
    if (!members_text(request, one, "upload", LONGEST_CODE, true, &file.upload) ||
        !members_text(request, one, "name", LONGEST_NAME, false, &file.name))
        return NULL;
    if (!uuid_is_well_formed(file.upload)) {
        members_refuse(request, "attachments.upload", "UUID");
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
        members_refuse(request, "attachments", arena_format(request->arena, "0–%d", MOST_FILES));
    json_array_foreach(given, i, one) {
        if (!good || !(file = read_file(request, db, one))) {
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

    if (asked && !json_is_null(asked) && !(place = owner_place(tracking->decision, asked))) {
        members_refuse(request, "owner", "1, 2 …");
        return false;
    }
    if (!place && request->principal.role != ROLE_OFFICE) {
        if (json_array_size(json_object_get(tracking->decision, "owners")) != 1) {
            members_refuse(request, "owner", "1, 2 …");
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
        !members_text(request, json, "text", LONGEST_TEXT, true, &reporting->text) ||
        !members_text(request, json, "proposes", LONGEST_CODE, false, &reporting->proposes))
        return false;
    if (!reporting->proposes)
        reporting->proposes = "continue";
    if (is_one_of(reporting->proposes, outcomes))
        return true;
    members_refuse(request, "proposes", outcome_words);
    return false;
}

enum step_result post_progress(struct request *request, struct db *db)
{
    static const char *const known[] = {"owner", "text", "proposes", "attachments", NULL};
    struct reporting reporting = {0};
    struct tracking tracking = {0};
    json_t *json = members_read(request, known);
    bool good =
        json && begin_snapshot(request, db) && find_decision(request, db, request->path_parameters[0], &tracking) &&
        read_progress(request, json, &tracking, &reporting) && (reporting.attachments = read_files(request, db, json));

    db_snapshot_end(db);
    json_decref(tracking.decision);
    json_decref(json);
    if (!good)
        return STEP_DONE;
    return queue(request, act_prepare(request, "decision_progress", &decision_progress_record,
                                      (const char *const[DECISION_PROGRESS_PARAMETERS - ACT_OWN_PARAMETERS]){
                                          new_id(request), request->path_parameters[0], reporting.owner, reporting.text,
                                          reporting.proposes, reporting.attachments}));
}

/* ---- rulings -------------------------------------------------------------------------------------------------------- */

static json_t *read_one_ruling(struct request *request, const struct tracking *tracking, const json_t *one)
{
    static const char *const known[] = {"owner", "outcome", "due_on", "text", NULL};
    const char *outcome, *due_on, *text, *name;
    const json_t *value;
    int owner;

    if (!json_is_object(one)) {
        members_refuse(request, "rulings", "[{\"owner\",\"outcome\",\"due_on\",\"text\"}]");
        return NULL;
    }
    json_object_foreach((json_t *)one, name, value) {
        if (!is_one_of(name, known)) {
            members_refuse(request, arena_format(request->arena, "rulings.%s", name), "unknown");
            return NULL;
        }
    }
    owner = owner_place(tracking->decision, json_object_get(one, "owner"));
    if (!members_text(request, one, "outcome", LONGEST_CODE, true, &outcome) ||
        !members_text(request, one, "text", LONGEST_TEXT, false, &text) ||
        !decision_day(request, one, "due_on", &due_on))
        return NULL;
    if (!owner)
        members_refuse(request, "rulings.owner", "1, 2 …");
    else if (!is_one_of(outcome, outcomes))
        members_refuse(request, "rulings.outcome", outcome_words);
    else if (due_on && strcmp(outcome, "continue") != 0)
        members_refuse(request, "rulings.due_on", "outcome: continue");
    else
        return json_pack("{si ss ss? ss?}", "owner", owner, "outcome", outcome, "due_on", due_on, "text", text);
    return NULL;
}

static bool names_owner(const json_t *rulings, const json_t *ruling)
{
    const json_t *one;
    size_t i;

    json_array_foreach(rulings, i, one) {
        if (json_equal(json_object_get(one, "owner"), json_object_get(ruling, "owner")))
            return true;
    }
    return false;
}

/* The rulings as the database takes them. NULL: a problem is replied. */
static const char *read_rulings(struct request *request, const struct tracking *tracking, const json_t *json)
{
    const json_t *given = json_object_get(json, "rulings"), *one;
    json_t *rulings = json_array(), *ruling;
    bool good = json_array_size(given) >= 1 && json_array_size(given) <= MOST_RULINGS;
    const char *text = NULL;
    size_t i;

    if (!good)
        members_refuse(request, "rulings", arena_format(request->arena, "1–%d", MOST_RULINGS));
    json_array_foreach(given, i, one) {
        if (!good || !(ruling = read_one_ruling(request, tracking, one))) {
            good = false;
            break;
        }
        if (names_owner(rulings, ruling)) {
            members_refuse(request, "rulings.owner", "each once");
            good = false;
        }
        json_array_append_new(rulings, ruling);
    }
    if (good)
        text = decision_json_text(request, rulings);
    json_decref(rulings);
    return text;
}

enum step_result post_ruling(struct request *request, struct db *db)
{
    static const char *const known[] = {"meeting", "rulings", NULL};
    struct tracking tracking = {0};
    struct decision_place place = {0};
    const char *meeting, *rulings = NULL;
    json_t *json = members_read(request, known);
    bool good = json && members_text(request, json, "meeting", LONGEST_CODE, true, &meeting) &&
                begin_snapshot(request, db) && find_decision(request, db, request->path_parameters[0], &tracking) &&
                (rulings = read_rulings(request, &tracking, json)) &&
                find_meeting(request, db, &tracking, tracking.body, tracking.unit, meeting, &place);

    db_snapshot_end(db);
    json_decref(tracking.decision);
    json_decref(json);
    if (!good)
        return STEP_DONE;
    return queue(request,
                 act_prepare(request, "decision_ruling", &decision_ruling_record,
                             (const char *const[DECISION_RULING_PARAMETERS - ACT_OWN_PARAMETERS]){
                                 new_id(request), request->path_parameters[0], place.meeting, place.record,
                                 decision_meeting_body(tracking.body), decision_day_field(tracking.plan), rulings}));
}

/* ---- referrals ------------------------------------------------------------------------------------------------------ */

struct referring {
    const char *to_body, *to_unit, *reason;
};

/* Whom the plan carries it up to: from its own body, or from the last one that has spoken of it. */
static const struct body *next_up(const struct tracking *tracking)
{
    const json_t *referral;
    const struct body *from = tracking->body;
    size_t i;

    json_array_foreach(json_object_get(tracking->decision, "referrals"), i, referral) {
        const struct body *to = plan_body(tracking->plan, json_text_member(referral, "to_body"));

        if (to && from && to == from->refers_to && json_is_object(json_object_get(referral, "outcome")))
            from = to;
    }
    return from ? from->refers_to : NULL;
}

static bool read_referral(struct request *request, const json_t *json, const struct tracking *tracking,
                          struct referring *referring)
{
    const struct body *to;
    size_t place;

    if (!members_text(request, json, "to_body", LONGEST_CODE, false, &referring->to_body) ||
        !members_text(request, json, "to_unit", LONGEST_CODE, false, &referring->to_unit) ||
        !members_text(request, json, "reason", LONGEST_REASON, false, &referring->reason))
        return false;
    to = referring->to_body ? plan_body(tracking->plan, referring->to_body) : next_up(tracking);
    if (!to)
        members_refuse(request, "to_body", referring->to_body ? referring->to_body : "…");
    else if (!body_unit_find(tracking->plan, to, referring->to_unit,
                             (int)json_integer_value(json_object_get(tracking->decision, "year")), &place))
        members_refuse(request, "to_unit", referring->to_unit ? referring->to_unit : body_per_word(to->per));
    else if (to == tracking->body && (!referring->to_unit || strcmp(referring->to_unit, tracking->unit) == 0))
        members_refuse(request, "to_body", to->code);
    else {
        referring->to_body = to->code;
        return true;
    }
    return false;
}

enum step_result post_referral(struct request *request, struct db *db)
{
    static const char *const known[] = {"to_body", "to_unit", "reason", NULL};
    struct tracking tracking = {0};
    struct referring referring = {0};
    json_t *json = members_read(request, known);
    bool good = json && begin_snapshot(request, db) &&
                find_decision(request, db, request->path_parameters[0], &tracking) &&
                read_referral(request, json, &tracking, &referring);

    db_snapshot_end(db);
    json_decref(tracking.decision);
    json_decref(json);
    if (!good)
        return STEP_DONE;
    return queue(request, act_prepare(request, "decision_referral", &decision_referral_record,
                                      (const char *const[DECISION_REFERRAL_PARAMETERS - ACT_OWN_PARAMETERS]){
                                          new_id(request), request->path_parameters[0], referring.to_body,
                                          referring.to_unit, referring.reason}));
}

/* The decision of the address's referral, and that referral. False: a problem is replied. */
static bool find_referral(struct request *request, struct db *db, struct tracking *tracking,
                          const json_t **ret_referral)
{
    const char *id = NULL;
    enum db_status status = referral_decision_find(db, request->path_parameters[0], request->arena, &id);
    const json_t *referral;
    size_t i;

    if (status != DB_OK) {
        reply_db_failure(request, db, (int)status, "referral_find_failed");
        return false;
    }
    if (!id) {
        reply_problem(request, PROBLEM_not_found, NULL);
        return false;
    }
    if (!find_decision(request, db, id, tracking))
        return false;
    json_array_foreach(json_object_get(tracking->decision, "referrals"), i, referral) {
        const char *one = json_text_member(referral, "referral");

        if (one && strcasecmp(one, request->path_parameters[0]) == 0)
            *ret_referral = referral;
    }
    return *ret_referral != NULL;
}

enum step_result post_referral_outcome(struct request *request, struct db *db)
{
    static const char *const known[] = {"meeting", "text", NULL};
    struct tracking tracking = {0};
    struct decision_place place = {0};
    const json_t *referral = NULL;
    const char *meeting, *text, *meeting_body = NULL;
    json_t *json = members_read(request, known);
    bool good = json && members_text(request, json, "meeting", LONGEST_CODE, true, &meeting) &&
                members_text(request, json, "text", LONGEST_TEXT, true, &text) && begin_snapshot(request, db) &&
                find_referral(request, db, &tracking, &referral);

    if (good) {
        const struct body *body = plan_body(tracking.plan, json_text_member(referral, "to_body"));

        meeting_body = body ? decision_meeting_body(body) : NULL;
        good =
            body && find_meeting(request, db, &tracking, body, json_text_member(referral, "to_unit"), meeting, &place);
    }
    db_snapshot_end(db);
    json_decref(tracking.decision);
    json_decref(json);
    if (!good)
        return STEP_DONE;
    if (!place.meeting)
        return reply_problem(request, PROBLEM_no_meeting, NULL);
    return queue(request,
                 act_prepare(request, "decision_outcome", &decision_outcome_record,
                             (const char *const[DECISION_OUTCOME_PARAMETERS - ACT_OWN_PARAMETERS]){
                                 new_id(request), request->path_parameters[0], place.meeting, meeting_body, text}));
}
