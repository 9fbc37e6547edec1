/* verify_inside.h: the parts of a verification; private to ledger/verify*.c. Each is false when the database can't be read. */
#ifndef TRIBUTARY_LEDGER_VERIFY_INSIDE_H
#define TRIBUTARY_LEDGER_VERIFY_INSIDE_H

#include "ledger/verify.h"

/* The content of entry e, if it is what was recorded; null otherwise, which the walk over the batches has told already. An
 * entry that was changed is perhaps no JSON. */
#define SOUND_ENTRY "case when sha256('\\x00'::bytea || convert_to(e.entry, 'UTF8')) = e.leaf then e.entry::jsonb end"

/* A moment as entries write it. */
#define MOMENT_TEXT(moment) "to_char(" moment " at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"

/* Runs a query whose rows each name one thing that is wrong. Its parameters: the jurisdiction, and `second` if it has two. */
bool verify_none(struct db *db, const struct db_statement *statement, const char *jurisdiction,
                 struct verification *verification);
bool verify_none_of(struct db *db, const struct db_statement *statement, const char *jurisdiction, const char *second,
                    struct verification *verification);

/* verify_columns.c: what is noted beside entries, and entries whose text was given up. */
bool verify_columns(struct db *db, const char *jurisdiction, struct verification *verification);

/* verify_rows.c */
bool verify_rows(struct db *db, const char *jurisdiction, struct verification *verification);

/* verify_acts.c */
bool verify_acts(struct db *db, const char *jurisdiction, struct verification *verification);

/* Whose entries tributary.account_event keeps, for a list in SQL. */
#define ACCOUNT_KINDS                                                                                                  \
    "'sign_in', 'sign_in_failed', 'sign_out', 'account', 'account_disabled', 'account_password', 'account_reset',"     \
    " 'account_totp', 'token', 'token_revocation'"

/* Of what is prepared for somebody else to release. */
#define PREPARED_KINDS "'preparation', 'prepared_rejection'"

/* Accounts, sessions, tokens and preparations; false when the database failed. */
bool verify_accounts(struct db *db, const char *jurisdiction, struct verification *verification);

/* verify_owner.c: what the schema's owner does: keys, erasures. */
bool verify_owner(struct db *db, const char *jurisdiction, struct verification *verification);

#endif
