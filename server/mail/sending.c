/* sending.c: claim, write, send, settle. */
#include "mail/sending.h"

#include <sodium.h>
#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "mail/letter.h"
#include "mail/mime.h"
#include "mail/outbox.h"

enum {
    ARENA_LIMIT = 128 * 1024 * 1024,
    DATABASE_MILLISECONDS = 10000,
    LATEST_START_MILLISECONDS = 30 * 1000, /* after the claim, which lapses soon after */
    KEEP_MILLISECONDS = 15 * 1000,
    SETTLE_MILLISECONDS = 60 * 1000,
    LONGEST_WAIT_SECONDS = 4 * 3600,
};

static enum db_status claim(const struct sending *sending, struct arena *arena, bool *ret_found,
                            struct claimed_mail *ret_mail)
{
    struct db_context context = mail_context(sending->jurisdiction);
    enum db_status status;

    *ret_found = false;
    db_set_time(sending->db, DATABASE_MILLISECONDS);
    status = db_change_begin(sending->db, &context);
    if (status == DB_OK)
        status = mail_claim(sending->db, sending->settings->from_host, arena, ret_found, ret_mail);
    if (status == DB_OK)
        return db_change_end(sending->db, true);
    db_change_end(sending->db, false);
    return status;
}

/* Says what came of it; tries for a minute where the database can't be reached, as what was sent must not be sent again. */
static enum db_status settle(const struct sending *sending, const struct claimed_mail *mail, enum mail_end end,
                             int seconds, const char *words, const char *subject)
{
    struct db_context context = mail_context(sending->jurisdiction);
    const struct timespec moment = {.tv_nsec = 500 * 1000 * 1000};
    int64_t until = clock_milliseconds() + SETTLE_MILLISECONDS;

    for (;;) {
        db_set_time(sending->db, DATABASE_MILLISECONDS);

        enum db_status status = db_change_begin(sending->db, &context);

        if (status == DB_OK)
            status = mail_settle(sending->db, mail, end, seconds, words, subject);
        status = status == DB_OK ? db_change_end(sending->db, true) : status;
        if (status == DB_OK)
            return status;
        db_change_end(sending->db, false);
        if (status == DB_FAILED || clock_milliseconds() >= until || atomic_load(sending->stop_at))
            return status;
        nanosleep(&moment, NULL);
    }
}

/* Doubles with every attempt, and is blurred by a quarter so that what failed together isn't tried together. */
static int seconds_until_next(const struct mail_settings *settings, int attempts)
{
    long seconds = settings->retry_seconds;

    for (int i = 1; i < attempts && seconds < LONGEST_WAIT_SECONDS; i++)
        seconds *= 2;
    if (seconds > LONGEST_WAIT_SECONDS)
        seconds = LONGEST_WAIT_SECONDS;
    return (int)(seconds - seconds / 4 + (long)randombytes_uniform((uint32_t)(seconds / 2 + 1)));
}

static enum letter_outcome write_letter(const struct sending *sending, const struct claimed_mail *mail,
                                        struct arena *arena, struct buffer *message, const char **ret_subject)
{
    const struct db_context context = {sending->jurisdiction, "auditor", "", ""};
    struct letter letter = {.db = sending->db,
                            .shelf = sending->shelf,
                            .settings = sending->settings,
                            .mail = mail,
                            .jurisdiction = sending->jurisdiction,
                            .now = clock_now(),
                            .sample = sending->sample,
                            .arena = arena};
    enum letter_outcome outcome = LETTER_UNAVAILABLE;

    db_set_time(sending->db, DATABASE_MILLISECONDS);
    if (db_snapshot_begin(sending->db, &context) == DB_OK)
        outcome = letter_write(&letter, message);
    db_snapshot_end(sending->db);
    *ret_subject = letter.subject;
    return outcome;
}

/* What is on its way, so that its claim can be kept. */
struct sent_mail {
    const struct sending *sending;
    const struct claimed_mail *mail;
    int64_t kept_at;
};

