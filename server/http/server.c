/* server.c: libmicrohttpd: limits, upload, hand-over to the workers, reply. Its threads never wait for the database:
 * a request is suspended while a worker or the writer has it. */
#include "http/server.h"

#include <arpa/inet.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "db/db.h"
#include "http/framing.h"
#include "http/metrics.h"
#include "http/reply_cache.h"
#include "http/router.h"
#include "http/workers.h"

enum {
    IDLE_SECONDS = 30,
    UPLOAD_MILLISECONDS = 120000,
    LONGEST_URI = 8192,
    CONNECTION_MEMORY = 32 * 1024,
    CACHE_LIMIT = 64 * 1024 * 1024,
    DISCARD_LIMIT = 16 * 1024 * 1024,
};

struct server {
    struct server_options options;
    struct MHD_Daemon *daemon;
    struct workers *workers;
    struct reply_cache *cache;
    struct metrics *metrics;
    atomic_size_t reserved; /* bytes of the upload budget in use */
    atomic_int active;      /* requests between their first line and their end */
    atomic_bool draining;
};

/* Requests find their server here; set once before the first request. A process has one. */
static struct server *the_server;

static int64_t now_milliseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static timestamp now_timestamp(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (timestamp)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

const char *request_header(const struct request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

/* ---- reply ------------------------------------------------------------------------------------------------------ */

static void set_etag(struct request *request)
{
    char hex[DIGEST_TEXT_SIZE];
    struct digest digest = digest_of(request->reply.body, request->reply.length);

    digest_format(&digest, hex);
    snprintf(request->reply.etag, sizeof request->reply.etag, "\"%.32s\"", hex);
}

/* Whether an If-None-Match names this tag. */
static bool names_tag(const char *header, const char *etag)
{
    if (!header)
        return false;
    if (strcmp(header, "*") == 0)
        return true;
    for (const char *at = header; (at = strstr(at, etag)); at++)
        return true;
    return false;
}

static void add_headers(const struct request *request, struct MHD_Response *response)
{
    const struct reply *reply = &request->reply;
    char text[32];

    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, "Vary", "Accept, Accept-Language, Authorization");
    MHD_add_response_header(response, "Cache-Control", request->principal.token[0] ? "private, no-cache" : "no-cache");
    if (reply->allow)
        MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, reply->allow);
    if (reply->status == 401)
        MHD_add_response_header(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer realm=\"tributary\"");
    if (reply->retry_after) {
        snprintf(text, sizeof text, "%d", reply->retry_after);
        MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER, text);
    }
    if (reply->replayed)
        MHD_add_response_header(response, "Idempotent-Replay", "true");
    if (reply->closing || atomic_load(&the_server->draining))
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
}

static enum MHD_Result queue_response(struct request *request, int status, struct MHD_Response *response)
{
    if (!response)
        return MHD_NO;
    add_headers(request, response);
    metrics_count(the_server->metrics, request->route, status, now_milliseconds() - request->started_at);

    enum MHD_Result result = MHD_queue_response(request->connection, (unsigned)status, response);

    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result send_not_modified(struct request *request, const char *etag)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);

    if (response)
        MHD_add_response_header(response, MHD_HTTP_HEADER_ETAG, etag);
    return queue_response(request, 304, response);
}

static enum MHD_Result send_reply(struct request *request)
{
    struct reply *reply = &request->reply;
    bool readable =
        reply->status == 200 && (strcmp(request->method, "GET") == 0 || strcmp(request->method, "HEAD") == 0);
    struct MHD_Response *response;

    if (readable && !reply->etag[0] && reply->body)
        set_etag(request);
    if (readable && reply->etag[0] && names_tag(request_header(request, MHD_HTTP_HEADER_IF_NONE_MATCH), reply->etag))
        return send_not_modified(request, reply->etag);
    response = MHD_create_response_from_buffer(reply->length, reply->body, MHD_RESPMEM_MUST_FREE);
    if (!response)
        return MHD_NO;
    reply->body = NULL; /* now libmicrohttpd's */
    if (reply->content_type)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, reply->content_type);
    if (reply->etag[0])
        MHD_add_response_header(response, MHD_HTTP_HEADER_ETAG, reply->etag);
    return queue_response(request, reply->status, response);
}

/* ---- cache ------------------------------------------------------------------------------------------------------ */

static const char *cache_key(const struct request *request)
{
    const struct principal *who = &request->principal;

    return arena_format(request->arena, "%s\n%d\n%s\n%d\n%d\n%s\n%s", who->jurisdiction, (int)who->role, who->office,
                        (int)request->language, (int)request->format, request->path,
                        request->raw_query ? request->raw_query : "");
}

