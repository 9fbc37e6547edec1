/* recording.c: from a request to a job of the writer, and back. */
#include "api/recording.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "api/common.h"
#include "api/members.h"
#include "base/clock.h"
#include "http/server.h"
#include "ledger/writer.h"

enum { WAIT_MILLISECONDS = 12000, LONGEST_KEY = 200 };

bool read_flag(struct request *request, const char *name, bool *ret_flag)
{
    const char *text = request_query(request, name);

    if (text && strcmp(text, "true") != 0 && strcmp(text, "false") != 0) {
        reply_bad_parameter(request, name, "true, false");
        return false;
    }
    *ret_flag = text && strcmp(text, "true") == 0;
    return true;
}

/* What an Idempotency-Key stands for: the address and the bytes. */
static struct digest digest_request(const struct request *request)
{
    crypto_hash_sha256_state state;
    const char *type = request_header(request, MHD_HTTP_HEADER_CONTENT_TYPE);
    const char *parts[] = {request->path, request->raw_query ? request->raw_query : "", type ? type : ""};
    struct digest digest;

    crypto_hash_sha256_init(&state);
    for (size_t i = 0; i < 3; i++)
        crypto_hash_sha256_update(&state, (const unsigned char *)parts[i], strlen(parts[i]) + 1);
    crypto_hash_sha256_update(&state, (const unsigned char *)(request->body.data ? request->body.data : ""),
                              request->body.length);
    crypto_hash_sha256_final(&state, digest.bytes);
    return digest;
}

/* A sample database takes the feeder's clock; no other does. False: a problem is replied. */
static bool read_sample_clock(struct request *request, struct job *job)
{
    const char *header = request_header(request, "Tributary-Sample-Clock");
    timestamp *clock;

    if (!header)
        return true;
    clock = arena_alloc(request->arena, sizeof *clock);
    if (!clock || !request->service->sample || !timestamp_parse(header, clock)) {
        reply_problem(request, PROBLEM_sample_clock_refused, NULL);
        return false;
    }
    job->sample_clock = clock;
    return true;
}

timestamp recording_clock(const struct request *request)
{
    const char *header = request_header(request, "Tributary-Sample-Clock");
    timestamp clock;

    return header && request->service->sample && timestamp_parse(header, &clock) ? clock : clock_now();
}

/* Printable ASCII: other bytes may be no text to the store, and would spoil the batch they travel in. */
static bool is_good_key(const char *key)
{
    size_t length = strlen(key);

    for (size_t i = 0; i < length; i++)
        if (key[i] < 0x20 || key[i] > 0x7e)
            return false;
    return length >= 1 && length <= LONGEST_KEY;
}

bool job_prepare(struct request *request, struct job *job, const struct job_kind *kind)
{
    const char *key = request_header(request, "Idempotency-Key");

    job->kind = kind;
    job->principal = &request->principal;
    if (!read_sample_clock(request, job))
        return false;
    if (key && !is_good_key(key)) {
        reply_problem(request, PROBLEM_bad_request, "Idempotency-Key: 1–200 ASCII");
        return false;
    }
    job->key = key;
    job->request_sha256 = digest_request(request);
    return true;
}

/* On the writer's thread. */
static void go_on(struct job *job, void *owner)
{
    struct request *request = owner;

    (void)job;
    server_continue(request, request->step);
}

enum step_result job_queue(struct request *request, struct job *job, step_fn *answer)
{
    request->step = answer;
    job->done = go_on;
    job->owner = request;
    job->deadline = clock_milliseconds() + WAIT_MILLISECONDS;
    return writer_submit(request->service->writer, job) ? STEP_WAITING
                                                        : reply_problem(request, PROBLEM_overloaded, NULL);
}

/* Clock, token, key, digest of the request. */
static bool set_own_parameters(struct request *request, const struct job *job, const char **parameters)
{
    char digest[BYTEA_TEXT_SIZE];
    char *clock = job->sample_clock ? arena_alloc(request->arena, TIMESTAMP_TEXT_SIZE) : NULL;

    if (clock)
        timestamp_format(*job->sample_clock, clock);
    bytea_format(job->request_sha256.bytes, DIGEST_SIZE, digest);
    parameters[0] = clock;
    parameters[1] = request->principal.actor;
    parameters[2] = job->key;
    parameters[3] = arena_text(request->arena, digest);
    return parameters[3] && !job->sample_clock == !clock;
}

struct act *act_prepare(struct request *request, const char *kind, const struct db_statement *statement,
                        const char *const *parameters)
{
    size_t count = (size_t)statement->parameter_count;
    struct act *act = arena_alloc(request->arena, sizeof *act);
    const char **all = arena_alloc_array(request->arena, count, sizeof *all);

    if (!act || !all) {
        reply_problem(request, PROBLEM_internal, NULL);
        return NULL;
    }
    if (!job_prepare(request, &act->job, &act_job))
        return NULL;
    memcpy(all, parameters, (count - ACT_OWN_PARAMETERS) * sizeof *all);
    if (!set_own_parameters(request, &act->job, all + count - ACT_OWN_PARAMETERS)) {
        reply_problem(request, PROBLEM_internal, NULL);
        return NULL;
    }
    act->kind = kind;
    act->statement = statement;
    act->parameters = all;
    return act;
}

/* Of members the detail names one, or several that don't go together. */
static void refuse(struct request *request, enum problem problem, const char *detail)
{
    if (problem != PROBLEM_bad_member || !detail)
        reply_problem(request, problem, detail);
    else if (strchr(detail, ','))
        reply_problem(
            request, problem,
            arena_format(request->arena, bilingual(request, "「%s」彼此不符", "%s don't go together"), detail));
    else
        members_refuse(request, detail, bilingual(request, "系統中有的一項", "one that there is"));
}

static void reply_refusal(struct request *request, const struct act *act, const struct refusal *refusals)
{
    for (; refusals && refusals->reason; refusals++) {
        if (strcmp(refusals->reason, act->reason) == 0) {
            refuse(request, refusals->problem, refusals->detail);
            return;
        }
    }
    reply_problem(request, PROBLEM_internal, NULL);
}

bool act_succeeded(struct request *request, struct act *act, const struct refusal *refusals)
{
    free(act->job.entry);
    act->job.entry = NULL;
    switch (act->job.outcome) {
    case JOB_RECORDED:
    case JOB_UNCHANGED: return true;
    case JOB_REPLAY: request->reply.replayed = true; return true;
    case JOB_IDEMPOTENCY_CONFLICT: reply_problem(request, PROBLEM_idempotency_conflict, NULL); return false;
    case JOB_REFUSED: reply_refusal(request, act, refusals); return false;
    case JOB_UNAVAILABLE: reply_problem(request, PROBLEM_unavailable, NULL); return false;
    default: reply_problem(request, PROBLEM_internal, NULL); return false;
    }
}
