/* decisions.c: what meetings decided: the list, one of them. */
#include <stdlib.h>
#include <string.h>

#include "api/common.h"
#include "api/decision_answer.h"
#include "api/handlers.h"
#include "api/paging.h"
#include "api/recording.h"
#include "api/tabular.h"
#include "base/clock.h"
#include "base/json.h"

/* ---- one ------------------------------------------------------------------------------------------------------------ */

const struct plan *decision_plan_of(struct request *request, const char *code)
{
    const struct plan_version *version =
        code ? shelf_find(request->service->shelf, request->principal.jurisdiction, code, NULL) : NULL;

    return version ? version->plan : NULL;
}

const struct plan *decision_plan(struct request *request, struct db *db, const char *id)
{
    const char *code;
    enum db_status status = decision_plan_find(db, id, request->arena, &code);
    const struct plan *plan = status == DB_OK ? decision_plan_of(request, code) : NULL;

    if (status != DB_OK)
        reply_db_failure(request, db, (int)status, "decision_find_failed");
    else if (!plan)
        reply_problem(request, PROBLEM_not_found, NULL);
    return plan;
}

json_t *decision_read(struct request *request, struct db *db, const struct plan *plan, const char *id,
                      const timestamp *as_of)
{
    const struct decisions_question question = {
        .plan = plan, .id = id, .principal = &request->principal, .as_of = as_of, .now = as_of ? *as_of : clock_now()};
    json_t *list = NULL, *decision;
    enum db_status status = decisions_list(db, &question, &list);

    decision = json_incref(json_array_get(list, 0));
    json_decref(list);
    if (status != DB_OK)
        reply_db_failure(request, db, (int)status, "decision_failed");
    else if (!decision)
        reply_problem(request, PROBLEM_not_found, NULL);
    return decision;
}

static void reply_decision(struct request *request, struct db *db, const char *id, const timestamp *as_of, int status)
{
    const struct plan *plan;
    json_t *decision;

    if (begin_snapshot(request, db) && (plan = decision_plan(request, db, id)) &&
        (decision = decision_read(request, db, plan, id, as_of)))
        reply_json(request, status, decision);
    db_snapshot_end(db);
}

enum step_result answer_decision(struct request *request, struct db *db)
{
    static const struct refusal refusals[] = {{"not_found", PROBLEM_not_found, NULL},
                                              {"forbidden", PROBLEM_forbidden, NULL},
                                              {"not_held", PROBLEM_meeting_not_held, NULL},
                                              {"meeting_changed", PROBLEM_meeting_changed, NULL},
                                              {"no_item", PROBLEM_no_agenda_item, NULL},
                                              {"due_before", PROBLEM_due_before, NULL},
                                              {"not_owner", PROBLEM_not_owner, NULL},
                                              {"no_owner", PROBLEM_bad_member, "owner"},
                                              {"owner_closed", PROBLEM_owner_closed, NULL},
                                              {"upload_gone", PROBLEM_upload_gone, NULL},
                                              {"upload_incomplete", PROBLEM_upload_incomplete, NULL},
                                              {"upload_used", PROBLEM_upload_used, NULL},
                                              {"no_meeting", PROBLEM_no_meeting, NULL},
                                              {"too_early", PROBLEM_ruling_too_early, NULL},
                                              {"ruled_since", PROBLEM_ruled_since, NULL},
                                              {"owner_done", PROBLEM_owner_closed, "outcome: continue"},
                                              {"withdrawn", PROBLEM_decision_withdrawn, NULL},
                                              {"ruled_upon", PROBLEM_decision_ruled_upon, NULL},
                                              {"decision_closed", PROBLEM_decision_closed, NULL},
                                              {"already_referred", PROBLEM_already_referred, NULL},
                                              {NULL, PROBLEM_NONE, NULL}};
    struct act *act = request->state;

    if (act_succeeded(request, act, refusals))
        reply_decision(request, db, act->id, NULL, act->job.outcome == JOB_REPLAY ? 200 : 201);
    return STEP_DONE;
}

enum step_result get_decision(struct request *request, struct db *db)
{
    timestamp moment;
    const timestamp *as_of;

    if (read_as_of(request, &moment, &as_of) && settle(request, db, as_of))
        reply_decision(request, db, request->path_parameters[0], as_of, 200);
    return STEP_DONE;
}

