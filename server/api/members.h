/* members.h: the members of a small JSON body. Private to api/. */
#ifndef TRIBUTARY_API_MEMBERS_H
#define TRIBUTARY_API_MEMBERS_H

#include <jansson.h>

#include "http/request.h"

/* The JSON object that was sent, with no members but these (NULL ends them). The caller decrefs it. NULL: a problem is
 * replied. */
json_t *members_read(struct request *request, const char *const *known);

/* A text member of 1 to `most` bytes, in the arena. False: a problem is replied. If it isn't `required` and left out,
 * *ret_text is NULL. */
bool members_text(struct request *request, const json_t *body, const char *name, size_t most, bool required,
                  const char **ret_text);

/* Replies that a member is missing or wrong. */
enum step_result members_refuse(struct request *request, const char *name, const char *expected);

#endif
