/* outbox.c: the statements of the thread that makes and sends mails. */
#include "mail/outbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "identity/identity.h"
#include "ledger/job.h"

enum { NUMBER_SIZE = 24 };

struct db_context mail_context(const char *jurisdiction)
{
    return (struct db_context){jurisdiction, "mail", "", ""};
}

enum db_status mail_read_as_auditor(struct db *db, bool as_auditor)
{
    static const struct db_statement become = {"mail_role", "select set_config('tributary.role', $1, true)", 1};

    return db_run(db, &become, (const char *const[]){as_auditor ? "auditor" : "mail"}, NULL);
}

enum db_status mail_cursor_lock(struct db *db, struct date today, bool *ret_locked, struct mail_cursor *ret_cursor)
{
    static const struct db_statement lock = {
        "lock_mail_cursor", "select sequence, day, newest from tributary.lock_mail_cursor($1::date)", 1};
    char day[DATE_TEXT_SIZE];
    PGresult *rows = NULL;

    date_format_iso(today, day);
    enum db_status status = db_run(db, &lock, (const char *const[]){day}, &rows);

    *ret_locked = status == DB_OK && PQntuples(rows) == 1;
    if (*ret_locked) {
        ret_cursor->sequence = result_int64(rows, 0, 0);
        ret_cursor->newest = result_int64(rows, 0, 2);
        if (!date_parse_iso(PQgetvalue(rows, 0, 1), &ret_cursor->day))
            status = DB_FAILED;
    }
    PQclear(rows);
    return status;
}

enum db_status mail_cursor_advance(struct db *db, int64_t sequence, struct date day)
{
    static const struct db_statement advance = {"advance_mail_cursor",
                                                "select tributary.advance_mail_cursor($1::bigint, $2::date)", 2};
    char number[NUMBER_SIZE], text[DATE_TEXT_SIZE];

    snprintf(number, sizeof number, "%lld", (long long)sequence);
    date_format_iso(day, text);
    return db_run(db, &advance, (const char *const[]){number, text}, NULL);
}

static enum db_status run_count(struct db *db, const struct db_statement *statement, const char *const *parameters,
                                int64_t *ret_count)
{
    PGresult *rows = NULL;
    enum db_status status = db_run(db, statement, parameters, &rows);

    if (status == DB_OK)
        *ret_count = result_int64(rows, 0, 0);
    PQclear(rows);
    return status;
}

enum db_status mail_queue(struct db *db, const struct mail_order *order, int64_t *ret_count)
{
    static const struct db_statement queue = {
        "queue_mails", "select tributary.queue_mails($1, $2, $3, $4, $5::jsonb, $6::timestamptz)", 6};
    char *facts = json_dumps(order->facts, JSON_COMPACT), give_up_at[TIMESTAMP_TEXT_SIZE];
    enum db_status status = DB_FAILED;

    timestamp_format(order->give_up_at, give_up_at);
    if (facts)
        status = run_count(db, &queue,
                           (const char *const[]){mail_kinds[order->kind].code, order->dedupe, order->role,
                                                 order->office, facts, give_up_at},
                           ret_count);
    free(facts);
    return status;
}

/* What was recorded between two places of the log. */
static enum db_status queue_between(struct db *db, const struct db_statement *queue, int64_t after, int64_t last,
                                    int64_t *ret_count)
{
    char from[NUMBER_SIZE], to[NUMBER_SIZE], days[NUMBER_SIZE];

    snprintf(from, sizeof from, "%lld", (long long)after);
    snprintf(to, sizeof to, "%lld", (long long)last);
    snprintf(days, sizeof days, "%d", MAIL_DAYS);
    return run_count(db, queue, (const char *const[]){from, to, days}, ret_count);
}

enum db_status mail_queue_reviews(struct db *db, int64_t after, int64_t last, int64_t *ret_count)
{
    static const struct db_statement queue = {
        "queue_review_mails", "select tributary.queue_review_mails($1::bigint, $2::bigint, $3::integer)", 3};

    return queue_between(db, &queue, after, last, ret_count);
}

