/* fetch.h: asking the person's server and telling what its answer means for them. */
#ifndef TRIBUTARY_CLIENT_FETCH_H
#define TRIBUTARY_CLIENT_FETCH_H

#include <jansson.h>

#include "client.h"
#include "transport.h"

/* The server's address as it is stored; NULL, having said so, if none is set or it isn't one. */
const char *fetch_server(struct client *client);

/* Sends a request, with the person's token unless the request has one. The caller frees the reply on EXIT_DONE, which
 * means an answer of any status; otherwise nothing came, and the reason has been said. */
enum exit_status fetch_send(struct client *client, const struct request *request, struct reply *ret_reply);

/* Asks for a path. On EXIT_DONE the answer was 2xx and JSON, which the caller decrefs. Otherwise the reason has been said. */
enum exit_status fetch_json(struct client *client, const char *path, json_t **ret_json);

/* As fetch_json(), without a word if nothing comes, and only where something was asked before; *ret_json is NULL then. */
void fetch_quietly(struct client *client, const char *path, json_t **ret_json);

/* As fetch_json(), and with --json prints the answer as it came, whatever its status, or with --format or --output keeps
 * it as a file (export.h); then *ret_json is NULL. */
enum exit_status fetch_shown(struct client *client, const char *path, json_t **ret_json);

/* The answer's JSON, NULL if it is none. The caller decrefs it. */
json_t *reply_json(const struct reply *reply);

/* Whether the answer is a problem of ours (RFC 9457 with a code), and not that of something on the way. */
bool reply_is_problem(const struct reply *reply, const json_t *json);

/* What an answer's status means for one who asked for something to read. */
enum exit_status status_meaning(long status);

/* Says an answer that isn't 2xx to the person: the problem's own words, or what came instead of one. */
void fetch_explain(struct client *client, const struct reply *reply, const json_t *json);

#endif
