/* inside.h: the listening side from within; private to http/server.c, exchange.c and response.c. */
#ifndef TRIBUTARY_HTTP_INSIDE_H
#define TRIBUTARY_HTTP_INSIDE_H

#include <stdatomic.h>

#include "http/metrics.h"
#include "http/reply_cache.h"
#include "http/server.h"
#include "http/workers.h"

struct server {
    struct server_options options;
    struct MHD_Daemon *daemon;
    struct workers *workers;
    struct reply_cache *cache;
    struct metrics *metrics;
    atomic_size_t reserved; /* bytes of the upload budget in use */
    atomic_size_t held;     /* bytes of the reply budget in use */
    atomic_int active;      /* requests between their first line and their end */
    atomic_int in_work;     /* of these, whole ones: a worker or the writer has them, or the reply is on its way */
    atomic_int streaming;   /* of those, replies that are sent piece by piece */
    atomic_size_t pieces;   /* sent of such replies so far */
    atomic_bool draining;   /* replies close their connections */
    atomic_bool closed;     /* nothing goes to the workers any more */
};

/* ---- response.c ---- */

/* Sends request->cached or else request->reply, or 304 where the reader has it already. */
enum MHD_Result send_reply(struct request *request);

/* Whether the answer leaves as a copy that the log tells of: a table for a person of the city, who may pass it on. What
 * programs read as JSON isn't, nor what an office takes of its own. */
bool is_export(const struct request *request);

/* Sets request->cached if the cache has a reply and the log stands where it stood. */
bool find_in_cache(struct request *request);

/* Keeps a good reply, filed under the version of the snapshot that it was made from. */
void keep_in_cache(struct request *request);

/* ---- credentials.c ---- */

/* Reads the token or else the session's cookie, and the address they come from. A change that a cookie is to allow must come
 * from a page of ours: forged requests are refused. */
enum problem read_credential(struct request *request);

/* Whom the credential names, if that was checked just now. */
void recall_principal(struct request *request);

/* What the principal may not do here; PROBLEM_NONE: it may. */
enum problem rights_fault(const struct request *request);

/* Checks the credential (asking the database if it wasn't checked just now) and the rights. False: a reply is set. */
bool admit(struct request *request, struct db *db);

/* ---- stream.c ---- */

/* The response that sends request->reply.stream. NULL without memory. */
struct MHD_Response *stream_response(struct request *request);

/* ---- exchange.c: the callbacks of libmicrohttpd; `context` is the server ---- */

void *exchange_see_uri(void *context, const char *uri, struct MHD_Connection *connection);
enum MHD_Result exchange_handle(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                                const char *version, const char *data, size_t *size, void **slot);
void exchange_end(void *context, struct MHD_Connection *connection, void **slot, enum MHD_RequestTerminationCode code);

/* What a worker does with a request. */
void exchange_work(struct request *request, struct db *db);

#endif
