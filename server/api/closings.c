/* closings.c: closing a period, opening it again, and the list of both. */
#include "standing/closings.h"

#include <string.h>

#include "api/behalf.h"
#include "api/common.h"
#include "api/handlers.h"
#include "api/members.h"
#include "api/recording.h"
#include "api/tabular.h"

enum { LONGEST_REASON = 8000, LONGEST_CODE = 80 };

/* What is asked for; texts in the request's arena. */
struct closing_order {
    const char *period, *form, *reason; /* form NULL: every form */
    bool closed;
};

static bool refuse_member(struct request *request, const char *member, const char *expected)
{
    members_refuse(request, member, expected);
    return false;
}

static bool read_order(struct request *request, struct closing_order *order)
{
    static const char *const known[] = {"period", "form", "closed", "reason", NULL};
    json_t *body = members_read(request, known);
    const json_t *closed = json_object_get(body, "closed");
    bool good = body && members_text(request, body, "period", PERIOD_TEXT_SIZE, true, &order->period) &&
                members_text(request, body, "form", LONGEST_CODE, false, &order->form) &&
                members_text(request, body, "reason", LONGEST_REASON, true, &order->reason) &&
                check_reason(request, "reason", order->reason);

    if (good && !json_is_boolean(closed))
        good = refuse_member(request, "closed", "true, false");
    order->closed = json_is_true(closed);
    json_decref(body);
    return good;
}

/* Whether the plan has such a period: of the form, or a year around the quarters of it. False: a problem is replied. */
static bool check_against_plan(struct request *request, const struct plan *plan, struct closing_order *order)
{
    const struct form *form = order->form ? plan_form(plan, order->form) : NULL;
    char text[PERIOD_TEXT_SIZE];
    struct period period;

    if (order->form && !form)
        return refuse_member(request, "form", bilingual(request, "計畫中的表單代碼", "the code of a form of the plan"));
    if (!period_parse(order->period, &period) ||
        (period.kind != PERIOD_PLAN && (period.year < plan->from || period.year > plan->to)) ||
        (form && form->period != period.kind && !(form->period == PERIOD_QUARTER && period.kind == PERIOD_YEAR)))
        return refuse_member(request, "period",
                             bilingual(request, "計畫（及該表單）中的期間", "a period of the plan, and of the form"));
    period_format(period, text);
    order->period = arena_text(request->arena, text);
    return order->period != NULL;
}

/* The writer is done: show the closing as it stands. */
static enum step_result answer(struct request *request, struct db *db)
{
    static const struct refusal refusals[] = {{"not_closed", PROBLEM_not_closed, NULL}, {NULL, PROBLEM_NONE, NULL}};
    struct act *act = request->state;
    struct closing_filter filter = {.id = act->id, .plan = act->parameters[1]};
    json_t *list = NULL;

    if (!act_succeeded(request, act, refusals))
        return STEP_DONE;
    if (begin_snapshot(request, db)) {
        enum db_status status = closings_list(db, &filter, &list);
        json_t *closing = json_array_get(list, 0);
        bool made = act->job.outcome == JOB_RECORDED || strcmp(act->id, act->parameters[0]) == 0;

        if (status != DB_OK || !closing)
            reply_db_failure(request, db, (int)status, "closing_failed");
        else
            reply_json(request, made && act->job.outcome != JOB_REPLAY ? 201 : 200, json_incref(closing));
        json_decref(list);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

enum step_result post_closing(struct request *request, struct db *db)
{
    const struct plan_version *version = find_plan(request, db, NULL);
    struct closing_order order = {0};
    char id[UUID_TEXT_SIZE];
    struct act *act;

    if (!version || !read_order(request, &order) || !check_against_plan(request, version->plan, &order))
        return STEP_DONE;
    uuid_make(id);
    act = act_prepare(request, "closing", &closing_record,
                      (const char *const[CLOSING_PARAMETERS - ACT_OWN_PARAMETERS]){
                          arena_text(request->arena, id), version->plan->code, order.period, order.form,
                          order.closed ? "t" : "f", order.reason, request->principal.label});
    if (!act)
        return STEP_DONE;
    request->state = act;
    return job_queue(request, &act->job, answer);
}

static const struct tabulation_column columns[] = {
    {.code = "closing", .kind = COLUMN_CODE, .heading = {{"識別碼", "Identifier"}}},
    {.code = "period", .kind = COLUMN_CODE, .heading = {{"期間", "Period"}}},
    {.code = "form", .kind = COLUMN_CODE, .heading = {{"表單代碼", "Form code"}}},
    {.code = "closed", .kind = COLUMN_TRUTH, .heading = {{"關閉", "Closed"}}},
    {.code = "reason", .kind = COLUMN_TEXT, .heading = {{"事由", "Reason"}}},
    {.code = "by", .kind = COLUMN_TEXT, .heading = {{"辦理者", "By"}}},
    {.code = "recorded_at", .kind = COLUMN_MOMENT, .heading = {{"登錄時間", "Recorded at"}}},
    {.code = "current", .kind = COLUMN_TRUTH, .heading = {{"有效", "Current"}}},
};

static enum step_result reply_list(struct request *request, const struct plan *plan, const json_t *list)
{
    static const struct name title = {{"期間關閉紀錄", "Closed periods"}};
    struct tabulation *table = new_tabulation(request, plan, &title, NULL, columns, sizeof columns / sizeof *columns);

    tabulate_list(request, table, list);
    return reply_tabulation(request, table);
}

enum step_result list_closings(struct request *request, struct db *db)
{
    struct closing_filter filter = {0};
    timestamp moment;
    json_t *list = NULL;

    if (!read_as_of(request, &moment, &filter.as_of))
        return STEP_DONE;

    const struct plan_version *version = find_plan(request, db, filter.as_of);

    if (!version || !settle(request, db, filter.as_of))
        return STEP_DONE;
    filter.plan = version->plan->code;
    if (begin_snapshot(request, db)) {
        enum db_status status = closings_list(db, &filter, &list);

        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "closings_failed");
        else if (request->format != FORMAT_JSON)
            reply_list(request, version->plan, list);
        else
            reply_json(request, 200, json_pack("{ss sO}", "plan", filter.plan, "closings", list));
        json_decref(list);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}
