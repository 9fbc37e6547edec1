/* mailer.h: the daemon's thread that makes mails and sends them. Any number of daemons may run one on the same database. */
#ifndef TRIBUTARY_MAIL_MAILER_H
#define TRIBUTARY_MAIL_MAILER_H

#include <stdbool.h>
#include <stdint.h>

#include "mail/settings.h"
#include "plans/shelf.h"

struct mailer;

struct mailer_options {
    const char *database_url;
    const struct mail_settings *settings; /* with a url; lives as long as the mailer */
    struct shelf *shelf;
    bool sample; /* the database holds synthetic data, and the letters say so */
};

/* NULL on failure. */
struct mailer *mailer_start(const struct mailer_options *options);

/* Tells it to come to an end: what is being sent has three more seconds. */
void mailer_end_soon(struct mailer *mailer);

/* Tells it, waits for its end and frees it. Accepts NULL, as the one above. */
void mailer_stop(struct mailer *mailer);

/* Counts of this daemon since its start, and of mails still to be sent, by whomever, as of a few seconds ago. */
struct mailer_counts {
    uint64_t made, sent, failed, given_up;
    int64_t waiting;
};

struct mailer_counts mailer_counts(struct mailer *mailer);

#endif
