/* letter.h: what a mail says, in its receiver's language, from the facts it was queued with. */
#ifndef TRIBUTARY_MAIL_LETTER_H
#define TRIBUTARY_MAIL_LETTER_H

#include "base/buffer.h"
#include "mail/outbox.h"
#include "mail/settings.h"
#include "plans/shelf.h"

enum { LETTER_LIMIT = 1024 * 1024 };

enum letter_outcome {
    LETTER_WRITTEN,
    LETTER_NEEDLESS,    /* what it was about is over: it needn't be sent */
    LETTER_UNAVAILABLE, /* the database couldn't be asked */
    LETTER_FAILED,      /* it can't be written: memory, or facts that nobody understands */
};

struct letter {
    struct db *db; /* in a snapshot that may read everything of the jurisdiction */
    struct shelf *shelf;
    const struct mail_settings *settings;
    const struct claimed_mail *mail;
    const char *jurisdiction;
    timestamp now;
    bool sample;
    struct arena *arena;

    const char *subject; /* made by letter_write(); in the arena */
    struct buffer text;  /* the body while it is written */
    int utc_offset;      /* of the plan it is about; seconds */
};

/* Appends the whole message, headers and body, and sets letter->subject. */
enum letter_outcome letter_write(struct letter *letter, struct buffer *out);

#endif
