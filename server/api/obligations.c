/* obligations.c: who owes what by when; completeness and timeliness by unit. */
#include "obligations/obligations.h"

#include <stdio.h>
#include <string.h>

#include "api/common.h"
#include "api/handlers.h"
#include "api/obligations_question.h"
#include "api/tabular.h"
#include "base/clock.h"
#include "base/json.h"
#include "decision/decision.h"

/* Reads year; without one `whole_plan` decides: all years, or the one it is. */
static bool read_years(struct request *request, bool whole_plan, struct obligations_question *question)
{
    const char *text = request_query(request, "year");
    const struct plan *plan = question->version->plan;
    struct period year;

    if (!text) {
        question->from_year = whole_plan ? plan->from : plan_current_year(plan, question->now);
        question->to_year = whole_plan ? plan->to : question->from_year;
        return true;
    }
    if (!period_parse(text, &year) || year.kind != PERIOD_YEAR || year.year < plan->from || year.year > plan->to) {
        reply_bad_parameter(request, "year", arena_format(request->arena, "%d–%d", plan->from, plan->to));
        return false;
    }
    question->from_year = question->to_year = year.year;
    return true;
}

bool read_obligations_question(struct request *request, struct db *db, bool whole_plan, struct asked_obligations *asked)
{
    struct obligations_question *question = &asked->question;
    const char *form = request_query(request, "form"), *office = request_query(request, "office");

    *asked = (struct asked_obligations){0};
    if (!read_as_of(request, &asked->as_of, &question->as_of))
        return false;
    question->now = question->as_of ? asked->as_of : clock_now();
    question->version = find_plan(request, db, question->as_of);
    if (!question->version || !read_years(request, whole_plan, question))
        return false;
    question->form = form ? plan_form(question->version->plan, form) : NULL;
    if (form && !question->form) {
        reply_unknown_value(request, "form", form);
        return false;
    }
    if (office && !plan_office(question->version->plan, office)) {
        reply_unknown_value(request, "office", office);
        return false;
    }
    if (office && request->principal.role == ROLE_OFFICE && strcmp(office, request->principal.office) != 0) {
        reply_problem(request, PROBLEM_forbidden, NULL);
        return false;
    }
    question->office = office;
    return settle(request, db, question->as_of);
}

