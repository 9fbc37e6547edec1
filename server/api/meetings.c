/* meetings.c: meetings of the city's bodies, which reviews are recorded against. */
#include <string.h>

#include "api/common.h"
#include "api/handlers.h"
#include "api/members.h"
#include "api/recording.h"
#include "api/tabular.h"
#include "review/reviews.h"

enum { LONGEST_NUMBER = 100 };

/* A body of the city: a stage that meets and is no office's own. */
static const struct stage *find_body(const struct plan *plan, const char *code)
{
    for (size_t i = 0; i < plan->stage_count; i++)
        if (plan->stages[i].body && !plan->stages[i].meetings && strcmp(plan->stages[i].code, code) == 0)
            return &plan->stages[i];
    return NULL;
}

/* The writer is done: show the meeting as it stands. */
static enum step_result answer(struct request *request, struct db *db)
{
    static const struct refusal refusals[] = {{"exists_already", PROBLEM_meeting_exists, NULL},
                                              {NULL, PROBLEM_NONE, NULL}};
    struct act *act = request->state;
    struct meeting_filter filter = {.id = act->id};
    json_t *list = NULL;

    if (!act_succeeded(request, act, refusals))
        return STEP_DONE;
    if (begin_snapshot(request, db)) {
        enum db_status status = meetings_list(db, &filter, &list);
        bool made = strcmp(act->id, act->parameters[0]) == 0 && act->job.outcome != JOB_REPLAY;

        if (status != DB_OK || json_array_size(list) != 1)
            reply_db_failure(request, db, (int)(status == DB_OK ? DB_FAILED : status), "meeting_failed");
        else
            reply_json(request, made ? 201 : 200, json_incref(json_array_get(list, 0)));
        json_decref(list);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

static bool read_meeting(struct request *request, const struct plan *plan, const char **ret_body,
                         const char **ret_held_on, const char **ret_number)
{
    static const char *const known[] = {"body", "held_on", "document_number", NULL};
    json_t *json = members_read(request, known);
    char iso[DATE_TEXT_SIZE];
    struct date date;
    bool good = json && members_text(request, json, "body", 80, true, ret_body) &&
                members_text(request, json, "held_on", 40, true, ret_held_on) &&
                members_text(request, json, "document_number", LONGEST_NUMBER, false, ret_number);

    json_decref(json);
    if (!good)
        return false;
    if (!find_body(plan, *ret_body)) {
        members_refuse(request, "body", *ret_body);
        return false;
    }
    if (!date_parse_habit(*ret_held_on, &date)) {
        members_refuse(request, "held_on", "YYYY-MM-DD");
        return false;
    }
    date_format_iso(date, iso);
    *ret_held_on = arena_text(request->arena, iso);
    return true;
}

enum step_result post_meeting(struct request *request, struct db *db)
{
    const struct plan_version *version = find_plan(request, db, NULL);
    const char *body, *held_on, *number;
    char id[UUID_TEXT_SIZE];
    struct act *act;

    if (!version || !read_meeting(request, version->plan, &body, &held_on, &number))
        return STEP_DONE;
    uuid_make(id);
    act = act_prepare(request, "meeting", &meeting_record,
                      (const char *const[MEETING_PARAMETERS - ACT_OWN_PARAMETERS]){
                          arena_text(request->arena, id), version->plan->code, body, held_on, number});
    if (!act)
        return STEP_DONE;
    request->state = act;
    return job_queue(request, &act->job, answer);
}

static const struct tabulation_column columns[] = {
    {.code = "meeting", .kind = COLUMN_CODE, .heading = {{"識別碼", "Identifier"}}},
    {.code = "body", .kind = COLUMN_CODE, .heading = {{"會議", "Body"}}},
    {.code = "held_on", .kind = COLUMN_DATE, .heading = {{"會議日期", "Held on"}}},
    {.code = "document_number", .kind = COLUMN_TEXT, .heading = {{"公文文號", "Document number"}}},
    {.code = "recorded_at", .kind = COLUMN_MOMENT, .heading = {{"登錄時間", "Recorded at"}}},
};

enum step_result list_meetings(struct request *request, struct db *db)
{
    static const struct name title = {{"會議清單", "Meetings"}};
    const struct plan_version *version = find_plan(request, db, NULL);
    struct meeting_filter filter = {.body = request_query(request, "body")};
    json_t *list = NULL;

    if (!version)
        return STEP_DONE;
    filter.plan = version->plan->code;
    if (filter.body && !find_body(version->plan, filter.body))
        return reply_unknown_value(request, "body", filter.body);
    if (begin_snapshot(request, db)) {
        enum db_status status = meetings_list(db, &filter, &list);

        if (status != DB_OK) {
            reply_db_failure(request, db, (int)status, "meetings_failed");
        } else if (request->format != FORMAT_JSON) {
            struct tabulation *table =
                new_tabulation(request, version->plan, &title, NULL, columns, sizeof columns / sizeof *columns);

            tabulate_list(request, table, list);
            reply_tabulation(request, table);
        } else {
            reply_json(request, 200, json_pack("{ss sO}", "plan", filter.plan, "meetings", list));
        }
        json_decref(list);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}
