/* meetings.c: meetings of bodies: planning or recording one, listing them, showing one. */
#include <string.h>

#include "api/common.h"
#include "api/handlers.h"
#include "api/meeting_acts.h"
#include "api/members.h"
#include "api/tabular.h"
#include "base/json.h"

/* ---- planning or recording one ----------------------------------------------------------------------------------- */

/* What is asked for; texts in the request's arena. */
struct planning {
    const struct body *body;
    const char *body_code, *unit, *kind, *held_on;
    const char *year; /* NULL: that of its day */
    struct step_members step;
    bool by_day; /* recorded by its day only, as reviews need it */
};

/* A ROC year as text. False: a problem is replied. */
static bool read_year(struct request *request, const struct plan *plan, const json_t *json, struct planning *planning)
{
    const json_t *value = json_object_get(json, "year");
    json_int_t year = json_integer_value(value);
    struct date day;

    if ((!value || json_is_null(value)) && date_parse_iso(planning->step.day, &day))
        year = day.year - ROC_EPOCH;
    else if (!json_is_integer(value))
        year = 0;
    if (year < plan->from || year > plan->to) {
        members_refuse(request, "year", year_wanted(request, plan));
        return false;
    }
    planning->year = arena_format(request->arena, "%d", (int)year);
    return planning->year != NULL;
}

static bool read_unit(struct request *request, const struct plan *plan, struct planning *planning)
{
    int year = 0;
    size_t place;

    if (!planning->unit && request->principal.role == ROLE_OFFICE && planning->body->per == BODY_PER_OFFICE)
        planning->unit = request->principal.office;
    for (const char *digit = planning->year; *digit; digit++)
        year = year * 10 + (*digit - '0');
    if (body_unit_find(plan, planning->body, planning->unit, year, &place))
        return true;
    members_refuse(request, "unit", unit_wanted(request, planning->body));
    return false;
}

static bool read_word(struct request *request, const json_t *json, const char *name, const char *const *words,
                      const char *expected, const char **ret_word)
{
    const char *usual = *ret_word;

    if (!members_text(request, json, name, LONGEST_CODE, false, ret_word))
        return false;
    if (!*ret_word)
        *ret_word = usual;
    if (is_one_of(*ret_word, words))
        return true;
    members_refuse(request, name, expected);
    return false;
}

/* "held_on": it was held already. */
static bool read_held_on(struct request *request, const json_t *json, struct planning *planning)
{
    char iso[DATE_TEXT_SIZE];
    struct date date;

    if (!members_text(request, json, "held_on", LONGEST_CODE, false, &planning->held_on))
        return false;
    if (!planning->held_on)
        return true;
    if (planning->step.day || json_object_get(json, "state") || !date_parse_habit(planning->held_on, &date)) {
        members_refuse(
            request, "held_on",
            bilingual(request, "YYYY-MM-DD，且不與 day、state 並填", "YYYY-MM-DD, with neither day nor state"));
        return false;
    }
    date_format_iso(date, iso);
    planning->step.day = planning->held_on = arena_text(request->arena, iso);
    return planning->held_on != NULL;
}

/* The body by its code. One that is sent with its day and its number only is recorded by its day. */
static bool read_body(struct request *request, const struct plan *plan, const json_t *json, struct planning *planning)
{
    if (!members_text(request, json, "body", LONGEST_CODE, true, &planning->body_code))
        return false;
    planning->body = plan_body(plan, planning->body_code);
    if (!planning->body)
        planning->body = meeting_body(plan, planning->body_code);
    if (!planning->body) {
        members_refuse(request, "body", bilingual(request, "計畫中的會議代碼", "the code of a body of the plan"));
        return false;
    }
    planning->by_day = planning->held_on && planning->body->per == BODY_OF_CITY &&
                       json_object_size(json) <= 2 + (json_object_get(json, "document_number") != NULL);
    return true;
}

