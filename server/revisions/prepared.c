/* prepared.c: queries over what waits for release. */
#include "revisions/prepared.h"

#include <stdio.h>

#define MOMENT(column) "to_char(" column " at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"

#define PREPARED_AT MOMENT("p.recorded_at")
#define ENDED_AT    MOMENT("e.recorded_at")

/* Whether somebody still has to do something: it waits, or a colleague gave it back and nothing of the same form and
 * period was prepared or handed in since. */
#define OPEN                                                                                                           \
    "(e.prepared is null or (e.outcome = 'rejected' and e.actor <> p.preparer"                                         \
    " and not exists (select from tributary.prepared n where (n.jurisdiction, n.plan, n.form, n.period, n.office) ="   \
    " (p.jurisdiction, p.plan, p.form, p.period, p.office) and n.sequence > p.sequence)"                               \
    " and not exists (select from tributary.submission s join tributary.revision r using (submission)"                 \
    " where (s.jurisdiction, s.plan, s.form, s.period, s.office) ="                                                    \
    " (p.jurisdiction, p.plan, p.form, p.period, p.office) and r.sequence > p.sequence)))"

#define SHOWN                                                                                                          \
    "jsonb_build_object('prepared', p.prepared, 'plan', p.plan, 'form', p.form, 'office', p.office,"                   \
    " 'period', p.period, 'sha256', encode(p.sha256, 'hex'), 'prepared_by', p.preparer,"                               \
    " 'prepared_by_name', tributary.colleague_name(p.preparer), 'prepared_at', " PREPARED_AT                           \
    ", 'state', coalesce(e.outcome, 'waiting'), 'open', " OPEN ", 'reason', e.reason, 'revision', e.revision,"         \
    " 'ended_by', e.actor, 'ended_by_name', tributary.colleague_name(e.actor), 'ended_at', " ENDED_AT ")::text"

const struct db_statement record_preparation = {
    "record_preparation",
    "select outcome, id, recorded_at, sequence, said from tributary.record_preparation($1::uuid, $2, $3, $4, $5, $6, $7,"
    " $8::bytea, $9::bytea, $10::timestamptz, $11::timestamptz, $12::uuid, $13, $14::bytea)",
    14};

const struct db_statement record_prepared_rejection = {
    "record_prepared_rejection",
    "select outcome, id, recorded_at, sequence, said from tributary.record_prepared_rejection($1::uuid, $2,"
    " $3::timestamptz, $4::uuid, $5, $6::bytea)",
    6};

/* Takes over nothing; false without memory. */
static bool read_bytes(const PGresult *result, struct arena *arena, struct prepared *prepared)
{
    unsigned char *bytes;

    if (!result_text(result, 0, 8))
        return true;
    bytes = result_bytes(result, 0, 8, &prepared->length);
    prepared->bytes = bytes ? arena_copy(arena, (const char *)bytes, prepared->length) : NULL;
    PQfreemem(bytes);
    return prepared->bytes != NULL;
}

enum db_status prepared_find(struct db *db, const char *id, struct arena *arena, bool *ret_found,
                             struct prepared *ret_prepared)
{
    static const struct db_statement find = {
        "prepared_find",
        "select p.prepared, p.plan, p.form, p.office, p.period, p.content_type, p.query, p.preparer, p.bytes, " SHOWN
        " from tributary.prepared p left join tributary.prepared_end e using (prepared) where p.prepared = $1::uuid",
        1};
    PGresult *result = NULL;
    bool good = true;
    enum db_status status;

    *ret_found = false;
    if (!uuid_is_well_formed(id))
        return DB_OK;
    status = db_run(db, &find, (const char *const[]){id}, &result);
    if (status != DB_OK)
        return status;
    *ret_found = PQntuples(result) == 1;
    if (*ret_found) {
        *ret_prepared = (struct prepared){.id = arena_text(arena, PQgetvalue(result, 0, 0)),
                                          .plan = arena_text(arena, PQgetvalue(result, 0, 1)),
                                          .form = arena_text(arena, PQgetvalue(result, 0, 2)),
                                          .office = arena_text(arena, PQgetvalue(result, 0, 3)),
                                          .period = arena_text(arena, PQgetvalue(result, 0, 4)),
                                          .content_type = arena_text(arena, PQgetvalue(result, 0, 5)),
                                          .query = arena_text(arena, PQgetvalue(result, 0, 6)),
                                          .preparer = arena_text(arena, PQgetvalue(result, 0, 7)),
                                          .shown = arena_text(arena, PQgetvalue(result, 0, 9))};
        good = read_bytes(result, arena, ret_prepared);
    }
    PQclear(result);
    return good && !arena_is_short(arena) ? DB_OK : DB_FAILED;
}

enum db_status prepared_list(struct db *db, const char *plan, const char *state, const char *after, int limit,
                             json_t **ret_list)
{
    static const struct db_statement list = {
        "prepared_list",
        "select " SHOWN " from tributary.prepared p left join tributary.prepared_end e using (prepared)"
        " where p.jurisdiction = current_setting('tributary.jurisdiction') and p.plan = $1"
        " and case $4 when 'waiting' then e.prepared is null when 'open' then " OPEN " else true end"
        " and ($2::uuid is null or p.prepared > $2::uuid) order by p.prepared limit $3::integer",
        4};
    char limit_text[16];
    PGresult *result = NULL;
    enum db_status status;

    snprintf(limit_text, sizeof limit_text, "%d", limit + 1);
    status = db_run(db, &list, (const char *const[]){plan, after, limit_text, state}, &result);
    if (status != DB_OK)
        return status;
    *ret_list = json_array();
    for (int i = 0; i < PQntuples(result); i++)
        json_array_append_new(*ret_list, json_loads(PQgetvalue(result, i, 0), 0, NULL));
    PQclear(result);
    return *ret_list ? DB_OK : DB_FAILED;
}

enum db_status prepared_add_preparer(struct db *db, const char *revision, json_t *json)
{
    static const struct db_statement find = {
        "prepared_by", "select preparer from tributary.prepared_end where revision = $1::uuid", 1};
    PGresult *result = NULL;
    enum db_status status = db_run(db, &find, (const char *const[]){revision}, &result);

    if (status != DB_OK)
        return status;
    if (PQntuples(result) == 1)
        json_object_set_new(json, "prepared_by", json_string(PQgetvalue(result, 0, 0)));
    PQclear(result);
    return DB_OK;
}
