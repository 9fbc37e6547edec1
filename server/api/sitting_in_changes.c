/* sitting_in_changes.c: giving meetings to members of the supervision team, taking them back, and fair proposals. */
#include <string.h>

#include "api/common.h"
#include "api/handlers.h"
#include "api/members.h"
#include "api/recording.h"
#include "api/sitting_in.h"
#include "base/json.h"

enum { LONGEST_CODE = 80, LONGEST_REASON = 2000 };

/* ---- to give and to take back -------------------------------------------------------------------------------------- */

static const struct refusal refusals[] = {{"not_found", PROBLEM_not_found, NULL},
                                          {"not_of_team", PROBLEM_not_of_team, NULL},
                                          {"not_serving", PROBLEM_member_not_serving, NULL},
                                          {"cancelled", PROBLEM_meeting_cancelled, NULL},
                                          {"not_given", PROBLEM_not_sitting_in, NULL},
                                          {"proposal_changed", PROBLEM_proposal_changed, NULL},
                                          {NULL, PROBLEM_NONE, NULL}};

/* The plan of the meeting of the address, its team, and the year. False: a problem is replied. */
static bool find_meeting(struct request *request, struct db *db, struct sitting_in_question *question)
{
    const char *plan = NULL;
    enum db_status status;

    if (!uuid_is_well_formed(request->path_parameters[0])) {
        reply_problem(request, PROBLEM_not_found, NULL);
        return false;
    }
    if (!begin_snapshot(request, db)) {
        db_snapshot_end(db);
        return false;
    }
    status = sitting_in_place(db, request->path_parameters[0], request->arena, &plan, &question->year);
    db_snapshot_end(db);
    if (status != DB_OK) {
        reply_db_failure(request, db, (int)status, "sitting_in_failed");
        return false;
    }
    question->version = plan ? shelf_find(request->service->shelf, request->principal.jurisdiction, plan, NULL) : NULL;
    question->team = question->version ? sitting_in_team(question->version->plan) : NULL;
    if (!question->version)
        reply_problem(request, PROBLEM_not_found, NULL);
    else if (!question->team)
        reply_problem(request, PROBLEM_unknown_body, body_kind_word(BODY_TEAM));
    return question->team != NULL;
}

/* The meeting as it stands, and what clashes with it for those who sit in. NULL without memory. */
static json_t *one_meeting(const struct sitting_in_question *question, const json_t *table, const char *id)
{
    json_t *clashes = json_array(), *meeting, *clash, *found = NULL, *there;
    size_t i, place;

    json_array_foreach(json_object_get(table, "meetings"), i, meeting)
        if (strcmp(json_text_member(meeting, "meeting"), id) == 0)
            found = meeting;
    json_array_foreach(json_object_get(table, "clashes"), i, clash)
        json_array_foreach(json_object_get(clash, "meetings"), place, there)
            if (strcmp(json_string_value(there), id) == 0)
                json_array_append(clashes, clash);
    return json_pack("{ss si sO? so}", "plan", question->version->plan->code, "year", question->year, "meeting", found,
                     "clashes", clashes);
}

/* The writer is done: show the meeting as it stands. */
static enum step_result answer_given(struct request *request, struct db *db)
{
    struct act *act = request->state;
    struct sitting_in_question question = {0};
    json_t *table = NULL;

    if (!act_succeeded(request, act, refusals) || !find_meeting(request, db, &question))
        return STEP_DONE;
    if (begin_snapshot(request, db)) {
        enum db_status status = sitting_in_table(db, &question, request->arena, &table);

        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "sitting_in_failed");
        else
            reply_json(request, act->job.outcome == JOB_RECORDED ? 201 : 200,
                       one_meeting(&question, table, request->path_parameters[0]));
        json_decref(table);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

static bool read_giving(struct request *request, const char **ret_member, bool *ret_given, const char **ret_reason)
{
    static const char *const known[] = {"member", "given", "reason", NULL};
    json_t *json = members_read(request, known);
    const json_t *given = json_object_get(json, "given");
    bool good = json && members_text(request, json, "member", LONGEST_CODE, true, ret_member) &&
                members_words(request, json, "reason", LONGEST_REASON, json_is_false(given), ret_reason);

    *ret_given = !given || json_is_true(given);
    if (good && given && !json_is_boolean(given)) {
        members_refuse(request, "given", "true, false");
        good = false;
    } else if (good && !uuid_is_well_formed(*ret_member)) {
        members_refuse(request, "member", "UUID");
        good = false;
    }
    json_decref(json);
    return good;
}

static enum step_result record(struct request *request, const struct sitting_in_question *question, const char *ids,
                               const char *meetings, const char *members, bool given, const char *reason,
                               const char *state, step_fn *answer)
{
    struct act *act = act_prepare(request, "sitting_in", &sitting_in_record,
                                  (const char *const[SITTING_IN_PARAMETERS - ACT_OWN_PARAMETERS]){
                                      ids, question->team->code, meetings, members, given ? "t" : "f", reason, state});

    if (!act)
        return STEP_DONE;
    request->state = act;
    return job_queue(request, &act->job, answer);
}

static const char *array_of_one(struct request *request, const char *id)
{
    return arena_format(request->arena, "{%s}", id);
}

enum step_result post_sitting_in(struct request *request, struct db *db)
{
    struct sitting_in_question question = {0};
    const char *member, *reason;
    char id[UUID_TEXT_SIZE];
    bool given;