static bool read_rest(struct request *request, const struct plan *plan, const json_t *json, struct planning *planning)
{
    static const char *const kinds[] = {"regular", "ad_hoc", NULL}, *const states[] = {"planned", "called", "held",
                                                                                       NULL};

    planning->kind = "regular";
    planning->step.state = planning->held_on ? "held" : "planned";
    if (!planning->step.day) {
        members_refuse(request, "day", "YYYY-MM-DD");
        return false;
    }
    return members_text(request, json, "unit", LONGEST_CODE, false, &planning->unit) &&
           read_word(request, json, "kind", kinds, "regular, ad_hoc", &planning->kind) &&
           read_word(request, json, "state", states, "planned, called, held", &planning->step.state) &&
           (planning->by_day || (read_year(request, plan, json, planning) && read_unit(request, plan, planning)));
}

/* False: a problem is replied. */
static bool read_planning(struct request *request, const struct plan *plan, struct planning *planning)
{
    static const char *const known[] = {"body",  "unit",   "kind", "year",  "held_on",         "day",
                                        "state", "begins", "ends", "place", "document_number", NULL};
    json_t *json = members_read(request, known);
    bool good = json && meeting_read_step(request, json, &planning->step) && read_held_on(request, json, planning) &&
                read_body(request, plan, json, planning) && read_rest(request, plan, json, planning);

    json_decref(json);
    return good;
}

/* Who may plan what: whoever reviews may record a meeting of the city by its day. */
static bool check_planning(struct request *request, const struct planning *planning)
{
    unsigned role = (unsigned)request->principal.role;
    bool by_day = planning->by_day && (role & (ROLE_DBAS | ROLE_ADMIN));

    if (!by_day && !meeting_may_prepare(&request->principal, planning->unit)) {
        reply_problem(request, PROBLEM_forbidden, NULL);
        return false;
    }
    if (meeting_is_by_record(planning->body) && strcmp(planning->step.state, "held") == 0) {
        reply_problem(request, PROBLEM_meeting_by_record, NULL);
        return false;
    }
    return true;
}

enum step_result post_meeting(struct request *request, struct db *db)
{
    const struct plan_version *version = find_plan(request, db, NULL);
    struct planning planning = {0};
    const struct step_members *step = &planning.step;
    const char *id, *step_id, *today;
    struct act *act;

    if (!version || !read_planning(request, version->plan, &planning) || !check_planning(request, &planning))
        return STEP_DONE;
    id = meeting_new_id(request);
    step_id = meeting_new_id(request);
    today = meeting_today(request, version->plan);
    if (!id || !step_id || !today)
        return STEP_DONE;
    act = act_prepare(request, "meeting", &meeting_record,
                      (const char *const[MEETING_PARAMETERS - ACT_OWN_PARAMETERS]){
                          id, version->plan->code, meeting_code(planning.body), planning.unit, planning.kind,
                          planning.year, planning.by_day ? planning.held_on : NULL, step_id,
                          planning.by_day ? NULL : step->state, step->day, step->begins, step->ends, step->place,
                          step->document_number, today});
    if (!act)
        return STEP_DONE;
    request->state = act;
    return job_queue(request, &act->job, meeting_answer);
}

/* ---- lists, and one ---------------------------------------------------------------------------------------------- */

