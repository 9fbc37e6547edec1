/* ticket.h: what may change in a submission once a stage of its review accepted it: what was returned, and nothing else
 * (issue of 性平辦: a correction is made in the open). */
#ifndef TRIBUTARY_REVIEW_TICKET_H
#define TRIBUTARY_REVIEW_TICKET_H

#include <jansson.h>

#include "form/document.h"
#include "form/findings.h"

/* Adds an error for each change (documents_diff()) that lies in no cell of the ticket, naming its cell. A sum follows its
 * parts: where a part is returned, the cell that must equal their sum may change too. Notes may always change: they alter
 * no figure, and explain what is corrected. `ticket` NULL: nothing is returned, so nothing may change. */
void ticket_check(const json_t *ticket, const json_t *changes, const struct document *document,
                  struct findings *findings);

/* Adds a warning for each returned cell that still says what it said when it was returned, with the reason. */
void ticket_remind(const json_t *ticket, const json_t *changes, const struct document *document,
                   struct findings *findings);

/* Adds such a warning for everything that stands returned of the document as it is: each cell, and the document itself
 * where it was returned as a whole. */
void ticket_tell(const json_t *ticket, const struct document *document, struct findings *findings);

#endif
