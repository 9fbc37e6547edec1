/* reviews.c: what a stage says of a revision; what was said, and what waits to be looked at. */
#include "review/reviews.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/across.h"
#include "api/common.h"
#include "api/handlers.h"
#include "api/members.h"
#include "api/paging.h"
#include "api/recording.h"
#include "api/reviewing.h"
#include "api/tabular.h"
#include "base/json.h"
#include "form/place.h"
#include "review/chain.h"
#include "review/progress.h"
#include "revisions/revisions.h"

enum { LONGEST_REASON = 4000, MOST_CELLS = 5000, LONGEST_PATH = 1000 };

/* ---- what is asked ---------------------------------------------------------------------------------------------- */

/* The list of paths as the store writes lists; each must name a place of the form. False: a problem is replied. */
static bool read_cells(struct request *request, const json_t *body, const struct form *form, const char **ret_cells)
{
    const json_t *list = json_object_get(body, "cells"), *cell;
    struct buffer text = BUFFER_WITH_LIMIT(BODY_LIMIT);
    struct place ignored;
    bool good = true;
    size_t i;

    buffer_append_char(&text, '{');
    if (list && !json_is_null(list) && (!json_is_array(list) || json_array_size(list) > MOST_CELLS)) {
        members_refuse(
            request, "cells",
            arena_format(request->arena, bilingual(request, "0–%d 個位置的清單", "a list of 0–%d places"), MOST_CELLS));
        good = false;
    }
    json_array_foreach(list, i, cell) {
        const char *path = json_string_value(cell);

        good = good && path && strlen(path) <= LONGEST_PATH && strlen(path) == json_string_length(cell) &&
               place_parse(form, path, request->arena, &ignored);
        if (!good) {
            members_refuse_value(request, arena_format(request->arena, "cells[%zu]", i), cell,
                                 bilingual(request, "這張表單有的位置", "a place that the form has"));
            break;
        }
        buffer_append_text(&text, i ? ",\"" : "\"");
        for (; *path; path++) {
            if (*path == '"' || *path == '\\')
                buffer_append_char(&text, '\\');
            buffer_append_char(&text, *path);
        }
        buffer_append_char(&text, '"');
    }
    buffer_append_char(&text, '}');
    *ret_cells = good && !text.failed ? arena_copy(request->arena, text.data, text.length) : NULL;
    buffer_free(&text);
    if (good && !*ret_cells)
        reply_problem(request, PROBLEM_internal, NULL);
    return *ret_cells != NULL;
}

static bool is_return(const struct reviewing *reviewing)
{
    return strcmp(reviewing->outcome, "return") == 0;
}

/* Where the caller may speak if no stage is named: the next one, or the newest of theirs before it. */
static int own_place(const struct request *request, const struct reviewing *reviewing)
{
    int next = reviewing->progress.passed + 1;

    for (int place = next; place >= 1; place--) {
        const struct stage *stage = chain_stage(reviewing->form, place);

        if (stage && (is_return(reviewing) ? chain_may_return(stage, &request->principal)
                                           : chain_may_accept(stage, &request->principal, reviewing->revision.office)))
            return place;
    }
    return next;
}

/* The stage by its code; the caller's own if none is named. False: a problem is replied. */
static bool find_stage(struct request *request, struct reviewing *reviewing, const char *code)
{
    reviewing->place = code ? chain_place(reviewing->form, code) : own_place(request, reviewing);
    reviewing->stage = chain_stage(reviewing->form, reviewing->place);
    if (reviewing->stage)
        return true;
    if (code)
        members_refuse(request, "stage",
                       bilingual(request, "這張表單審查流程的階段", "a stage of the form's chain of review"));
    else
        reply_problem(request, PROBLEM_stage_not_next, NULL);
    return false;
}

