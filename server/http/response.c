/* response.c: sending a reply: headers, entity tags, and replies kept as long as the log stands still. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "http/inside.h"

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
    return header && (strcmp(header, "*") == 0 || strstr(header, etag));
}

static void add_headers(const struct request *request, struct MHD_Response *response)
{
    const struct reply *reply = &request->reply;
    char text[32];

    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, "Vary", "Accept, Accept-Language, Authorization, Cookie");
    MHD_add_response_header(response, "Cache-Control",
                            reply->secret                 ? "no-store"
                            : request->principal.actor[0] ? "private, no-cache"
                                                          : "no-cache");
    if (reply->allow)
        MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, reply->allow);
    if (reply->status == 401)
        MHD_add_response_header(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer realm=\"tributary\"");
    if (reply->retry_after) {
        snprintf(text, sizeof text, "%d", reply->retry_after);
        MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER, text);
    }
    for (size_t i = 0; i < reply->header_count; i++)
        MHD_add_response_header(response, reply->header_names[i], reply->header_values[i]);
    if (reply->replayed)
        MHD_add_response_header(response, "Idempotent-Replay", "true");
    if (reply->closing || atomic_load(&request->server->draining))
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
}

static enum MHD_Result queue_response(struct request *request, int status, struct MHD_Response *response)
{
    if (!response)
        return MHD_NO;
    add_headers(request, response);
    metrics_count(request->server->metrics, request->route, status, clock_milliseconds() - request->started_at);

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

static enum MHD_Result send_cached(struct request *request)
{
    struct MHD_Response *response = request->cached;

    request->cached = NULL;
    if (!names_tag(request_header(request, MHD_HTTP_HEADER_IF_NONE_MATCH), request->reply.etag))
        return queue_response(request, 200, response);
    MHD_destroy_response(response);
    return send_not_modified(request, request->reply.etag);
}

enum MHD_Result send_reply(struct request *request)
{
    struct reply *reply = &request->reply;
    bool readable = (reply->status == 200 || reply->status == 206) &&
                    (strcmp(request->method, "GET") == 0 || strcmp(request->method, "HEAD") == 0);
    struct MHD_Response *response;

    if (request->cached)
        return send_cached(request);
    if (readable && !reply->etag[0] && reply->body)
        set_etag(request);
    if (readable && reply->etag[0] && names_tag(request_header(request, MHD_HTTP_HEADER_IF_NONE_MATCH), reply->etag))
        return send_not_modified(request, reply->etag);
    response = reply->stream ? stream_response(request)
                             : MHD_create_response_from_buffer(reply->length, reply->body, MHD_RESPMEM_MUST_FREE);
    if (!response)
        return MHD_NO;
    reply->body = NULL; /* now libmicrohttpd's */
    if (reply->content_type)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, reply->content_type);
    if (reply->etag[0])
        MHD_add_response_header(response, MHD_HTTP_HEADER_ETAG, reply->etag);
    if (reply->disposition && reply->status == 200)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_DISPOSITION, reply->disposition);
    if (reply->findings && reply->status == 200)
        MHD_add_response_header(response, "Tributary-Findings", reply->findings);
    return queue_response(request, reply->status, response);
}

/* A snapshot may show a plan's log entry before the shelf has that plan: what is made in between is found by nobody who
 * comes after. */
static const char *cache_key(const struct request *request)
{
    const struct principal *who = &request->principal;

    return arena_format(request->arena, "%zu\n%s\n%d\n%s\n%d\n%d\n%s\n%s", request->plans_known, who->jurisdiction,
                        (int)who->role, who->office, (int)request->language, (int)request->format, request->path,
                        request->raw_query ? request->raw_query : "");
}

bool is_export(const struct request *request)
{
    const struct route *route = request->route;

    return strcmp(request->method, "GET") == 0 && route->roles && request->principal.role != ROLE_OFFICE &&
           (route->exported || (route->tabular && request->format != FORMAT_JSON));
}

/* A kept reply is given without a step of its handler, so without an entry of the log. */
static bool is_cacheable(const struct request *request)
{
    return request->route->cacheable && !is_export(request) &&
           (strcmp(request->method, "GET") == 0 || strcmp(request->method, "HEAD") == 0);
}

bool find_in_cache(struct request *request)
{
    const char *key, *etag;
    uint64_t version;

    if (!is_cacheable(request) ||
        !watch_sequence(request->server->options.service->watch, request->principal.jurisdiction, &version) ||
        !(key = cache_key(request)))
        return false;

    request->cached = reply_cache_find(request->server->cache, key, version, &etag);
    if (!request->cached)
        return false;
    snprintf(request->reply.etag, sizeof request->reply.etag, "%s", etag);
    return true;
}

void keep_in_cache(struct request *request)
{
    const char *key;

    /* what is kept has no headers of its own, such as Tributary-Next */
    if (!is_cacheable(request) || !request->has_data_version || request->reply.status != 200 || !request->reply.body ||
        request->reply.header_count > 0 || !(key = cache_key(request)))
        return;
    if (!request->reply.etag[0])
        set_etag(request);
    reply_cache_keep(request->server->cache, key, request->data_version, request->reply.body, request->reply.length,
                     request->reply.content_type, request->reply.etag);
}
