/* across.h: a document held against its office's other documents, as they stand. */
#ifndef TRIBUTARY_API_ACROSS_H
#define TRIBUTARY_API_ACROSS_H

#include "form/document.h"
#include "http/request.h"

struct db;

/* Adds the findings of the plan's checks across forms. A form that stands alone costs nothing. False: a reply is set. */
bool judge_across(struct request *request, struct db *db, const struct document *document, struct findings *findings);

/* The same inside a snapshot that is open already. */
bool judge_across_inside(struct request *request, struct db *db, const struct document *document,
                         struct findings *findings);

#endif
