/* exports.c: what leaves as a copy is recorded once it is made and before it is given: by whom, of what, and the digest
 * of its bytes, so that a copy found elsewhere can be told. Without the entry no copy is given. */
#include "audit/exports.h"

#include <string.h>

#include "api/handlers.h"
#include "api/recording.h"

static const char *const formats[] = {
    [FORMAT_JSON] = "json", [FORMAT_CSV] = "csv", [FORMAT_ODS] = "ods", [FORMAT_XLSX] = "xlsx"};

/* The entry is durable, or there is none. */
static enum step_result answer(struct request *request, struct db *db)
{
    struct act *act = request->state;

    (void)db;
    if (act->job.outcome != JOB_RECORDED)
        reply_forget(request);
    if (act_succeeded(request, act, NULL) && act->job.outcome != JOB_RECORDED)
        reply_problem(request, PROBLEM_internal, NULL);
    return STEP_DONE;
}

/* NULL: a problem is replied. What is sent piece by piece has neither size nor digest yet. */
static struct act *prepare_act(struct request *request)
{
    const struct reply *reply = &request->reply;
    struct digest digest = digest_of(reply->body ? reply->body : "", reply->body ? reply->length : 0);
    const char *plan = request_path_parameter(request, "{plan}"), *submission = NULL, *size = NULL, *sha256 = NULL;
    char id[UUID_TEXT_SIZE], text[DIGEST_TEXT_SIZE];

    uuid_make(id);
    digest_format(&digest, text);
    if (reply->body) {
        size = arena_format(request->arena, "%zu", reply->length);
        sha256 = arena_text(request->arena, text);
    }
    if (strncmp(request->route->path, "/v1/submissions/", 16) == 0)
        submission = request_path_parameter(request, "{id}");
    return act_prepare(request, "export", &export_record,
                       (const char *const[EXPORT_PARAMETERS - ACT_OWN_PARAMETERS]){
                           arena_text(request->arena, id), request->path, request->raw_query, formats[request->format],
                           plan ? plan : request_query(request, "plan"), request_query(request, "office"), submission,
                           size, sha256});
}

enum step_result record_export(struct request *request, struct db *db)
{
    struct act *act = prepare_act(request);

    (void)db;
    if (act) {
        request->state = act;
        if (job_queue(request, &act->job, answer) == STEP_WAITING)
            return STEP_WAITING;
    }
    /* a problem is replied; of what was made nothing goes with it */
    struct reply problem = request->reply;

    request->reply = (struct reply){.status = problem.status,
                                    .content_type = problem.content_type,
                                    .body = problem.body,
                                    .length = problem.length,
                                    .retry_after = problem.retry_after};
    return STEP_DONE;
}
