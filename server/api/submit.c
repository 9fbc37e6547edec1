/* submit.c: POST …/submissions: read, judge, hand to the ledger; answer when it is durable. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/annotated.h"
#include "api/behalf.h"
#include "api/closed.h"
#include "api/common.h"
#include "api/handlers.h"
#include "api/prepared.h"
#include "api/recording.h"
#include "api/submission_body.h"
#include "api/submitting.h"
#include "base/json.h"
#include "form/document.h"
#include "form/personal.h"
#include "ledger/hand_in.h"
#include "ledger/receipt.h"
#include "revisions/revisions.h"

enum { MOST_JUDGED = 4 };

/* ---- to the ledger ---------------------------------------------------------------------------------------------- */

static void make_salt(unsigned char salt[16])
{
    randombytes_buf(salt, 16);
}

/* Sets the document as it is stored, with personal values apart. */
static bool set_stored(struct request *request, struct submitting *submitting)
{
    struct hand_in *hand_in = &submitting->hand_in;
    struct buffer canonical = BUFFER_WITH_LIMIT(4 * BODY_LIMIT), stored_text = BUFFER_WITH_LIMIT(4 * BODY_LIMIT);
    json_t *apart = NULL, *stored = personal_split(submitting->document, make_salt, &apart);
    bool good = stored && document_write_canonical(submitting->document, &canonical) &&
                json_write_canonical(stored, &stored_text);

    if (good) {
        hand_in->document_sha256 = digest_of(canonical.data, canonical.length);
        hand_in->stored_sha256 = digest_of(stored_text.data, stored_text.length);
        hand_in->document = arena_copy(request->arena, stored_text.data, stored_text.length);
        good = hand_in->document != NULL;
    }
    if (good && json_array_size(apart) > 0) {
        char *text = json_dumps(apart, JSON_COMPACT);

        hand_in->personal = arena_text(request->arena, text);
        free(text);
        good = hand_in->personal != NULL;
    }
    json_decref(apart);
    json_decref(stored);
    buffer_free(&canonical);
    buffer_free(&stored_text);
    return good;
}

static bool set_hand_in(struct request *request, struct submitting *submitting)
{
    struct hand_in *hand_in = &submitting->hand_in;
    struct document *document = submitting->document;

    hand_in->plan = document->plan->code;
    hand_in->plan_version = submitting->version->version;
    hand_in->form = document->form->code;
    hand_in->office = document->office->code;
    hand_in->period = document->period_text;
    if (document->form->event) {
        hand_in->new_event = !document->event;
        if (document->event)
            snprintf(hand_in->event, sizeof hand_in->event, "%s", document->event);
        else
            uuid_make(hand_in->event);
    }
    hand_in->base = (int)document->base;
    uuid_make(hand_in->id);
    hand_in->received_at = hand_in->job.sample_clock ? *hand_in->job.sample_clock : request->received_at;
    hand_in->sha256 = digest_of(request->body.data, request->body.length);
    hand_in->field_count = document->value_count;
    hand_in->row_count = document->row_count;
    hand_in->reported = document->reported;
    hand_in->provisional = document->provisional;
    return hand_in_set_elements(hand_in, document, request->arena) && set_stored(request, submitting);
}

/* ---- answers ---------------------------------------------------------------------------------------------------- */

static json_t *fresh_receipt(const struct submitting *submitting, const char *attested)
{
    const struct hand_in *hand_in = &submitting->hand_in;
    struct receipt receipt = {
        .submission = hand_in->id,
        .plan = hand_in->plan,
        .form = hand_in->form,
        .office = hand_in->office,
        .period = hand_in->period,
        .event = hand_in->event[0] ? hand_in->event : NULL,
        .replaces = hand_in->replaces[0] ? hand_in->replaces : NULL,
        .revision = hand_in->number,
        .sha256 = hand_in->sha256,
        .document_sha256 = hand_in->document_sha256,
        .received_at = hand_in->received_at,
        .recorded_at = hand_in->job.recorded_at,
        .field_count = hand_in->field_count,
        .row_count = hand_in->row_count,
        .on_behalf = hand_in_on_behalf(hand_in),
        .attested = attested,
        .entry = hand_in->job.entry,
        .place = &hand_in->job.place,
    };

    return receipt_to_json(&receipt);
}

static void set_findings(json_t *receipt, const struct request *request, const struct submitting *submitting)
{
    if (receipt)
        json_object_set_new(receipt, "findings", findings_to_json(&submitting->findings, request->language));
}

