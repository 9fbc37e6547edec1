/* transport.h: one HTTP request and its answer, over a connection that is kept. */
#ifndef TRIBUTARY_CLIENT_TRANSPORT_H
#define TRIBUTARY_CLIENT_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/problem.h"

struct transport;

struct transport_options {
    const char *server;  /* as url_server() gives it */
    const char *ca_file; /* NULL: the system's certificates */
    enum language language;
    long timeout_seconds;
    long attempts; /* at least 1 */
};

struct request {
    const char *path;   /* with its query, encoded */
    const char *token;  /* NULL: none is sent */
    const void *body;   /* NULL: a GET, otherwise a POST, unless `method` says so */
    const char *method; /* NULL, "PUT", "PATCH" or "DELETE" */
    size_t body_length;
    const char *content_type;    /* of the body */
    const char *idempotency_key; /* NULL: none; without one a POST is tried once only */
    const char *sample_clock;    /* NULL: none */
    const char *accept;          /* what the answer may be; NULL: JSON */
    const char *upload_offset;   /* where the piece begins that is sent; NULL: none */
    const char *if_match;        /* the entity tag of what is changed; NULL: none */
    const char *range;           /* "bytes=0-99"; NULL: the whole is asked for */
};

struct reply {
    long status;
    char *body; /* owned, NUL-terminated */
    size_t length;
    char content_type[96];
    char file_name[128]; /* what the answer would be called as a file, fit for any folder; "" if it doesn't say */
    char etag[80];       /* "" if none */
    bool replayed;       /* the answer repeats an earlier one */
};

enum transport_outcome {
    TRANSPORT_ANSWERED,
    TRANSPORT_UNREACHABLE,  /* no connection, or it broke; trying later may help */
    TRANSPORT_BAD_ANSWER,   /* what came is no HTTP answer that may be read: too large, not HTTP */
    TRANSPORT_BAD_SETTINGS, /* the address or the certificate file is of no use */
};

/* Makes a transport; it connects when first used. The texts of `options` must live as long. The caller frees it with
 * transport_free(). NULL without memory. */
struct transport *transport_new(const struct transport_options *options);
void transport_free(struct transport *transport);

/* Sends a request and reads its answer. A broken connection, 429 and 503 are tried again after a short while, as the
 * server's Retry-After says if it says so and that is soon; but a POST without an Idempotency-Key is not, as it may not
 * be sent twice. Redirects aren't followed: a token goes to its own server only. Certificates are always checked.
 * On TRANSPORT_ANSWERED the caller frees ret_reply with reply_free(); otherwise *ret_fault says what failed, in words
 * that live until the next call. */
enum transport_outcome transport_send(struct transport *transport, const struct request *request,
                                      struct reply *ret_reply, const char **ret_fault);
void reply_free(struct reply *reply);

#endif
