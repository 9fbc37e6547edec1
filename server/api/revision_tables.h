/* revision_tables.h: lists of revisions, differences and documents as tables. Private to api/. */
#ifndef TRIBUTARY_API_REVISION_TABLES_H
#define TRIBUTARY_API_REVISION_TABLES_H

#include "http/request.h"
#include "plan/plan.h"
#include "review/progress.h"
#include "revisions/revisions.h"
#include "sheet/tabulation.h"

/* Names of forms and offices come from the plan, which may be NULL. NULL without memory. */
struct tabulation *tabulate_revisions(struct request *request, const struct plan *plan,
                                      const struct revision *revisions, const struct progress *progress, size_t count);

/* The cells are those of documents_diff(); their texts must live until the table is written. NULL without memory. */
struct tabulation *tabulate_diff(struct request *request, const struct plan *plan, const struct revision *revision,
                                 const struct revision *against, const json_t *cells);

/* Replies with a document as the form that it was filled in on: it can be corrected and handed in again. */
void reply_document_table(struct request *request, const struct plan *plan, const struct revision *revision,
                          const json_t *document);

#endif