static void keep_claim(void *context)
{
    struct sent_mail *sent = context;
    struct db *db = sent->sending->db;
    struct db_context as_mail = mail_context(sent->sending->jurisdiction);

    if (clock_milliseconds() - sent->kept_at < KEEP_MILLISECONDS)
        return;
    sent->kept_at = clock_milliseconds();
    db_set_time(db, DATABASE_MILLISECONDS);
    db_change_end(db, db_change_begin(db, &as_mail) == DB_OK && mail_keep(db, sent->mail) == DB_OK);
}

/* Hands the message over and settles what came of it. */
static enum sending_outcome deliver(const struct sending *sending, const struct claimed_mail *mail,
                                    const struct buffer *message, const char *subject, int64_t claimed_at,
                                    char *ret_words)
{
    static const enum sending_outcome outcomes[] = {[SMTP_SENT] = SENDING_SENT,
                                                    [SMTP_LATER] = SENDING_FAILED,
                                                    [SMTP_REFUSED] = SENDING_REFUSED,
                                                    [SMTP_DOWN] = SENDING_DOWN};
    static const enum mail_end ends[] = {
        [SMTP_SENT] = MAIL_SENT, [SMTP_LATER] = MAIL_FAILED, [SMTP_REFUSED] = MAIL_GIVEN_UP, [SMTP_DOWN] = MAIL_FAILED};
    struct sent_mail on_its_way = {sending, mail, claimed_at};
    const struct smtp_watcher watcher = {keep_claim, &on_its_way};
    enum smtp_outcome sent = SMTP_LATER;

    if (clock_milliseconds() - claimed_at > LATEST_START_MILLISECONDS)
        snprintf(ret_words, SMTP_WORDS_SIZE, "too late after its claim");
    else
        sent = smtp_send(sending->smtp, mail->address, message->data, message->length, &watcher, ret_words);

    enum db_status status =
        settle(sending, mail, ends[sent], seconds_until_next(sending->settings, mail->attempts), ret_words, subject);

    return status == DB_OK || sent != SMTP_SENT ? outcomes[sent] : SENDING_UNAVAILABLE;
}

static enum sending_outcome send_claimed(const struct sending *sending, const struct claimed_mail *mail,
                                         struct arena *arena, int64_t claimed_at, char *ret_words)
{
    struct buffer message = BUFFER_WITH_LIMIT(2 * LETTER_LIMIT);
    const char *subject = NULL;
    enum sending_outcome outcome = SENDING_REFUSED;
    int seconds = seconds_until_next(sending->settings, mail->attempts);

    if (!mime_is_address(mail->address)) {
        snprintf(ret_words, SMTP_WORDS_SIZE, "the account's address is none that mail can be sent to");
        settle(sending, mail, MAIL_GIVEN_UP, seconds, ret_words, NULL);
        return SENDING_REFUSED;
    }
    switch (write_letter(sending, mail, arena, &message, &subject)) {
    case LETTER_WRITTEN: outcome = deliver(sending, mail, &message, subject, claimed_at, ret_words); break;
    case LETTER_NEEDLESS:
        settle(sending, mail, MAIL_GIVEN_UP, seconds, "nothing left to say", subject);
        outcome = SENDING_NEEDLESS;
        break;
    case LETTER_UNAVAILABLE: outcome = SENDING_UNAVAILABLE; break; /* the claim lapses */
    case LETTER_FAILED:
        snprintf(ret_words, SMTP_WORDS_SIZE, "it could not be written");
        settle(sending, mail, MAIL_FAILED, seconds, ret_words, NULL);
        outcome = SENDING_FAILED;
        break;
    }
    buffer_free(&message);
    return outcome;
}

enum sending_outcome send_next_mail(const struct sending *sending, char ret_words[static SMTP_WORDS_SIZE])
{
    struct arena *arena = arena_new(ARENA_LIMIT);
    enum sending_outcome outcome = SENDING_UNAVAILABLE;
    struct claimed_mail mail = {.facts = NULL};
    bool found = false;
    int64_t claimed_at = clock_milliseconds();

    ret_words[0] = '\0';
    if (arena && claim(sending, arena, &found, &mail) == DB_OK)
        outcome = found ? send_claimed(sending, &mail, arena, claimed_at, ret_words) : SENDING_NOTHING;
    json_decref(mail.facts);
    arena_free(arena);
    return outcome;
}