enum db_status mail_queue_decisions(struct db *db, int64_t after, int64_t last, int64_t *ret_count)
{
    static const struct db_statement queue = {
        "queue_decision_mails", "select tributary.queue_decision_mails($1::bigint, $2::bigint, $3::integer)", 3};

    return queue_between(db, &queue, after, last, ret_count);
}

static bool read_claimed(const PGresult *rows, struct arena *arena, struct claimed_mail *ret_mail)
{
    struct claimed_mail *mail = ret_mail;

    mail->id = arena_text(arena, PQgetvalue(rows, 0, 0));
    mail->office = arena_text(arena, result_text(rows, 0, 2));
    mail->secret = arena_text(arena, result_text(rows, 0, 4));
    mail->message_id = arena_text(arena, PQgetvalue(rows, 0, 5));
    mail->attempts = (int)result_int64(rows, 0, 6);
    mail->address = arena_text(arena, PQgetvalue(rows, 0, 7));
    mail->name = arena_text(arena, PQgetvalue(rows, 0, 8));
    mail->language = strcmp(PQgetvalue(rows, 0, 9), "en") == 0 ? LANGUAGE_EN : LANGUAGE_ZH;
    mail->may_be_refused = result_bool(rows, 0, 10);
    mail->facts = json_loads(PQgetvalue(rows, 0, 3), 0, NULL);
    return mail_kind_parse(PQgetvalue(rows, 0, 1), &mail->kind) && mail->facts && !arena_is_short(arena);
}

enum db_status mail_claim(struct db *db, const char *host, struct arena *arena, bool *ret_found,
                          struct claimed_mail *ret_mail)
{
    static const struct db_statement claim = {
        "claim_mail",
        "select mail, kind, office, facts, secret, message_id, attempts, address, name, language, may_be_refused"
        " from tributary.claim_mail($1::uuid, $2::integer, $3, $4::bytea)",
        4};
    char seconds[NUMBER_SIZE], hash[BYTEA_TEXT_SIZE];
    struct digest digest;
    PGresult *rows = NULL;

    *ret_found = false;
    *ret_mail = (struct claimed_mail){.id = NULL};
    uuid_make(ret_mail->claim);
    token_make(ret_mail->unsubscribe, &digest);
    bytea_format(digest.bytes, DIGEST_SIZE, hash);
    snprintf(seconds, sizeof seconds, "%d", MAIL_CLAIM_SECONDS);

    enum db_status status = db_run(db, &claim, (const char *const[]){ret_mail->claim, seconds, host, hash}, &rows);

    if (status == DB_OK && PQntuples(rows) == 1) {
        *ret_found = read_claimed(rows, arena, ret_mail);
        status = *ret_found ? DB_OK : DB_FAILED;
    }
    PQclear(rows);
    return status;
}

enum db_status mail_keep(struct db *db, const struct claimed_mail *mail)
{
    static const struct db_statement keep = {"keep_mail", "select tributary.keep_mail($1::uuid, $2::uuid, $3::integer)",
                                             3};
    char seconds[NUMBER_SIZE];

    snprintf(seconds, sizeof seconds, "%d", MAIL_CLAIM_SECONDS);
    return db_run(db, &keep, (const char *const[]){mail->id, mail->claim, seconds}, NULL);
}

enum db_status mail_settle(struct db *db, const struct claimed_mail *mail, enum mail_end end, int seconds,
                           const char *words, const char *subject)
{
    static const struct db_statement settle = {
        "settle_mail", "select tributary.settle_mail($1::uuid, $2::uuid, $3, $4::integer, $5, $6, $7)", 7};
    static const char *const states[] = {[MAIL_SENT] = "sent", [MAIL_FAILED] = "failed", [MAIL_GIVEN_UP] = "given_up"};
    char number[NUMBER_SIZE];

    snprintf(number, sizeof number, "%d", seconds);
    return db_run(db, &settle,
                  (const char *const[]){mail->id, mail->claim, states[end], number, words && *words ? words : NULL,
                                        subject, mail->language == LANGUAGE_EN ? "en" : "zh"},
                  NULL);
}

enum db_status mail_count(struct db *db, int64_t *ret_count)
{
    static const struct db_statement count = {"count_mails", "select tributary.count_mails_to_send()", 0};

    return run_count(db, &count, NULL, ret_count);
}
