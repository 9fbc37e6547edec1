/* smtp.h: handing one mail at a time to the mail server (RFC 5321), over one line that is kept while it is used. */
#ifndef TRIBUTARY_MAIL_SMTP_H
#define TRIBUTARY_MAIL_SMTP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "mail/settings.h"

enum smtp_outcome {
    SMTP_SENT,
    SMTP_LATER,   /* this mail may succeed when it is tried again */
    SMTP_REFUSED, /* the mail server won't have this mail for this receiver, ever */
    SMTP_DOWN,    /* no mail would have come through: the server, the line or the settings are at fault */
};

/* Five minutes: who gives up sooner sends twice what the mail server only looks through (RFC 5321 4.5.3.2 would wait ten). */
enum { SMTP_WORDS_SIZE = 96, SMTP_SECONDS = 300 };

/* Called about once a second while a mail is on its way. */
struct smtp_watcher {
    void (*look)(void *context);
    void *context;
};

struct smtp;

/* Connects to nothing yet. `settings` must live as long, and `stop_at` too: what is being sent past that moment (monotonic
 * ms; 0: none) is given up within a second or two. NULL without memory. Call it from one thread only, as the others. */
struct smtp *smtp_new(const struct mail_settings *settings, const atomic_int_least64_t *stop_at);
void smtp_free(struct smtp *smtp);

/* Sends a whole message to one address, in SMTP_SECONDS at most. ret_words says what came of it without repeating the
 * address: the step and the numbers of the answer, such as "RCPT 550 5.1.1". */
enum smtp_outcome smtp_send(struct smtp *smtp, const char *address, const char *message, size_t length,
                            const struct smtp_watcher *watcher, char ret_words[static SMTP_WORDS_SIZE]);

/* Closes the line, which the server would close soon. */
void smtp_rest(struct smtp *smtp);

#endif
