/* hints.h: what a document's own history says of it: warnings, which refuse nothing. Private to api/. */
#ifndef TRIBUTARY_API_HINTS_H
#define TRIBUTARY_API_HINTS_H

#include "form/document.h"
#include "http/request.h"

struct db;

/* Which hints are wanted: those of a hand-in, or all. */
enum hints { HINTS_OF_CHANGES = 1, HINTS_OF_REMARKS = 2, HINTS_ALL = 3 };

/* Adds unusual changes since earlier periods, at their cells, and open remarks: a warning at each place with an open thread;
 * one whose place the document no longer has stands at its table, or at the whole. A form without rules for changes costs
 * nothing when it is handed in. False: a reply is set. */
bool add_hints(struct request *request, struct db *db, const struct document *document, enum hints hints,
               struct findings *findings);

/* The same inside a snapshot that is open already. */
bool add_hints_inside(struct request *request, struct db *db, const struct document *document, enum hints hints,
                      struct findings *findings);

#endif