static bool is_cacheable(const struct request *request)
{
    return request->route->cacheable && (strcmp(request->method, "GET") == 0 || strcmp(request->method, "HEAD") == 0);
}

/* Answers from the cache if the log stands where it stood. */
static bool answer_from_cache(struct request *request, enum MHD_Result *ret_result)
{
    const char *key, *etag;
    uint64_t version;

    if (!is_cacheable(request) ||
        !watch_sequence(the_server->options.service->watch, request->principal.jurisdiction, &version) ||
        !(key = cache_key(request)))
        return false;

    struct MHD_Response *response = reply_cache_find(the_server->cache, key, version, &etag);

    if (!response)
        return false;
    if (names_tag(request_header(request, MHD_HTTP_HEADER_IF_NONE_MATCH), etag)) {
        char copy[40];

        snprintf(copy, sizeof copy, "%s", etag);
        MHD_destroy_response(response);
        *ret_result = send_not_modified(request, copy);
        return true;
    }
    request->reply.status = 200;
    *ret_result = queue_response(request, 200, response);
    return true;
}

/* Keeps a reply, filed under the version of the snapshot that it was made from. */
static void keep_in_cache(struct request *request)
{
    const char *key;

    if (!is_cacheable(request) || !request->has_data_version || request->reply.status != 200 || !request->reply.body ||
        !(key = cache_key(request)))
        return;
    set_etag(request);
    reply_cache_keep(the_server->cache, key, request->data_version, request->reply.body, request->reply.length,
                     request->reply.content_type, request->reply.etag);
}

/* ---- workers ---------------------------------------------------------------------------------------------------- */

/* Checks the token (asking the database if it wasn't checked just now) and the role. False: a reply is set. */
static bool admit(struct request *request, struct db *db)
{
    struct service *service = request->service;
    bool known = false;

    if (!request->route->roles)
        return true;
    if (!request->principal.token[0]) {
        if (!request->token) {
            reply_problem(request, PROBLEM_unauthenticated, NULL);
            return false;
        }
        enum db_status status = identity_check(service->identity, db, request->token, &known, &request->principal);

        if (status == DB_UNAVAILABLE) /* an idle connection may have died: once more on a new one */
            status = identity_check(service->identity, db, request->token, &known, &request->principal);
        if (status != DB_OK) {
            reply_db_failure(request, db, (int)status, "token_check_failed");
            return false;
        }
        if (!known) {
            reply_problem(request, PROBLEM_unauthenticated, NULL);
            return false;
        }
    }
    if (!(request->route->roles & (unsigned)request->principal.role)) {
        reply_problem(request, PROBLEM_forbidden, NULL);
        return false;
    }
    return true;
}

static enum step_result first_step(struct request *request, struct db *db)
{
    return admit(request, db) ? request->route->handle(request, db) : STEP_DONE;
}

static void finish(struct request *request)
{
    keep_in_cache(request);
    request->finished = true;
    MHD_resume_connection(request->connection);
}

static void work(struct request *request, struct db *db)
{
    if (request->step(request, db) == STEP_DONE)
        finish(request);
}

void server_continue(struct request *request, step_fn *step)
{
    request->step = step;
    workers_push(the_server->workers, request, true);
}

/* ---- the request's way in --------------------------------------------------------------------------------------- */

static bool set_bearer(struct request *request)
{
    const char *header = request_header(request, MHD_HTTP_HEADER_AUTHORIZATION);

    if (!header)
        return true;
    if (strncasecmp(header, "Bearer ", 7) != 0)
        return false;
    header += 7;
    while (*header == ' ')
        header++;
    if (!*header || strlen(header) > 200)
        return false;
    request->token = header;
    return true;
}

static enum problem prepare(struct request *request, const char **ret_detail)
{
    enum problem problem;

    request->language = read_language(request_header(request, MHD_HTTP_HEADER_ACCEPT_LANGUAGE));
    if (!percent_decode(request->arena, request->path, strlen(request->path), false))
        return PROBLEM_bad_request;
    if ((problem = router_find(the_server->options.routes, request)) != PROBLEM_NONE)
        return problem;
    if ((problem = read_query(request)) != PROBLEM_NONE || (problem = check_query(request, ret_detail)) != PROBLEM_NONE)
        return problem;
    if ((problem = read_format(request, request_header(request, MHD_HTTP_HEADER_ACCEPT), &request->format)) !=
        PROBLEM_NONE)
        return problem;
    if (!set_bearer(request))
        return PROBLEM_unauthenticated;
    if (request->token && request->route->roles &&
        identity_recall(request->service->identity, request->token, &request->principal) &&
        !(request->route->roles & (unsigned)request->principal.role))
        return PROBLEM_forbidden;
    return PROBLEM_NONE;
}

