/* plans.c: the plans, one plan whole, one form's definition. */
#include <stdlib.h>
#include <string.h>

#include "api/common.h"
#include "api/handlers.h"

enum { MOST_PLANS = 256 };

static void set_version(json_t *json, const struct plan_version *version)
{
    char recorded_at[TIMESTAMP_TEXT_SIZE], sha256[DIGEST_TEXT_SIZE];

    timestamp_format(version->recorded_at, recorded_at);
    digest_format(&version->sha256, sha256);
    json_object_set_new(json, "version", json_integer(version->version));
    json_object_set_new(json, "recorded_at", json_string(recorded_at));
    json_object_set_new(json, "sha256", json_string(sha256));
}

enum step_result list_plans(struct request *request, struct db *db)
{
    const struct plan_version *versions[MOST_PLANS];
    enum db_status status = shelf_refresh(request->service->shelf, db);

    if (status != DB_OK)
        return reply_db_failure(request, db, (int)status, "plan_refresh_failed");

    size_t count = shelf_list(request->service->shelf, request->principal.jurisdiction, versions, MOST_PLANS);
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++) {
        const struct plan *plan = versions[i]->plan;
        json_t *json = json_pack("{ss sO sO sb}", "plan", plan->code, "name", json_object_get(plan->json, "name"),
                                 "years", json_object_get(plan->json, "years"), "draft", plan->draft);

        set_version(json, versions[i]);
        json_array_append_new(list, json);
    }
    return reply_json(request, 200, json_pack("{so sb}", "plans", list, "sample", request->service->sample));
}

static bool read_version(const char *text, int *ret_version)
{
    char *end;
    long version = strtol(text, &end, 10);

    if (end == text || *end || version < 1 || version > 1000000)
        return false;
    *ret_version = (int)version;
    return true;
}

enum step_result get_plan(struct request *request, struct db *db)
{
    const char *number = request_query(request, "version");
    const struct plan_version *version = find_plan(request, db, NULL);
    int wanted = 0;

    if (!version)
        return STEP_DONE;
    if (number) {
        if (!read_version(number, &wanted))
            return reply_bad_parameter(request, "version", "1, 2, 3 …");
        version = shelf_version(request->service->shelf, request->principal.jurisdiction, request->path_parameters[0],
                                wanted);
        if (!version)
            return reply_problem(request, PROBLEM_not_found, NULL);
    }
    json_t *json = json_copy(version->plan->json);

    if (json) {
        set_version(json, version);
        json_object_set_new(json, "sample", json_boolean(request->service->sample));
    }
    return reply_json(request, 200, json);
}

enum step_result get_form(struct request *request, struct db *db)
{
    const struct plan_version *version = find_plan(request, db, NULL);
    const struct form *form = version ? plan_form(version->plan, request->path_parameters[1]) : NULL;
    json_t *lists, *json = NULL, *one, *all;
    const char *code;
    size_t i;

    if (!version)
        return STEP_DONE;
    if (!form)
        return reply_problem(request, PROBLEM_unknown_form, request->path_parameters[1]);
    json_array_foreach(json_object_get(version->plan->json, "forms"), i, one)
        if (strcmp(json_string_value(json_object_get(one, "code")), form->code) == 0)
            json = json_copy(one);
    lists = json_object();
    all = json_object_get(version->plan->json, "code_lists");
    json_object_foreach(all, code, one)
        json_object_set(lists, code, one);
    json_object_set_new(json, "code_lists", lists);
    json_object_set_new(json, "plan", json_string(version->plan->code));
    json_object_set_new(json, "plan_version", json_integer(version->version));
    return reply_json(request, 200, json);
}
