/* preferences.h: what a person doesn't want to get by mail, and in which language they want the rest. */
#ifndef TRIBUTARY_MAIL_PREFERENCES_H
#define TRIBUTARY_MAIL_PREFERENCES_H

#include <jansson.h>

#include "base/arena.h"
#include "db/db.h"
#include "identity/identity.h"

/* Records what the caller's account wants: see tributary.record_mail_preference(). For an act (ledger/act.h); its
 * parameters: id, kinds refused, one kind refused besides, language, the sequence that is expected, clock, actor, key, digest
 * of the request. */
extern const struct db_statement preference_record;
enum { PREFERENCE_PARAMETERS = 9 };

/* The newest preference of an account; `sequence` 0: it said nothing yet. Texts in the arena. */
struct mail_preference {
    int64_t sequence;
    const char *opted_out;                /* kinds with spaces between them */
    const char *language;                 /* NULL: the account's */
    const char *account_language, *email; /* email NULL: nothing can be sent */
};

/* Inside a snapshot of the account's own; *ret_found false: there is no such account. */
enum db_status mail_preference_read(struct db *db, const char *account, struct arena *arena, bool *ret_found,
                                    struct mail_preference *ret_preference);

/* What GET …/mail-preferences says; NULL without memory. The caller owns it. */
json_t *mail_preference_to_json(const char *account, const struct mail_preference *preference);

/* Whose mails of which kind a secret ends, as the principal who may end them. *ret_found false: it is none of ours. */
enum db_status mail_unsubscription_find(struct db *db, const char *secret, struct arena *arena, bool *ret_found,
                                        struct principal *ret_principal, const char **ret_kind);

#endif