/* Takes `length` bytes of the upload budget. */
static bool reserve(struct request *request, size_t length)
{
    size_t used = atomic_fetch_add(&the_server->reserved, length);

    if (used + length > the_server->options.upload_budget) {
        atomic_fetch_sub(&the_server->reserved, length);
        return false;
    }
    request->reserved += length;
    return true;
}

static struct request *request_new(struct MHD_Connection *connection, const char *uri, const char *method)
{
    struct arena *arena = arena_new(REQUEST_ARENA_LIMIT);
    struct request *request = arena ? arena_alloc(arena, sizeof *request) : NULL;
    const char *query = strchr(uri, '?');

    if (!request) {
        arena_free(arena);
        return NULL;
    }
    request->arena = arena;
    request->connection = connection;
    request->service = the_server->options.service;
    request->method = arena_text(arena, method);
    request->path = query ? arena_copy(arena, uri, (size_t)(query - uri)) : arena_text(arena, uri);
    request->raw_query = query ? arena_text(arena, query + 1) : NULL;
    request->started_at = now_milliseconds();
    request->received_at = now_timestamp();
    request->body = BUFFER_WITH_LIMIT(BODY_LIMIT);
    if (!request->method || !request->path || (query && !request->raw_query)) {
        arena_free(arena);
        return NULL;
    }
    return request;
}

static enum MHD_Result refuse_now(struct request *request, enum problem problem, const char *detail)
{
    /* the rest of a body may still come: it isn't read as another request */
    request->reply.closing = problem != PROBLEM_not_found && problem != PROBLEM_method_not_allowed;
    reply_problem(request, problem, detail);
    request->finished = true;
    return send_reply(request);
}

/* The first callback: only the head of the request is here. */
static enum MHD_Result begin(struct request *request, const char *version)
{
    int64_t length;
    bool has_body;
    const char *detail = framing_fault(request->connection, version, &length, &has_body);

    if (detail)
        return refuse_now(request, PROBLEM_bad_request, detail);
    if (strlen(request->path) + (request->raw_query ? strlen(request->raw_query) : 0) > LONGEST_URI)
        return refuse_now(request, PROBLEM_uri_too_long, NULL);
    if (length > BODY_LIMIT)
        return refuse_now(request, PROBLEM_body_too_large, NULL);
    if (has_body && !reserve(request, length > 0 ? (size_t)length : 0))
        return refuse_now(request, PROBLEM_overloaded, NULL);

    enum problem problem = prepare(request, &detail);

    if (problem == PROBLEM_NONE && request->route->roles && !request->token)
        problem = PROBLEM_unauthenticated;
    if (problem == PROBLEM_NONE)
        return MHD_YES;
    if (!has_body)
        return refuse_now(request, problem, detail);
    request->refused = problem; /* said once the body is over, so that the connection stays in step */
    request->refused_detail = detail;
    return MHD_YES;
}

static enum MHD_Result receive(struct request *request, const char *data, size_t *size)
{
    if (now_milliseconds() - request->started_at > UPLOAD_MILLISECONDS)
        return MHD_NO;
    if (!request->refused) {
        size_t length = request->body.length + *size;

        if (length > BODY_LIMIT)
            request->refused = PROBLEM_body_too_large;
        else if (length > request->reserved && !reserve(request, length - request->reserved))
            request->refused = PROBLEM_overloaded;
        else if (!buffer_append(&request->body, data, *size))
            request->refused = PROBLEM_overloaded;
        if (request->refused)
            buffer_free(&request->body);
    } else {
        request->body.length += *size; /* only counted from here on */
        if (request->body.length > DISCARD_LIMIT)
            return MHD_NO;
    }
    *size = 0;
    return MHD_YES;
}

static enum MHD_Result dispatch(struct request *request)
{
    enum MHD_Result result;

