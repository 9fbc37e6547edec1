/* requests.c: data that decisions ask offices for. */
#include <stdio.h>

#include "base/json.h"
#include "decision/inside.h"

enum { NUMBER_SIZE = 24 };

/* The due state and the names, which only the plan knows. */
static bool complete(json_t *request, const struct requests_question *question)
{
    const struct plan *plan = question->plan;
    const char *day = json_text_member(request, "due_date"), *code = json_text_member(request, "office");
    const struct office *office = code ? plan_office(plan, code) : NULL;
    enum due_state due = DUE_NOT_YET;
    struct date date;

    if (day && date_parse_iso(day, &date))
        due = calendar_due_state(&plan->calendar, date, question->now);
    return request && json_object_set_new(request, "number", decision_number(plan, request)) == 0 &&
           json_object_set_new(request, "name", decision_name(office ? &office->name : NULL)) == 0 &&
           json_object_set_new(request, "due", json_string(due_state_name(due))) == 0 &&
           json_object_del(request, "place") == 0;
}

static enum db_status run(struct db *db, const struct requests_question *question, PGresult **ret_rows)
{
    static const struct db_statement list = {
        "requests_at",
        "select said from tributary.requests_at($1, $2::integer, $3::integer, $4, $5, $6::integer, $7, $8::integer,"
        " $9::timestamptz)",
        9};
    char from[NUMBER_SIZE], to[NUMBER_SIZE], first[NUMBER_SIZE], offset[NUMBER_SIZE], as_of[TIMESTAMP_TEXT_SIZE];

    snprintf(from, sizeof from, "%d", question->from_year);
    snprintf(to, sizeof to, "%d", question->to_year);
    snprintf(first, sizeof first, "%d", question->plan->from);
    snprintf(offset, sizeof offset, "%d", question->plan->calendar.utc_offset);
    if (question->as_of)
        timestamp_format(*question->as_of, as_of);
    return db_run(db, &list,
                  (const char *const[]){question->plan->code, from, to, question->office, question->form, first,
                                        decision_day_field(question->plan), offset, question->as_of ? as_of : NULL},
                  ret_rows);
}

enum db_status decision_requests(struct db *db, const struct requests_question *question, json_t **ret_list)
{
    PGresult *rows = NULL;
    json_t *list;
    enum db_status status = run(db, question, &rows);

    if (status != DB_OK)
        return status;
    list = json_array();
    for (int i = 0; list && i < PQntuples(rows); i++) {
        json_t *one = json_loads(PQgetvalue(rows, i, 0), 0, NULL);

        if (!complete(one, question) || json_array_append_new(list, one) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    PQclear(rows);
    *ret_list = list;
    return list ? DB_OK : DB_FAILED;
}
