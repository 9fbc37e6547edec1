/* if_match.h: what an If-Match says. Private to api/. */
#ifndef TRIBUTARY_API_IF_MATCH_H
#define TRIBUTARY_API_IF_MATCH_H

#include "http/request.h"

/* What stands between the quotes of an If-Match, in the request's arena; *ret_tag is NULL for "*", and without a header unless
 * it is `required`. Of several tags all, with what parts them. False: a problem is replied (428 without, 412 for no tag). */
bool if_match_read(struct request *request, bool required, const char **ret_tag);

/* Whether a text is a number of 1 to 18 digits. */
bool if_match_is_number(const char *text);

/* Replies 412. Returns false. */
bool if_match_refuse(struct request *request);

#endif
