/* take_over.c: taking over what a meeting resolved into tracking: what might be, and doing so. Everything is looked at before
 * anything is recorded; then the decisions are recorded one after the other, each once: sent again, the rest follows. */
#include <stdio.h>
#include <string.h>

#include "api/common.h"
#include "api/decision_answer.h"
#include "api/handlers.h"
#include "api/meeting_acts.h"
#include "api/members.h"
#include "base/clock.h"
#include "base/json.h"
#include "decision/proposal.h"

enum { MOST_DECISIONS = 50, LONGEST_KEY = 190 };

/* ---- what might be taken over ------------------------------------------------------------------------------------- */

/* The meeting with its agenda, inside a snapshot. NULL: a problem is replied. */
static json_t *read_meeting(struct request *request, struct db *db, const struct plan *plan, const char *id)
{
    const struct meeting_question question = {.plan = plan, .id = id};
    json_t *meeting = NULL;
    enum db_status status = meeting_to_json(db, &question, request->arena, &meeting);

    if (status != DB_OK)
        reply_db_failure(request, db, (int)status, "take_over_failed");
    else if (!meeting)
        reply_problem(request, PROBLEM_not_found, NULL);
    return meeting;
}

/* The body that met; NULL: a problem is replied, also where nothing can have been resolved. */
static const struct body *body_of(struct request *request, const struct plan *plan, const json_t *meeting)
{
    const struct body *body = meeting_body(plan, json_text_member(meeting, "body"));

    if (!body)
        reply_problem(request, PROBLEM_unknown_body, json_text_member(meeting, "body"));
    else if (!json_is_string(json_object_get(meeting, "held_on")))
        reply_problem(request, PROBLEM_meeting_not_held, NULL);
    else
        return body;
    return NULL;
}

static void reply_proposal(struct request *request, struct db *db, const struct plan *plan, const json_t *meeting)
{
    const struct proposal_question question = {
        .plan = plan, .body = body_of(request, plan, meeting), .meeting = meeting, .now = clock_now()};
    json_t *list = NULL, *corrected = NULL;
    enum db_status status =
        question.body ? decisions_proposed(db, &question, request->arena, &list, &corrected) : DB_OK;

    if (status != DB_OK)
        reply_db_failure(request, db, (int)status, "take_over_failed");
    else if (question.body)
        reply_json(request, 200,
                   json_pack("{sO sO sO so so}", "meeting", json_object_get(meeting, "meeting"), "plan",
                             json_object_get(meeting, "plan"), "day", json_object_get(meeting, "day"), "decisions",
                             list, "corrected", corrected));
}

enum step_result get_take_over(struct request *request, struct db *db)
{
    json_t *summary = NULL, *meeting;
    const struct plan_version *version = meeting_find(request, db, true, &summary);

