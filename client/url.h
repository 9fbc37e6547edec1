/* url.h: addresses made of parts that may hold anything. */
#ifndef TRIBUTARY_CLIENT_URL_H
#define TRIBUTARY_CLIENT_URL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* Percent-encodes everything but RFC 3986's unreserved characters. In `arena`; NULL without memory. */
const char *url_part(struct arena *arena, const char *text);

struct url_parameter {
    const char *name, *value; /* value NULL: left out */
};

/* The path with its parameters behind it; `path` holds encoded parts already. In `arena`; NULL without memory. */
const char *url_query(struct arena *arena, const char *path, const struct url_parameter *parameters, size_t count);

/* The server's address as it is compared and stored: scheme://host[:port][/prefix] without a slash at its end. NULL if it
 * isn't an http or https address, carries a user name, a query or a fragment, or without memory. */
const char *url_server(struct arena *arena, const char *text);

/* Whether the address is plain http to another machine, so that others could read the token. */
bool url_is_readable_by_others(const char *server);

/* Whether the address is this machine itself. */
bool url_is_local(const char *server);

#endif
