/* earlier.h: the same form of the same office in an earlier period. Private to api/. */
#ifndef TRIBUTARY_API_EARLIER_H
#define TRIBUTARY_API_EARLIER_H

#include "form/comparison.h"
#include "http/request.h"
#include "revisions/revisions.h"

struct earlier {
    enum reference reference;
    char period[PERIOD_TEXT_SIZE]; /* "" if there is no earlier period */
    struct document *document;     /* NULL: nothing was reported then; document_release() it */
    struct revision revision;      /* if there is a document */
};

/* Finds what was reported in the earlier period, in the document's own plan or, before its first year, in another one that
 * has a form of that code; judged by the plan version of then. Runs inside a snapshot. False: a reply is set. */
bool earlier_find(struct request *request, struct db *db, const struct document *document, enum reference reference,
                  bool official, struct earlier *ret_earlier);

#endif
