/* revisions.c: what was handed in: lists, one revision, its history, its changes, its receipt. */
#include <stdlib.h>
#include <string.h>

#include "api/across.h"
#include "api/common.h"
#include "api/handlers.h"
#include "api/hints.h"
#include "api/paging.h"
#include "api/recording.h"
#include "api/returned_file.h"
#include "api/reviewing.h"
#include "api/revision_of.h"
#include "api/revision_tables.h"
#include "api/tabular.h"
#include "attachments/attachments.h"
#include "remarks/remarks.h"
#include "revisions/diff.h"
#include "revisions/prepared.h"
#include "standing/withdrawal.h"

/* What is attached to the submission. */
static enum db_status add_attachments(struct request *request, struct db *db, const struct revision *revision,
                                      json_t *json)
{
    struct attachment *attachments = NULL;
    size_t count = 0;
    enum db_status status = attachment_list(db, revision->submission, request->arena, &attachments, &count);

    if (status == DB_OK)
        json_object_set_new(json, "attachments", attachments_to_json(attachments, count));
    return status;
}

/* How many threads of remarks are open, and where. */
static enum db_status add_remarks(struct db *db, const struct revision *revision, json_t *json)
{
    json_t *counts = NULL;
    enum db_status status = remark_counts(db, revision->submission, &counts);

    if (status == DB_OK)
        json_object_set_new(json, "remarks", counts);
    return status;
}

/* How far its review has come, and what the caller may do. False: a problem is replied. */
static bool add_review(struct request *request, struct db *db, const struct revision *revision, json_t *json,
                       struct progress *ret_standing)
{
    const struct plan_version *version = version_of(request, db, revision);
    const struct form *form = version ? plan_form(version->plan, revision->form) : NULL;
    bool may_replace = (request->principal.role == ROLE_OFFICE || request->principal.role == ROLE_GEO) &&
                       strcmp(revision->id, revision->current) == 0,
         may_withdraw = false;
    enum db_status status = progress_read(db, revision->id, NULL, request->arena, ret_standing);
    json_t *review;

    if (status == DB_OK && may_replace)
        status = withdrawal_allowed(db, revision, &may_withdraw);
    if (status != DB_OK) {
        reply_db_failure(request, db, (int)status, "review_progress_failed");
        return false;
    }
    review = submission_review(request, db, revision, form);
    if (!review)
        return false;
    json_object_set_new(json, "review", review);
    json_object_set_new(json, "may",
                        json_pack("{sb sb so}", "replace", may_replace, "withdraw", may_withdraw, "review",
                                  submission_may_review(request, revision, form, ret_standing)));
    return true;
}

/* Takes over `document`. */
static void reply_revision(struct request *request, struct db *db, const struct revision *revision, json_t *document)
{
    json_t *json = revision_to_json(revision);
    struct progress progress;
    enum db_status status;

    json_object_set_new(json, "document", document);
    status = prepared_add_preparer(db, revision->id, json);
    if (status == DB_OK)
        status = add_attachments(request, db, revision, json);
    if (status == DB_OK)
        status = add_remarks(db, revision, json);
    if (status != DB_OK)
        reply_db_failure(request, db, (int)status, "submission_failed");
    if (status != DB_OK || !add_review(request, db, revision, json, &progress)) {
        json_decref(json);
        return;
    }
    reply_json(request, 200, json);
    set_state_tag(request, revision, &progress);
}

/* As its form, with the base that a correction needs. Takes over `document`. */
static void reply_as_form(struct request *request, struct db *db, const struct revision *revision, json_t *document,
                          bool annotate)
{
    const struct plan_version *version = version_of(request, db, revision);

    json_object_set_new(document, "base", json_integer(revision->number));
    if (version)
        reply_document_table(request, version->plan, revision, document);
    else
        reply_problem(request, PROBLEM_internal, NULL);
    if (version && annotate)
        mark_returned(request, db, version->plan, revision);
    json_decref(document);
}

static void reply_document(struct request *request, struct db *db, const struct revision *revision)
{
    json_t *document = NULL;
    bool annotate = false;
    enum db_status status;

    if (!read_flag(request, "annotate", &annotate))
        return;
    if (annotate && request->format == FORMAT_JSON) {
        reply_bad_parameter(request, "annotate", "format=csv, ods, xlsx");
        return;
    }
    status = revision_document(db, revision, &document);
    if (status != DB_OK)
        reply_db_failure(request, db, (int)status, "document_failed");
    else if (request->format != FORMAT_JSON)
        reply_as_form(request, db, revision, document, annotate);
    else
        reply_revision(request, db, revision, document);
}

