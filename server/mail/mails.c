/* mails.c: queries over the outbox for people. */
#include "mail/mails.h"

#include <stdio.h>
#include <string.h>

#include "mail/kinds.h"
#include "mail/outbox.h"
#include "plans/names.h"

enum { NUMBER_SIZE = 24 };

static json_t *moment_of(const PGresult *rows, int row, int column)
{
    char text[TIMESTAMP_TEXT_SIZE];

    if (!result_text(rows, row, column))
        return json_null();
    timestamp_format(result_int64(rows, row, column), text);
    return json_string(text);
}

static json_t *row_to_json(const PGresult *rows, int row)
{
    enum mail_kind kind;
    json_t *name =
        mail_kind_parse(PQgetvalue(rows, row, 2), &kind) ? name_to_json(&mail_kinds[kind].name) : json_null();

    return json_pack(
        "{sI ss ss so ss? ss ss? ss? ss si so so so ss? ss?}", "place", (json_int_t)result_int64(rows, row, 0), "mail",
        PQgetvalue(rows, row, 1), "kind", PQgetvalue(rows, row, 2), "name", name, "office", result_text(rows, row, 3),
        "account", PQgetvalue(rows, row, 4), "language", result_text(rows, row, 5), "subject",
        result_text(rows, row, 6), "state", PQgetvalue(rows, row, 7), "attempts", (int)result_int64(rows, row, 8),
        "created_at", moment_of(rows, row, 9), "next_attempt_at", moment_of(rows, row, 10), "sent_at",
        moment_of(rows, row, 11), "message_id", result_text(rows, row, 12), "last_error", result_text(rows, row, 13));
}

enum db_status mails_list(struct db *db, const struct mail_filter *filter, json_t **ret_list)
{
    static const struct db_statement list = {
        "mails",
        "select place, mail, kind, office, account, language, subject, state, attempts, tributary.micros(created_at),"
        " case when state in ('waiting', 'failed') then tributary.micros(next_attempt_at) end, tributary.micros(sent_at),"
        " message_id, last_error"
        " from tributary.mail where jurisdiction = current_setting('tributary.jurisdiction')"
        " and ($1::text is null or state = $1) and ($2::text is null or kind = $2) and ($3::text is null or office = $3)"
        " and ($4::uuid is null or account = $4::uuid) and ($5::uuid is null or mail = $5::uuid)"
        " and ($6::bigint = 0 or place < $6::bigint) order by place desc limit $7::integer",
        7};
    char before[NUMBER_SIZE], limit[NUMBER_SIZE];
    PGresult *rows = NULL;

    snprintf(before, sizeof before, "%lld", (long long)filter->before);
    snprintf(limit, sizeof limit, "%d", filter->limit + 1);

    enum db_status status = db_run(
        db, &list,
        (const char *const[]){filter->state, filter->kind, filter->office, filter->account, filter->id, before, limit},
        &rows);

    if (status != DB_OK)
        return status;
    *ret_list = json_array();
    for (int i = 0; i < PQntuples(rows); i++)
        json_array_append_new(*ret_list, row_to_json(rows, i));
    PQclear(rows);
    return *ret_list ? DB_OK : DB_FAILED;
}

enum db_status mail_retry(struct db *db, const char *id, enum mail_retry *ret_retry)
{
    static const struct db_statement retry = {"retry_mail", "select tributary.retry_mail($1::uuid, $2::integer)", 2};
    static const char *const words[] = {
        [RETRY_QUEUED] = "queued", [RETRY_NOT_FOUND] = "not_found", [RETRY_SENT] = "sent", [RETRY_SPENT] = "spent"};
    char days[NUMBER_SIZE];
    PGresult *rows = NULL;

    snprintf(days, sizeof days, "%d", MAIL_DAYS);

    enum db_status status = db_run(db, &retry, (const char *const[]){id, days}, &rows);

    for (size_t i = 0; status == DB_OK && i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], PQgetvalue(rows, 0, 0)) == 0)
            *ret_retry = (enum mail_retry)i;
    PQclear(rows);
    return status;
}

enum db_status mail_queue_reset(struct db *db, const char *account, const char *path, const char *secret,
                                bool *ret_queued)
{
    static const struct db_statement queue = {"queue_reset_mail", "select tributary.queue_reset_mail($1::uuid, $2, $3)",
                                              3};
    PGresult *rows = NULL;
    enum db_status status = db_run(db, &queue, (const char *const[]){account, path, secret}, &rows);

    *ret_queued = status == DB_OK && result_bool(rows, 0, 0);
    PQclear(rows);
    return status;
}
