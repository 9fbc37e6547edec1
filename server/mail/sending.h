/* sending.h: one mail from the outbox to the mail server. Whoever claims it sends it; nobody else does until the claim lapses.
 * A daemon that dies, or loses the database, between the server's answer and the commit that says so leaves a claim that
 * lapses: then the mail is sent again, with the same Message-ID. In no other case is one sent twice. */
#ifndef TRIBUTARY_MAIL_SENDING_H
#define TRIBUTARY_MAIL_SENDING_H

#include <stdatomic.h>

#include "mail/settings.h"
#include "mail/smtp.h"
#include "plans/shelf.h"

struct sending {
    struct db *db;
    struct shelf *shelf;
    const struct mail_settings *settings;
    struct smtp *smtp;
    const char *jurisdiction;
    bool sample;
    const atomic_int_least64_t *stop_at; /* monotonic ms; 0: goes on */
};

enum sending_outcome {
    SENDING_NOTHING, /* no mail is due */
    SENDING_SENT,
    SENDING_NEEDLESS,    /* it had nothing to say any more */
    SENDING_FAILED,      /* it will be tried again */
    SENDING_REFUSED,     /* it won't */
    SENDING_DOWN,        /* it will, but the mail server takes no mail at all */
    SENDING_UNAVAILABLE, /* the database is out of reach */
};

/* ret_words: what came of a mail that wasn't sent, as smtp_send() says it. */
enum sending_outcome send_next_mail(const struct sending *sending, char ret_words[static SMTP_WORDS_SIZE]);

#endif
