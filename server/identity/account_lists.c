/* account_lists.c: queries whose rows are the members of an answer. */
#include "identity/account_lists.h"

#include <stdio.h>

#define MOMENT(column) "to_char(" column " at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"

#define ACCOUNT_MEMBERS                                                                                                \
    "'account', a.account, 'login', a.login, 'name', a.name, 'email', a.email, 'role', a.role, 'office', a.office,"    \
    " 'duty', a.duty, 'language', a.language, 'must_change', a.must_change, 'totp', a.totp_enabled, 'version', a.version"

/* Takes over the result: each row is one JSON text. */
static enum db_status read_list(PGresult *result, json_t **ret_list)
{
    json_t *list = json_array();

    for (int i = 0; list && i < PQntuples(result); i++)
        if (json_array_append_new(list, json_loads(PQgetvalue(result, i, 0), 0, NULL)) != 0) {
            json_decref(list);
            list = NULL;
        }
    PQclear(result);
    *ret_list = list;
    return list ? DB_OK : DB_FAILED;
}

enum db_status accounts_list(struct db *db, const struct account_filter *filter, json_t **ret_list)
{
    static const struct db_statement list = {
        "accounts_list",
        "select jsonb_build_object(" ACCOUNT_MEMBERS ", 'state', case when a.disabled_at is not null then 'disabled'"
        " when a.locked_until > clock_timestamp() then 'locked' else 'open' end,"
        " 'locked_until', case when a.locked_until > clock_timestamp() then " MOMENT(
            "a.locked_until") " end,"
                              " 'last_seen_at', " MOMENT("a.last_seen_at") ", 'created_at', " MOMENT("a.created_at") ", 'disabled_at', " MOMENT(
                                  "a.disabled_at") ", 'disabled_reason', a.disabled_reason)::text"
                                                   " from tributary.account a where a.jurisdiction = current_setting('tributary.jurisdiction')"
                                                   " and ($1::uuid is null or a.account = $1::uuid) and ($2::text is null or a.office = $2)"
                                                   " and ($3::text is null or a.role = $3) and ($4::text is null or a.login > $4) order by a.login limit $5::integer",
        5};
    char limit[16];
    PGresult *result = NULL;
    enum db_status status;

    snprintf(limit, sizeof limit, "%d", filter->limit + 1);
    status = db_run(
        db, &list, (const char *const[]){filter->account, filter->office, filter->role, filter->after, limit}, &result);
    return status == DB_OK ? read_list(result, ret_list) : status;
}

enum db_status sessions_list(struct db *db, const char *account, const char *session, long idle_seconds,
                             json_t **ret_list)
{
    static const struct db_statement list = {
        "sessions_list",
        "select jsonb_build_object('session', s.session, 'account', s.account, 'name', a.name, 'created_at', " MOMENT("s.created_at") ", 'last_seen_at', " MOMENT(
            "s.last_seen_at") ", 'expires_at', " MOMENT("s.expires_at") ", 'user_agent', s.user_agent, 'address', host(s.address))::text"
                                                                        " from tributary.session s join tributary.account a using (account)"
                                                                        " where s.jurisdiction = current_setting('tributary.jurisdiction') and s.ended_at is null"
                                                                        " and s.expires_at > clock_timestamp() and s.last_seen_at > clock_timestamp() - make_interval(secs => $3::integer)"
                                                                        " and ($1::uuid is null or s.account = $1::uuid) and ($2::uuid is null or s.session = $2::uuid)"
                                                                        " order by s.created_at desc, s.session limit 1000",
        3};
    char seconds[24];
    PGresult *result = NULL;
    enum db_status status;

    snprintf(seconds, sizeof seconds, "%ld", idle_seconds);
    status = db_run(db, &list, (const char *const[]){account, session, seconds}, &result);
    return status == DB_OK ? read_list(result, ret_list) : status;
}

enum db_status session_view(struct db *db, const char *session, json_t **ret_view)
{
    static const struct db_statement view = {
        "session_view",
        "select jsonb_build_object(" ACCOUNT_MEMBERS ", 'session', s.session, 'expires_at', " MOMENT(
            "s.expires_at") ")::text"
                            " from tributary.session s join tributary.account a using (account) where s.session = $1::uuid",
        1};
    PGresult *result = NULL;
    enum db_status status = db_run(db, &view, (const char *const[]){session}, &result);

    if (status != DB_OK)
        return status;
    *ret_view = PQntuples(result) == 1 ? json_loads(PQgetvalue(result, 0, 0), 0, NULL) : NULL;
    PQclear(result);
    return DB_OK;
}

enum db_status tokens_list(struct db *db, const char *token, const char *after, int limit, json_t **ret_list)
{
    static const struct db_statement list = {
        "tokens_list",
        "select jsonb_build_object('token', t.token, 'role', t.role, 'office', t.office, 'label', t.label, 'duty', t.duty,"
        " 'account', t.account, 'network', (select jsonb_agg(abbrev(n)) from unnest(t.network) n), 'created_at', " MOMENT("t.created_at") ", 'expires_at', " MOMENT(
            "t.expires_at") ", 'revoked_at', " MOMENT("t.revoked_at") ", 'state', case when t.revoked_at is not null"
                                                                      " then 'revoked' when t.expires_at <= clock_timestamp() then 'expired' else 'good' end)::text"
                                                                      " from tributary.token t where t.jurisdiction = current_setting('tributary.jurisdiction')"
                                                                      " and ($1::uuid is null or t.token = $1::uuid) and ($2::uuid is null or t.token > $2::uuid)"
                                                                      " order by t.token limit $3::integer",
        3};
    char limit_text[16];
    PGresult *result = NULL;
    enum db_status status;

    snprintf(limit_text, sizeof limit_text, "%d", limit + 1);
    status = db_run(db, &list, (const char *const[]){token, after, limit_text}, &result);
    return status == DB_OK ? read_list(result, ret_list) : status;
}
