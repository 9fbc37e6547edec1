/* submission_body.h: the body of a hand-in, JSON or a table, into a judged document. Private to api/. */
#ifndef TRIBUTARY_API_SUBMISSION_BODY_H
#define TRIBUTARY_API_SUBMISSION_BODY_H

#include "form/document.h"
#include "http/request.h"
#include "sheet/grid.h"

/* Reads and judges the body by its Content-Type. NULL if it can't be judged at all: then *ret_replied says whether a
 * reply is set already, or `findings` says why. *ret_places, in the findings' arena, is where the cells of a file stand;
 * NULL for JSON. */
struct document *submission_body_read(struct request *request, const struct plan *plan, struct findings *findings,
                                      struct cell_places **ret_places, bool *ret_replied);

/* Whether the body is a table file rather than JSON. */
bool submission_body_is_file(const struct request *request);

#endif
