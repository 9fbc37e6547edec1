/* returned_file.h: a submission as its form, with what was returned marked in its cells. Private to api/. */
#ifndef TRIBUTARY_API_RETURNED_FILE_H
#define TRIBUTARY_API_RETURNED_FILE_H

#include "db/db.h"
#include "http/request.h"
#include "plan/plan.h"
#include "revisions/revisions.h"

/* Marks what stands returned in the table file that is the present reply: each cell coloured, with a comment that says why.
 * Inside the snapshot. The reply stays as it is if nothing stands returned, or if it is a problem. */
void mark_returned(struct request *request, struct db *db, const struct plan *plan, const struct revision *revision);

#endif
