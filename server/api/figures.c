/* figures.c: roll-ups and indicators. */
#include "figures/figures.h"

#include <string.h>

#include "api/common.h"
#include "api/figure_tables.h"
#include "api/handlers.h"
#include "api/tabular.h"

struct asked {
    struct figures_question question;
    timestamp as_of;
};

/* Reads by, basis, as_of and finds the plan version of that moment. False: a reply is set. */
static bool read_question(struct request *request, struct db *db, struct asked *asked)
{
    static const char *const levels[] = {"office", "group", "city", NULL}, *const bases[] = {"latest", "official",
                                                                                             NULL};
    const char *by = request_query(request, "by"), *basis = request_query(request, "basis");

    *asked = (struct asked){.question = {.level = by ? by : "city", .basis = basis ? basis : "latest"}};
    if (!is_one_of(asked->question.level, levels)) {
        reply_bad_parameter(request, "by", "office, group, city");
        return false;
    }
    if (!is_one_of(asked->question.basis, bases)) {
        reply_bad_parameter(request, "basis", "latest, official");
        return false;
    }
    if (!read_as_of(request, &asked->as_of, &asked->question.as_of))
        return false;
    asked->question.version = find_plan(request, db, asked->question.as_of);
    return asked->question.version != NULL;
}

enum step_result get_rollup(struct request *request, struct db *db)
{
    const char *period_text = request_query(request, "period");
    struct asked asked;
    struct period period;
    json_t *rollup = NULL;

    if (!read_question(request, db, &asked))
        return STEP_DONE;

    const struct plan *plan = asked.question.version->plan;
    const struct form *form = plan_form(plan, request->path_parameters[1]);

    if (!form)
        return reply_problem(request, PROBLEM_unknown_form, request->path_parameters[1]);
    if (!period_parse(period_text, &period) || !figures_accepts_period(plan, form, period))
        return reply_bad_parameter(request, "period",
                                   arena_format(request->arena,
                                                form->period == PERIOD_QUARTER ? "%d–%d, %dQ1–%dQ4"
                                                : form->period == PERIOD_PLAN  ? "plan"
                                                                               : "%d–%d",
                                                plan->from, plan->to, plan->from, plan->to));
    if (!settle(request, db, asked.question.as_of))
        return STEP_DONE;
    if (begin_snapshot(request, db)) {
        enum db_status status = figures_rollup(db, &asked.question, form, period, &rollup);

        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "rollup_failed");
        else if (request->format != FORMAT_JSON)
            reply_tabulation(request, tabulate_rollup(request, plan, form, rollup));
        else
            reply_json(request, 200, json_incref(rollup));
        json_decref(rollup);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

enum step_result get_indicators(struct request *request, struct db *db)
{
    const char *year_text = request_query(request, "year");
    struct asked asked;
    struct period year;
    json_t *indicators = NULL;

    if (!read_question(request, db, &asked))
        return STEP_DONE;

    const struct plan *plan = asked.question.version->plan;

    if (!period_parse(year_text, &year) || year.kind != PERIOD_YEAR || year.year < plan->from || year.year > plan->to)
        return reply_bad_parameter(request, "year", arena_format(request->arena, "%d–%d", plan->from, plan->to));
    if (!settle(request, db, asked.question.as_of))
        return STEP_DONE;
    if (begin_snapshot(request, db)) {
        enum db_status status = figures_indicators(db, &asked.question, year.year, &indicators);

        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "indicators_failed");
        else if (request->format != FORMAT_JSON)
            reply_tabulation(request, tabulate_indicators(request, plan, indicators));
        else
            reply_json(request, 200, json_incref(indicators));
        json_decref(indicators);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}
