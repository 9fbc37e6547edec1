/* bodies.c: bodies, the rule watch and the yearly duties, to read. */
#include <string.h>

#include "api/common.h"
#include "api/handlers.h"
#include "api/tabular.h"
#include "base/clock.h"
#include "body/watch.h"
#include "meeting/watching.h"

/* Reads date and as_of, and whose bodies may be seen. NULL: a problem is replied. */
static const struct plan *read_question(struct request *request, struct db *db, struct watch_question *question,
                                        timestamp *moment)
{
    const char *date = request_query(request, "date");

    *question =
        (struct watch_question){.office = request->principal.role == ROLE_OFFICE ? request->principal.office : NULL};
    if (!read_as_of(request, moment, &question->as_of) || !settle(request, db, question->as_of))
        return NULL;
    question->version = find_plan(request, db, question->as_of);
    if (!question->version)
        return NULL;
    question->day =
        calendar_day_of(&question->version->plan->calendar, question->as_of ? *question->as_of : clock_now());
    if (date && !date_parse_habit(date, &question->day)) {
        reply_bad_parameter(request, "date", "YYYY-MM-DD");
        return NULL;
    }
    return question->version->plan;
}

enum step_result list_bodies(struct request *request, struct db *db)
{
    struct watch_question question;
    timestamp moment;
    const struct plan *plan = read_question(request, db, &question, &moment);
    json_t *list;

    if (!plan)
        return STEP_DONE;
    list = json_array();
    for (size_t i = 0; list && i < plan->bodies->body_count; i++)
        json_array_append_new(list, body_to_json(&question, &plan->bodies->bodies[i]));
    return reply_json(request, 200, json_pack("{ss so}", "plan", plan->code, "bodies", list));
}

/* Finds the body of the address and its unit; a body that each office has needs one. False: a problem is replied. */
static bool find_unit(struct request *request, struct watch_question *question)
{
    const struct plan *plan = question->version->plan;
    size_t place;

    question->body = plan_body(plan, request->path_parameters[1]);
    question->unit = request_query(request, "unit");
    if (!question->body) {
        reply_problem(request, PROBLEM_unknown_body, request->path_parameters[1]);
        return false;
    }
    if (!question->unit && question->office && question->body->per == BODY_PER_OFFICE)
        question->unit = question->office;
    if (!body_unit_find(plan, question->body, question->unit, watch_year(plan, question->day), &place)) {
        reply_problem(request, PROBLEM_unknown_body, question->unit ? question->unit : "unit");
        return false;
    }
    if (!watch_covers(question, question->body, question->unit)) {
        reply_problem(request, PROBLEM_forbidden, NULL);
        return false;
    }
    return true;
}

enum step_result get_body(struct request *request, struct db *db)
{
    struct watch_question question;
    timestamp moment;
    json_t *seats = NULL, *body;

