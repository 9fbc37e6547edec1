/* withdrawals.c: POST /v1/submissions/{id}/withdrawal: a submission is withdrawn, with a reason. */
#include <stdlib.h>

#include "api/behalf.h"
#include "api/closed.h"
#include "api/common.h"
#include "api/handlers.h"
#include "api/members.h"
#include "api/recording.h"
#include "standing/withdrawal.h"

enum { LONGEST_REASON = 8000 };

/* The receipt of the revision that withdraws it, recorded now or before. */
static enum step_result reply_withdrawal(struct request *request, struct db *db, const struct hand_in *hand_in)
{
    struct revision revision;
    json_t *receipt = NULL;
    bool found = false;

    if (begin_snapshot(request, db)) {
        enum db_status status = revision_find(db, hand_in->current_id, request->arena, &found, &revision);

        if (status == DB_OK && found)
            status = revision_receipt(db, &revision, request->arena, &receipt);
        if (status != DB_OK || !receipt)
            reply_db_failure(request, db, (int)status, "receipt_failed");
        else
            reply_json(request, hand_in->job.outcome == JOB_REPLAY ? 200 : 201, receipt);
    }
    db_snapshot_end(db);
    watch_advance(request->principal.jurisdiction, request->data_version, request->service->watch);
    request->reply.replayed = hand_in->job.outcome == JOB_REPLAY;
    return STEP_DONE;
}

static enum step_result answer(struct request *request, struct db *db)
{
    struct hand_in *hand_in = request->state;

    free(hand_in->job.entry);
    hand_in->job.entry = NULL;
    switch (hand_in->job.outcome) {
    case JOB_RECORDED:
    case JOB_UNCHANGED: /* its own, whose commit lost its answer */
    case JOB_REPLAY: return reply_withdrawal(request, db, hand_in);
    case JOB_WITHDRAWN: return reply_problem(request, PROBLEM_submission_withdrawn, NULL);
    case JOB_ACCEPTED: return reply_problem(request, PROBLEM_submission_accepted, NULL);
    case JOB_REVISION_CONFLICT: return reply_revision_conflict(request, hand_in);
    case JOB_PERIOD_CLOSED: return reply_period_closed(request, db, hand_in->current_id);
    case JOB_IDEMPOTENCY_CONFLICT: return reply_problem(request, PROBLEM_idempotency_conflict, NULL);
    case JOB_UNAVAILABLE: return reply_problem(request, PROBLEM_unavailable, NULL);
    default: return reply_problem(request, PROBLEM_internal, NULL);
    }
}

static bool read_reason(struct request *request, const char **ret_reason)
{
    static const char *const known[] = {"reason", NULL};
    json_t *body = members_read(request, known);
    bool good = body && members_text(request, body, "reason", LONGEST_REASON, true, ret_reason) &&
                check_reason(request, "reason", *ret_reason);

    json_decref(body);
    return good;
}

/* The revision in the address, if it is there to see. False: a problem is replied. */
static bool find_revision(struct request *request, struct db *db, struct revision *ret_revision)
{
    bool found = false;

    if (begin_snapshot(request, db)) {
        enum db_status status = revision_find(db, request->path_parameters[0], request->arena, &found, ret_revision);

        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "revision_find_failed");
        else if (!found)
            reply_problem(request, PROBLEM_not_found, NULL);
    }
    db_snapshot_end(db);
    return found;
}

enum step_result post_withdrawal(struct request *request, struct db *db)
{
    struct hand_in *hand_in = arena_alloc(request->arena, sizeof *hand_in);
    struct revision revision;
    const char *reason;

    if (!hand_in)
        return reply_problem(request, PROBLEM_internal, NULL);
    request->state = hand_in;
    if (request->principal.duty == DUTY_PREPARE)
        return reply_problem(request, PROBLEM_duty_prepares, NULL);
    if (!identity_may_hand_in(request->service->identity, &request->principal, request->service->hand_ins_per_second))
        return reply_problem(request, PROBLEM_too_many_requests, NULL);
    if (!find_revision(request, db, &revision) || !read_reason(request, &reason) ||
        !job_prepare(request, &hand_in->job, &hand_in_job))
        return STEP_DONE;
    if (!withdrawal_set(hand_in, &revision, reason, request->arena))
        return reply_problem(request, PROBLEM_internal, NULL);
    hand_in->received_at = hand_in->job.sample_clock ? *hand_in->job.sample_clock : request->received_at;
    hand_in->sha256 = digest_of(request->body.data, request->body.length);
    return job_queue(request, &hand_in->job, answer);
}
