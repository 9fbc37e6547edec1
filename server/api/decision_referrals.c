/* decision_referrals.c: a decision carried up to another body, and what that said of it. */
#include <string.h>
#include <strings.h>

#include "api/common.h"
#include "api/decision_tracking.h"
#include "api/handlers.h"
#include "api/members.h"
#include "api/recording.h"
#include "base/json.h"

enum { LONGEST_REASON = 2000 };

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

    if (!members_text(request, json, "to_body", LONGEST_TRACKING_CODE, false, &referring->to_body) ||
        !members_text(request, json, "to_unit", LONGEST_TRACKING_CODE, false, &referring->to_unit) ||
        !members_words(request, json, "reason", LONGEST_REASON, false, &referring->reason))
        return false;
    to = referring->to_body ? plan_body(tracking->plan, referring->to_body) : next_up(tracking);
    if (!to)
        members_refuse(request, "to_body", bilingual(request, "計畫中的會議代碼", "the code of a body of the plan"));
    else if (!body_unit_find(tracking->plan, to, referring->to_unit,
                             (int)json_integer_value(json_object_get(tracking->decision, "year")), &place))
        members_refuse(request, "to_unit", unit_wanted(request, to));
    else if (to == tracking->body &&
             (!referring->to_unit || !tracking->unit || strcmp(referring->to_unit, tracking->unit) == 0))
        members_refuse(request, "to_body", bilingual(request, "原會議以外的會議", "another body than its own"));
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
                tracking_find(request, db, request->path_parameters[0], &tracking) &&
                read_referral(request, json, &tracking, &referring);

    db_snapshot_end(db);
    json_decref(tracking.decision);
    json_decref(json);
    if (!good)
        return STEP_DONE;
    return tracking_queue(request, act_prepare(request, "decision_referral", &decision_referral_record,
                                               (const char *const[DECISION_REFERRAL_PARAMETERS - ACT_OWN_PARAMETERS]){
                                                   tracking_new_id(request), request->path_parameters[0],
                                                   referring.to_body, referring.to_unit, referring.reason}));
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
    if (!tracking_find(request, db, id, tracking))
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
    bool good = json && members_text(request, json, "meeting", LONGEST_TRACKING_CODE, true, &meeting) &&
                members_words(request, json, "text", LONGEST_TRACKING_TEXT, true, &text) &&
                begin_snapshot(request, db) && find_referral(request, db, &tracking, &referral);

    if (good) {
        const struct body *body = plan_body(tracking.plan, json_text_member(referral, "to_body"));

        meeting_body = body ? decision_meeting_body(body) : NULL;
        good = body && tracking_find_meeting(request, db, &tracking, body, json_text_member(referral, "to_unit"),
                                             meeting, &place);
    }
    db_snapshot_end(db);
    json_decref(tracking.decision);
    json_decref(json);
    if (!good)
        return STEP_DONE;
    if (!place.meeting)
        return reply_problem(request, PROBLEM_no_meeting, NULL);
    return tracking_queue(request, act_prepare(request, "decision_outcome", &decision_outcome_record,
                                               (const char *const[DECISION_OUTCOME_PARAMETERS - ACT_OWN_PARAMETERS]){
                                                   tracking_new_id(request), request->path_parameters[0], place.meeting,
                                                   meeting_body, text}));
}
