/* extensions.c: granting, taking back and listing extensions of due dates. */
#include "obligations/extensions.h"

#include <stdio.h>
#include <string.h>

#include "api/common.h"
#include "api/handlers.h"
#include "api/members.h"
#include "api/recording.h"
#include "api/tabular.h"
#include "base/json.h"

enum { LONGEST_REASON = 4000, LONGEST_GRANTOR = 400, MOST_YEARS = 10 };

/* What is asked for; texts in the request's arena. */
struct granting {
    const char *office, *form, *period, *until, *reason, *granted_by;
};

static bool refuse_member(struct request *request, const char *member, const char *expected)
{
    members_refuse(request, member, expected);
    return false;
}

/* Reads a text member. False: a problem is replied. */
static bool read_text(struct request *request, const json_t *json, const char *member, size_t longest, bool required,
                      const char **ret_text)
{
    const json_t *value = json_object_get(json, member);
    const char *text = json_string_value(value);

    *ret_text = NULL;
    if ((!value || json_is_null(value)) && !required)
        return true;
    if (!text || strspn(text, " \t\r\n") == strlen(text) || strlen(text) > longest) {
        members_refuse_value(
            request, member, value,
            arena_format(request->arena, bilingual(request, "1–%zu 位元組的文字", "a text of 1–%zu bytes"), longest));
        return false;
    }
    *ret_text = arena_text(request->arena, text);
    return *ret_text != NULL;
}

static bool check_members(struct request *request, const json_t *json)
{
    static const char *const known[] = {"office", "form", "period", "until", "reason", "granted_by", NULL};
    const char *member;
    json_t *value;

    if (!json_is_object(json)) {
        members_refuse_value(request, "body", json, bilingual(request, "JSON 物件 {…}", "a JSON object, {…}"));
        return false;
    }
    json_object_foreach((json_t *)json, member, value)
        if (!is_one_of(member, known)) {
            members_refuse_unknown(request, member, known);
            return false;
        }
    if (!json_object_get(json, "until")) {
        members_refuse_value(request, "until", NULL, "YYYY-MM-DD, null");
        return false;
    }
    return true;
}

/* Whether the plan knows such an obligation, and the date is later than the plan's own. False: a problem is replied. */
static bool check_against_plan(struct request *request, const struct plan *plan, const struct granting *granting)
{
    const struct office *office = plan_office(plan, granting->office);
    const struct form *form = plan_form(plan, granting->form);
    struct period period;
    struct due_date due;
    struct date until;
    char text[DATE_TEXT_SIZE];

    if (!office)
        return refuse_member(request, "office",
                             bilingual(request, "計畫中的機關代碼", "the code of an office of the plan"));
    if (!form)
        return refuse_member(request, "form", bilingual(request, "計畫中的表單代碼", "the code of a form of the plan"));
    if (!period_parse(granting->period, &period) || !plan_has_period(plan, form, period) ||
        !calendar_due(plan, form, period, &due))
        return refuse_member(request, "period",
                             bilingual(request, "這張表單有期限的期間", "a period of the form that has a due date"));
    if (!form_owed_by(form, office, plan_period_year(plan, period)))
        return refuse_member(
            request, "office",
            bilingual(request, "該年度須填這張表單的機關", "an office that owes the form in that year"));
    if (!granting->until)
        return true;
    date_format_iso(due.moved, text);
    if (!date_parse_iso(granting->until, &until))
        return refuse_member(request, "until", bilingual(request, "正確的日期（YYYY-MM-DD）", "a date (YYYY-MM-DD)"));
    if (date_compare(until, due.moved) <= 0)
        return refuse_member(
            request, "until",
            arena_format(request->arena,
                         bilingual(request, "晚於計畫期限 %s 的日期", "a date later than the plan's, %s"), text));
    if (until.year > due.moved.year + MOST_YEARS)
        return refuse_member(request, "until",
                             arena_format(request->arena,
                                          bilingual(request, "至多於計畫期限 %s 後 %d 年的日期",
                                                    "a date at most so long after the plan's, %s: %d years"),
                                          text, MOST_YEARS));
    return true;
}

static bool read_granting(struct request *request, const struct plan *plan, struct granting *granting)
{
    json_t *json = read_json_body(request);
    bool good = json && check_members(request, json) &&
                read_text(request, json, "office", 80, true, &granting->office) &&
                read_text(request, json, "form", 80, true, &granting->form) &&
                read_text(request, json, "period", PERIOD_TEXT_SIZE, true, &granting->period) &&
                read_text(request, json, "until", DATE_TEXT_SIZE, false, &granting->until) &&
                read_text(request, json, "reason", LONGEST_REASON, true, &granting->reason) &&
                read_text(request, json, "granted_by", LONGEST_GRANTOR, false, &granting->granted_by);

    json_decref(json);
    if (good && !granting->granted_by)
        granting->granted_by = request->principal.label;
    return good && check_against_plan(request, plan, granting);
}

