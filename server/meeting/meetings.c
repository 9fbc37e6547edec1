/* meetings.c: recording meetings, and lists of them. */
#include <stdio.h>
#include <string.h>

#include "meeting/meeting.h"

const struct db_statement meeting_record = {
    "record_meeting",
    "select outcome, id, recorded_at, sequence, said from tributary.record_meeting($1::uuid, $2, $3, $4, $5, $6::integer,"
    " $7::date, $8::uuid, $9, $10::date, $11::time, $12::time, $13, $14, $15::date, $16::timestamptz, $17::uuid, $18,"
    " $19::bytea)",
    MEETING_PARAMETERS};

const struct db_statement meeting_step_record = {
    "record_meeting_step",
    "select outcome, id, recorded_at, sequence, said from tributary.record_meeting_step($1::uuid, $2::uuid, $3, $4::date,"
    " $5::time, $6::time, $7, $8, $9, $10::date, $11::bigint, $12::timestamptz, $13::uuid, $14, $15::bytea)",
    MEETING_STEP_PARAMETERS};

const struct db_statement meeting_agenda_record = {
    "record_meeting_agenda",
    "select outcome, id, recorded_at, sequence, said from tributary.record_meeting_agenda($1::uuid, $2::bigint, $3::jsonb,"
    " $4::uuid[], $5, $6::timestamptz, $7::uuid, $8, $9::bytea)",
    MEETING_AGENDA_PARAMETERS};

const struct db_statement meeting_sheet_record = {
    "record_meeting_sheet",
    "select outcome, id, recorded_at, sequence, said from tributary.record_meeting_sheet($1::uuid, $2::bigint, $3::jsonb,"
    " $4, $5::timestamptz, $6::uuid, $7, $8::bytea)",
    MEETING_SHEET_PARAMETERS};

const struct db_statement meeting_resolutions_record = {
    "record_meeting_resolutions",
    "select outcome, id, recorded_at, sequence, said from tributary.record_meeting_resolutions($1::uuid, $2::bigint,"
    " $3::jsonb, $4, $5::timestamptz, $6::uuid, $7, $8::bytea)",
    MEETING_RESOLUTIONS_PARAMETERS};

const char *meeting_code(const struct body *body)
{
    return body->stage && !body->stage->own ? body->stage->code : body->code;
}

const struct body *meeting_body(const struct plan *plan, const char *code)
{
    for (size_t i = 0; i < plan->bodies->body_count; i++)
        if (strcmp(meeting_code(&plan->bodies->bodies[i]), code) == 0)
            return &plan->bodies->bodies[i];
    return NULL;
}

bool meeting_is_by_record(const struct body *body)
{
    return body->stage && body->stage->meetings;
}

/* The columns in the order of the statement below. */
enum {
    MEETING,
    PLAN,
    BODY,
    UNIT,
    KIND,
    YEAR,
    NUMBER,
    STATE,
    DAY,
    BEGINS,
    ENDS,
    PLACE,
    CALL_NUMBER,
    MINUTES_NUMBER,
    REASON,
    RECORDED_AT,
    TOOK_PLACE
};

static json_t *row_to_json(const PGresult *rows, int row)
{
    bool took_place = result_bool(rows, row, TOOK_PLACE), numbered = result_text(rows, row, NUMBER) != NULL;
    const char *minutes = result_text(rows, row, MINUTES_NUMBER), *call = result_text(rows, row, CALL_NUMBER);

    return json_pack("{ss ss ss ss? ss sI so ss ss ss? ss? ss? ss? ss? ss? ss? ss? ss}", "meeting",
                     PQgetvalue(rows, row, MEETING), "plan", PQgetvalue(rows, row, PLAN), "body",
                     PQgetvalue(rows, row, BODY), "unit", result_text(rows, row, UNIT), "kind",
                     PQgetvalue(rows, row, KIND), "year", (json_int_t)result_int64(rows, row, YEAR), "number",
                     numbered ? json_integer((json_int_t)result_int64(rows, row, NUMBER)) : json_null(), "state",
                     PQgetvalue(rows, row, STATE), "day", PQgetvalue(rows, row, DAY), "held_on",
                     took_place ? PQgetvalue(rows, row, DAY) : NULL, "begins", result_text(rows, row, BEGINS), "ends",
                     result_text(rows, row, ENDS), "place", result_text(rows, row, PLACE), "document_number",
                     minutes ? minutes : call, "call_number", call, "minutes_number", minutes, "reason",
                     result_text(rows, row, REASON), "recorded_at", PQgetvalue(rows, row, RECORDED_AT));
}

enum db_status meetings_list(struct db *db, const struct meeting_filter *filter, json_t **ret_list)
{
    static const struct db_statement list = {
        "meetings",
        "select meeting, plan, body, unit, kind, year, number, state, day, to_char(begins, 'HH24:MI'),"
        " to_char(ends, 'HH24:MI'), place, call_number, minutes_number, reason, tributary.moment_text(recorded_at),"
        " tributary.took_place(state)"
        " from tributary.meetings_as_of($1, $2::timestamptz) where ($3::uuid is null or meeting = $3::uuid)"
        " and ($4::text is null or body = $4) and ($5::text is null or unit = $5) and ($6::text is null or state = $6)"
        " and ($7::date is null or day = $7::date) and ($8::integer is null or year = $8::integer)"
        " and (not $9::boolean or tributary.took_place(state)) order by day, body, unit, changed",
        9};
    char moment[TIMESTAMP_TEXT_SIZE], year[16];
    PGresult *rows = NULL;
    json_t *all = NULL;
    enum db_status status;

    if (filter->as_of)
        timestamp_format(*filter->as_of, moment);
    snprintf(year, sizeof year, "%d", filter->year);
    status = db_run(db, &list,
                    (const char *const[]){filter->plan, filter->as_of ? moment : NULL, filter->id, filter->body,
                                          filter->unit, filter->state, filter->day, filter->year ? year : NULL,
                                          filter->took_place ? "t" : "f"},
                    &rows);
    if (status != DB_OK)
        return status;
    all = json_array();
    for (int i = 0; i < PQntuples(rows); i++)
        json_array_append_new(all, row_to_json(rows, i));
    PQclear(rows);
    *ret_list = all;
    return all ? DB_OK : DB_FAILED;
}