static const struct tabulation_column obligation_columns[] = {
    {.code = "office", .kind = COLUMN_CODE, .heading = {{"機關代碼", "Office code"}}},
    {.code = "name", .kind = COLUMN_TEXT, .heading = {{"名稱", "Name"}}},
    {.code = "form", .kind = COLUMN_CODE, .heading = {{"表單代碼", "Form code"}}},
    {.code = "form_name", .kind = COLUMN_TEXT, .heading = {{"表單", "Form"}}},
    {.code = "period", .kind = COLUMN_CODE, .heading = {{"期間", "Period"}}},
    {.code = "due", .kind = COLUMN_CODE, .heading = {{"期限狀態", "Due"}}},
    {.code = "due_date", .kind = COLUMN_DATE, .heading = {{"期限", "Due date"}}},
    {.code = "planned_date", .kind = COLUMN_DATE, .heading = {{"原定期限", "Planned date"}}},
    {.code = "due_at", .kind = COLUMN_MOMENT, .heading = {{"截止時間", "Due at"}}},
    {.code = "hard", .kind = COLUMN_TRUTH, .heading = {{"硬性期限", "Hard"}}},
    {.code = "extension.until", .kind = COLUMN_DATE, .heading = {{"展延至", "Extended until"}}},
    {.code = "extension.reason", .kind = COLUMN_TEXT, .heading = {{"展延事由", "Reason"}}},
    {.code = "extension.granted_by", .kind = COLUMN_TEXT, .heading = {{"核准者", "Granted by"}}},
    {.code = "timeliness", .kind = COLUMN_CODE, .heading = {{"時效", "Timeliness"}}},
    {.code = "review", .kind = COLUMN_CODE, .heading = {{"審查狀態", "Review"}}},
    {.code = "stage", .kind = COLUMN_CODE, .heading = {{"審查階段", "Stage"}}},
    {.code = "ticket.reason", .kind = COLUMN_TEXT, .heading = {{"退回事由", "Returned because"}}},
    {.code = "next.stage", .kind = COLUMN_CODE, .heading = {{"待辦階段", "Next stage"}}},
    {.code = "submission", .kind = COLUMN_CODE, .heading = {{"識別碼", "Identifier"}}},
    {.code = "revision", .kind = COLUMN_INTEGER, .heading = {{"版次", "Revision"}}},
    {.code = "first_received_at", .kind = COLUMN_MOMENT, .heading = {{"首次收件時間", "First received"}}},
    {.code = "provisional", .kind = COLUMN_TRUTH, .heading = {{"暫定", "Provisional"}}},
    {.code = "events.reported", .kind = COLUMN_INTEGER, .heading = {{"已報場次", "Events reported"}}},
    {.code = "events.expected", .kind = COLUMN_INTEGER, .heading = {{"應報場次", "Events expected"}}},
    {.code = "on_behalf", .kind = COLUMN_TRUTH, .heading = {{"性平辦代報", "By the GEO on behalf"}}},
    {.code = "attested.received_at", .kind = COLUMN_MOMENT, .heading = {{"補登收件時間", "Attested receipt"}}},
    {.code = "attested.reason", .kind = COLUMN_TEXT, .heading = {{"補登事由", "Attested because"}}},
    {.code = "withdrawn.reason", .kind = COLUMN_TEXT, .heading = {{"撤回原因", "Withdrawn because"}}},
    {.code = "closed.reason", .kind = COLUMN_TEXT, .heading = {{"關閉事由", "Closed because"}}},
    {.code = "missing_attachments", .kind = COLUMN_TEXT, .heading = {{"缺附件", "Attachments missing"}}},
};

static const struct tabulation_column timeliness_columns[] = {
    {.code = "unit", .kind = COLUMN_CODE, .heading = {{"單位代碼", "Unit code"}}},
    {.code = "name", .kind = COLUMN_TEXT, .heading = {{"名稱", "Name"}}},
    {.code = "year", .kind = COLUMN_CODE, .heading = {{"年度", "Year"}}},
    {.code = "form", .kind = COLUMN_CODE, .heading = {{"表單代碼", "Form code"}}},
    {.code = "form_name", .kind = COLUMN_TEXT, .heading = {{"表單", "Form"}}},
    {.code = "period", .kind = COLUMN_CODE, .heading = {{"期間", "Period"}}},
    {.code = "due_date", .kind = COLUMN_DATE, .heading = {{"期限", "Due date"}}},
    {.code = "expected", .kind = COLUMN_INTEGER, .heading = {{"應報", "Expected"}}},
    {.code = "received", .kind = COLUMN_INTEGER, .heading = {{"已報", "Received"}}},
    {.code = "on_time", .kind = COLUMN_INTEGER, .heading = {{"準時", "On time"}}},
    {.code = "late", .kind = COLUMN_INTEGER, .heading = {{"逾期", "Late"}}},
    {.code = "excused", .kind = COLUMN_INTEGER, .heading = {{"核准展延", "Excused"}}},
    {.code = "outstanding", .kind = COLUMN_INTEGER, .heading = {{"未報", "Outstanding"}}},
    {.code = "received_rate", .kind = COLUMN_RATE, .heading = {{"填報率（%）", "Received (%)"}}},
    {.code = "on_time_rate", .kind = COLUMN_RATE, .heading = {{"準時率（%）", "On time (%)"}}},
};

static enum step_result reply_table(struct request *request, const struct plan *plan, const struct name *title,
                                    const json_t *list, const struct tabulation_column *columns, size_t count)
{
    struct tabulation *table =
        new_tabulation(request, plan, title, period_words(request, request_query(request, "year")), columns, count);

    tabulate_list(request, table, list);
    return reply_tabulation(request, table);
}

