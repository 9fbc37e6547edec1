/* attestations.c: queries over attested receipts. */
#include "standing/attestations.h"

#include "plan/calendar.h"

const struct db_statement attestation_record = {
    "record_attestation",
    "select outcome, id, recorded_at, sequence, said from tributary.record_attestation($1::uuid, $2::uuid, $3::timestamptz, $4, $5,"
    " $6::timestamptz, $7::uuid, $8, $9::bytea)",
    ATTESTATION_PARAMETERS};

timestamp attestation_earliest(const struct plan *plan, struct period period)
{
    struct date first, last;

    if (!period_bounds(period, &first, &last))
        period_bounds((struct period){PERIOD_YEAR, plan->from, 0}, &first, &last);
    return calendar_day_end(&plan->calendar, date_from_days(date_to_days(first) - 1));
}

static json_t *row_to_json(const PGresult *rows, int row)
{
    char recorded_at[TIMESTAMP_TEXT_SIZE], received_at[TIMESTAMP_TEXT_SIZE];
    bool holds = result_text(rows, row, 3) != NULL;

    timestamp_format(result_int64(rows, row, 6), recorded_at);
    if (holds)
        timestamp_format(result_int64(rows, row, 3), received_at);
    return json_pack("{ss ss ss ss? ss ss ss sb}", "attestation", PQgetvalue(rows, row, 0), "submission",
                     PQgetvalue(rows, row, 1), "office", PQgetvalue(rows, row, 2), "received_at",
                     holds ? received_at : NULL, "reason", PQgetvalue(rows, row, 4), "by", PQgetvalue(rows, row, 5),
                     "recorded_at", recorded_at, "current", result_bool(rows, row, 7));
}

enum db_status attestations_list(struct db *db, const char *revision, const char *id, json_t **ret_list)
{
    static const struct db_statement list = {
        "attestations",
        "select attestation, revision, office, received_at, reason, attested_by, recorded_at, current from ("
        " select attestation, revision, office, tributary.micros(received_at) as received_at, reason, attested_by,"
        "  tributary.micros(recorded_at) as recorded_at, sequence, received_at is not null"
        "   and row_number() over (order by sequence desc) = 1 as current"
        " from tributary.attestation where revision = $1::uuid) a"
        " where $2::uuid is null or attestation = $2::uuid order by sequence",
        2};
    PGresult *rows = NULL;
    enum db_status status = db_run(db, &list, (const char *const[]){revision, id}, &rows);

    if (status != DB_OK)
        return status;
    *ret_list = json_array();
    for (int i = 0; i < PQntuples(rows); i++)
        json_array_append_new(*ret_list, row_to_json(rows, i));
    PQclear(rows);
    return *ret_list ? DB_OK : DB_FAILED;
}