    json_decref(summary);
    if (!version)
        return STEP_DONE;
    if (begin_snapshot(request, db) &&
        (meeting = read_meeting(request, db, version->plan, request->path_parameters[0]))) {
        reply_proposal(request, db, version->plan, meeting);
        json_decref(meeting);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

/* ---- what is sent ------------------------------------------------------------------------------------------------- */

/* In the request's arena. */
struct taking {
    const struct plan *plan;
    const char *meeting;
    struct act *acts[MOST_DECISIONS];
    size_t count, done;
    bool replayed; /* all so far */
};

static const json_t *find_item(const json_t *meeting, const char *id)
{
    const json_t *item;
    size_t i;

    json_array_foreach(json_object_get(json_object_get(meeting, "agenda"), "items"), i, item) {
        const char *is = json_text_member(item, "item");

        if (is && strcmp(is, id) == 0)
            return item;
    }
    return NULL;
}

/* The item of a row, with a resolution and named by no row before it. NULL: a problem is replied. */
static const json_t *read_item(struct request *request, const json_t *rows, size_t place, const json_t *meeting)
{
    const struct list_place where = {"decisions", place};
    const char *id = json_text_member(json_array_get(rows, place), "item");
    const json_t *item = id ? find_item(meeting, id) : NULL;

    for (size_t i = 0; item && i < place; i++) {
        const char *before = json_text_member(json_array_get(rows, i), "item");

        if (before && strcmp(before, id) == 0) {
            members_refuse_row(request, where, "item", bilingual(request, "每個案由一次", "each item once"));
            return NULL;
        }
    }
    if (item && json_text_member(json_object_get(item, "resolution"), "text"))
        return item;
    members_refuse_row(request, where, "item",
                       bilingual(request, "已有決議的案由識別碼", "the id of an item with a resolution"));
    return NULL;
}

/* Each decision has a key of its own, made of the request's. False: a problem is replied. */
static bool number_key(struct request *request, struct act *act, size_t place)
{
    const char **parameters = arena_alloc_array(request->arena, DECISION_PARAMETERS, sizeof *parameters);

    if (!act->job.key)
        return true;
    if (strlen(act->job.key) > LONGEST_KEY) {
        reply_problem(request, PROBLEM_bad_request, "Idempotency-Key: 1–190 ASCII");
        return false;
    }
    if (!parameters) {
        reply_problem(request, PROBLEM_internal, NULL);
        return false;
    }
    act->job.key = arena_format(request->arena, "%s/%zu", act->job.key, place + 1);
    memcpy(parameters, act->parameters, DECISION_PARAMETERS * sizeof *parameters);
    parameters[DECISION_PARAMETERS - 2] = act->job.key;
    act->parameters = parameters;
    return !arena_is_short(request->arena) || (reply_problem(request, PROBLEM_internal, NULL), false);
}

/* Nothing is due before the day of the meeting. False: a problem is replied. */
static bool check_due(struct request *request, const struct taking *taking, const struct deciding *deciding,
                      const char *day)
{
    if (!deciding->due_on || !day || strcmp(deciding->due_on, day) >= 0)
        return true;
    reply_problem(request, PROBLEM_due_before, arena_format(request->arena, "decisions[%zu].due_on", taking->count));
    return false;
}

/* A row as an act; what it leaves out of title and text is the item's. NULL: a problem is replied. */
static struct act *read_row(struct request *request, const struct taking *taking, const struct deciding *place,
                            const json_t *row, const json_t *item, const char *day)
{
    struct deciding deciding = *place;
    json_t *whole = json_copy((json_t *)row);
    struct act *act = NULL;

    if (!json_object_get(row, "title"))
        json_object_set(whole, "title", json_object_get(item, "title"));
    if (!json_object_get(row, "text"))
        json_object_set(whole, "text", json_object_get(json_object_get(item, "resolution"), "text"));
    if (decision_read_new(request, taking->plan, whole, &deciding) && check_due(request, taking, &deciding, day))
        act = decision_prepare(request, taking->plan, &decision_take_over, &deciding);
    if (act && !number_key(request, act, taking->count))
        act = NULL;
    json_decref(whole);
    return act;
}

/* Whether none of the items is decided yet. With an Idempotency-Key that is left to the store: it may be the same request,
 * sent again. False: a problem is replied. */
static bool check_undecided(struct request *request, struct db *db, const struct proposal_question *question,
                            const json_t *rows)
{
    json_t *decided = NULL;
    const json_t *row;
    size_t i;
    enum db_status status =
        request_header(request, "Idempotency-Key") ? DB_OK : meeting_decisions(db, question, &decided);
    bool good = status == DB_OK;

    if (!good)
        reply_db_failure(request, db, (int)status, "take_over_failed");
    json_array_foreach(rows, i, row) {
        const char *item = json_text_member(row, "item");

        if (good && item && item_is_decided(decided, item)) {
            reply_problem(request, PROBLEM_taken_over, arena_format(request->arena, "decisions[%zu]", i));
            good = false;
        }
    }
    json_decref(decided);
    return good;
}

/* All rows, before anything is recorded. False: a problem is replied. */
static bool read_rows(struct request *request, const json_t *rows, const json_t *meeting, const struct deciding *place,
                      struct taking *taking)
{
    static const char *const known[] = {"item", "kind", "title", "text", "due_on", "asks", "owners", NULL};
    const json_t *row;
    size_t i;

    json_array_foreach(rows, i, row) {
        const json_t *item;

        if (!members_row_known(request, (struct list_place){"decisions", i}, row, known) ||
            !(item = read_item(request, rows, i, meeting)))
            return false;
        taking->acts[taking->count] = read_row(request, taking, place, row, item, json_text_member(meeting, "day"));
        if (!taking->acts[taking->count])
            return false;
        taking->count++;
    }
    return true;
}

static bool read_taking(struct request *request, struct db *db, const json_t *json, const struct deciding *place,
                        struct taking *taking)
{
    const json_t *rows = json_object_get(json, "decisions");
    json_t *meeting = NULL;
    struct proposal_question question = {.plan = taking->plan, .now = clock_now()};
    bool good = json_array_size(rows) >= 1 && json_array_size(rows) <= MOST_DECISIONS;

    if (!good)
        members_refuse(request, "decisions",
                       arena_format(request->arena, bilingual(request, "1–%d 項決議的清單", "a list of 1–%d decisions"),
                                    MOST_DECISIONS));
    good = good && (meeting = read_meeting(request, db, taking->plan, taking->meeting)) &&
           (question.body = body_of(request, taking->plan, meeting));
    question.meeting = meeting;
    good = good && read_rows(request, rows, meeting, place, taking) && check_undecided(request, db, &question, rows);
    json_decref(meeting);
    return good;
}

/* ---- recording it ------------------------------------------------------------------------------------------------- */

static void reply_taken(struct request *request, struct db *db, const struct taking *taking)
{
    json_t *list = json_array(), *one;
    bool good = begin_snapshot(request, db);

    for (size_t i = 0; good && i < taking->count; i++) {
        one = decision_read(request, db, taking->plan, taking->acts[i]->id, NULL);
        good = one && json_array_append_new(list, one) == 0;
    }
    db_snapshot_end(db);
    if (good)
        reply_json(request, taking->replayed ? 200 : 201,
                   json_pack("{ss sO}", "meeting", taking->meeting, "decisions", list));
    json_decref(list);
}

/* The writer is done with one of them: goes on with the next. */
static enum step_result go_on(struct request *request, struct db *db)
{
    static const struct refusal refusals[] = {
        {"taken_over", PROBLEM_taken_over, NULL},     {"forbidden", PROBLEM_forbidden, NULL},
        {"not_held", PROBLEM_meeting_not_held, NULL}, {"no_item", PROBLEM_no_agenda_item, NULL},
        {"due_before", PROBLEM_due_before, NULL},     {NULL, PROBLEM_NONE, NULL}};
    struct taking *taking = request->state;
    struct act *act = taking->acts[taking->done];

    if (!act_succeeded(request, act, refusals))
        return STEP_DONE;
    taking->replayed = taking->replayed && act->job.outcome == JOB_REPLAY;
    if (++taking->done < taking->count)
        return job_queue(request, &taking->acts[taking->done]->job, go_on);
    request->reply.replayed = taking->replayed;
    reply_taken(request, db, taking);
    return STEP_DONE;
}

enum step_result post_take_over(struct request *request, struct db *db)
{
    static const char *const known[] = {"decisions", NULL};
    struct taking *taking = arena_alloc(request->arena, sizeof *taking);
    struct deciding place = {0};
    json_t *json;
    bool good;

    if (!taking)
        return reply_problem(request, PROBLEM_internal, NULL);
    *taking = (struct taking){.plan = decision_find_place(request, db, &place), .replayed = true};
    if (!taking->plan)
        return STEP_DONE;
    taking->meeting = place.place.meeting;
    if (!taking->meeting)
        return reply_problem(request, PROBLEM_meeting_by_record, NULL);
    json = members_read(request, known);
    good = json && begin_snapshot(request, db) && read_taking(request, db, json, &place, taking);
    db_snapshot_end(db);
    json_decref(json);
    if (!good)
        return STEP_DONE;
    request->state = taking;
    return job_queue(request, &taking->acts[0]->job, go_on);
}
