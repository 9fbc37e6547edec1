/* closings.c: queries over closings. */
#include "standing/closings.h"

#include <stdio.h>

const struct db_statement closing_record = {
    "record_closing",
    "select outcome, id, recorded_at, sequence, said from tributary.record_closing($1::uuid, $2, $3, $4, $5::boolean, $6, $7,"
    " $8::timestamptz, $9::uuid, $10, $11::bytea)",
    CLOSING_PARAMETERS};

static enum db_status read_one(struct db *db, const struct db_statement *statement, const char *const *parameters,
                               struct arena *arena, bool *ret_found, struct closing_in_force *ret_closing)
{
    PGresult *rows = NULL;
    enum db_status status = db_run(db, statement, parameters, &rows);

    if (status != DB_OK)
        return status;
    *ret_found = PQntuples(rows) == 1;
    if (*ret_found)
        *ret_closing = (struct closing_in_force){.period = arena_text(arena, result_text(rows, 0, 0)),
                                                 .form = arena_text(arena, result_text(rows, 0, 1)),
                                                 .reason = arena_text(arena, result_text(rows, 0, 2)),
                                                 .recorded_at = result_int64(rows, 0, 3)};
    PQclear(rows);
    return arena_is_short(arena) ? DB_FAILED : DB_OK;
}

enum db_status closing_find(struct db *db, const char *id, struct arena *arena, bool *ret_found,
                            struct closing_in_force *ret_closing)
{
    static const struct db_statement find = {
        "closing_find",
        "select period, form, reason, tributary.micros(recorded_at) from tributary.closing where closing = $1::uuid",
        1};

    return read_one(db, &find, (const char *const[]){id}, arena, ret_found, ret_closing);
}

enum db_status closing_of(struct db *db, const char *plan, const char *form, const char *period, struct arena *arena,
                          bool *ret_found, struct closing_in_force *ret_closing)
{
    static const struct db_statement of = {"closing_of",
                                           "select c.period, c.form, c.reason, tributary.micros(c.recorded_at)"
                                           " from tributary.closing_in_force($1, $2, $3, null) f"
                                           " join tributary.closing c using (closing)",
                                           3};

    return read_one(db, &of, (const char *const[]){plan, form, period}, arena, ret_found, ret_closing);
}

static json_t *row_to_json(const PGresult *rows, int row)
{
    char recorded_at[TIMESTAMP_TEXT_SIZE];

    timestamp_format(result_int64(rows, row, 7), recorded_at);
    return json_pack("{ss ss ss ss? sb ss ss ss sb}", "closing", PQgetvalue(rows, row, 0), "plan",
                     PQgetvalue(rows, row, 1), "period", PQgetvalue(rows, row, 2), "form", result_text(rows, row, 3),
                     "closed", result_bool(rows, row, 4), "reason", PQgetvalue(rows, row, 5), "by",
                     PQgetvalue(rows, row, 6), "recorded_at", recorded_at, "current", result_bool(rows, row, 8));
}

enum db_status closings_list(struct db *db, const struct closing_filter *filter, json_t **ret_list)
{
    static const struct db_statement list = {
        "closings",
        "select closing, plan, period, form, closed, reason, closed_by, micros, current from ("
        " select c.*, tributary.micros(c.recorded_at) as micros, c.closed and"
        "  row_number() over (partition by period, form order by sequence desc) = 1 as current"
        " from tributary.closing c where jurisdiction = current_setting('tributary.jurisdiction') and plan = $2"
        "  and ($3::timestamptz is null or recorded_at <= $3)) c"
        " where $1::uuid is null or closing = $1::uuid order by sequence",
        3};
    char as_of[TIMESTAMP_TEXT_SIZE];
    PGresult *rows = NULL;
    enum db_status status;

    if (filter->as_of)
        timestamp_format(*filter->as_of, as_of);
    status = db_run(db, &list, (const char *const[]){filter->id, filter->plan, filter->as_of ? as_of : NULL}, &rows);
    if (status != DB_OK)
        return status;
    *ret_list = json_array();
    for (int i = 0; i < PQntuples(rows); i++)
        json_array_append_new(*ret_list, row_to_json(rows, i));
    PQclear(rows);
    return *ret_list ? DB_OK : DB_FAILED;
}