enum step_result get_submission(struct request *request, struct db *db)
{
    return with_revision(request, db, reply_document);
}

/* Judged as if it were handed in now: by the plan in force and beside the other documents as they stand. */
static void reply_findings_now(struct request *request, struct db *db, const struct revision *revision)
{
    struct findings findings = FINDINGS_IN(request->arena);
    const struct plan_version *version =
        shelf_find(request->service->shelf, request->principal.jurisdiction, revision->plan, NULL);
    json_t *json = NULL;
    enum db_status status = version ? revision_document(db, revision, &json) : DB_FAILED;

    if (status != DB_OK) {
        reply_db_failure(request, db, (int)status, "document_failed");
        return;
    }
    document_drop_erased(json);
    json_object_del(json, "withdrawn"); /* there is nothing in it to find fault with */

    struct document *document = document_judge(version->plan, json, &findings);

    if (findings.out_of_memory)
        reply_problem(request, PROBLEM_internal, NULL);
    else if (judge_across_inside(request, db, document, &findings) &&
             add_hints_inside(request, db, document, HINTS_ALL, &findings))
        reply_json(request, 200,
                   json_pack("{ss si si so}", "submission", revision->id, "revision", revision->number, "plan_version",
                             version->version, "findings", findings_to_json(&findings, request->language)));
    document_release(document);
}

enum step_result get_findings(struct request *request, struct db *db)
{
    return with_revision(request, db, reply_findings_now);
}

static void reply_receipt(struct request *request, struct db *db, const struct revision *revision)
{
    json_t *receipt = NULL;
    enum db_status status = revision_receipt(db, revision, request->arena, &receipt);

    if (status == DB_OK)
        status = prepared_add_preparer(db, revision->id, receipt);
    if (status == DB_OK) {
        reply_json(request, 200, receipt);
    } else {
        json_decref(receipt);
        reply_db_failure(request, db, (int)status, "receipt_failed");
    }
}

enum step_result get_receipt(struct request *request, struct db *db)
{
    return with_revision(request, db, reply_receipt);
}

/* ---- lists ------------------------------------------------------------------------------------------------------ */

/* How far the review of each has come; NULL: a problem is replied. */
static struct progress *standings_of(struct request *request, struct db *db, const struct revision *revisions,
                                     size_t count)
{
    const char **ids = arena_alloc_array(request->arena, count + 1, sizeof *ids);
    struct progress *progress = NULL;
    enum db_status status = ids ? DB_OK : DB_FAILED;

    for (size_t i = 0; ids && i < count; i++)
        ids[i] = revisions[i].id;
    if (status == DB_OK)
        status = progress_read_many(db, ids, count, request->arena, &progress);
    if (status != DB_OK)
        reply_db_failure(request, db, (int)status, "standings_failed");
    return status == DB_OK ? progress : NULL;
}

static enum step_result reply_list(struct request *request, struct db *db, const struct plan_version *version,
                                   const char *key, const struct revision *revisions, size_t count, const char *next)
{
    const struct plan *plan = version ? version->plan : NULL;
    struct progress *progress = standings_of(request, db, revisions, count);
    json_t *list;

    if (!progress)
        return STEP_DONE;
    if (request->format != FORMAT_JSON)
        return reply_tabulation(request, tabulate_revisions(request, plan, revisions, progress, count));
    list = json_array();
    for (size_t i = 0; i < count; i++) {
        const struct plan_version *of = version_of(request, db, &revisions[i]);
        json_t *one = revision_to_json(&revisions[i]);

        json_object_set_new(one, "review",
                            progress_to_short_json(&progress[i], of ? plan_form(of->plan, revisions[i].form) : NULL,
                                                   revisions[i].reported));
        json_array_append_new(list, one);
    }
    return reply_json(request, 200, json_pack("{so ss?}", key, list, "next", next));
}

enum step_result list_submissions(struct request *request, struct db *db)
{
    const char *next = NULL;
    int64_t after = 0;
    int limit;
    struct revision *revisions = NULL;
    size_t count = 0;

