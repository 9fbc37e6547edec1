/* outbox.h: queries over tributary.mail for the daemon's thread (functions_mail.sql says what each does). They run inside a
 * transaction of the role `mail`. */
#ifndef TRIBUTARY_MAIL_OUTBOX_H
#define TRIBUTARY_MAIL_OUTBOX_H

#include <jansson.h>

#include "base/arena.h"
#include "db/db.h"
#include "mail/kinds.h"

enum { MAIL_CLAIM_SECONDS = 60, MAIL_DAYS = 3 };

/* The settings that row-level security reads, for the thread that makes and sends mails. */
struct db_context mail_context(const char *jurisdiction);

/* As what the thread reads reports and reviews, from here to the end of the transaction; false: as itself again. */
enum db_status mail_read_as_auditor(struct db *db, bool as_auditor);

/* How far mails were made, locked until the transaction ends. */
struct mail_cursor {
    int64_t sequence, newest; /* of the log: told, and there */
    struct date day;
};

/* *ret_locked false: another daemon is making mails. */
enum db_status mail_cursor_lock(struct db *db, struct date today, bool *ret_locked, struct mail_cursor *ret_cursor);
enum db_status mail_cursor_advance(struct db *db, int64_t sequence, struct date day);

/* What queue_mails() makes mails of; office NULL: those of the role who have none. */
struct mail_order {
    enum mail_kind kind;
    const char *dedupe, *role, *office;
    const json_t *facts;
    timestamp give_up_at;
};

enum db_status mail_queue(struct db *db, const struct mail_order *order, int64_t *ret_count);
enum db_status mail_queue_reviews(struct db *db, int64_t after, int64_t last, int64_t *ret_count);
enum db_status mail_queue_decisions(struct db *db, int64_t after, int64_t last, int64_t *ret_count);

/* A mail that is this thread's to send; texts in the arena, facts to be decreffed. */
struct claimed_mail {
    const char *id, *office, *secret, *message_id, *address, *name; /* office and secret may be NULL */
    enum mail_kind kind;
    json_t *facts;
    int attempts;
    enum language language;
    bool may_be_refused;
    char claim[37];
    char unsubscribe[44]; /* the secret that ends its kind; only if it may be refused */
};

/* *ret_found false: nothing is to be sent now. */
enum db_status mail_claim(struct db *db, const char *host, struct arena *arena, bool *ret_found,
                          struct claimed_mail *ret_mail);

/* Keeps it for so long again. */
enum db_status mail_keep(struct db *db, const struct claimed_mail *mail);

enum mail_end { MAIL_SENT, MAIL_FAILED, MAIL_GIVEN_UP };

/* What came of it: `words` or NULL, `subject` or NULL; tried again in `seconds` if it failed. */
enum db_status mail_settle(struct db *db, const struct claimed_mail *mail, enum mail_end end, int seconds,
                           const char *words, const char *subject);

/* How many are still to be sent. */
enum db_status mail_count(struct db *db, int64_t *ret_count);

#endif