    if (!read_giving(request, &member, &given, &reason) || !find_meeting(request, db, &question))
        return STEP_DONE;
    uuid_make(id);
    return record(request, &question, array_of_one(request, id), array_of_one(request, request->path_parameters[0]),
                  array_of_one(request, member), given, reason, NULL, answer_given);
}

/* ---- a proposal ---------------------------------------------------------------------------------------------------- */

static bool read_proposing(struct request *request, struct sitting_in_question *question, const char **ret_confirm,
                           const char **ret_reason)
{
    static const char *const known[] = {"year", "confirm", "reason", NULL};
    const struct plan *plan = question->version->plan;
    json_t *json = members_read(request, known);
    const json_t *year = json_object_get(json, "year");
    bool good = json && members_text(request, json, "confirm", LONGEST_CODE, false, ret_confirm) &&
                members_words(request, json, "reason", LONGEST_REASON, false, ret_reason);

    question->year = (int)json_integer_value(year);
    if (good &&
        (!json_is_integer(year) || json_integer_value(year) < plan->from || json_integer_value(year) > plan->to)) {
        members_refuse(request, "year", year_wanted(request, plan));
        good = false;
    }
    json_decref(json);
    return good;
}

/* The writer is done: show the table as it stands. */
static enum step_result answer_confirmed(struct request *request, struct db *db)
{
    struct act *act = request->state;
    struct sitting_in_question question = {0};
    const char *confirm, *reason;
    json_t *table = NULL;

    if (!act_succeeded(request, act, refusals) || !sitting_in_find_team(request, db, &question) ||
        !read_proposing(request, &question, &confirm, &reason))
        return STEP_DONE;
    if (begin_snapshot(request, db)) {
        enum db_status status = sitting_in_table(db, &question, request->arena, &table);

        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "sitting_in_failed");
        else
            sitting_in_reply(request, &question, act->job.outcome == JOB_RECORDED ? 201 : 200, table);
        json_decref(table);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

/* As many new ids as there are meetings, as an array of the store. In the arena; NULL without memory. */
static const char *make_ids(struct request *request, size_t count)
{
    char *ids = arena_alloc(request->arena, count * UUID_TEXT_SIZE + 3), *end = ids;

    for (size_t i = 0; ids && i < count; i++) {
        *end++ = i ? ',' : '{';
        uuid_make(end);
        end += UUID_TEXT_SIZE - 1;
    }
    if (ids)
        memcpy(end, count ? "}" : "{}", count ? 2 : 3);
    return ids;
}

static enum step_result confirm_proposal(struct request *request, const struct sitting_in_question *question,
                                         const struct sitting_in_proposal *proposal, const char *confirm,
                                         const char *reason)
{
    bool is_same = strcmp(confirm, proposal->digest) == 0;

    /* An act that is refused all the same, unless it was recorded before under the same key. */
    return record(request, question, make_ids(request, proposal->count), proposal->meetings, proposal->members, true,
                  reason, is_same && proposal->count ? proposal->state : "-1", answer_confirmed);
}

enum step_result post_sitting_in_proposal(struct request *request, struct db *db)
{
    struct sitting_in_question question = {0};
    struct sitting_in_proposal proposal = {0};
    const char *confirm, *reason;
    enum db_status status;

    if (!sitting_in_find_team(request, db, &question) || !read_proposing(request, &question, &confirm, &reason))
        return STEP_DONE;
    if (!begin_snapshot(request, db)) {
        db_snapshot_end(db);
        return STEP_DONE;
    }
    status = sitting_in_propose(db, &question, request->arena, &proposal);
    db_snapshot_end(db);
    if (status != DB_OK) {
        json_decref(proposal.json);
        return reply_db_failure(request, db, (int)status, "sitting_in_failed");
    }
    if (confirm) {
        json_decref(proposal.json);
        return confirm_proposal(request, &question, &proposal, confirm, reason);
    }
    json_object_update_new(proposal.json,
                           json_pack("{ss si}", "plan", question.version->plan->code, "year", question.year));
    return reply_json(request, 200, proposal.json);
}