    if (request->refused) {
        request->reply.closing = true;
        reply_problem(request, request->refused, request->refused_detail);
        request->finished = true;
        return send_reply(request);
    }
    if (request->principal.token[0] && answer_from_cache(request, &result)) {
        request->finished = true;
        return result;
    }
    request->step = first_step;
    request->waiting = true;
    MHD_suspend_connection(request->connection);
    if (!workers_push(the_server->workers, request, false)) {
        reply_problem(request, PROBLEM_overloaded, NULL);
        finish(request);
    }
    return MHD_YES;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *data, size_t *size, void **slot)
{
    struct request *request = *slot;

    (void)context;
    (void)url;
    if (!request)
        return MHD_NO;
    if (!request->connection) {
        request->connection = connection;
        request->method = arena_text(request->arena, method);
        if (!request->method)
            return MHD_NO;
        return begin(request, version);
    }
    if (*size > 0)
        return receive(request, data, size);
    if (!request->waiting && !request->finished)
        return dispatch(request);
    return request->finished ? send_reply(request) : MHD_YES;
}

/* The whole address as it was sent; the request begins here. */
static void *see_uri(void *context, const char *uri, struct MHD_Connection *connection)
{
    struct request *request = request_new(connection, uri, "");

    (void)context;
    if (request) {
        request->connection = NULL; /* set in the first callback */
        atomic_fetch_add(&the_server->active, 1);
    }
    return request;
}

static void end_request(void *context, struct MHD_Connection *connection, void **slot,
                        enum MHD_RequestTerminationCode code)
{
    struct request *request = *slot;

    (void)context;
    (void)connection;
    (void)code;
    if (!request)
        return;
    *slot = NULL;
    atomic_fetch_sub(&the_server->reserved, request->reserved);
    if (!request->refused)
        buffer_free(&request->body);
    free(request->reply.body);
    arena_free(request->arena);
    atomic_fetch_sub(&the_server->active, 1);
}

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

/* ---- start and stop --------------------------------------------------------------------------------------------- */

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

static struct MHD_Daemon *listen_on(const struct server_options *options)
{
    struct sockaddr_storage address;

    if (!make_address(options->address, options->port, &address))
        return NULL;
    unsigned flags = MHD_USE_POLL | MHD_USE_INTERNAL_POLLING_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG |
                     MHD_USE_ITC | (address.ss_family == AF_INET6 ? MHD_USE_IPv6 : 0);

    return MHD_start_daemon(flags, options->port, NULL, NULL, handle, NULL, MHD_OPTION_EXTERNAL_LOGGER, log_library,
                            NULL, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address, MHD_OPTION_THREAD_POOL_SIZE, 2u,
                            MHD_OPTION_CONNECTION_LIMIT, options->connection_limit, MHD_OPTION_CONNECTION_TIMEOUT,
                            (unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
                            MHD_OPTION_URI_LOG_CALLBACK, see_uri, NULL, MHD_OPTION_UNESCAPE_CALLBACK, keep_as_sent,
                            NULL, MHD_OPTION_NOTIFY_COMPLETED, end_request, NULL, MHD_OPTION_LISTENING_ADDRESS_REUSE,
                            1u, MHD_OPTION_LISTEN_BACKLOG_SIZE, 1024u, MHD_OPTION_END);
}

struct server *server_start(const struct server_options *options, char *ret_fault, size_t fault_size)
{
    struct server *server = calloc(1, sizeof *server);

    if (!server) {
        snprintf(ret_fault, fault_size, "out of memory");
        return NULL;
    }
    server->options = *options;
    the_server = server;
    server->cache = reply_cache_new(CACHE_LIMIT);
    server->metrics = metrics_start(options->metrics_address, options->metrics_port, options->service, options->routes);
    server->workers = workers_start(options->database_url, options->workers, options->queue_limit, work);
    if (!server->cache || !server->metrics || !server->workers) {
        snprintf(ret_fault, fault_size, server->metrics ? "out of memory" : "cannot serve metrics on %s port %d",
                 options->metrics_address, options->metrics_port);
        server_stop(server, 0);
        return NULL;
    }
    server->daemon = listen_on(options);
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

void server_stop(struct server *server, int seconds)
{
    if (!server)
        return;
    if (server->daemon) {
        MHD_socket listening = MHD_quiesce_daemon(server->daemon);

        atomic_store(&server->draining, true);
        if (listening != MHD_INVALID_SOCKET)
            close(listening);
        for (int i = 0; i < seconds * 100 && atomic_load(&server->active) > 0; i++)
            usleep(10000);
    }
    workers_stop(server->workers);
    if (server->daemon)
        MHD_stop_daemon(server->daemon);
    metrics_stop(server->metrics);
    reply_cache_free(server->cache);
    free(server);
}
