/* remarks.h: on whose behalf something was handed in, when it truly came, whether it still stands, whether it is closed. */
#ifndef TRIBUTARY_CLIENT_REMARKS_H
#define TRIBUTARY_CLIENT_REMARKS_H

#include <jansson.h>

#include "client.h"

/* What is so of a revision, a receipt or an obligation, a line each; "" if nothing is. In the client's arena. */
const char *remarks_of(struct client *client, const json_t *json);

/* The same in one line. */
const char *remarks_line(struct client *client, const json_t *json);

/* Whether two obligations would get the same remarks. */
bool remarks_equal(const json_t *a, const json_t *b);

/* Adds a line to a text of several; the text itself without memory. */
const char *remarks_join(struct client *client, const char *text, const char *line);

#endif
