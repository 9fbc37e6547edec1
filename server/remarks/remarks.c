/* remarks.c: queries over remarks. */
#include "remarks/remarks.h"

#include <stdio.h>

const struct db_statement remark_record = {
    "record_remark",
    "select outcome, id, recorded_at, sequence, said from tributary.record_remark($1::uuid, $2::uuid, $3, $4::uuid, $5,"
    " $6::integer, $7::timestamptz, $8::uuid, $9, $10::bytea)",
    REMARK_PARAMETERS};

const struct db_statement remark_resolution_record = {
    "record_remark_resolution",
    "select outcome, id, recorded_at, sequence, said from tributary.record_remark_resolution($1::uuid, $2::boolean,"
    " $3::timestamptz, $4::uuid, $5, $6::bytea)",
    REMARK_RESOLUTION_PARAMETERS};

static json_t *resolution_to_json(const PGresult *rows, int row)
{
    char recorded_at[TIMESTAMP_TEXT_SIZE];

    if (!result_text(rows, row, 15))
        return json_null();
    timestamp_format(result_int64(rows, row, 17), recorded_at);
    return json_pack("{sb ss ss}", "resolved", result_bool(rows, row, 15), "role", PQgetvalue(rows, row, 16),
                     "recorded_at", recorded_at);
}

static json_t *remark_to_json(const PGresult *rows, int row)
{
    char recorded_at[TIMESTAMP_TEXT_SIZE];

    timestamp_format(result_int64(rows, row, 13), recorded_at);
    return json_pack("{ss ss sI ss ss ss ss? ss ss? ss ss sb so ss s{sI}}", "remark", PQgetvalue(rows, row, 0),
                     "submission", PQgetvalue(rows, row, 1), "revision", (json_int_t)result_int64(rows, row, 2), "plan",
                     PQgetvalue(rows, row, 3), "form", PQgetvalue(rows, row, 4), "office", PQgetvalue(rows, row, 5),
                     "text", result_text(rows, row, 7), "path", PQgetvalue(rows, row, 6), "answers",
                     result_text(rows, row, 9), "thread", PQgetvalue(rows, row, 8), "role", PQgetvalue(rows, row, 11),
                     "open", result_bool(rows, row, 14), "resolution", resolution_to_json(rows, row), "recorded_at",
                     recorded_at, "log", "sequence", (json_int_t)result_int64(rows, row, 12));
}

enum db_status remark_list(struct db *db, const struct remark_filter *filter, json_t **ret_list)
{
    static const struct db_statement list = {
        "remarks",
        "select m.remark, m.revision, r.number, s.plan, s.form, s.office, m.path, t.text, m.thread, m.answers, m.actor,"
        "  m.actor_role, m.sequence, tributary.micros(m.recorded_at), coalesce(not d.resolved, true), d.resolved,"
        "  d.actor_role, tributary.micros(d.recorded_at)"
        " from tributary.remark m join tributary.submission s using (submission)"
        " join tributary.revision r on r.id = m.revision join tributary.remark_text t on t.remark = m.remark"
        " left join lateral (select d.* from tributary.remark_resolution d where d.remark = m.thread"
        "  order by d.sequence desc limit 1) d on true"
        " where ($1::uuid is null or m.remark = $1::uuid) and ($2::bigint = 0 or m.submission = $2::bigint)"
        "  and ($3::boolean is null or coalesce(not d.resolved, true) = $3::boolean)"
        "  and ($4::text is null or m.path = $4) and m.sequence > $5::bigint"
        " order by m.sequence limit $6::integer",
        6};
    char submission[24], after[24], limit[16];
    PGresult *rows = NULL;

    snprintf(submission, sizeof submission, "%lld", (long long)filter->submission);
    snprintf(after, sizeof after, "%lld", (long long)filter->after);
    snprintf(limit, sizeof limit, "%d", filter->limit + 1);

    enum db_status status =
        db_run(db, &list,
               (const char *const[]){filter->id, submission, filter->open ? (*filter->open ? "t" : "f") : NULL,
                                     filter->path, after, filter->limit ? limit : NULL},
               &rows);

    if (status != DB_OK)
        return status;
    *ret_list = json_array();
    for (int i = 0; i < PQntuples(rows); i++)
        json_array_append_new(*ret_list, remark_to_json(rows, i));
    PQclear(rows);
    return *ret_list ? DB_OK : DB_FAILED;
}

enum db_status remark_counts(struct db *db, int64_t submission, json_t **ret_counts)
{
    static const struct db_statement count = {
        "remark_counts",
        "select m.path, count(*) from tributary.remark m"
        " where m.submission = $1::bigint and m.answers is null and not tributary.is_resolved(m.remark)"
        " group by m.path order by min(m.sequence)",
        1};
    char key[24];
    PGresult *rows = NULL;
    json_int_t whole = 0;
    json_t *by_path = json_array();

    snprintf(key, sizeof key, "%lld", (long long)submission);

    enum db_status status = db_run(db, &count, (const char *const[]){key}, &rows);

    for (int i = 0; status == DB_OK && i < PQntuples(rows); i++) {
        json_array_append_new(by_path, json_pack("{ss sI}", "path", PQgetvalue(rows, i, 0), "open",
                                                 (json_int_t)result_int64(rows, i, 1)));
        whole += result_int64(rows, i, 1);
    }
    PQclear(rows);
    if (status != DB_OK) {
        json_decref(by_path);
        return status;
    }
    *ret_counts = json_pack("{sI so}", "open", whole, "by_path", by_path);
    return *ret_counts ? DB_OK : DB_FAILED;
}

enum db_status remark_open_threads(struct db *db, const char *plan, const char *form, const char *office,
                                   const char *period, const char *event, json_t **ret_threads)
{
    static const struct db_statement open_threads = {
        "remark_open_threads",
        "select m.path, string_agg(regexp_replace(t.text, '\\s+', ' ', 'g'), ' → ' order by m.sequence)"
        " from tributary.submission s join tributary.remark m using (submission)"
        " join tributary.remark_text t on t.remark = m.remark"
        " where s.jurisdiction = current_setting('tributary.jurisdiction') and s.plan = $1 and s.form = $2"
        "  and s.office = $3 and s.period = $4 and (s.event = $5::uuid or (s.event is null and $5::uuid is null))"
        "  and not tributary.is_resolved(m.thread)"
        " group by m.thread, m.path order by min(m.sequence) limit $6::integer",
        6};
    char most[16];
    PGresult *rows = NULL;

    snprintf(most, sizeof most, "%d", MOST_OPEN_THREADS);

    enum db_status status =
        db_run(db, &open_threads, (const char *const[]){plan, form, office, period, event, most}, &rows);

    if (status != DB_OK)
        return status;
    *ret_threads = json_array();
    for (int i = 0; i < PQntuples(rows); i++)
        json_array_append_new(*ret_threads,
                              json_pack("{ss ss?}", "path", PQgetvalue(rows, i, 0), "text", result_text(rows, i, 1)));
    PQclear(rows);
    return *ret_threads ? DB_OK : DB_FAILED;
}
