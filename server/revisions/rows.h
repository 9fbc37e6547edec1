/* rows.h: what offices wrote in a table of a form, for papers that show it in words. */
#ifndef TRIBUTARY_REVISIONS_ROWS_H
#define TRIBUTARY_REVISIONS_ROWS_H

#include <jansson.h>

#include "db/db.h"
#include "plans/shelf.h"

struct rows_question {
    const struct plan_version *version;
    const struct form *form;
    const struct table *table; /* NULL: the form's fields, as one row */
    int year;                  /* every period of the form in it */
    const char *basis;         /* "latest" or "official" */
    const timestamp *as_of;    /* only what was recorded by then; NULL: all */
};

/* A list of {"office","period","submission","revision","rows":[…]}, as the caller may see them, by office and period; rows as
 * documents hold them, persons as digests. Inside a snapshot. The caller owns *ret_list. */
enum db_status rows_reported(struct db *db, const struct rows_question *question, json_t **ret_list);

#endif
