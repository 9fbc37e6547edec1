/* verify.h: proving that the bytes of every attachment give the hash that is in the log. */
#ifndef TRIBUTARY_ATTACHMENTS_VERIFY_H
#define TRIBUTARY_ATTACHMENTS_VERIFY_H

#include "ledger/verify.h"

/* Reads every content of a jurisdiction piece by piece. *ret_count: how many. False when the database can't be read. */
bool verify_attachments(struct db *db, const char *jurisdiction, struct verification *verification, size_t *ret_count);

#endif
