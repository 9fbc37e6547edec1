/* posting.h: sending a small order to the server and telling what came of it. */
#ifndef TRIBUTARY_CLIENT_POSTING_H
#define TRIBUTARY_CLIENT_POSTING_H

#include <jansson.h>

#include "client.h"

/* What came of it: the answer's JSON (the caller decrefs it) and whether it says that all is so already. */
struct posted {
    json_t *answer;
    bool unchanged;
};

/* Posts `body` (taken over; NULL: no memory) under a new Idempotency-Key. With --json the answer is printed as it came.
 * On EXIT_DONE it was 2xx; otherwise the reason has been said, and a 409 or 422 is a refusal. */
enum exit_status posting_send(struct client *client, const char *path, json_t *body, struct posted *ret_posted);

/* Writes something as a whole (PUT) in the place of what has the entity tag `if_match`; otherwise as posting_send(). */
enum exit_status posting_put(struct client *client, const char *path, const char *if_match, json_t *body,
                             struct posted *ret_posted);

/* The value of an option that must be there; NULL, having said so, without it. */
const char *posting_needs(struct client *client, const char *option);

#endif
