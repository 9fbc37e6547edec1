/* meeting_acts.c: what the handlers of meetings share. */
#include "api/meeting_acts.h"

#include <string.h>

#include "api/common.h"
#include "api/meeting_tag.h"
#include "api/members.h"
#include "base/json.h"
#include "http/server.h"

static const struct refusal refusals[] = {
    {"exists_already", PROBLEM_meeting_exists, NULL},
    {"same_day", PROBLEM_meeting_same_day, NULL},
    {"not_found", PROBLEM_not_found, NULL},
    {"wrong_step", PROBLEM_meeting_wrong_step, NULL},
    {"reason_missing", PROBLEM_meeting_reason_missing, NULL},
    {"correction", PROBLEM_meeting_correction, NULL},
    {"out_of_order", PROBLEM_meeting_out_of_order, NULL},
    {"ends_before", PROBLEM_bad_member, "begins, ends"},
    {"in_future", PROBLEM_meeting_in_future, NULL},
    {"still_reviewed", PROBLEM_meeting_reviewed, NULL},
    {"cancelled", PROBLEM_meeting_wrong_step, NULL},
    {"stale", PROBLEM_precondition_failed, NULL},
    {"unknown_item", PROBLEM_unknown_item, NULL},
    {"item_resolved", PROBLEM_item_resolved, NULL},
    {"not_held", PROBLEM_meeting_not_held, NULL},
    {"unknown_member", PROBLEM_bad_member, "member"},
    {"member_twice", PROBLEM_member_twice, NULL},
    {NULL, PROBLEM_NONE, NULL},
};

bool meeting_may_prepare(const struct principal *principal, const char *unit)
{
    if (principal->role == ROLE_GEO || principal->role == ROLE_SUPERVISION)
        return true;
    return principal->role == ROLE_OFFICE && unit && strcmp(principal->office, unit) == 0;
}

/* ---- what one may do with it ------------------------------------------------------------------------------------- */

static json_t *may_json(const struct principal *principal, const struct plan *plan, const json_t *meeting)
{
    static const struct {
        const char *state, *steps[4];
    } steps[] = {{"planned", {"planned", "called", "held", "cancelled"}},
                 {"called", {"called", "held", "cancelled"}},
                 {"held", {"held", "on_record"}},
                 {"on_record", {"on_record"}}};
    const char *unit = json_text_member(meeting, "unit"), *state = json_text_member(meeting, "state");
    const struct body *body = meeting_body(plan, json_text_member(meeting, "body"));
    bool prepares = meeting_may_prepare(principal, unit), by_record = body && meeting_is_by_record(body);
    json_t *may = json_array();

    for (size_t i = 0; prepares && i < sizeof steps / sizeof *steps; i++)
        for (size_t s = 0; s < 4 && steps[i].steps[s] && strcmp(steps[i].state, state) == 0; s++)
            if (!by_record || strcmp(steps[i].steps[s], "held") != 0)
                json_array_append_new(may, json_string(steps[i].steps[s]));
    if (prepares && strcmp(state, "cancelled") != 0)
        json_array_append_new(may, json_string("agenda"));
    if (prepares && principal->role != ROLE_OFFICE && json_is_string(json_object_get(meeting, "held_on"))) {
        json_array_append_new(may, json_string("attendance"));
        json_array_append_new(may, json_string("resolutions"));
    }
    return may;
}

/* ---- finding and showing it -------------------------------------------------------------------------------------- */

/* The plan of a meeting that the caller sees, and its summary. Inside a snapshot. NULL: a problem is replied. */
static const struct plan_version *find_seen(struct request *request, struct db *db, const char *id,
                                            json_t **ret_meeting)
{
    const struct meeting_filter filter = {.id = id};
    const struct plan_version *version = NULL;
    json_t *list = NULL;
    enum db_status status = uuid_is_well_formed(id) ? meetings_list(db, &filter, &list) : DB_OK;

    if (status != DB_OK) {
        reply_db_failure(request, db, (int)status, "meeting_failed");
        return NULL;
    }
    if (json_array_size(list) > 0) {
        *ret_meeting = json_incref(json_array_get(list, 0));
        version = shelf_find(request->service->shelf, request->principal.jurisdiction,
                             json_text_member(*ret_meeting, "plan"), NULL);
    }
    json_decref(list);
    if (!version)
        reply_problem(request, PROBLEM_not_found, NULL);
    return version;
}

