/* reply.c: replies in JSON, problems (RFC 9457), bytes. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "db/db.h"
#include "http/request.h"

enum step_result reply_bytes(struct request *request, int status, const char *content_type, char *body, size_t length)
{
    free(request->reply.body);
    request->reply.status = status;
    request->reply.content_type = content_type;
    request->reply.body = body;
    request->reply.stream = NULL;
    request->reply.length = length;
    return STEP_DONE;
}

enum step_result reply_stream(struct request *request, int status, const char *content_type,
                              struct reply_stream *stream)
{
    reply_bytes(request, status, content_type, NULL, 0);
    request->reply.stream = stream;
    return STEP_DONE;
}

void reply_forget(struct request *request)
{
    free(request->reply.body);
    request->reply = (struct reply){0};
}

void stream_loaded(struct request *request, char *bytes, size_t skipped, size_t length)
{
    struct reply_stream *stream = request->reply.stream;

    free(stream->bytes);
    stream->bytes = bytes;
    stream->sent = skipped;
    stream->loaded = length;
}

void reply_header(struct request *request, const char *name, const char *value)
{
    struct reply *reply = &request->reply;

    if (reply->header_count == MOST_REPLY_HEADERS || !value)
        return;
    reply->header_names[reply->header_count] = name;
    reply->header_values[reply->header_count++] = value;
}

static enum step_result reply_json_as(struct request *request, int status, const char *content_type, json_t *json)
{
    char *text = json ? json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;

    json_decref(json);
    if (!text)
        return reply_bytes(request, 500, "application/problem+json", NULL, 0);
    return reply_bytes(request, status, content_type, text, strlen(text));
}

enum step_result reply_json(struct request *request, int status, json_t *json)
{
    if (!json)
        return reply_problem(request, PROBLEM_internal, NULL);
    return reply_json_as(request, status, "application/json", json);
}

enum step_result reply_problem_with(struct request *request, enum problem problem, const char *detail, json_t *members)
{
    const struct problem_entry *entry = problem_entry(problem);
    const char *type = arena_format(request->arena, "/problems/%s", entry->code);
    const char *title = entry->wording[request->language];
    json_t *json = json_pack("{ss* ss si ss ss}", "type", type, "title", title, "status", entry->status, "detail",
                             detail ? detail : title, "code", entry->code);

    if (json && members)
        json_object_update(json, members);
    json_decref(members);
    if (problem == PROBLEM_overloaded || problem == PROBLEM_unavailable)
        request->reply.retry_after = 2;
    if (problem == PROBLEM_too_many_requests)
        request->reply.retry_after = 1;
    return reply_json_as(request, entry->status, "application/problem+json", json);
}

enum step_result reply_problem(struct request *request, enum problem problem, const char *detail)
{
    return reply_problem_with(request, problem, detail, NULL);
}

enum step_result reply_findings(struct request *request, const struct findings *findings)
{
    static const char *const words[] = {"請依下列各項更正後再送一次", "Correct the following and hand in again"};
    json_t *list = findings->out_of_memory ? NULL : findings_to_json(findings, request->language);

    if (!list)
        return reply_problem(request, PROBLEM_internal, NULL);
    return reply_problem_with(request, PROBLEM_findings_refused, words[request->language],
                              json_pack("{so}", "findings", list));
}

enum step_result reply_db_failure(struct request *request, struct db *db, int status, const char *doing)
{
    log_event(status == DB_FAILED ? LOG_ERROR : LOG_WARNING, doing, "%s %s", db_sqlstate(db), db_error(db));
    return reply_problem(request, status == DB_FAILED ? PROBLEM_internal : PROBLEM_unavailable, NULL);
}
