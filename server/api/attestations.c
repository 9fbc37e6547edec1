/* attestations.c: attesting that a revision came earlier, taking that back, and what was attested. */
#include "standing/attestations.h"

#include <string.h>

#include "api/behalf.h"
#include "api/common.h"
#include "api/handlers.h"
#include "api/members.h"
#include "api/recording.h"
#include "revisions/revisions.h"

enum { LONGEST_REASON = 8000 };

/* What is attested; texts in the request's arena. */
struct attesting {
    const char *received_at, *reason; /* received_at NULL: taken back */
};

/* The writer is done: show the attestation as it stands. */
static enum step_result answer(struct request *request, struct db *db)
{
    static const struct refusal refusals[] = {{"not_attested", PROBLEM_not_attested, NULL},
                                              {"withdrawn", PROBLEM_submission_withdrawn, NULL},
                                              {"not_earlier", PROBLEM_attested_not_earlier, NULL},
                                              {NULL, PROBLEM_NONE, NULL}};
    struct act *act = request->state;
    json_t *list = NULL;

    if (!act_succeeded(request, act, refusals))
        return STEP_DONE;
    if (begin_snapshot(request, db)) {
        enum db_status status = attestations_list(db, request->path_parameters[0], act->id, &list);
        json_t *attestation = json_array_get(list, 0);
        bool made = act->job.outcome == JOB_RECORDED || strcmp(act->id, act->parameters[0]) == 0;

        if (status != DB_OK || !attestation)
            reply_db_failure(request, db, (int)status, "attestation_failed");
        else
            reply_json(request, made && act->job.outcome != JOB_REPLAY ? 201 : 200, json_incref(attestation));
        json_decref(list);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

static bool read_attesting(struct request *request, struct attesting *attesting, timestamp *ret_received_at)
{
    static const char *const known[] = {"received_at", "reason", NULL};
    json_t *body = members_read(request, known);
    bool good = body && members_text(request, body, "reason", LONGEST_REASON, true, &attesting->reason) &&
                check_reason(request, "reason", attesting->reason) &&
                members_text(request, body, "received_at", 2 * TIMESTAMP_TEXT_SIZE, false, &attesting->received_at);

    if (good && (!json_object_get(body, "received_at") ||
                 (attesting->received_at && !timestamp_parse(attesting->received_at, ret_received_at)))) {
        members_refuse(request, "received_at", "2024-05-02T03:04:05+08:00, null");
        good = false;
    }
    json_decref(body);
    return good;
}

/* The revision must be there to see, and its period have begun. False: a problem is replied. */
static bool check_revision(struct request *request, struct db *db, const timestamp *received_at)
{
    struct revision revision;
    struct period period;
    bool found = false, good = false;

    if (begin_snapshot(request, db)) {
        enum db_status status = revision_find(db, request->path_parameters[0], request->arena, &found, &revision);
        const struct plan_version *version =
            found ? shelf_find(request->service->shelf, request->principal.jurisdiction, revision.plan, NULL) : NULL;

        if (status != DB_OK || (found && (!version || !period_parse(revision.period, &period))))
            reply_db_failure(request, db, (int)status, "revision_find_failed");
        else if (!found)
            reply_problem(request, PROBLEM_not_found, NULL);
        else
            good = !received_at || check_attested(request, version->plan, period, *received_at, revision.received_at);
    }
    db_snapshot_end(db);
    return good;
}

enum step_result post_attestation(struct request *request, struct db *db)
{
    struct attesting attesting = {0};
    timestamp received_at;
    char id[UUID_TEXT_SIZE], text[TIMESTAMP_TEXT_SIZE];
    struct act *act;

    if (!read_attesting(request, &attesting, &received_at) ||
        !check_revision(request, db, attesting.received_at ? &received_at : NULL))
        return STEP_DONE;
    uuid_make(id);
    if (attesting.received_at)
        timestamp_format(received_at, text);
    act = act_prepare(request, "attestation", &attestation_record,
                      (const char *const[ATTESTATION_PARAMETERS - ACT_OWN_PARAMETERS]){
                          arena_text(request->arena, id), request->path_parameters[0],
                          attesting.received_at ? arena_text(request->arena, text) : NULL, attesting.reason,
                          request->principal.label});
    if (!act)
        return STEP_DONE;
    request->state = act;
    return job_queue(request, &act->job, answer);
}

enum step_result list_attestations(struct request *request, struct db *db)
{
    struct revision revision;
    json_t *list = NULL;
    bool found = false;

    if (begin_snapshot(request, db)) {
        enum db_status status = revision_find(db, request->path_parameters[0], request->arena, &found, &revision);

        if (status == DB_OK && found)
            status = attestations_list(db, revision.id, NULL, &list);
        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "attestations_failed");
        else if (!found)
            reply_problem(request, PROBLEM_not_found, NULL);
        else
            reply_json(request, 200, json_pack("{ss so}", "submission", revision.id, "attestations", list));
    }
    db_snapshot_end(db);
    return STEP_DONE;
}
