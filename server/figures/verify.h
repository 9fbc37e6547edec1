/* verify.h: computing every roll-up again from the documents, without the stored elements. */
#ifndef TRIBUTARY_FIGURES_VERIFY_H
#define TRIBUTARY_FIGURES_VERIFY_H

#include "db/db.h"
#include "ledger/verify.h"
#include "plans/shelf.h"

/* Judges every current document of a jurisdiction again, compares its elements with the stored ones, adds them up by
 * unit and compares with what is published. False when the database can't be read. */
bool verify_figures(struct db *db, struct shelf *shelf, const char *jurisdiction, struct verification *verification);

#endif
