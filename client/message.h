/* message.h: what the client says, in both languages side by side (messages.def). */
#ifndef TRIBUTARY_CLIENT_MESSAGE_H
#define TRIBUTARY_CLIENT_MESSAGE_H

#include "base/arena.h"
#include "base/problem.h"
#include "plan/plan.h"

enum message {
#define MESSAGE(id, zh, en) MESSAGE_##id,
#include "messages.def"
    MESSAGE_COUNT
};

enum { MESSAGE_SLOTS = 4 };

/* The wording with its {1} … {4} as they stand. */
const char *message_text(enum message message, enum language language);

/* The wording with {1} … {4} filled in; what is NULL becomes "-". In `arena`; never NULL: without memory it is the
 * wording as it stands. */
const char *message_format(struct arena *arena, enum message message, enum language language,
                           const char *const texts[static MESSAGE_SLOTS]);

/* The person's language: `option` ("zh", "en") if given, otherwise that of LC_ALL, LC_MESSAGES or LANG, the first that is
 * set. Chinese of any kind is zh, everything else en. False if the option is neither. */
bool language_choose(const char *option, enum language *ret_language);

/* A plan's name in that language. */
const char *name_text(struct name name, enum language language);

#endif