/* ---- the list ------------------------------------------------------------------------------------------------------- */

static const struct tabulation_column columns[] = {
    {.code = "number", .kind = COLUMN_CODE, .heading = {{"列管編號", "Number"}}},
    {.code = "body", .kind = COLUMN_CODE, .heading = {{"會議代碼", "Body code"}}},
    {.code = "body_name", .kind = COLUMN_TEXT, .heading = {{"會議", "Body"}}},
    {.code = "unit", .kind = COLUMN_CODE, .heading = {{"單位代碼", "Unit code"}}},
    {.code = "unit_name", .kind = COLUMN_TEXT, .heading = {{"單位", "Unit"}}},
    {.code = "meeting.day", .kind = COLUMN_DATE, .heading = {{"會議日期", "Meeting"}}},
    {.code = "kind", .kind = COLUMN_CODE, .heading = {{"類別", "Kind"}}},
    {.code = "title", .kind = COLUMN_TEXT, .heading = {{"案由", "Title"}}},
    {.code = "text", .kind = COLUMN_TEXT, .heading = {{"決議（決定）內容", "Decision"}}},
    {.code = "asks.form", .kind = COLUMN_CODE, .heading = {{"請填表單", "Asks for form"}}},
    {.code = "asks.period", .kind = COLUMN_CODE, .heading = {{"請填期間", "Asks for period"}}},
    {.code = "asks.text", .kind = COLUMN_TEXT, .heading = {{"請提供資料", "Asks for"}}},
    {.code = "state", .kind = COLUMN_CODE, .heading = {{"列管狀態", "State"}}},
    {.code = "withdrawn.reason", .kind = COLUMN_TEXT, .heading = {{"撤回事由", "Withdrawn because"}}},
    {.code = "withdrawn.recorded_at", .kind = COLUMN_MOMENT, .heading = {{"撤回時間", "Withdrawn at"}}},
    {.code = "owner.owner", .kind = COLUMN_INTEGER, .heading = {{"主辦序", "Owner"}}},
    {.code = "owner.office", .kind = COLUMN_CODE, .heading = {{"主辦機關代碼", "Owner's code"}}},
    {.code = "owner_name", .kind = COLUMN_TEXT, .heading = {{"主辦機關", "Owner's name"}}},
    {.code = "owner.state", .kind = COLUMN_CODE, .heading = {{"主辦列管狀態", "Owner's state"}}},
    {.code = "owner.due_on", .kind = COLUMN_DATE, .heading = {{"辦理期限", "Due on"}}},
    {.code = "owner.overdue_days", .kind = COLUMN_INTEGER, .heading = {{"逾期日數", "Days overdue"}}},
    {.code = "progress.text", .kind = COLUMN_TEXT, .heading = {{"最近辦理情形", "Newest progress"}}},
    {.code = "progress.proposes", .kind = COLUMN_CODE, .heading = {{"建議", "Proposes"}}},
    {.code = "progress.recorded_at", .kind = COLUMN_MOMENT, .heading = {{"填報時間", "Reported at"}}},
    {.code = "ruling.outcome", .kind = COLUMN_CODE, .heading = {{"最近裁示", "Newest ruling"}}},
    {.code = "ruling.day", .kind = COLUMN_DATE, .heading = {{"裁示會議日期", "Ruled on"}}},
    {.code = "ruling.text", .kind = COLUMN_TEXT, .heading = {{"裁示內容", "Ruling"}}},
    {.code = "decision", .kind = COLUMN_CODE, .heading = {{"識別碼", "Identifier"}}},
};

static json_t *newest(const json_t *owner, const char *member)
{
    const json_t *list = json_object_get(owner, member);
    size_t count = json_array_size(list);

    return count ? json_array_get(list, count - 1) : NULL;
}

/* A row for each owner, with what it reported last and what was ruled last. */
static json_t *rows_of(const json_t *list)
{
    json_t *rows = json_array(), *owner;
    const json_t *decision;
    size_t i, k;

    json_array_foreach(list, i, decision) {
        json_array_foreach(json_object_get(decision, "owners"), k, owner) {
            json_t *row = json_copy((json_t *)decision), *progress = newest(owner, "progress"),
                   *ruling = newest(owner, "rulings");

            json_object_set(row, "owner", owner);
            json_object_set(row, "owner_name", json_object_get(owner, "name"));
            if (progress)
                json_object_set(row, "progress", progress);
            if (ruling)
                json_object_set(row, "ruling", ruling);
            json_array_append_new(rows, row);
        }
    }
    return rows;
}

