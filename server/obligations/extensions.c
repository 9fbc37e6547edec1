/* extensions.c: queries over extensions. */
#include "obligations/extensions.h"

#include <stdio.h>

const struct db_statement extension_record = {
    "record_extension",
    "select outcome, id, recorded_at, sequence, said from tributary.record_extension($1::uuid, $2, $3, $4, $5, $6::date, $7, $8,"
    " $9::timestamptz, $10::uuid, $11, $12::bytea)",
    EXTENSION_PARAMETERS};

static json_t *row_to_json(const PGresult *rows, int row)
{
    char recorded_at[TIMESTAMP_TEXT_SIZE];

    timestamp_format(result_int64(rows, row, 8), recorded_at);
    return json_pack("{ss ss ss ss ss ss? ss ss ss sb}", "extension", PQgetvalue(rows, row, 0), "plan",
                     PQgetvalue(rows, row, 1), "office", PQgetvalue(rows, row, 2), "form", PQgetvalue(rows, row, 3),
                     "period", PQgetvalue(rows, row, 4), "until", result_text(rows, row, 5), "reason",
                     PQgetvalue(rows, row, 6), "granted_by", PQgetvalue(rows, row, 7), "recorded_at", recorded_at,
                     "current", result_bool(rows, row, 9));
}

enum db_status extensions_list(struct db *db, const struct extension_filter *filter, json_t **ret_list)
{
    static const struct db_statement list = {
        "extensions",
        "select id, plan, office, form, period, until, reason, granted_by, micros, current from ("
        " select e.*, tributary.micros(e.recorded_at) as micros, e.until is not null and"
        "  row_number() over (partition by office, form, period order by sequence desc) = 1 as current"
        " from tributary.extension e where jurisdiction = current_setting('tributary.jurisdiction') and plan = $2"
        "  and ($3::text is null or office = $3) and ($4::text is null or form = $4)"
        "  and ($5::text is null or split_part(period, 'Q', 1) = $5 or (period = 'plan' and $5 = $6))"
        "  and ($7::timestamptz is null or recorded_at <= $7)) e"
        " where $1::uuid is null or id = $1::uuid order by sequence",
        7};
    char year[16], as_of[TIMESTAMP_TEXT_SIZE];
    PGresult *rows = NULL;
    enum db_status status;

    snprintf(year, sizeof year, "%d", filter->year);
    if (filter->as_of)
        timestamp_format(*filter->as_of, as_of);
    status =
        db_run(db, &list,
               (const char *const[]){filter->id, filter->plan, filter->office, filter->form, filter->year ? year : NULL,
                                     filter->plan_period_year, filter->as_of ? as_of : NULL},
               &rows);
    if (status != DB_OK)
        return status;
    *ret_list = json_array();
    for (int i = 0; i < PQntuples(rows); i++)
        json_array_append_new(*ret_list, row_to_json(rows, i));
    PQclear(rows);
    return *ret_list ? DB_OK : DB_FAILED;
}
