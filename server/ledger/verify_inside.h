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

#endif
