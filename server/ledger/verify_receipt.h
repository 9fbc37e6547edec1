/* verify_receipt.h: a receipt that somebody kept, against itself and against the log. */
#ifndef TRIBUTARY_LEDGER_VERIFY_RECEIPT_H
#define TRIBUTARY_LEDGER_VERIFY_RECEIPT_H

#include "ledger/verify.h"

/* Whether the receipt's entry gives its leaf, leaf and path its head, the head bears the signature, and the log holds the
 * same entry at the same place under the same head; what doesn't hold is a fault. A file that can't be read is one too.
 * False when the database can't be read. */
bool verify_receipt(struct db *db, const char *path, struct verification *verification);

#endif