static void reply_decisions(struct request *request, const struct decisions_question *question, json_t *list)
{
    static const struct name title = {{"列管事項", "Decisions"}};
    const char *next = cut_page(request, list, question->limit - 1, "sequence"); /* the place in the log */

    tell_next(request, next);
    if (request->format != FORMAT_JSON) {
        struct tabulation *table =
            new_tabulation(request, question->plan, &title, NULL, columns, sizeof columns / sizeof *columns);
        json_t *rows = rows_of(list);

        tabulate_list(request, table, rows);
        reply_tabulation(request, table);
        json_decref(rows);
        return;
    }
    reply_json(request, 200, json_pack("{ss sO ss?}", "plan", question->plan->code, "decisions", list, "next", next));
}

static bool read_year_and_number(struct request *request, struct decisions_question *question)
{
    const char *year = request_query(request, "year"), *number = request_query(request, "number");
    struct period period = {0};

    if (year && (!period_parse(year, &period) || period.kind != PERIOD_YEAR)) {
        reply_bad_parameter(request, "year", "113");
        return false;
    }
    question->year = period.year;
    if (number &&
        (!decision_number_parse(number, request->arena, &question->year, &question->code, &question->number) ||
         (year && question->year != period.year))) {
        reply_bad_parameter(request, "number", "113-group-1-03");
        return false;
    }
    return true;
}

static bool read_page(struct request *request, struct decisions_question *question)
{
    if (!read_after(request, &question->after) || !read_limit(request, PAGE_ROWS, &question->limit))
        return false;
    question->limit++;
    return true;
}

static bool read_agenda(struct request *request, struct decisions_question *question)
{
    question->meeting = request_query(request, "meeting");
    if (!read_flag(request, "agenda", &question->agenda))
        return false;
    if (question->agenda && !question->body)
        reply_bad_parameter(request, "body", "agenda=true");
    else if (question->meeting && (!question->agenda || !uuid_is_well_formed(question->meeting)))
        reply_bad_parameter(request, "meeting", "UUID, agenda=true");
    else
        return true;
    return false;
}

/* Reads everything but the page and the moment. False: a problem is replied. */
static bool read_selection(struct request *request, struct decisions_question *question)
{
    static const char *const states[] = {"open", "closed", "withdrawn", NULL};
    bool mine;

    question->body = request_query(request, "body");
    question->unit = request_query(request, "unit");
    if (!read_flag(request, "mine", &mine))
        return false;
    question->office =
        mine && request->principal.role == ROLE_OFFICE ? request->principal.office : request_query(request, "office");
    question->state = request_query(request, "state");
    if (question->body && !plan_body(question->plan, question->body))
        reply_unknown_value(request, "body", question->body);
    else if (!knows_unit(request, question->body, question->unit))
        return false;
    else if (question->office && !plan_office(question->plan, question->office))
        reply_unknown_value(request, "office", question->office);
    else if (question->state && !is_one_of(question->state, states))
        reply_bad_parameter(request, "state", "open, closed, withdrawn");
    else
        return read_agenda(request, question) && read_year_and_number(request, question);
    return false;
}

enum step_result list_decisions(struct request *request, struct db *db)
{
    struct decisions_question question = {.principal = &request->principal};
    const struct plan_version *version;
    timestamp moment;
    json_t *list = NULL;

    if (!read_as_of(request, &moment, &question.as_of) || !(version = find_plan(request, db, question.as_of)))
        return STEP_DONE;
    question.plan = version->plan;
    question.now = question.as_of ? moment : clock_now();
    if (!read_selection(request, &question) || !read_page(request, &question) || !settle(request, db, question.as_of))
        return STEP_DONE;
    if (begin_snapshot(request, db)) {
        enum db_status status = decisions_list(db, &question, &list);

        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "decisions_failed");
        else
            reply_decisions(request, &question, list);
        json_decref(list);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}