static bool check_outcome(struct request *request, const struct reviewing *reviewing, const json_t *body)
{
    static const char *const outcomes[] = {"accept", "return", "note", NULL};

    if (!is_one_of(reviewing->outcome, outcomes)) {
        members_refuse(request, "outcome", "accept, return, note");
        return false;
    }
    if (strcmp(reviewing->outcome, "note") == 0 && !reviewing->stage->body) {
        members_refuse(request, "outcome",
                       bilingual(request, "accept 或 return；備查（note）只用於會議",
                                 "accept or return; note is for bodies that meet"));
        return false;
    }
    if (!reviewing->reason && (is_return(reviewing) || reviewing->break_glass)) {
        members_refuse(request, "reason",
                       bilingual(request, "退回或破窗的事由", "why it is returned, or why the glass is broken"));
        return false;
    }
    if (!is_return(reviewing) && json_array_size(json_object_get(body, "cells")) > 0) {
        members_refuse(request, "cells",
                       bilingual(request, "不填；只有退回才指定欄位", "none; only a return names cells"));
        return false;
    }
    return true;
}

/* Whose turn it may be. What the office may do for its own body it may only do when it names the meeting. */
static bool check_role(struct request *request, const struct reviewing *reviewing)
{
    const struct principal *who = &request->principal;
    bool may = reviewing->break_glass ? who->role == ROLE_ADMIN
               : is_return(reviewing) ? chain_may_return(reviewing->stage, who)
                                      : chain_may_accept(reviewing->stage, who, reviewing->revision.office);

    if (!may)
        reply_problem(request, PROBLEM_forbidden, NULL);
    return may;
}

static bool read_members(struct request *request, struct reviewing *reviewing)
{
    static const char *const known[] = {"stage", "outcome", "reason", "cells", "meeting", "break_glass", NULL};
    json_t *body = members_read(request, known);
    const json_t *break_glass = json_object_get(body, "break_glass");
    const char *stage;
    bool good = body && members_text(request, body, "stage", 80, false, &stage) &&
                members_text(request, body, "outcome", 20, true, &reviewing->outcome) &&
                members_text(request, body, "reason", LONGEST_REASON, false, &reviewing->reason) &&
                members_text(request, body, "meeting", 80, false, &reviewing->meeting_asked);

    if (good && break_glass && !json_is_boolean(break_glass)) {
        members_refuse(request, "break_glass", "true, false");
        good = false;
    }
    if (good && reviewing->reason && strspn(reviewing->reason, " \t\r\n　") == strlen(reviewing->reason))
        reviewing->reason = NULL;
    reviewing->break_glass = json_is_true(break_glass);
    good = good && find_stage(request, reviewing, stage) && check_role(request, reviewing) &&
           check_outcome(request, reviewing, body) && read_cells(request, body, reviewing->form, &reviewing->cells);
    json_decref(body);
    return good;
}

/* ---- recording -------------------------------------------------------------------------------------------------- */

static const struct refusal refusals[] = {{"not_found", PROBLEM_not_found, NULL},
                                          {"forbidden", PROBLEM_forbidden, NULL},
                                          {"not_current", PROBLEM_revision_replaced, NULL},
                                          {"withdrawn", PROBLEM_submission_withdrawn, NULL},
                                          {"stale", PROBLEM_precondition_failed, NULL},
                                          {"own_submission", PROBLEM_own_submission, NULL},
                                          {"nothing_reported", PROBLEM_nothing_to_accept, NULL},
                                          {"stage_not_next", PROBLEM_stage_not_next, NULL},
                                          {"beside_changed", PROBLEM_overloaded, NULL},
                                          {"no_meeting", PROBLEM_no_meeting, NULL},
                                          {"meeting_not_held", PROBLEM_meeting_not_held, NULL},
                                          {"meeting_changed", PROBLEM_meeting_changed, NULL},
                                          {NULL, PROBLEM_NONE, NULL}};

static json_t *first_review(struct request *request, struct db *db, const char *id)
{
    struct review_filter filter = {.id = id, .limit = 1};
    json_t *list = NULL, *review = NULL;
    enum db_status status = reviews_list(db, &filter, &list);

    if (status == DB_OK && json_array_size(list) == 1)
        review = json_incref(json_array_get(list, 0));
    else
        reply_db_failure(request, db, (int)(status == DB_OK ? DB_FAILED : status), "review_failed");
    json_decref(list);
    return review;
}

/* The writer is done: the review, and what the submission has come to. */
static enum step_result answer(struct request *request, struct db *db)
{
    struct reviewing *reviewing = request->state;
    struct act *act = reviewing->act;