/* Who opens a workbook reads words; CSV and JSON keep the codes. */
static void put_words(const struct request *request, json_t *obligations)
{
    static const struct {
        const char *member, *code;
        struct name words;
    } known[] = {
        {"due", "not_due", {{"尚未到期", "not due yet"}}},
        {"due", "due_soon", {{"即將到期", "due soon"}}},
        {"due", "past_due", {{"已到期", "past"}}},
        {"timeliness", "on_time", {{"準時", "on time"}}},
        {"timeliness", "late", {{"逾期收件", "late"}}},
        {"timeliness", "excused", {{"展期內收件", "within extension"}}},
        {"review", "received", {{"已收件", "received"}}},
        {"review", "not_received", {{"未收件", "not received"}}},
        {"review", "returned", {{"已退回", "returned"}}},
        {"review", "accepted", {{"已通過", "accepted"}}},
        {"review", "official", {{"已為正式", "official"}}},
    };
    json_t *one;
    size_t i;

    json_array_foreach(obligations, i, one) {
        for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
            const char *code = json_text_member(one, known[k].member);

            if (code && strcmp(code, known[k].code) == 0)
                json_object_set_new(one, known[k].member, json_string(known[k].words.text[request->language]));
        }
    }
}

/* What decisions ask the same offices for stands beside what the plan has them hand in. */
static enum db_status add_requests(struct request *request, struct db *db, const struct obligations_question *asked,
                                   json_t *json)
{
    const struct requests_question question = {
        .plan = asked->version->plan,
        .from_year = asked->from_year,
        .to_year = asked->to_year,
        .office = request->principal.role == ROLE_OFFICE ? request->principal.office : asked->office,
        .form = asked->form ? asked->form->code : NULL,
        .as_of = asked->as_of,
        .now = asked->now};
    json_t *list = NULL;
    enum db_status status = decision_requests(db, &question, &list);

    if (status == DB_OK && json_object_set_new(json, "requests", list) != 0)
        status = DB_FAILED;
    return status;
}

enum step_result get_obligations(struct request *request, struct db *db)
{
    static const struct name title = {{"應填報事項", "Obligations"}};
    struct asked_obligations asked;
    struct obligation *obligations;
    size_t count;

    if (!read_obligations_question(request, db, false, &asked))
        return STEP_DONE;
    if (begin_snapshot(request, db)) {
        enum db_status status = obligations_list(db, &asked.question, request->arena, &obligations, &count);
        json_t *json = status == DB_OK ? obligations_to_json(&asked.question, obligations, count) : NULL;

        if (status == DB_OK)
            status = add_requests(request, db, &asked.question, json);
        if (status != DB_OK) {
            reply_db_failure(request, db, (int)status, "obligations_failed");
        } else {
            if (request->format == FORMAT_ODS || request->format == FORMAT_XLSX)
                put_words(request, json_object_get(json, "obligations"));
            if (request->format != FORMAT_JSON)
                reply_table(request, asked.question.version->plan, &title, json_object_get(json, "obligations"),
                            obligation_columns, sizeof obligation_columns / sizeof *obligation_columns);
            else
                reply_json(request, 200, json_incref(json));
        }
        json_decref(json);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

enum step_result get_timeliness(struct request *request, struct db *db)
{
    static const struct name title = {{"填報及準時情形", "Completeness and timeliness"}};
    static const char *const levels[] = {"office", "group", "city", NULL};
    const char *by = request_query(request, "by");
    struct asked_obligations asked;
    json_t *json = NULL;

    if (!by)
        by = "city";
    if (!is_one_of(by, levels))
        return reply_bad_parameter(request, "by", "office, group, city");
    if (!read_obligations_question(request, db, true, &asked))
        return STEP_DONE;
    if (begin_snapshot(request, db)) {
        enum db_status status = obligations_timeliness(db, &asked.question, by, request->arena, &json);

        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "timeliness_failed");
        else if (request->format != FORMAT_JSON)
            reply_table(request, asked.question.version->plan, &title, json_object_get(json, "timeliness"),
                        timeliness_columns, sizeof timeliness_columns / sizeof *timeliness_columns);
        else
            reply_json(request, 200, json_incref(json));
        json_decref(json);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}
