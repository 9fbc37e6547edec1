/* verify_inside.h: the parts of a verification; private to ledger/verify*.c. Each is false when the database can't be read. */
#ifndef TRIBUTARY_LEDGER_VERIFY_INSIDE_H
#define TRIBUTARY_LEDGER_VERIFY_INSIDE_H

#include "ledger/verify.h"

/* Runs a query whose rows each name one thing that is wrong. */
bool verify_none(struct db *db, const struct db_statement *statement, const char *jurisdiction,
                 struct verification *verification);

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

#endif
