/* open_data.c: what is given to the public of a year, and what it is. */
#include "open_data/release.h"

#include "api/common.h"
#include "api/handlers.h"
#include "api/tabular.h"
#include "base/clock.h"
#include "figures/figures.h"

/* Finds the release that the address asks for. False: a reply is set. */
static bool find_release(struct request *request, struct db *db, struct release *ret_release)
{
    const struct plan_version *version = find_plan(request, db, NULL);
    const char *text = request_query(request, "year");
    char moment[TIMESTAMP_TEXT_SIZE];
    struct period year;

    if (!version)
        return false;
    if (!period_parse(text, &year) || year.kind != PERIOD_YEAR) {
        reply_bad_parameter(request, "year",
                            arena_format(request->arena, "%d–%d", version->plan->from, version->plan->to));
        return false;
    }
    switch (release_find(request->service->shelf, version->jurisdiction, version->plan->code, year.year, clock_now(),
                         ret_release)) {
    case RELEASE_READY: ret_release->sample = request->service->sample; return true;
    case RELEASE_NOT_YET:
        timestamp_format(ret_release->moment, moment);
        reply_problem(request, PROBLEM_not_yet_published, arena_text(request->arena, moment));
        return false;
    case RELEASE_NO_TERMS:
    case RELEASE_NO_YEAR: break;
    }
    reply_problem(request, PROBLEM_not_published, NULL);
    return false;
}

enum step_result get_open_data(struct request *request, struct db *db)
{
    struct tabulation *table = NULL;
    struct release release;

    if (!find_release(request, db, &release))
        return STEP_DONE;

    enum db_status status = figures_settle(db, request->principal.jurisdiction, release.moment);

    if (status != DB_OK)
        return reply_db_failure(request, db, (int)status, "settle_failed");
    if (begin_snapshot(request, db)) {
        status = release_tabulate(db, &release, request->arena, request->language, &table);
        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "open_data_failed");
        else if (request->format == FORMAT_JSON)
            reply_json(request, 200, release_to_json(&release, table));
        else
            reply_tabulation(request, table);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

enum step_result get_open_data_description(struct request *request, struct db *db)
{
    struct release release;

    if (!find_release(request, db, &release))
        return STEP_DONE;
    return reply_json(request, 200, release_describe(&release));
}
