/* framing.h: refusing what other servers on the way might read differently (request smuggling), in the first callback. */
#ifndef TRIBUTARY_HTTP_FRAMING_H
#define TRIBUTARY_HTTP_FRAMING_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

/* Words about what is wrong with the framing, or NULL if it is sound. *ret_length: the declared Content-Length, -1 if
 * none. *ret_has_body: whether a body follows. */
const char *framing_fault(struct MHD_Connection *connection, const char *version, int64_t *ret_length,
                          bool *ret_has_body);

#endif