/* The receipt of a revision that was there before. */
static enum step_result reply_earlier(struct request *request, struct db *db, const struct submitting *submitting)
{
    const struct hand_in *hand_in = &submitting->hand_in;
    struct revision revision;
    json_t *receipt = NULL;
    bool found = false;
    enum db_status status;

    if (!begin_snapshot(request, db)) {
        db_snapshot_end(db);
        return STEP_DONE;
    }
    status = revision_find(db, hand_in->current_id, request->arena, &found, &revision);
    if (status == DB_OK && found)
        status = revision_receipt(db, &revision, request->arena, &receipt);
    if (status == DB_OK && found)
        status = prepared_add_preparer(db, revision.id, receipt);
    db_snapshot_end(db);
    if (status != DB_OK || !found) {
        json_decref(receipt);
        return reply_db_failure(request, db, (int)status, "receipt_failed");
    }
    watch_advance(request->principal.jurisdiction, request->data_version, request->service->watch);
    set_findings(receipt, request, submitting);
    if (strcmp(hand_in->current_id, hand_in->id) == 0) /* our own, whose commit lost its answer */
        return reply_json(request, 201, receipt);
    if (hand_in->job.outcome == JOB_UNCHANGED)
        json_object_set_new(receipt, "unchanged", json_true());
    request->reply.replayed = hand_in->job.outcome == JOB_REPLAY;
    return reply_json(request, 200, receipt);
}

static enum step_result reply_unknown_event(struct request *request, struct submitting *submitting)
{
    findings_add(
        &submitting->findings,
        (struct finding){.code = FINDING_bad_event, .place = {.member = "event"}, .found = submitting->hand_in.event});
    return reply_findings(request, &submitting->findings);
}

/* The same bytes under the same key were taken before, perhaps by another plan or beside other documents: that stands. */
static bool was_taken_before(struct request *request, struct db *db, struct hand_in *hand_in)
{
    bool found = false;

    if (!hand_in->job.key)
        return false;
    if (begin_snapshot(request, db) &&
        revision_of_key(db, request->principal.actor, hand_in->job.key, &hand_in->job.request_sha256, &found,
                        hand_in->current_id, sizeof hand_in->current_id) != DB_OK)
        found = false;
    db_snapshot_end(db);
    if (found)
        hand_in->job.outcome = JOB_REPLAY;
    return found;
}

static enum step_result refuse(struct request *request, struct db *db, struct submitting *submitting)
{
    if (was_taken_before(request, db, &submitting->hand_in))
        return reply_earlier(request, db, submitting);
    return reply_findings(request, &submitting->findings);
}

static step_fn answer;

/* A document beside it changed between judging and recording, or its submission was reviewed: once more. */
static enum step_result judge_again(struct request *request, struct db *db, struct submitting *submitting)
{
    if (submitting->judged >= MOST_JUDGED)
        return reply_problem(request, PROBLEM_overloaded, NULL);
    if (!submitting_judge_again(request, db, submitting))
        return STEP_DONE;
    if (submitting->findings.error_count > 0)
        return refuse(request, db, submitting);
    return job_queue(request, &submitting->hand_in.job, answer);
}

/* The writer is done: answer. */
static enum step_result answer(struct request *request, struct db *db)
{
    struct submitting *submitting = request->state;
    struct hand_in *hand_in = &submitting->hand_in;
    enum step_result result = STEP_DONE;
    json_t *receipt;

    switch (hand_in->job.outcome) {
    case JOB_RECORDED:
        receipt = fresh_receipt(submitting, attested_text(request, hand_in));
        if (receipt && hand_in->prepared_by)
            json_object_set_new(receipt, "prepared_by", json_string(hand_in->prepared_by));
        set_findings(receipt, request, submitting);
        result = reply_json(request, 201, receipt);
        break;
    case JOB_UNCHANGED:
    case JOB_REPLAY: result = reply_earlier(request, db, submitting); break;
    case JOB_IDEMPOTENCY_CONFLICT: result = reply_problem(request, PROBLEM_idempotency_conflict, NULL); break;
    case JOB_REVISION_CONFLICT: result = reply_revision_conflict(request, hand_in); break;
    case JOB_PERIOD_CLOSED: result = reply_period_closed(request, db, hand_in->current_id); break;
    case JOB_ATTEST_AFTERWARDS: result = reply_attest_afterwards(request, hand_in); break;
    case JOB_UNKNOWN_EVENT: result = reply_unknown_event(request, submitting); break;
    case JOB_PREPARED_ENDED: result = reply_problem(request, PROBLEM_prepared_ended, NULL); break;
    case JOB_UNAVAILABLE: result = reply_problem(request, PROBLEM_unavailable, NULL); break;
    case JOB_REVIEWED:
    case JOB_BESIDE_CHANGED: result = judge_again(request, db, submitting); break;
    default: result = reply_problem(request, PROBLEM_internal, NULL); break;
    }
    if (result == STEP_WAITING)
        return result;
    free(hand_in->job.entry);
    hand_in->job.entry = NULL;
    document_release(submitting->document);
    return result;
}

