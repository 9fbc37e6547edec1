/* across.h: a document held against its office's other documents, as they stand. */
#ifndef TRIBUTARY_API_ACROSS_H
#define TRIBUTARY_API_ACROSS_H

#include "form/document.h"
#include "http/request.h"

struct db;

/* What a document was judged beside: if one of these forms changes after that, it must be judged again. */
struct beside {
    const char *forms;     /* as the store writes lists, in the request's arena; NULL: none */
    uint64_t data_version; /* the log's sequence number at which they were read */
};

/* Adds the findings of the plan's checks across forms. A form that stands alone costs nothing. False: a reply is set. */
bool judge_across(struct request *request, struct db *db, const struct document *document, struct findings *findings,
                  struct beside *ret_beside);

/* What a document that is judged in the open snapshot is judged beside. Without memory its forms are NULL. */
struct beside beside_of(struct request *request, const struct document *document);

/* The same as judge_across() inside a snapshot that is open already. */
bool judge_across_inside(struct request *request, struct db *db, const struct document *document,
                         struct findings *findings);

#endif
