/* kinds.h: the kinds of mails, as people and the store call them. */
#ifndef TRIBUTARY_MAIL_KINDS_H
#define TRIBUTARY_MAIL_KINDS_H

#include <stdbool.h>

#include "plan/plan.h"

enum mail_kind {
    MAIL_REMINDER,
    MAIL_RETURN,
    MAIL_ACCEPTANCE,
    MAIL_DECISION,
    MAIL_BREAK_GLASS,
    MAIL_DIGEST,
    MAIL_RESET,
    MAIL_KINDS
};

struct mail_kind_entry {
    const char *code;
    struct name name;
    bool may_be_refused; /* as tributary.mail_may_be_refused() */
};

extern const struct mail_kind_entry mail_kinds[MAIL_KINDS];

/* False for a word that is none. */
bool mail_kind_parse(const char *text, enum mail_kind *ret_kind);

#endif
