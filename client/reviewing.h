/* reviewing.h: a decision on its way: reading what it is about, sending it, telling what came of it. */
#ifndef TRIBUTARY_CLIENT_REVIEWING_H
#define TRIBUTARY_CLIENT_REVIEWING_H

#include <jansson.h>

#include "client.h"
#include "plan_cache.h"
#include "transport.h"

struct reviewing {
    struct client *client;
    const struct plan *plan;
    const char *outcome; /* "accept", "return", "note" */
    const char *id;      /* of the revision */
    char etag[80];       /* of what was read */
    json_t *seen;        /* what was read; owned */
    const struct form *form;
};

/* The id that the words or --form, --period, --office and --event name; *ret_words is how many words it took. NULL, having
 * said why, with *ret_status set. */
const char *reviewing_find(struct client *client, const struct plan *plan, size_t *ret_words,
                           enum exit_status *ret_status);

/* Reads the submission with its entity tag. On EXIT_DONE the caller ends with reviewing_release(). */
enum exit_status reviewing_read(struct reviewing *reviewing);
void reviewing_release(struct reviewing *reviewing);

/* Sends the decision (taken over) and shows what came of it. */
enum exit_status reviewing_send(struct reviewing *reviewing, json_t *body);

/* Says what a refusal of the server means for the reviewer, and what to do about it. */
void reviewing_explain(struct reviewing *reviewing, const struct reply *reply, const json_t *problem,
                       const json_t *body);

#endif
