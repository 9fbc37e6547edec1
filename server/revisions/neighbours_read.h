/* neighbours_read.h: the office's other documents that a form is held against or begins with. */
#ifndef TRIBUTARY_REVISIONS_NEIGHBOURS_READ_H
#define TRIBUTARY_REVISIONS_NEIGHBOURS_READ_H

#include "db/db.h"
#include "form/neighbours.h"

/* Reads what neighbours_wanted() lists for that form, office and period: newest revisions, of forms with effective_from
 * every revision. Runs inside a snapshot; row-level security decides what is there. The caller ends the use with
 * neighbours_release(), also on failure. */
enum db_status neighbours_read(struct db *db, const struct plan *plan, const struct form *form, const char *office,
                               struct period period, struct neighbours *neighbours);

#endif
