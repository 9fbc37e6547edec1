/* verify.h: proving that frozen packs say what the figures of their moments were. */
#ifndef TRIBUTARY_PACK_VERIFY_H
#define TRIBUTARY_PACK_VERIFY_H

#include "ledger/verify.h"
#include "plans/shelf.h"

/* Makes every pack of a jurisdiction again at its moment, by the rights it was made by, and holds what it says against what
 * was frozen. `db` must work under row-level security (db_step_down()). *ret_count: how many. False when the database can't
 * be read. */
bool verify_packs(struct db *db, struct shelf *shelf, const char *jurisdiction, struct verification *verification,
                  size_t *ret_count);

#endif
