/* meeting_calendar.c: the year's calendar of meetings of all bodies. */
#include "meeting/calendar.h"

#include "api/common.h"
#include "api/handlers.h"
#include "api/tabular.h"
#include "base/clock.h"
#include "meeting/meeting.h"

static const struct tabulation_column columns[] = {
    {.code = "tier", .kind = COLUMN_INTEGER, .heading = {{"層級", "Tier"}}},
    {.code = "body", .kind = COLUMN_CODE, .heading = {{"會議代碼", "Body"}}},
    {.code = "name", .kind = COLUMN_TEXT, .heading = {{"會議", "Name of the body"}}},
    {.code = "unit", .kind = COLUMN_CODE, .heading = {{"單位代碼", "Unit"}}},
    {.code = "unit_name", .kind = COLUMN_TEXT, .heading = {{"單位", "Name of the unit"}}},
    {.code = "expected", .kind = COLUMN_TRUTH, .heading = {{"應召開", "Expected"}}},
    {.code = "slot", .kind = COLUMN_INTEGER, .heading = {{"應召開次別", "Which one"}}},
    {.code = "month", .kind = COLUMN_INTEGER, .heading = {{"月份", "Month"}}},
    {.code = "due_date", .kind = COLUMN_DATE, .heading = {{"期限", "Due date"}}},
    {.code = "soft", .kind = COLUMN_TRUTH, .heading = {{"原則", "In principle"}}},
    {.code = "state", .kind = COLUMN_CODE, .heading = {{"狀態", "State"}}},
    {.code = "day", .kind = COLUMN_DATE, .heading = {{"會議日期", "Day"}}},
    {.code = "late", .kind = COLUMN_TRUTH, .heading = {{"逾期", "Late"}}},
    {.code = "days_late", .kind = COLUMN_INTEGER, .heading = {{"逾期日數", "Days late"}}},
    {.code = "why", .kind = COLUMN_CODE, .heading = {{"不計入原因", "Why it doesn't count"}}},
    {.code = "kind", .kind = COLUMN_CODE, .heading = {{"會議類別", "Kind"}}},
    {.code = "number", .kind = COLUMN_INTEGER, .heading = {{"次別", "Number"}}},
    {.code = "meeting", .kind = COLUMN_CODE, .heading = {{"會議識別碼", "Meeting"}}},
    {.code = "record", .kind = COLUMN_CODE, .heading = {{"會議紀錄識別碼", "Record"}}},
    {.code = "document_number", .kind = COLUMN_TEXT, .heading = {{"公文文號", "Document number"}}},
    {.code = "source", .kind = COLUMN_TEXT, .heading = {{"依據", "Source"}}},
};

/* False: a problem is replied. */
static bool read_question(struct request *request, const struct plan *plan, struct meeting_calendar_question *question)
{
    const char *year = request_query(request, "year"), *body = request_query(request, "body");
    timestamp moment = question->as_of ? *question->as_of : clock_now();
    struct period period = {PERIOD_YEAR, plan_current_year(plan, moment), 0};

    if (year && (!period_parse(year, &period) || period.kind != PERIOD_YEAR || period.year < plan->from ||
                 period.year > plan->to)) {
        reply_bad_parameter(request, "year", arena_format(request->arena, "%d–%d", plan->from, plan->to));
        return false;
    }
    if (body && !(question->body = plan_body(plan, body)) && !(question->body = meeting_body(plan, body))) {
        reply_unknown_value(request, "body", body);
        return false;
    }
    question->plan = plan;
    question->year = period.year;
    question->unit = request_query(request, "unit");
    question->office = request->principal.role == ROLE_OFFICE ? request->principal.office : NULL;
    question->today = calendar_day_of(&plan->calendar, moment);
    return knows_unit(request, question->body ? question->body->code : NULL, question->unit);
}

static void reply_calendar(struct request *request, const struct meeting_calendar_question *question,
                           const json_t *list)
{
    static const struct name title = {{"年度會議行事曆", "Calendar of meetings"}};
    const struct plan *plan = question->plan;
    struct tabulation *table;
    char today[DATE_TEXT_SIZE];

    if (request->format == FORMAT_JSON) {
        date_format_iso(question->today, today);
        reply_json(
            request, 200,
            json_pack("{ss si ss sO}", "plan", plan->code, "year", question->year, "date", today, "calendar", list));
        return;
    }
    table =
        new_tabulation(request, plan, &title, period_words(request, arena_format(request->arena, "%d", question->year)),
                       columns, sizeof columns / sizeof *columns);
    tabulate_list(request, table, list);
    reply_tabulation(request, table);
}

enum step_result get_meeting_calendar(struct request *request, struct db *db)
{
    const struct plan_version *version = find_plan(request, db, NULL);
    struct meeting_calendar_question question = {0};
    timestamp moment;
    json_t *list = NULL;

    if (!version || !read_as_of(request, &moment, &question.as_of) ||
        !read_question(request, version->plan, &question) || !settle(request, db, question.as_of))
        return STEP_DONE;
    if (begin_snapshot(request, db)) {
        enum db_status status = meeting_calendar(db, &question, request->arena, &list);

        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "meeting_calendar_failed");
        else
            reply_calendar(request, &question, list);
        json_decref(list);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}