    if (!read_limit(request, LONG_PAGE_ROWS, &limit) || !read_after(request, &after))
        return STEP_DONE;

    const struct plan_version *version = find_plan(request, db, NULL);
    const char *form = request_query(request, "form"), *office = request_query(request, "office");

    if (!version)
        return STEP_DONE;
    if (form && !plan_form(version->plan, form))
        return reply_unknown_value(request, "form", form);
    if (office && !plan_office(version->plan, office))
        return reply_unknown_value(request, "office", office);
    if (office && request->principal.role == ROLE_OFFICE && strcmp(office, request->principal.office) != 0)
        return reply_problem(request, PROBLEM_forbidden, NULL);
    if (begin_snapshot(request, db)) {
        struct revision_filter filter = {
            version->plan->code, form, office, request_query(request, "period"), after, limit};
        enum db_status status = revision_list(db, &filter, request->arena, &revisions, &count);

        if (status != DB_OK) {
            reply_db_failure(request, db, (int)status, "list_failed");
        } else {
            if (count > (size_t)limit) {
                count = (size_t)limit;
                next = arena_format(request->arena, "%lld", (long long)revisions[count - 1].submission);
            }
            tell_next(request, next);
            reply_list(request, db, version, "submissions", revisions, count, next);
        }
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

static void reply_history(struct request *request, struct db *db, const struct revision *revision)
{
    struct revision *revisions = NULL;
    size_t count = 0;
    enum db_status status = revision_history(db, revision, request->arena, &revisions, &count);

    if (status != DB_OK)
        reply_db_failure(request, db, (int)status, "history_failed");
    else
        reply_list(request, db, version_of(request, db, revision), "revisions", revisions, count, NULL);
}

enum step_result list_revisions(struct request *request, struct db *db)
{
    return with_revision(request, db, reply_history);
}

/* ---- diff ------------------------------------------------------------------------------------------------------- */

static void reply_diff(struct request *request, struct db *db, const struct revision *revision,
                       const struct revision *against)
{
    const struct plan_version *version = version_of(request, db, revision);
    json_t *before = NULL, *after = NULL, *cells = NULL;
    enum db_status status = revision_document(db, revision, &after);

    if (status == DB_OK)
        status = revision_document(db, against, &before);
    if (status == DB_OK && version)
        cells = documents_diff(version->plan, before, after, request->arena);
    json_decref(before);
    json_decref(after);
    if (status != DB_OK || !cells)
        reply_db_failure(request, db, (int)status, "diff_failed");
    else if (request->format != FORMAT_JSON)
        reply_tabulation(request, tabulate_diff(request, version->plan, revision, against, cells));
    else
        reply_json(request, 200,
                   json_pack("{ss si ss si sO}", "submission", revision->id, "revision", revision->number, "against",
                             against->id, "against_revision", against->number, "cells", cells));
    json_decref(cells);
}

static void reply_diff_of(struct request *request, struct db *db, const struct revision *revision)
{
    const char *against_id = request_query(request, "against");
    struct revision against;
    char official[40] = "";
    int number;

    if (against_id && strcmp(against_id, "official") == 0) {
        enum db_status status = official_read(db, revision->id, official, sizeof official, &number);

        if (status != DB_OK) {
            reply_db_failure(request, db, (int)status, "official_failed");
            return;
        }
        if (!*official) {
            reply_problem(request, PROBLEM_not_found,
                          request->language == LANGUAGE_ZH ? "尚無正式版本" : "no revision of it is official yet");
            return;
        }
        against_id = official;
    }

    if (!against_id)
        against_id = revision->replaces;
    if (!against_id) {
        reply_bad_parameter(request, "against",
                            request->language == LANGUAGE_ZH ? "一個版本的識別碼（這是第一版）"
                                                             : "a revision's id (this is the first one)");
        return;
    }
    if (!find_revision(request, db, against_id, &against))
        return;
    if (strcmp(against.form, revision->form) != 0 || strcmp(against.plan, revision->plan) != 0)
        reply_bad_parameter(request, "against",
                            request->language == LANGUAGE_ZH ? "同一表單的版本" : "a revision of the same form");
    else
        reply_diff(request, db, revision, &against);
}

enum step_result get_diff(struct request *request, struct db *db)
{
    return with_revision(request, db, reply_diff_of);
}
