/* paging.h: pages of a list of JSON rows by a member of theirs. Private to api/. */
#ifndef TRIBUTARY_API_PAGING_H
#define TRIBUTARY_API_PAGING_H

#include "http/request.h"

enum { PAGE_ROWS = 500, LONG_PAGE_ROWS = 1000 };

/* Reads `limit`, from 1 to `most`. Left out it is 100; of a table to be kept as a file all that is likely to be there, so
 * that nobody takes a part for the whole. False: a problem is replied. */
bool read_limit(struct request *request, int most, int *ret_limit);

/* Reads an `after` that is a whole number; left out it is 0. False: a problem is replied. */
bool read_after(struct request *request, int64_t *ret_after);

/* Says of a table how to go on, in a header, as JSON's "next" does; NULL: it is whole. */
void tell_next(struct request *request, const char *next);

/* Cuts the one row too many that the query gave; what `after` must say for the next page, or NULL. In the arena. */
const char *cut_page(struct request *request, json_t *list, int limit, const char *member);

#endif
