/* paging.h: pages of a list of JSON rows by a member of theirs. Private to api/. */
#ifndef TRIBUTARY_API_PAGING_H
#define TRIBUTARY_API_PAGING_H

#include "http/request.h"

/* Reads `limit` (1 to 500, 100 if left out). False: a problem is replied. */
bool read_limit(struct request *request, int *ret_limit);

/* Cuts the one row too many that the query gave; what `after` must say for the next page, or NULL. In the arena. */
const char *cut_page(struct request *request, json_t *list, int limit, const char *member);

#endif