/* The writer is done: show the extension as it stands. */
static enum step_result answer(struct request *request, struct db *db)
{
    static const struct refusal refusals[] = {{"not_extended", PROBLEM_not_extended, NULL}, {NULL, PROBLEM_NONE, NULL}};
    struct act *act = request->state;
    struct extension_filter filter = {.id = act->id, .plan = act->parameters[1]};
    json_t *list = NULL;

    if (!act_succeeded(request, act, refusals))
        return STEP_DONE;
    if (begin_snapshot(request, db)) {
        enum db_status status = extensions_list(db, &filter, &list);
        json_t *extension = json_array_get(list, 0);
        bool made = act->job.outcome == JOB_RECORDED || strcmp(act->id, act->parameters[0]) == 0;

        if (status != DB_OK || !extension)
            reply_db_failure(request, db, (int)status, "extension_failed");
        else
            reply_json(request, made && act->job.outcome != JOB_REPLAY ? 201 : 200, json_incref(extension));
        json_decref(list);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

enum step_result post_extension(struct request *request, struct db *db)
{
    const struct plan_version *version = find_plan(request, db, NULL);
    struct granting granting = {0};
    char id[UUID_TEXT_SIZE];
    struct act *act;

    if (!version || !read_granting(request, version->plan, &granting))
        return STEP_DONE;
    uuid_make(id);
    act = act_prepare(request, "extension", &extension_record,
                      (const char *const[EXTENSION_PARAMETERS - ACT_OWN_PARAMETERS]){
                          arena_text(request->arena, id), version->plan->code, granting.office, granting.form,
                          granting.period, granting.until, granting.reason, granting.granted_by});
    if (!act)
        return STEP_DONE;
    request->state = act;
    return job_queue(request, &act->job, answer);
}

static const struct tabulation_column columns[] = {
    {.code = "extension", .kind = COLUMN_CODE, .heading = {{"識別碼", "Identifier"}}},
    {.code = "office", .kind = COLUMN_CODE, .heading = {{"機關代碼", "Office code"}}},
    {.code = "form", .kind = COLUMN_CODE, .heading = {{"表單代碼", "Form code"}}},
    {.code = "period", .kind = COLUMN_CODE, .heading = {{"期間", "Period"}}},
    {.code = "until", .kind = COLUMN_DATE, .heading = {{"展延至", "Until"}}},
    {.code = "reason", .kind = COLUMN_TEXT, .heading = {{"事由", "Reason"}}},
    {.code = "granted_by", .kind = COLUMN_TEXT, .heading = {{"核准者", "Granted by"}}},
    {.code = "recorded_at", .kind = COLUMN_MOMENT, .heading = {{"登錄時間", "Recorded at"}}},
    {.code = "current", .kind = COLUMN_TRUTH, .heading = {{"有效", "Current"}}},
};

static enum step_result reply_list(struct request *request, const struct plan *plan, const json_t *list)
{
    static const struct name title = {{"展延清單", "Extensions"}};
    struct tabulation *table = new_tabulation(request, plan, &title, NULL, columns, sizeof columns / sizeof *columns);

    tabulate_list(request, table, list);
    return reply_tabulation(request, table);
}

enum step_result list_extensions(struct request *request, struct db *db)
{
    const char *year = request_query(request, "year");
    char first_year[16];
    struct extension_filter filter = {.office = request_query(request, "office"),
                                      .form = request_query(request, "form")};
    struct period period = {0};
    timestamp moment;
    json_t *list = NULL;

    if (!read_as_of(request, &moment, &filter.as_of))
        return STEP_DONE;

    const struct plan_version *version = find_plan(request, db, filter.as_of);

    if (!version)
        return STEP_DONE;
    if (year && (!period_parse(year, &period) || period.kind != PERIOD_YEAR))
        return reply_bad_parameter(request, "year", "113 …");
    filter.plan = version->plan->code;
    filter.year = period.year;
    snprintf(first_year, sizeof first_year, "%d", version->plan->from);
    filter.plan_period_year = first_year;
    if (!settle(request, db, filter.as_of))
        return STEP_DONE;
    if (begin_snapshot(request, db)) {
        enum db_status status = extensions_list(db, &filter, &list);

        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "extensions_failed");
        else if (request->format != FORMAT_JSON)
            reply_list(request, version->plan, list);
        else
            reply_json(request, 200, json_pack("{ss sO}", "plan", filter.plan, "extensions", list));
        json_decref(list);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}
