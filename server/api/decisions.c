/* decisions.c: what meetings decided: the list, one of them, a new one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/common.h"
#include "api/decision_answer.h"
#include "api/handlers.h"
#include "api/members.h"
#include "api/paging.h"
#include "api/recording.h"
#include "api/tabular.h"
#include "base/clock.h"
#include "base/json.h"

enum { LONGEST_TITLE = 500, LONGEST_TEXT = 20000, LONGEST_ASKS = 2000, LONGEST_CODE = 100, MOST_OWNERS = 50 };

/* ---- one ------------------------------------------------------------------------------------------------------------ */

static const struct plan *plan_of(struct request *request, const char *code)
{
    const struct plan_version *version =
        code ? shelf_find(request->service->shelf, request->principal.jurisdiction, code, NULL) : NULL;

    return version ? version->plan : NULL;
}

const struct plan *decision_plan(struct request *request, struct db *db, const char *id)
{
    const char *code;
    enum db_status status = decision_plan_find(db, id, request->arena, &code);
    const struct plan *plan = status == DB_OK ? plan_of(request, code) : NULL;

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
                                              {"not_owner", PROBLEM_not_owner, NULL},
                                              {"no_owner", PROBLEM_bad_member, "owner"},
                                              {"owner_closed", PROBLEM_owner_closed, NULL},
                                              {"upload_gone", PROBLEM_upload_gone, NULL},
                                              {"upload_incomplete", PROBLEM_upload_incomplete, NULL},
                                              {"upload_used", PROBLEM_upload_used, NULL},
                                              {"no_meeting", PROBLEM_no_meeting, NULL},
                                              {"too_early", PROBLEM_ruling_too_early, NULL},
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
    const char *next = cut_page(request, list, question->limit - 1, "decision");
    size_t count = json_array_size(list);

    if (next) /* by the place in the log */
        next =
            arena_format(request->arena, "%lld",
                         (long long)json_integer_value(json_object_get(json_array_get(list, count - 1), "sequence")));
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
    const char *after = request_query(request, "after");
    char *end = NULL;

    if (after) {
        question->after = strtoll(after, &end, 10);
        if (end == after || *end || question->after < 0) {
            reply_bad_parameter(request, "after", "next");
            return false;
        }
    }
    if (!read_limit(request, &question->limit))
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
    static const char *const states[] = {"open", "closed", NULL};
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
    else if (question->office && !plan_office(question->plan, question->office))
        reply_unknown_value(request, "office", question->office);
    else if (question->state && !is_one_of(question->state, states))
        reply_bad_parameter(request, "state", "open, closed");
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

/* ---- a new one ------------------------------------------------------------------------------------------------------ */

static bool read_asks(struct request *request, const struct plan *plan, const json_t *json, struct deciding *deciding)
{
    static const char *const known[] = {"form", "period", "text", NULL};
    const json_t *asks = json_object_get(json, "asks"), *value;
    const char *name;
    const struct form *form;
    struct period period;

    if (!asks || json_is_null(asks))
        return true;
    if (!json_is_object(asks)) {
        members_refuse(request, "asks", "{\"form\",\"period\"}, {\"text\"}");
        return false;
    }
    json_object_foreach((json_t *)asks, name, value) {
        if (!is_one_of(name, known)) {
            members_refuse(request, arena_format(request->arena, "asks.%s", name), "unknown");
            return false;
        }
    }
    if (!members_text(request, asks, "form", LONGEST_CODE, false, &deciding->asks_form) ||
        !members_text(request, asks, "period", LONGEST_CODE, false, &deciding->asks_period) ||
        !members_text(request, asks, "text", LONGEST_ASKS, false, &deciding->asks))
        return false;
    form = deciding->asks_form ? plan_form(plan, deciding->asks_form) : NULL;
    if (deciding->asks_form && !form)
        members_refuse(request, "asks.form", deciding->asks_form);
    else if (!deciding->asks_form != !deciding->asks_period)
        members_refuse(request, "asks", "form, period");
    else if (form && (!period_parse(deciding->asks_period, &period) || !plan_has_period(plan, form, period)))
        members_refuse(request, "asks.period", deciding->asks_period);
    else if (!form && !deciding->asks)
        members_refuse(request, "asks", "form, text");
    else
        return true;
    return false;
}

/* One owner: the code of an office, its name, or the name of an agency. NULL: a problem is replied. */
static json_t *read_owner(struct request *request, const struct plan *plan, const json_t *owner)
{
    const char *office, *agency;

    if (!json_is_object(owner) || json_object_size(owner) != 1) {
        members_refuse(request, "owners", "[{\"office\"} | {\"agency\"}]");
        return NULL;
    }
    if (!members_text(request, owner, "office", LONGEST_CODE, false, &office) ||
        !members_text(request, owner, "agency", LONGEST_CODE, false, &agency))
        return NULL;
    if (!office == !agency) {
        members_refuse(request, "owners", "[{\"office\"} | {\"agency\"}]");
        return NULL;
    }
    if (office && !plan_office(plan, office)) {
        members_refuse(request, "owners.office", office);
        return NULL;
    }
    return json_pack("{ss}", office ? "office" : "agency", office ? office : agency);
}

static bool has_owner(const json_t *owners, const json_t *wanted)
{
    const json_t *owner;
    size_t i;

    json_array_foreach(owners, i, owner) {
        if (json_equal(owner, wanted))
            return true;
    }
    return false;
}

static bool read_owners(struct request *request, const struct plan *plan, const json_t *json, struct deciding *deciding)
{
    const json_t *given = json_object_get(json, "owners"), *one;
    json_t *owners = json_array(), *owner;
    bool good = json_array_size(given) >= 1 && json_array_size(given) <= MOST_OWNERS;
    size_t i;

    if (!good)
        members_refuse(request, "owners", arena_format(request->arena, "1–%d", MOST_OWNERS));
    json_array_foreach(given, i, one) {
        if (!good || !(owner = read_owner(request, plan, one))) {
            good = false;
            break;
        }
        if (has_owner(owners, owner)) {
            members_refuse(request, "owners", "each once");
            good = false;
        }
        json_array_append_new(owners, owner);
    }
    if (good)
        deciding->owners = decision_json_text(request, owners);
    json_decref(owners);
    return good && deciding->owners;
}

bool decision_read_new(struct request *request, const struct plan *plan, const json_t *json, struct deciding *deciding)
{
    static const char *const kinds[] = {"resolution", "direction", NULL};

    if (!members_text(request, json, "item", UUID_TEXT_SIZE, false, &deciding->item) ||
        !members_text(request, json, "kind", LONGEST_CODE, false, &deciding->kind) ||
        !members_text(request, json, "title", LONGEST_TITLE, true, &deciding->title) ||
        !members_text(request, json, "text", LONGEST_TEXT, true, &deciding->text) ||
        !decision_day(request, json, "due_on", &deciding->due_on) || !read_asks(request, plan, json, deciding) ||
        !read_owners(request, plan, json, deciding))
        return false;
    if (deciding->item && !uuid_is_well_formed(deciding->item))
        members_refuse(request, "item", "UUID");
    else if (deciding->kind && !is_one_of(deciding->kind, kinds))
        members_refuse(request, "kind", "resolution, direction");
    else
        return true;
    return false;
}

const struct plan *decision_find_place(struct request *request, struct db *db, struct deciding *deciding)
{
    bool found = false;
    enum db_status status = begin_snapshot(request, db) ? decision_place_find(db, request->path_parameters[0],
                                                                              request->arena, &found, &deciding->place)
                                                        : DB_UNAVAILABLE;
    const struct plan *plan = found ? plan_of(request, deciding->place.plan) : NULL;

    db_snapshot_end(db);
    if (plan)
        deciding->body = deciding->place.form ? decision_body_by_form(plan, deciding->place.form)
                                              : decision_body_of(plan, deciding->place.body);
    if (deciding->body)
        return plan;
    if (status != DB_OK)
        reply_db_failure(request, db, (int)status, "decision_place_failed");
    else
        reply_problem(request, PROBLEM_not_found, NULL);
    return NULL;
}

struct act *decision_prepare(struct request *request, const struct plan *plan, const struct db_statement *statement,
                             const struct deciding *deciding)
{
    const struct decision_place *place = &deciding->place;
    char id[UUID_TEXT_SIZE];

    uuid_make(id);
    return act_prepare(request, "decision", statement,
                       (const char *const[DECISION_PARAMETERS - ACT_OWN_PARAMETERS]){
                           arena_text(request->arena, id), plan->code, deciding->body->code, place->unit,
                           arena_format(request->arena, "%d", place->year), place->meeting, place->record,
                           deciding->item, deciding->kind, deciding->title, deciding->text, deciding->due_on,
                           deciding->asks_form, deciding->asks_period, deciding->asks, deciding->owners});
}

enum step_result post_decision(struct request *request, struct db *db)
{
    static const char *const known[] = {"item", "kind", "title", "text", "due_on", "asks", "owners", NULL};
    struct deciding deciding = {0};
    const struct plan *plan = decision_find_place(request, db, &deciding);
    json_t *json = plan ? members_read(request, known) : NULL;
    bool good = json && decision_read_new(request, plan, json, &deciding);
    struct act *act;

    json_decref(json);
    if (!good || !(act = decision_prepare(request, plan, &decision_record, &deciding)))
        return STEP_DONE;
    request->state = act;
    return job_queue(request, &act->job, answer_decision);
}