    if (!act_succeeded(request, act, refusals))
        return STEP_DONE;
    if (begin_snapshot(request, db)) {
        json_t *review = first_review(request, db, act->id),
               *state = review ? submission_review(request, db, &reviewing->revision, reviewing->form) : NULL;

        if (state) {
            json_object_set_new(review, "state", state);
            bool made = strcmp(act->id, act->parameters[0]) == 0 && act->job.outcome != JOB_REPLAY;

            reply_json(request, made ? 201 : 200, review);
        } else {
            json_decref(review);
        }
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

/* A number as a parameter; "-1" stands for none. */
static const char *number_text(struct request *request, int64_t number)
{
    return number < 0 ? NULL : arena_format(request->arena, "%lld", (long long)number);
}

static enum step_result record(struct request *request, struct reviewing *reviewing)
{
    char id[UUID_TEXT_SIZE];
    struct act *act;

    uuid_make(id);
    act = act_prepare(
        request, "review", &review_record,
        (const char *const[REVIEW_PARAMETERS - ACT_OWN_PARAMETERS]){
            arena_text(request->arena, id), reviewing->revision.id, reviewing->stage->code, reviewing->outcome,
            reviewing->reason, reviewing->cells, reviewing->meeting, reviewing->meeting_record,
            reviewing->break_glass ? "t" : "f", number_text(request, reviewing->seen_at), reviewing->beside.forms,
            reviewing->beside.forms ? number_text(request, (int64_t)reviewing->beside.data_version) : NULL});
    if (!act)
        return STEP_DONE;
    reviewing->act = act;
    request->state = reviewing;
    return job_queue(request, &act->job, answer);
}

enum step_result post_review(struct request *request, struct db *db)
{
    struct reviewing *reviewing = arena_alloc(request->arena, sizeof *reviewing);
    bool good;

    if (!reviewing)
        return reply_problem(request, PROBLEM_internal, NULL);
    good = reviewing_begin(request, db, reviewing) && read_members(request, reviewing) &&
           reviewing_check(request, db, reviewing);
    db_snapshot_end(db);
    return good ? record(request, reviewing) : STEP_DONE;
}

/* ---- lists ------------------------------------------------------------------------------------------------------ */

static const struct tabulation_column columns[] = {
    {.code = "review", .kind = COLUMN_CODE, .heading = {{"識別碼", "Identifier"}}},
    {.code = "submission", .kind = COLUMN_CODE, .heading = {{"報送識別碼", "Submission"}}},
    {.code = "revision", .kind = COLUMN_INTEGER, .heading = {{"版次", "Revision"}}},
    {.code = "form", .kind = COLUMN_CODE, .heading = {{"表單代碼", "Form code"}}},
    {.code = "office", .kind = COLUMN_CODE, .heading = {{"機關代碼", "Office code"}}},
    {.code = "period", .kind = COLUMN_CODE, .heading = {{"期間", "Period"}}},
    {.code = "stage", .kind = COLUMN_CODE, .heading = {{"審查階段", "Stage"}}},
    {.code = "outcome", .kind = COLUMN_CODE, .heading = {{"結果", "Outcome"}}},
    {.code = "official", .kind = COLUMN_TRUTH, .heading = {{"成為正式數", "Made official"}}},
    {.code = "reason", .kind = COLUMN_TEXT, .heading = {{"事由", "Reason"}}},
    {.code = "cells", .kind = COLUMN_TEXT, .heading = {{"退回欄位", "Cells returned"}}},
    {.code = "held_on", .kind = COLUMN_DATE, .heading = {{"會議日期", "Meeting"}}},
    {.code = "break_glass", .kind = COLUMN_TRUTH, .heading = {{"破窗", "Break-glass"}}},
    {.code = "role", .kind = COLUMN_CODE, .heading = {{"角色", "Role"}}},
    {.code = "recorded_at", .kind = COLUMN_MOMENT, .heading = {{"登錄時間", "Recorded at"}}},
};

static const struct tabulation_column waiting_columns[] = {
    {.code = "submission", .kind = COLUMN_CODE, .heading = {{"報送識別碼", "Submission"}}},
    {.code = "revision", .kind = COLUMN_INTEGER, .heading = {{"版次", "Revision"}}},
    {.code = "form", .kind = COLUMN_CODE, .heading = {{"表單代碼", "Form code"}}},
    {.code = "office", .kind = COLUMN_CODE, .heading = {{"機關代碼", "Office code"}}},
    {.code = "period", .kind = COLUMN_CODE, .heading = {{"期間", "Period"}}},
    {.code = "stage", .kind = COLUMN_CODE, .heading = {{"待審階段", "Stage"}}},
    {.code = "received_at", .kind = COLUMN_MOMENT, .heading = {{"收件時間", "Received at"}}},
};

/* Takes over `list`, which holds one more than `limit` if there are more; the member `key` pages it. */
static enum step_result reply_page(struct request *request, const struct plan *plan, const char *name, json_t *list,
                                   int limit, const char *key, const struct name *title,
                                   const struct tabulation_column *table, size_t column_count)
{
    const char *next = cut_page(request, list, limit, key);
    size_t i;
    json_t *one;

    tell_next(request, next);
    if (strcmp(key, "sequence") != 0)
        json_array_foreach(list, i, one)
            json_object_del(one, key);
    if (request->format != FORMAT_JSON) {
        struct tabulation *tabulation = new_tabulation(request, plan, title, NULL, table, column_count);

        tabulate_list(request, tabulation, list);
        reply_tabulation(request, tabulation);
    } else {
        reply_json(request, 200, json_pack("{sO ss?}", name, list, "next", next));
    }
    json_decref(list);
    return STEP_DONE;
}

enum step_result list_reviews(struct request *request, struct db *db)
{
    static const struct name title = {{"審查紀錄", "Reviews"}};
    const struct plan_version *version = find_plan(request, db, NULL);
    struct review_filter filter = {.form = request_query(request, "form"),
                                   .office = request_query(request, "office"),
                                   .stage = request_query(request, "stage"),
                                   .outcome = request_query(request, "outcome")};
    int64_t after;
    int limit;
    json_t *list = NULL;

    if (!version || !read_limit(request, LONG_PAGE_ROWS, &limit) || !read_after(request, &after) ||
        !read_flag(request, "break_glass", &filter.break_glass))
        return STEP_DONE;
    filter.plan = version->plan->code;
    filter.after = after;
    filter.limit = limit;
    if (begin_snapshot(request, db)) {
        enum db_status status = reviews_list(db, &filter, &list);

        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "reviews_failed");
        else
            reply_page(request, version->plan, "reviews", list, limit, "sequence", &title, columns,
                       sizeof columns / sizeof *columns);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

enum step_result list_submission_reviews(struct request *request, struct db *db)
{
    static const struct name title = {{"審查紀錄", "Reviews"}};
    struct reviewing reviewing = {0};
    json_t *list = NULL;

    if (reviewing_begin(request, db, &reviewing)) {
        struct review_filter filter = {.revision = reviewing.revision.id, .limit = 100000};
        enum db_status status = reviews_list(db, &filter, &list);

        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "reviews_failed");
        else
            reply_page(request, reviewing.plan, "reviews", list, 100000, "sequence", &title, columns,
                       sizeof columns / sizeof *columns);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

enum step_result list_waiting(struct request *request, struct db *db)
{
    static const struct name title = {{"待審清單", "Waiting for review"}};
    static const char *const roles[] = {"geo", "dbas", NULL};
    const struct plan_version *version = find_plan(request, db, NULL);
    const char *role = request_query(request, "role"), *office = request_query(request, "office"),
               *form = request_query(request, "form");
    int64_t after;
    int limit;
    json_t *list = NULL;

    if (!version || !read_limit(request, LONG_PAGE_ROWS, &limit) || !read_after(request, &after))
        return STEP_DONE;
    if (!role)
        role = request->principal.role == ROLE_DBAS ? "dbas" : "geo";
    if (!is_one_of(role, roles))
        return reply_bad_parameter(request, "role", "geo, dbas");
    if (begin_snapshot(request, db)) {
        enum db_status status = reviews_waiting(db, version->plan->code, role, form, office, after, limit, &list);

        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "waiting_failed");
        else
            reply_page(request, version->plan, "waiting", list, limit, "key", &title, waiting_columns,
                       sizeof waiting_columns / sizeof *waiting_columns);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}
