/* common.c: finding the plan, opening the snapshot. */
#include "api/common.h"

#include <stdlib.h>

#include "revisions/revisions.h"

const struct plan_version *find_plan(struct request *request, struct db *db, const timestamp *moment)
{
    struct shelf *shelf = request->service->shelf;
    const char *code = request->path_parameters[0];
    const struct plan_version *version = shelf_find(shelf, request->principal.jurisdiction, code, moment);

    if (version)
        return version;
    /* it may have been loaded this moment */
    enum db_status status = shelf_refresh(shelf, db);

    if (status != DB_OK) {
        reply_db_failure(request, db, (int)status, "plan_refresh_failed");
        return NULL;
    }
    version = shelf_find(shelf, request->principal.jurisdiction, code, moment);
    if (!version)
        reply_problem(request, PROBLEM_unknown_plan, code);
    return version;
}

bool begin_snapshot(struct request *request, struct db *db)
{
    struct db_context context = principal_context(&request->principal);
    enum db_status status = db_snapshot_begin(db, &context);

    if (status == DB_OK)
        status = data_version(db, &request->data_version);
    request->has_data_version = status == DB_OK;
    if (status != DB_OK)
        reply_db_failure(request, db, (int)status, "snapshot_failed");
    return status == DB_OK;
}

enum step_result reply_bad_parameter(struct request *request, const char *name, const char *expected)
{
    return reply_problem(request, PROBLEM_bad_parameter, arena_format(request->arena, "%s: %s", name, expected));
}

enum step_result reply_csv(struct request *request, struct buffer *out)
{
    size_t length;
    char *body = buffer_take(out, &length);

    if (!body)
        return reply_problem(request, PROBLEM_internal, NULL);
    return reply_bytes(request, 200, "text/csv; charset=utf-8", body, length);
}
