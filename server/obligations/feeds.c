/* feeds.c: queries over calendar feeds. */
#include "obligations/feeds.h"

#include <string.h>

const struct db_statement feed_make = {
    "record_calendar_feed",
    "select outcome, id, recorded_at, sequence, said from tributary.record_calendar_feed($1::uuid, $2, $3, $4::bytea,"
    " $5::timestamptz, $6::uuid, $7, $8::bytea)",
    FEED_MAKE_PARAMETERS};

const struct db_statement feed_revoke = {
    "revoke_calendar_feed",
    "select outcome, id, recorded_at, sequence, said from tributary.revoke_calendar_feed($1::uuid, $2::timestamptz, $3::uuid,"
    " $4, $5::bytea)",
    FEED_REVOKE_PARAMETERS};

static json_t *moment_of(const PGresult *rows, int row, int column)
{
    char text[TIMESTAMP_TEXT_SIZE];

    if (!result_text(rows, row, column))
        return json_null();
    timestamp_format(result_int64(rows, row, column), text);
    return json_string(text);
}

enum db_status feeds_list(struct db *db, const char *plan, const char *id, json_t **ret_list)
{
    static const struct db_statement list = {
        "calendar_feeds",
        "select f.id, f.plan, f.office, tributary.micros(f.recorded_at), tributary.micros(r.recorded_at)"
        " from tributary.calendar_feed f left join tributary.calendar_feed_revocation r on r.feed = f.id"
        " where f.jurisdiction = current_setting('tributary.jurisdiction') and ($1::text is null or f.plan = $1)"
        " and ($2::uuid is null or f.id = $2::uuid) order by f.sequence",
        2};
    PGresult *rows = NULL;
    enum db_status status = db_run(db, &list, (const char *const[]){plan, id}, &rows);

    if (status != DB_OK)
        return status;
    *ret_list = json_array();
    for (int i = 0; i < PQntuples(rows); i++)
        json_array_append_new(*ret_list,
                              json_pack("{ss ss ss? so so}", "feed", PQgetvalue(rows, i, 0), "plan",
                                        PQgetvalue(rows, i, 1), "office", result_text(rows, i, 2), "recorded_at",
                                        moment_of(rows, i, 3), "revoked_at", moment_of(rows, i, 4)));
    PQclear(rows);
    return *ret_list ? DB_OK : DB_FAILED;
}

enum db_status feed_find(struct db *db, const char *secret, struct arena *arena, bool *ret_found, struct feed *ret_feed)
{
    static const struct db_statement find = {
        "calendar_feed_of", "select jurisdiction, plan, office from tributary.calendar_feed_of($1::bytea)", 1};
    struct digest digest = digest_of(secret, strlen(secret));
    char hash[BYTEA_TEXT_SIZE];
    PGresult *rows = NULL;

    bytea_format(digest.bytes, DIGEST_SIZE, hash);
    enum db_status status = db_run(db, &find, (const char *const[]){hash}, &rows);

    if (status != DB_OK)
        return status;
    *ret_found = PQntuples(rows) == 1;
    if (*ret_found)
        *ret_feed = (struct feed){arena_text(arena, PQgetvalue(rows, 0, 0)), arena_text(arena, PQgetvalue(rows, 0, 1)),
                                  arena_text(arena, result_text(rows, 0, 2))};
    PQclear(rows);
    return arena_is_short(arena) ? DB_FAILED : DB_OK;
}
