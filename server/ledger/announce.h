/* announce.h: what the owner did to a database stands in each of its logs. */
#ifndef TRIBUTARY_LEDGER_ANNOUNCE_H
#define TRIBUTARY_LEDGER_ANNOUNCE_H

#include "db/db.h"
#include "ledger/signer.h"

/* Records, in the log of each jurisdiction that doesn't say so yet, which key signs, beside those that did before. Needs
 * the migration login. */
enum db_status announce_key(struct db *db, const struct signer *signer);

/* Erases a personal value of a revision, recorded without the value; *ret_erased is false if it was so already. */
enum db_status erase_personal(struct db *db, const struct signer *signer, const char *jurisdiction,
                              const char *revision, const char *path, bool *ret_erased);

/* The same of the text of a remark. */
enum db_status erase_text(struct db *db, const struct signer *signer, const char *jurisdiction, const char *remark,
                          bool *ret_erased);

/* Records what was erased before erasures were recorded. */
enum db_status announce_erasures(struct db *db, const struct signer *signer);

#endif