/* ---- the handler ------------------------------------------------------------------------------------------------ */

/* Only a file that is judged and not stored is given back. */
static bool read_annotate(struct request *request, bool dry_run, bool *ret_annotate)
{
    if (!read_flag(request, "annotate", ret_annotate))
        return false;
    if (!*ret_annotate || (dry_run && submission_body_is_file(request)))
        return true;
    reply_bad_parameter(request, "annotate", dry_run ? "text/csv, ODS, XLSX" : "dry_run=true");
    return false;
}

/* False: a problem is replied. */
static bool attested_fits(struct request *request, const struct submitting *submitting)
{
    const struct hand_in *hand_in = &submitting->hand_in;

    return !hand_in->attested_at || check_attested(request, submitting->version->plan, submitting->document->period,
                                                   *hand_in->attested_at, hand_in->received_at);
}

/* An office that may not hand in for another learns nothing of it. */
static bool may_judge(const struct request *request, const struct document *document)
{
    return request->principal.role != ROLE_OFFICE || may_hand_in(request, document);
}

/* `prepared`: what somebody else prepared, released now; NULL: it comes with the request. */
static enum step_result submit(struct request *request, struct db *db, const struct prepared *prepared)
{
    struct submitting *submitting = arena_alloc(request->arena, sizeof *submitting);
    bool dry_run = false, annotate = false, replied;
    enum step_result result;

    if (!submitting)
        return reply_problem(request, PROBLEM_internal, NULL);
    request->state = submitting;
    submitting->findings = FINDINGS_IN(request->arena);
    submitting->hand_in.passed = -1;
    submitting->hand_in.prepared = prepared ? prepared->id : NULL;
    submitting->hand_in.prepared_by = prepared ? prepared->preparer : NULL;
    if (!read_flag(request, "dry_run", &dry_run) || !read_annotate(request, dry_run, &annotate) ||
        !job_prepare(request, &submitting->hand_in.job, &hand_in_job) || !read_behalf(request, &submitting->hand_in) ||
        !(submitting->version = find_plan(request, db, NULL)))
        return STEP_DONE;
    if (!dry_run &&
        !identity_may_hand_in(request->service->identity, &request->principal, request->service->hand_ins_per_second))
        return reply_problem(request, PROBLEM_too_many_requests, NULL);
    submitting->document =
        submission_body_read(request, submitting->version->plan, &submitting->findings, &submitting->places, &replied);
    if (replied)
        return STEP_DONE;
    if (dry_run && may_judge(request, submitting->document) &&
        !judge_closed(request, db, submitting->document, &submitting->findings)) {
        document_release(submitting->document);
        return STEP_DONE;
    }
    if (!submitting->findings.out_of_memory && may_judge(request, submitting->document) &&
        !submitting_judge(request, db, submitting, dry_run)) {
        document_release(submitting->document);
        return STEP_DONE;
    }
    if (submitting->findings.out_of_memory)
        result = reply_problem(request, PROBLEM_too_many_values, NULL);
    else if (!may_hand_in(request, submitting->document) && (!dry_run || request->principal.role == ROLE_OFFICE))
        result = reply_problem(request, PROBLEM_forbidden, NULL);
    else if (annotate)
        result = reply_annotated(request, &submitting->findings);
    else if (dry_run)
        result = submitting_answer_dry_run(request, db, submitting);
    else if (!submitting->document || submitting->findings.error_count > 0)
        result = refuse(request, db, submitting);
    else if (!prepared && request->principal.duty == DUTY_RELEASE)
        result = reply_problem(request, PROBLEM_duty_releases, NULL);
    else if (!prepared && request->principal.duty == DUTY_PREPARE)
        result = prepare_submission(request, submitting->document, &submitting->findings);
    else if (!set_hand_in(request, submitting))
        result = reply_problem(request, PROBLEM_internal, NULL);
    else if (!attested_fits(request, submitting))
        result = STEP_DONE;
    else
        result = job_queue(request, &submitting->hand_in.job, answer);
    if (result == STEP_DONE)
        document_release(submitting->document);
    return result;
}

enum step_result post_submission(struct request *request, struct db *db)
{
    return submit(request, db, NULL);
}

enum step_result submit_prepared(struct request *request, struct db *db, const struct prepared *prepared)
{
    return submit(request, db, prepared);
}
