/* making.h: which mails there are to send: each is made once, whoever makes it, and not at all where nobody sends any. */
#ifndef TRIBUTARY_MAIL_MAKING_H
#define TRIBUTARY_MAIL_MAKING_H

#include "mail/outbox.h"
#include "mail/settings.h"
#include "plans/shelf.h"

struct making {
    struct db *db;
    struct shelf *shelf;
    const struct mail_settings *settings;
    const char *jurisdiction;
    timestamp now;
};

/* Makes what is to be made now: of what was recorded since the last time, and, from the hour of the day that the settings
 * say, of the days that came since. In one transaction; what another daemon is making just now is left to it. *ret_made
 * counts the mails. */
enum db_status mails_make(const struct making *making, int64_t *ret_made);

/* ---- of one plan and the days behind `last` up to `today`; private to making*.c ---- */

struct making_days {
    const struct making *making;
    const struct plan_version *version;
    struct date last, today;
    bool has_weekday; /* the digest's day of the week lies among them */
};

/* Reminds offices of reports and decisions that are due in so many days, or were so many days ago: mails_… of the settings; past the last of them
 * once a week. One mail for an office and day, whatever it names. */
enum db_status mails_make_reminders(const struct making_days *days, int64_t *ret_made);

/* The week's digest, with the head of the log as it is. */
enum db_status mails_make_digest(const struct making_days *days, int64_t *ret_made);

#endif
