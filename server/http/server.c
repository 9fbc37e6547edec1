/* server.c: starting and stopping the listening side. */
#include "http/server.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "http/inside.h"

enum {
    LAST_UPLOADS_SECONDS = 2,
    STANDSTILL_SECONDS = 2,
    CONNECTION_MEMORY = 32 * 1024,
    CACHE_LIMIT = 64 * 1024 * 1024
};

static size_t keep_as_sent(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    return strlen(text);
}

static void log_library(void *context, const char *format, va_list args)
{
    char text[400];

    (void)context;
    vsnprintf(text, sizeof text, format, args);
    log_event(LOG_DEBUG, "http", "%s", text);
}

static bool make_address(const char *text, unsigned short port, struct sockaddr_storage *ret_address)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)ret_address;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ret_address;

    memset(ret_address, 0, sizeof *ret_address);
    if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        return true;
    }
    if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(port);
        return true;
    }
    return false;
}

static struct MHD_Daemon *listen_on(struct server *server)
{
    const struct server_options *options = &server->options;
    struct sockaddr_storage address;

    if (!make_address(options->address, options->port, &address))
        return NULL;
    unsigned flags = MHD_USE_POLL | MHD_USE_INTERNAL_POLLING_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG |
                     MHD_USE_ITC | (address.ss_family == AF_INET6 ? MHD_USE_IPv6 : 0);

    return MHD_start_daemon(flags, options->port, NULL, NULL, exchange_handle, server, MHD_OPTION_EXTERNAL_LOGGER,
                            log_library, NULL, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
                            MHD_OPTION_THREAD_POOL_SIZE, 2u, MHD_OPTION_CONNECTION_LIMIT, options->connection_limit,
                            MHD_OPTION_CONNECTION_TIMEOUT, options->idle_seconds, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                            (size_t)CONNECTION_MEMORY, MHD_OPTION_URI_LOG_CALLBACK, exchange_see_uri, server,
                            MHD_OPTION_UNESCAPE_CALLBACK, keep_as_sent, NULL, MHD_OPTION_NOTIFY_COMPLETED, exchange_end,
                            server, MHD_OPTION_LISTEN_BACKLOG_SIZE, 1024u, MHD_OPTION_END);
}

struct server *server_start(const struct server_options *options, char *ret_fault, size_t fault_size)
{
    struct server *server = calloc(1, sizeof *server);

    if (!server) {
        snprintf(ret_fault, fault_size, "out of memory");
        return NULL;
    }
    server->options = *options;
    server->cache = reply_cache_new(CACHE_LIMIT);
    server->metrics = metrics_start(options->metrics_address, options->metrics_port, options->service, options->routes);
    server->workers = workers_start(options->database_url, options->workers, options->queue_limit, exchange_work);
    if (!server->cache || !server->metrics || !server->workers) {
        snprintf(ret_fault, fault_size, server->metrics ? "out of memory" : "cannot serve metrics on %s port %d",
                 options->metrics_address, options->metrics_port);
        server_stop(server, 0);
        return NULL;
    }
    server->daemon = listen_on(server);
    if (!server->daemon) {
        snprintf(ret_fault, fault_size, "cannot listen on %s port %d (in use?)", options->address, options->port);
        server_stop(server, 0);
        return NULL;
    }
    return server;
}

unsigned short server_port(const struct server *server)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);

    return info ? info->port : server->options.port;
}

static void wait_for_none(atomic_int *count, int seconds)
{
    for (int i = 0; i < seconds * 100 && atomic_load(count) > 0; i++)
        usleep(10000);
}

/* Waits for the replies on their way; not for readers who took nothing for a while when there is nobody else: what they
 * have goes on by ranges later. */
static void wait_for_replies(struct server *server, int seconds)
{
    size_t pieces = atomic_load(&server->pieces);
    int still = 0;

    for (int i = 0; i < seconds * 100 && atomic_load(&server->in_work) > 0 && still < STANDSTILL_SECONDS * 100; i++) {
        size_t now = atomic_load(&server->pieces);

        still = now == pieces && atomic_load(&server->in_work) <= atomic_load(&server->streaming) ? still + 1 : 0;
        pieces = now;
        usleep(10000);
    }
}

void server_stop(struct server *server, int seconds)
{
    if (!server)
        return;
    if (server->daemon) {
        MHD_socket listening = MHD_quiesce_daemon(server->daemon);

        atomic_store(&server->draining, true);
        if (listening != MHD_INVALID_SOCKET)
            close(listening);
        wait_for_none(&server->active, LAST_UPLOADS_SECONDS);
        atomic_store(&server->closed, true);
        wait_for_replies(server, seconds);
        writer_finish(server->options.service->writer); /* it hands its requests back to the workers */
    }
    workers_finish(server->workers);
    if (server->daemon)
        MHD_stop_daemon(server->daemon); /* a download that is still on its way may ask the workers once more */
    workers_free(server->workers);
    metrics_stop(server->metrics);
    reply_cache_free(server->cache);
    free(server);
}
