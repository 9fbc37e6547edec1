/* decisions.c: decisions as they stand, or stood. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "decision/inside.h"

enum { NUMBER_SIZE = 24, EVERY_ROW = 1000000 };

static const struct db_statement list_statement = {
    "decisions_at",
    "select said from tributary.decisions_at($1::uuid, $2, $3::integer, $4, $5, $6, $7::integer, $8, $9::integer,"
    " $10, $11, $12::uuid, $13::date, $14, $15::integer, $16::bigint, $17::integer, $18::timestamptz)",
    18};

/* A number as a parameter; NULL for 0. */
static const char *number_text(int64_t number, char text[static NUMBER_SIZE])
{
    snprintf(text, NUMBER_SIZE, "%lld", (long long)number);
    return number ? text : NULL;
}

static enum db_status run(struct db *db, const struct decisions_question *question, PGresult **ret_rows)
{
    char from[NUMBER_SIZE], year[NUMBER_SIZE], number[NUMBER_SIZE], after[NUMBER_SIZE], limit[NUMBER_SIZE],
        offset[NUMBER_SIZE], today[DATE_TEXT_SIZE], as_of[TIMESTAMP_TEXT_SIZE];

    date_format_iso(calendar_day_of(&question->plan->calendar, question->now), today);
    if (question->as_of)
        timestamp_format(*question->as_of, as_of);
    snprintf(offset, sizeof offset, "%d", question->plan->calendar.utc_offset);
    snprintf(after, sizeof after, "%lld", (long long)question->after);
    number_text(question->limit ? question->limit : EVERY_ROW, limit);
    return db_run(
        db, &list_statement,
        (const char *const[]){question->id, question->plan->code, number_text(question->plan->from, from),
                              question->agenda ? NULL : question->body, question->unit, question->office,
                              number_text(question->year, year), question->code, number_text(question->number, number),
                              question->state, question->agenda ? question->body : NULL, question->meeting, today,
                              decision_day_field(question->plan), offset, after, limit, question->as_of ? as_of : NULL},
        ret_rows);
}

enum db_status decisions_list(struct db *db, const struct decisions_question *question, json_t **ret_list)
{
    PGresult *rows = NULL;
    json_t *list;
    enum db_status status = run(db, question, &rows);

    if (status != DB_OK)
        return status;
    list = json_array();
    for (int i = 0; list && i < PQntuples(rows); i++) {
        json_t *one = json_loads(PQgetvalue(rows, i, 0), 0, NULL);

        if (!decision_complete(one, question) || json_array_append_new(list, one) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    PQclear(rows);
    *ret_list = list;
    return list ? DB_OK : DB_FAILED;
}

enum db_status decisions_for_agenda(struct db *db, const struct plan *plan, const char *body, const char *unit,
                                    const char *meeting, const timestamp *as_of, json_t **ret_list)
{
    const struct decisions_question question = {.plan = plan,
                                                .body = body,
                                                .unit = unit,
                                                .agenda = true,
                                                .meeting = meeting,
                                                .as_of = as_of,
                                                .now = as_of ? *as_of : clock_now()};

    return decisions_list(db, &question, ret_list);
}

static enum db_status find_text(struct db *db, const struct db_statement *statement, const char *id,
                                struct arena *arena, const char **ret_text)
{
    PGresult *rows = NULL;
    enum db_status status;

    *ret_text = NULL;
    if (!uuid_is_well_formed(id))
        return DB_OK;
    status = db_run(db, statement, (const char *const[]){id}, &rows);
    if (status != DB_OK)
        return status;
    if (PQntuples(rows) == 1)
        *ret_text = arena_text(arena, PQgetvalue(rows, 0, 0));
    PQclear(rows);
    return arena_is_short(arena) ? DB_FAILED : DB_OK;
}

enum db_status decision_plan_find(struct db *db, const char *id, struct arena *arena, const char **ret_text)
{
    static const struct db_statement plan = {"decision_plan",
                                             "select plan from tributary.decision where decision = $1::uuid"
                                             " and jurisdiction = current_setting('tributary.jurisdiction')",
                                             1};

    return find_text(db, &plan, id, arena, ret_text);
}

enum db_status referral_decision_find(struct db *db, const char *id, struct arena *arena, const char **ret_text)
{
    static const struct db_statement decision = {
        "referral_decision",
        "select decision from tributary.decision_referral where referral = $1::uuid"
        " and jurisdiction = current_setting('tributary.jurisdiction')",
        1};

    return find_text(db, &decision, id, arena, ret_text);
}
