/* decision_tracking.c: what recording progress, rulings and referrals share. */
#include "api/decision_tracking.h"

#include <string.h>

#include "api/common.h"
#include "api/recording.h"
#include "base/json.h"

const char *const tracking_outcomes[] = {"continue", "close", "hand_over", NULL};
const char tracking_outcome_words[] = "continue, close, hand_over";

bool tracking_find(struct request *request, struct db *db, const char *id, struct tracking *tracking)
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

int tracking_owner(const json_t *decision, const json_t *asked)
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

bool tracking_find_meeting(struct request *request, struct db *db, const struct tracking *tracking,
                           const struct body *body, const char *unit, const char *asked,
                           struct decision_place *ret_place)
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

enum step_result tracking_queue(struct request *request, struct act *act)
{
    if (!act)
        return STEP_DONE;
    request->state = act;
    return job_queue(request, &act->job, answer_decision);
}

const char *tracking_new_id(struct request *request)
{
    char id[UUID_TEXT_SIZE];

    uuid_make(id);
    return arena_text(request->arena, id);
}
