/* router.h: finding the route of a request, and the parameters of its address. */
#ifndef TRIBUTARY_HTTP_ROUTER_H
#define TRIBUTARY_HTTP_ROUTER_H

#include <stdbool.h>
#include <stddef.h>

#include "http/request.h"

/* The one route table; ends with a NULL method. Defined in api/routes.c and handed to the server. */
extern const struct route routes[];

/* Sets request->route and its path parameters. PROBLEM_NONE, PROBLEM_not_found, or PROBLEM_method_not_allowed with
 * reply.allow set. */
enum problem router_find(const struct route *table, struct request *request);

/* Reads "%41" and the like; `plus` reads '+' as a space. NULL if it is malformed, not UTF-8, or holds a NUL or a
 * control character. */
const char *percent_decode(struct arena *arena, const char *text, size_t length, bool plus);

/* Fills the query of a request from its raw text. PROBLEM_NONE or PROBLEM_bad_parameter. */
enum problem read_query(struct request *request);

/* A parameter that the route doesn't know, or a required one that is missing. PROBLEM_NONE if all is well; otherwise
 * *ret_name names it. */
enum problem check_query(const struct request *request, const char **ret_name);

/* From Accept-Language: Chinese unless English is preferred. */
enum language read_language(const char *accept_language);

/* From ?format= and Accept. PROBLEM_NONE, PROBLEM_not_acceptable or PROBLEM_bad_parameter. */
enum problem read_format(const struct request *request, const char *accept, enum format *ret_format);

#endif