    if (!read_question(request, db, &question, &moment) || !find_unit(request, &question))
        return STEP_DONE;
    if (begin_snapshot(request, db)) {
        enum db_status status = body_seats(db, &question, request->arena, &seats);

        if (status != DB_OK) {
            reply_db_failure(request, db, (int)status, "body_failed");
        } else {
            body = body_to_json(&question, question.body);
            if (body)
                json_object_update(body, seats);
            reply_json(request, 200, body);
        }
        json_decref(seats);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

/* ---- the rule watch ---------------------------------------------------------------------------------------------- */

static const struct tabulation_column watch_columns[] = {
    {.code = "body", .kind = COLUMN_CODE, .heading = {{"小組代碼", "Body code"}}},
    {.code = "name", .kind = COLUMN_TEXT, .heading = {{"小組", "Body"}}},
    {.code = "unit", .kind = COLUMN_CODE, .heading = {{"單位代碼", "Unit code"}}},
    {.code = "unit_name", .kind = COLUMN_TEXT, .heading = {{"單位", "Unit"}}},
    {.code = "rule", .kind = COLUMN_CODE, .heading = {{"規則代碼", "Rule code"}}},
    {.code = "rule_name", .kind = COLUMN_TEXT, .heading = {{"規則", "Rule"}}},
    {.code = "hard", .kind = COLUMN_TRUTH, .heading = {{"強制", "Hard"}}},
    {.code = "verdict", .kind = COLUMN_CODE, .heading = {{"結果", "Verdict"}}},
    {.code = "found", .kind = COLUMN_TEXT, .heading = {{"現況", "Found"}}},
    {.code = "wanted", .kind = COLUMN_TEXT, .heading = {{"規定", "Wanted"}}},
    {.code = "since", .kind = COLUMN_DATE, .heading = {{"自", "Since"}}},
    {.code = "last_held", .kind = COLUMN_DATE, .heading = {{"最近符合日", "Last held"}}},
    {.code = "mend.exchange", .kind = COLUMN_INTEGER, .heading = {{"改派人數", "Exchange"}}},
    {.code = "mend.add", .kind = COLUMN_INTEGER, .heading = {{"增聘人數", "Add"}}},
    {.code = "mend.remove", .kind = COLUMN_INTEGER, .heading = {{"減少人數", "Remove"}}},
    {.code = "mend.free_seats", .kind = COLUMN_INTEGER, .heading = {{"空額", "Free seats"}}},
    {.code = "advice", .kind = COLUMN_TEXT, .heading = {{"建議", "Advice"}}},
    {.code = "revision", .kind = COLUMN_CODE, .heading = {{"名冊識別碼", "Roster's revision"}}},
    {.code = "source", .kind = COLUMN_TEXT, .heading = {{"依據", "Source"}}},
};

/* Reads body and unit. False: a problem is replied. */
static bool read_selection(struct request *request, const struct plan *plan, struct watch_question *question)
{
    const char *body = request_query(request, "body");
    bool known = false;

    question->unit = request_query(request, "unit");
    question->body = body ? plan_body(plan, body) : NULL;
    if (body && !question->body) {
        reply_unknown_value(request, "body", body);
        return false;
    }
    for (size_t i = 0; question->unit && i < plan->bodies->body_count; i++) {
        size_t place;

        known = known ||
                body_unit_find(plan, &plan->bodies->bodies[i], question->unit, watch_year(plan, question->day), &place);
    }
    if (question->unit && !known)
        reply_unknown_value(request, "unit", question->unit);
    return !question->unit || known;
}

static void reply_list(struct request *request, const struct plan *plan, const struct name *title,
                       const struct tabulation_column *columns, size_t count, const json_t *list)
{
    struct tabulation *table = new_tabulation(request, plan, title, NULL, columns, count);

    tabulate_list(request, table, list);
    reply_tabulation(request, table);
}

enum step_result get_watch(struct request *request, struct db *db)
{
    static const struct name title = {{"委員組成檢視", "Rule watch"}};
    struct watch_question question;
    timestamp moment;
    const struct plan *plan = read_question(request, db, &question, &moment);
    char day[DATE_TEXT_SIZE];
    json_t *list = NULL;

    if (!plan || !read_selection(request, plan, &question))
        return STEP_DONE;
    date_format_iso(question.day, day);
    if (begin_snapshot(request, db)) {
        enum db_status status = watch_rules(db, &question, request->arena, &list);

        if (status == DB_OK)
            status = watch_meetings(db, &question, request->arena, list);
        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "watch_failed");
        else if (request->format != FORMAT_JSON)
            reply_list(request, plan, &title, watch_columns, sizeof watch_columns / sizeof *watch_columns, list);
        else
            reply_json(request, 200, json_pack("{ss ss sO}", "plan", plan->code, "date", day, "watch", list));
        json_decref(list);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

/* ---- yearly duties ----------------------------------------------------------------------------------------------- */

static const struct tabulation_column duty_columns[] = {
    {.code = "office", .kind = COLUMN_CODE, .heading = {{"機關代碼", "Office code"}}},
    {.code = "name", .kind = COLUMN_TEXT, .heading = {{"名稱", "Name"}}},
    {.code = "year", .kind = COLUMN_CODE, .heading = {{"年度", "Year"}}},
    {.code = "duty", .kind = COLUMN_CODE, .heading = {{"事項代碼", "Duty code"}}},
    {.code = "duty_name", .kind = COLUMN_TEXT, .heading = {{"應辦事項", "Duty"}}},
    {.code = "state", .kind = COLUMN_CODE, .heading = {{"狀態", "State"}}},
    {.code = "due_date", .kind = COLUMN_DATE, .heading = {{"期限", "Due date"}}},
    {.code = "found", .kind = COLUMN_NUMBER, .heading = {{"已辦", "Found"}}},
    {.code = "wanted", .kind = COLUMN_NUMBER, .heading = {{"應辦", "Wanted"}}},
    {.code = "gap", .kind = COLUMN_NUMBER, .heading = {{"尚缺", "Gap"}}},
    {.code = "known", .kind = COLUMN_TRUTH, .heading = {{"資料齊全", "Known"}}},
    {.code = "provisional", .kind = COLUMN_TRUTH, .heading = {{"暫定", "Provisional"}}},
    {.code = "form", .kind = COLUMN_CODE, .heading = {{"表單代碼", "Form code"}}},
    {.code = "source", .kind = COLUMN_TEXT, .heading = {{"依據", "Source"}}},
};

/* False: a problem is replied. */
static bool read_duties(struct request *request, struct duties_question *question)
{
    const struct plan *plan = question->version->plan;
    const char *year = request_query(request, "year"), *office = request_query(request, "office"),
               *basis = request_query(request, "basis");
    struct period period = {PERIOD_YEAR, plan_current_year(plan, question->now), 0};
    bool is_office = request->principal.role == ROLE_OFFICE;

    if (year && (!period_parse(year, &period) || period.kind != PERIOD_YEAR || period.year < plan->from ||
                 period.year > plan->to)) {
        reply_bad_parameter(request, "year", arena_format(request->arena, "%d–%d", plan->from, plan->to));
        return false;
    }
    if (office && !plan_office(plan, office)) {
        reply_unknown_value(request, "office", office);
        return false;
    }
    if (office && is_office && strcmp(office, request->principal.office) != 0) {
        reply_problem(request, PROBLEM_forbidden, NULL);
        return false;
    }
    if (basis && strcmp(basis, "latest") != 0 && strcmp(basis, "official") != 0) {
        reply_bad_parameter(request, "basis", "latest, official");
        return false;
    }
    question->year = period.year;
    question->office = is_office ? request->principal.office : office;
    question->basis = basis ? basis : "latest";
    return true;
}

enum step_result get_duties(struct request *request, struct db *db)
{
    static const struct name title = {{"年度應辦事項", "Yearly duties"}};
    struct duties_question question = {.now = clock_now()};
    timestamp moment;
    json_t *list = NULL;

    if (!read_as_of(request, &moment, &question.as_of) || !settle(request, db, question.as_of))
        return STEP_DONE;
    question.version = find_plan(request, db, question.as_of);
    if (question.as_of)
        question.now = moment;
    if (!question.version || !read_duties(request, &question))
        return STEP_DONE;
    if (begin_snapshot(request, db)) {
        enum db_status status = watch_duties(db, &question, request->arena, &list);

        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "duties_failed");
        else if (request->format != FORMAT_JSON)
            reply_list(request, question.version->plan, &title, duty_columns,
                       sizeof duty_columns / sizeof *duty_columns, list);
        else
            reply_json(request, 200,
                       json_pack("{ss si ss sO}", "plan", question.version->plan->code, "year", question.year, "basis",
                                 question.basis, "duties", list));
        json_decref(list);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}
