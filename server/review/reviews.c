/* reviews.c: queries over reviews. */
#include "review/reviews.h"

#include <stdio.h>

const struct db_statement review_record = {
    "record_review",
    "select outcome, id, recorded_at, sequence, said from tributary.record_review($1::uuid, $2::uuid, $3, $4, $5, $6::text[],"
    " $7::uuid, $8::uuid, $9::boolean, $10::bigint, $11::text[], $12::bigint, $13::timestamptz, $14::uuid, $15, $16::bytea)",
    REVIEW_PARAMETERS};

/* The columns in the order of the statement below. */
enum {
    REVIEW,
    SUBMISSION,
    REVISION,
    FORM,
    OFFICE,
    PERIOD,
    EVENT,
    STAGE,
    OUTCOME,
    OFFICIAL,
    REASON,
    CELLS,
    MEETING,
    MEETING_RECORD,
    HELD_ON,
    BREAK_GLASS,
    ROLE,
    SEQUENCE,
    RECORDED_AT
};

static json_t *row_to_json(const PGresult *rows, int row)
{
    json_t *cells = json_loads(PQgetvalue(rows, row, CELLS), 0, NULL);

    return json_pack("{ss ss sI ss ss ss ss? ss ss sb ss? so ss? ss? sb ss sI ss}", "review",
                     PQgetvalue(rows, row, REVIEW), "submission", PQgetvalue(rows, row, SUBMISSION), "revision",
                     (json_int_t)result_int64(rows, row, REVISION), "form", PQgetvalue(rows, row, FORM), "office",
                     PQgetvalue(rows, row, OFFICE), "period", PQgetvalue(rows, row, PERIOD), "event",
                     result_text(rows, row, EVENT), "stage", PQgetvalue(rows, row, STAGE), "outcome",
                     PQgetvalue(rows, row, OUTCOME), "official", result_bool(rows, row, OFFICIAL), "reason",
                     result_text(rows, row, REASON), "cells", cells, "meeting",
                     result_text(rows, row, result_text(rows, row, MEETING) ? MEETING : MEETING_RECORD), "held_on",
                     result_text(rows, row, HELD_ON), "break_glass", result_bool(rows, row, BREAK_GLASS), "role",
                     PQgetvalue(rows, row, ROLE), "sequence", (json_int_t)result_int64(rows, row, SEQUENCE),
                     "recorded_at", PQgetvalue(rows, row, RECORDED_AT));
}

static enum db_status rows_to_list(PGresult *rows, json_t *to_json(const PGresult *rows, int row), json_t **ret_list)
{
    json_t *list = json_array();
    bool good = list != NULL;

    for (int i = 0; good && i < PQntuples(rows); i++)
        good = json_array_append_new(list, to_json(rows, i)) == 0;
    if (good)
        *ret_list = list;
    else
        json_decref(list);
    return good ? DB_OK : DB_FAILED;
}

static enum db_status list_rows(struct db *db, const struct db_statement *statement, const char *const *parameters,
                                json_t *to_json(const PGresult *rows, int row), json_t **ret_list)
{
    PGresult *rows = NULL;
    enum db_status status = db_run(db, statement, parameters, &rows);

    if (status == DB_OK)
        status = rows_to_list(rows, to_json, ret_list);
    PQclear(rows);
    return status;
}

enum db_status reviews_list(struct db *db, const struct review_filter *filter, json_t **ret_list)
{
    static const struct db_statement list = {
        "reviews",
        "select v.review, v.revision, v.number, s.form, s.office, s.period, s.event, v.stage, v.outcome, v.official, v.reason,"
        " to_jsonb(v.cells), v.meeting, v.meeting_record, m.day, v.break_glass, v.actor_role, v.sequence,"
        " tributary.moment_text(v.recorded_at)"
        " from tributary.review v join tributary.submission s using (submission)"
        " left join lateral tributary.meeting_now(v.meeting) m on true"
        " where v.jurisdiction = current_setting('tributary.jurisdiction') and ($1::uuid is null or v.review = $1::uuid)"
        " and ($2::text is null or s.plan = $2) and ($3::text is null or s.form = $3)"
        " and ($4::text is null or v.office = $4) and ($5::text is null or v.stage = $5)"
        " and ($6::text is null or v.outcome = $6) and ($7::uuid is null or v.submission ="
        "  (select r.submission from tributary.revision r where r.id = $7::uuid))"
        " and (not $8::boolean or v.break_glass) and v.sequence > $9::bigint order by v.sequence limit $10::integer",
        10};
    char after[24], limit[16];

    snprintf(after, sizeof after, "%lld", (long long)filter->after);
    snprintf(limit, sizeof limit, "%d", filter->limit + 1);
    return list_rows(db, &list,
                     (const char *const[]){filter->id, filter->plan, filter->form, filter->office, filter->stage,
                                           filter->outcome, filter->revision, filter->break_glass ? "t" : "f", after,
                                           limit},
                     row_to_json, ret_list);
}

enum db_status review_meeting_fits(struct db *db, const char *meeting, const char *revision, int utc_offset,
                                   bool *ret_fits)
{
    static const struct db_statement fits = {
        "meeting_may_have_seen", "select coalesce(tributary.meeting_may_have_seen($1::uuid, $2::uuid, $3::integer), false)", 3};
    char offset[16];
    PGresult *rows = NULL;
    enum db_status status;

    snprintf(offset, sizeof offset, "%d", utc_offset);
    status = db_run(db, &fits, (const char *const[]){meeting, revision, offset}, &rows);
    if (status == DB_OK)
        *ret_fits = result_bool(rows, 0, 0);
    PQclear(rows);
    return status;
}

static json_t *waiting_to_json(const PGresult *rows, int row)
{
    return json_pack("{ss sI ss ss ss ss? ss ss ss sI}", "submission", PQgetvalue(rows, row, 0), "revision",
                     (json_int_t)result_int64(rows, row, 1), "form", PQgetvalue(rows, row, 2), "office",
                     PQgetvalue(rows, row, 3), "period", PQgetvalue(rows, row, 4), "event", result_text(rows, row, 5),
                     "stage", PQgetvalue(rows, row, 6), "received_at", PQgetvalue(rows, row, 7), "recorded_at",
                     PQgetvalue(rows, row, 8), "key", (json_int_t)result_int64(rows, row, 9));
}

enum db_status reviews_waiting(struct db *db, const char *plan, const char *role, const char *form, const char *office,
                               int64_t after, int limit, json_t **ret_list)
{
    static const struct db_statement waiting = {
        "reviews_waiting",
        "select r.id, r.number, s.form, s.office, s.period, s.event, g.next_stage, tributary.moment_text(r.received_at),"
        " tributary.moment_text(r.recorded_at), s.submission"
        " from tributary.submission s"
        " cross join lateral (select n.id, n.number, n.received_at, n.recorded_at from tributary.revision n"
        "  where n.submission = s.submission order by n.number desc limit 1) r"
        " join lateral tributary.review_progress(r.id, null) g on g.next_role = $2"
        " where s.jurisdiction = current_setting('tributary.jurisdiction') and s.plan = $1"
        " and ($3::text is null or s.office = $3) and s.submission > $4::bigint and ($6::text is null or s.form = $6)"
        " order by s.submission limit $5::integer",
        6};
    char after_text[24], limit_text[16];

    snprintf(after_text, sizeof after_text, "%lld", (long long)after);
    snprintf(limit_text, sizeof limit_text, "%d", limit + 1);
    return list_rows(db, &waiting, (const char *const[]){plan, role, office, after_text, limit_text, form},
                     waiting_to_json, ret_list);
}
