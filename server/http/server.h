/* server.h: the daemon's listening side. */
#ifndef TRIBUTARY_HTTP_SERVER_H
#define TRIBUTARY_HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>

#include "http/request.h"

struct server;

struct server_options {
    const char *address; /* numeric, IPv4 or IPv6 */
    unsigned short port; /* 0: any free one */
    const char *metrics_address;
    unsigned short metrics_port; /* 0: no metrics */
    const char *database_url;
    size_t workers, queue_limit;
    unsigned connection_limit;
    unsigned idle_seconds; /* a connection on which nothing moves for so long is closed */
    size_t upload_budget;  /* bytes of bodies held at once */
    size_t reply_budget;   /* bytes that replies on their way hold, beyond which no large one is begun */
    struct service *service;
    const struct route *routes;
    step_fn *record_export; /* after a handler has made a copy that the log must tell of, before it is given */
};

/* Starts listening. NULL with words in ret_fault. */
struct server *server_start(const struct server_options *options, char *ret_fault, size_t fault_size);

/* The port it listens on. */
unsigned short server_port(const struct server *server);

/* Stops accepting, lets what was accepted finish (waiting at most `seconds`), finishes the writer, then closes. */
void server_stop(struct server *server, int seconds);

/* Goes on with a request that waits, on a worker, with `step`. Called by the writer's thread. */
void server_continue(struct request *request, step_fn *step);

#endif
