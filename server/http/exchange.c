/* exchange.c: one request's way: limits, upload, hand-over to the workers, reply. The sockets' threads never wait for
 * the database: a request is suspended while a worker or the writer has it. */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/handover.h"
#include "db/db.h"
#include "http/framing.h"
#include "http/inside.h"
#include "http/router.h"

enum { UPLOAD_MILLISECONDS = 120000, LONGEST_URI = 8192, DISCARD_LIMIT = 16 * 1024 * 1024, LARGE_REPLY = 1024 * 1024 };

const char *request_header(const struct request *request, const char *name)
{
    if (request->kept_type && strcasecmp(name, MHD_HTTP_HEADER_CONTENT_TYPE) == 0)
        return request->kept_type;
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

/* Of many who ask the same at once, the first make the answer and the others find it. */
static enum step_result first_step(struct request *request, struct db *db)
{
    if (!admit(request, db) || find_in_cache(request))
        return STEP_DONE;

    enum step_result result = request->route->handle(request, db);

    if (result == STEP_DONE && request->reply.status == 200 && is_export(request))
        return request->server->options.record_export(request, db);
    return result;
}

/* A small question may have a large answer, and its reader take it slowly or never: what all of them hold is limited. A
 * new revision is always told: it is there. */
static void hold_reply(struct request *request)
{
    struct server *server = request->server;
    size_t held = request->reply.length + arena_used(request->arena), used = atomic_fetch_add(&server->held, held);

    request->held = held;
    if (held < LARGE_REPLY || used + held <= server->options.reply_budget || request->reply.status == 201 ||
        request->reply.stream)
        return;
    reply_forget(request);
    reply_problem(request, PROBLEM_overloaded, NULL);
}

static void finish(struct request *request)
{
    keep_in_cache(request);
    if (!request->finished) /* a stream comes by for each piece */
        hold_reply(request);
    request->finished = true;
    MHD_resume_connection(request->connection);
    handed_over();
}

void exchange_work(struct request *request, struct db *db)
{
    if (request->step(request, db) == STEP_DONE)
        finish(request);
}

void server_continue(struct request *request, step_fn *step)
{
    request->step = step;
    workers_push(request->server->workers, request, true);
}

static enum problem prepare(struct request *request, const char **ret_detail)
{
    enum problem problem;

    request->language = read_language(request_header(request, MHD_HTTP_HEADER_ACCEPT_LANGUAGE));
    if (!percent_decode(request->arena, request->path, strlen(request->path), false))
        return PROBLEM_bad_request;
    if ((problem = router_find(request->server->options.routes, request)) != PROBLEM_NONE)
        return problem;
    if ((problem = read_credential(request)) != PROBLEM_NONE)
        return problem;
    if ((problem = read_query(request)) != PROBLEM_NONE || (problem = check_query(request, ret_detail)) != PROBLEM_NONE)
        return problem;
    if ((problem = read_format(request, request_header(request, MHD_HTTP_HEADER_ACCEPT), &request->format)) !=
        PROBLEM_NONE)
        return problem;
    recall_principal(request);
    return request->principal.actor[0] ? rights_fault(request) : PROBLEM_NONE;
}

/* Whether the upload budget has room for a body that is announced. What is announced isn't counted, only what has come:
 * who announces much and sends nothing takes nothing from the others. */
static bool has_room(const struct request *request, size_t length)
{
    return atomic_load(&request->server->reserved) + length <= request->server->options.upload_budget;
}

/* Takes `length` bytes of the upload budget. */
static bool reserve(struct request *request, size_t length)
{
    size_t used = atomic_fetch_add(&request->server->reserved, length);

    if (used + length > request->server->options.upload_budget) {
        atomic_fetch_sub(&request->server->reserved, length);
        return false;
    }
    request->reserved += length;
    return true;
}

static struct request *request_new(struct server *server, const char *uri)
{
    struct arena *arena = arena_new(REQUEST_ARENA_LIMIT);
    struct request *request = arena ? arena_alloc(arena, sizeof *request) : NULL;
    const char *query = strchr(uri, '?');

    if (!request) {
        arena_free(arena);
        return NULL;
    }
    request->arena = arena;
    request->server = server;
    request->service = server->options.service;
    request->path = query ? arena_copy(arena, uri, (size_t)(query - uri)) : arena_text(arena, uri);
    request->raw_query = query ? arena_text(arena, query + 1) : NULL;
    request->started_at = clock_milliseconds();
    request->received_at = clock_now();
    request->plans_known = shelf_count(request->service->shelf);
    request->body = BUFFER_WITH_LIMIT(BODY_LIMIT);
    if (!request->path || (query && !request->raw_query)) {
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

/* Who asked first, or sends far too much, hears it at once. Otherwise the body is read away before: most programs read
 * no answer while they send. */
static enum MHD_Result refuse_upload(struct request *request, enum problem problem, int64_t length)
{
    if (length > DISCARD_LIMIT || request_header(request, MHD_HTTP_HEADER_EXPECT))
        return refuse_now(request, problem, NULL);
    request->refused = problem;
    return MHD_YES;
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
        return refuse_upload(request, PROBLEM_body_too_large, length);
    if (has_body && !has_room(request, length > 0 ? (size_t)length : 0))
        return refuse_upload(request, PROBLEM_overloaded, length);

    enum problem problem = prepare(request, &detail);

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
    if (clock_milliseconds() - request->started_at > UPLOAD_MILLISECONDS)
        return MHD_NO;
    if (!request->refused) {
        size_t length = request->body.length + *size;

        if (length > BODY_LIMIT)
            request->refused = PROBLEM_body_too_large;
        else if ((length > request->reserved && !reserve(request, length - request->reserved)) ||
                 !buffer_append(&request->body, data, *size))
            request->refused = PROBLEM_overloaded;
        if (request->refused) {
            buffer_free(&request->body);
            atomic_fetch_sub(&request->server->reserved, request->reserved);
            request->reserved = 0;
        }
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
    if (request->refused) {
        request->reply.closing = true;
        reply_problem(request, request->refused, request->refused_detail);
        request->finished = true;
        return send_reply(request);
    }
    if (request->body.length > 0) /* the upload may have taken long; the token may be revoked since */
        recall_principal(request);
    if (request->principal.actor[0] && find_in_cache(request)) {
        request->finished = true;
        return send_reply(request);
    }
    atomic_fetch_add(&request->server->in_work, 1);
    request->waiting = true;
    if (atomic_load(&request->server->closed))
        return MHD_NO;
    request->step = first_step;
    MHD_suspend_connection(request->connection);
    if (!workers_push(request->server->workers, request, false)) {
        reply_problem(request, PROBLEM_overloaded, NULL);
        finish(request);
    }
    return MHD_YES;
}

enum MHD_Result exchange_handle(void *context, struct MHD_Connection *connection, const char *url, const char *method,
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

/* The whole address as it was sent; the request begins here, its connection comes with the first callback. */
void *exchange_see_uri(void *context, const char *uri, struct MHD_Connection *connection)
{
    struct server *server = context;
    struct request *request = request_new(server, uri);

    (void)connection;
    if (request)
        atomic_fetch_add(&server->active, 1);
    return request;
}

void exchange_end(void *context, struct MHD_Connection *connection, void **slot, enum MHD_RequestTerminationCode code)
{
    struct server *server = context;
    struct request *request = *slot;
    size_t held;

    (void)connection;
    (void)code;
    if (!request)
        return;
    *slot = NULL;
    held = request->held;
    atomic_fetch_sub(&server->held, held);
    atomic_fetch_sub(&server->reserved, request->reserved);
    if (!request->refused)
        buffer_free(&request->body);
    free(request->reply.body);
    if (request->reply.stream) {
        if (request->reply.stream->begun)
            atomic_fetch_sub(&server->streaming, 1);
        free(request->reply.stream->bytes);
    }
    if (request->cached)
        MHD_destroy_response(request->cached);
    if (request->waiting)
        atomic_fetch_sub(&server->in_work, 1);
    atomic_fetch_sub(&server->active, 1);
    arena_free(request->arena);
    if (held >= LARGE_REPLY)
        malloc_trim(0); /* each thread's heap would keep what its largest request took */
}