const struct plan_version *meeting_find(struct request *request, struct db *db, bool by_city, json_t **ret_meeting)
{
    const struct plan_version *version = NULL;
    const struct principal *principal = &request->principal;

    *ret_meeting = NULL;
    if (begin_snapshot(request, db))
        version = find_seen(request, db, request->path_parameters[0], ret_meeting);
    db_snapshot_end(db);
    if (version && (!meeting_may_prepare(principal, json_text_member(*ret_meeting, "unit")) ||
                    (by_city && principal->role == ROLE_OFFICE))) {
        reply_problem(request, PROBLEM_forbidden, NULL);
        return NULL;
    }
    return version;
}

bool meeting_reply(struct request *request, struct db *db, const char *id, int status, const timestamp *as_of)
{
    json_t *seen = NULL, *meeting = NULL;
    const struct plan_version *version = find_seen(request, db, id, &seen);
    struct meeting_question question = {version ? version->plan : NULL, id, as_of};
    enum db_status outcome = version ? meeting_to_json(db, &question, request->arena, &meeting) : DB_OK;

    json_decref(seen);
    if (!version)
        return false;
    if (outcome != DB_OK) {
        reply_db_failure(request, db, (int)outcome, "meeting_failed");
        return false;
    }
    if (!meeting) { /* it wasn't there yet at that moment */
        reply_problem(request, PROBLEM_not_found, NULL);
        return false;
    }
    json_object_set_new(meeting, "may", as_of ? json_array() : may_json(&request->principal, version->plan, meeting));
    json_incref(meeting);
    reply_json(request, status, meeting);
    meeting_tag_set(request, meeting);
    json_decref(meeting);
    return true;
}

enum step_result meeting_answer(struct request *request, struct db *db)
{
    struct act *act = request->state;
    bool made;

    if (!act_succeeded(request, act, refusals))
        return STEP_DONE;
    made = act->job.outcome == JOB_RECORDED && strcmp(request->method, "POST") == 0;
    if (begin_snapshot(request, db))
        meeting_reply(request, db, act->id, made ? 201 : 200, NULL);
    db_snapshot_end(db);
    return STEP_DONE;
}

/* ---- what is sent ------------------------------------------------------------------------------------------------ */

static bool read_day(struct request *request, const json_t *json, const char **ret_day)
{
    const char *text;
    char iso[DATE_TEXT_SIZE];
    struct date date;

    *ret_day = NULL;
    if (!members_text(request, json, "day", LONGEST_CODE, false, &text))
        return false;
    if (!text)
        return true;
    if (!date_parse_habit(text, &date)) {
        members_refuse_value(request, "day", json_object_get(json, "day"), "YYYY-MM-DD");
        return false;
    }
    date_format_iso(date, iso);
    *ret_day = arena_text(request->arena, iso);
    return *ret_day != NULL;
}

static bool is_time(const char *text)
{
    return strlen(text) == 5 && text[0] >= '0' && text[0] <= '2' && strchr("0123456789", text[1]) && text[2] == ':' &&
           text[3] >= '0' && text[3] <= '5' && strchr("0123456789", text[4]) && (text[0] < '2' || text[1] < '4');
}

static bool read_time(struct request *request, const json_t *json, const char *name, const char **ret_time)
{
    if (!members_text(request, json, name, LONGEST_CODE, false, ret_time))
        return false;
    if (!*ret_time || is_time(*ret_time))
        return true;
    members_refuse_value(request, name, json_object_get(json, name), "HH:MM");
    return false;
}

bool meeting_read_reason(struct request *request, const json_t *json, const char **ret_reason)
{
    enum { LONGEST_REASON = 2000 };

    return members_words(request, json, "reason", LONGEST_REASON, false, ret_reason);
}

bool meeting_read_step(struct request *request, const json_t *json, struct step_members *ret_step)
{
    return read_day(request, json, &ret_step->day) && read_time(request, json, "begins", &ret_step->begins) &&
           read_time(request, json, "ends", &ret_step->ends) &&
           members_words(request, json, "place", LONGEST_PLACE, false, &ret_step->place) &&
           members_words(request, json, "document_number", LONGEST_DOCUMENT_NUMBER, false,
                         &ret_step->document_number) &&
           meeting_read_reason(request, json, &ret_step->reason);
}

const char *meeting_today(struct request *request, const struct plan *plan)
{
    char iso[DATE_TEXT_SIZE];
    const char *today;

    date_format_iso(calendar_day_of(&plan->calendar, recording_clock(request)), iso);
    today = arena_text(request->arena, iso);
    if (!today)
        reply_problem(request, PROBLEM_internal, NULL);
    return today;
}

const char *meeting_new_id(struct request *request)
{
    char id[UUID_TEXT_SIZE];
    const char *text;

    uuid_make(id);
    text = arena_text(request->arena, id);
    if (!text)
        reply_problem(request, PROBLEM_internal, NULL);
    return text;
}
