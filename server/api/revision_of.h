/* revision_of.h: the revision in the address, and the plan that judged it. Private to api/. */
#ifndef TRIBUTARY_API_REVISION_OF_H
#define TRIBUTARY_API_REVISION_OF_H

#include "http/request.h"
#include "plans/shelf.h"
#include "revisions/revisions.h"

/* Finds a revision inside an open snapshot. False: a reply is set. */
bool find_revision(struct request *request, struct db *db, const char *id, struct revision *ret_revision);

/* Runs `inside` in a snapshot with the revision of the address. */
enum step_result with_revision(struct request *request, struct db *db,
                               void (*inside)(struct request *, struct db *, const struct revision *));

/* The plan version that judged a revision; the shelf has it, unless it was loaded this moment. NULL without it. */
const struct plan_version *version_of(struct request *request, struct db *db, const struct revision *revision);

/* The revision's document as its own plan version judges it, without what was erased; document_release() it. NULL: a reply
 * is set. */
struct document *judged_document_of(struct request *request, struct db *db, const struct revision *revision);

#endif