static const struct tabulation_column columns[] = {
    {.code = "meeting", .kind = COLUMN_CODE, .heading = {{"識別碼", "Identifier"}}},
    {.code = "body", .kind = COLUMN_CODE, .heading = {{"會議代碼", "Body"}}},
    {.code = "name", .kind = COLUMN_TEXT, .heading = {{"會議", "Name of the body"}}},
    {.code = "unit", .kind = COLUMN_CODE, .heading = {{"單位代碼", "Unit"}}},
    {.code = "unit_name", .kind = COLUMN_TEXT, .heading = {{"單位", "Name of the unit"}}},
    {.code = "kind", .kind = COLUMN_CODE, .heading = {{"會議類別", "Kind"}}},
    {.code = "year", .kind = COLUMN_CODE, .heading = {{"年度", "Year"}}},
    {.code = "number", .kind = COLUMN_INTEGER, .heading = {{"次別", "Number"}}},
    {.code = "state", .kind = COLUMN_CODE, .heading = {{"狀態", "State"}}},
    {.code = "day", .kind = COLUMN_DATE, .heading = {{"會議日期", "Day"}}},
    {.code = "begins", .kind = COLUMN_TEXT, .heading = {{"開始", "Begins"}}},
    {.code = "ends", .kind = COLUMN_TEXT, .heading = {{"結束", "Ends"}}},
    {.code = "place", .kind = COLUMN_TEXT, .heading = {{"地點", "Place"}}},
    {.code = "call_number", .kind = COLUMN_TEXT, .heading = {{"開會通知文號", "Number of the call"}}},
    {.code = "minutes_number", .kind = COLUMN_TEXT, .heading = {{"會議紀錄文號", "Number of the minutes"}}},
    {.code = "held_on", .kind = COLUMN_DATE, .heading = {{"召開日期", "Held on"}}},
    {.code = "recorded_at", .kind = COLUMN_MOMENT, .heading = {{"登錄時間", "Recorded at"}}},
};

/* False: a problem is replied. */
static bool read_filter(struct request *request, const struct plan *plan, struct meeting_filter *filter)
{
    static const char *const states[] = {"planned", "called", "held", "on_record", "cancelled", NULL};
    const char *body = request_query(request, "body"), *year = request_query(request, "year");
    const struct body *found = body ? plan_body(plan, body) : NULL;
    struct period period = {0};

    if (body && !found && !(found = meeting_body(plan, body))) {
        reply_unknown_value(request, "body", body);
        return false;
    }
    if (year && (!period_parse(year, &period) || period.kind != PERIOD_YEAR)) {
        reply_bad_parameter(request, "year", arena_format(request->arena, "%d–%d", plan->from, plan->to));
        return false;
    }
    filter->plan = plan->code;
    filter->body = found ? meeting_code(found) : NULL;
    filter->unit = request_query(request, "unit");
    filter->year = period.year;
    filter->state = request_query(request, "state");
    if (filter->state && !is_one_of(filter->state, states)) {
        reply_bad_parameter(request, "state", "planned, called, held, on_record, cancelled");
        return false;
    }
    return knows_unit(request, found ? found->code : NULL, filter->unit);
}

static void reply_list(struct request *request, const struct plan *plan, json_t *list)
{
    static const struct name title = {{"會議清單", "Meetings"}};
    struct tabulation *table;

    if (request->format == FORMAT_JSON) {
        reply_json(request, 200, json_pack("{ss sO}", "plan", plan->code, "meetings", list));
        return;
    }
    table = new_tabulation(request, plan, &title, NULL, columns, sizeof columns / sizeof *columns);
    tabulate_list(request, table, list);
    reply_tabulation(request, table);
}

enum step_result list_meetings(struct request *request, struct db *db)
{
    const struct plan_version *version = find_plan(request, db, NULL);
    struct meeting_filter filter = {0};
    timestamp moment;
    json_t *list = NULL;

    if (!version || !read_filter(request, version->plan, &filter) || !read_as_of(request, &moment, &filter.as_of) ||
        !settle(request, db, filter.as_of))
        return STEP_DONE;
    if (begin_snapshot(request, db)) {
        enum db_status status = meetings_list(db, &filter, &list);

        if (status == DB_OK)
            status = meetings_number(db, version->plan, filter.as_of, request->arena, list);
        if (status == DB_OK && !meetings_name(version->plan, list))
            status = DB_FAILED;
        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "meetings_failed");
        else
            reply_list(request, version->plan, list);
        json_decref(list);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

enum step_result get_meeting(struct request *request, struct db *db)
{
    const timestamp *as_of;
    timestamp moment;

    if (!read_as_of(request, &moment, &as_of) || !settle(request, db, as_of))
        return STEP_DONE;
    if (begin_snapshot(request, db))
        meeting_reply(request, db, request->path_parameters[0], 200, as_of);
    db_snapshot_end(db);
    return STEP_DONE;
}
