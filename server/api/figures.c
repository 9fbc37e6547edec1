/* figures.c: roll-ups and indicators, in JSON and as tables. */
#include "figures/figures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/common.h"
#include "api/handlers.h"
#include "base/json.h"
#include "sheet/csv.h"

enum { CSV_LIMIT = 64 * 1024 * 1024 };

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

static enum step_result reply_rollup_csv(struct request *request, const json_t *rollup)
{
    static const char *const heading[] = {"unit",    "name",  "expected", "reported", "missing", "provisional",
                                          "element", "value", "offices",  "blank",    "not_yet", "not_applicable"};
    struct buffer out = BUFFER_WITH_LIMIT(CSV_LIMIT);
    struct arena *arena = request->arena;
    json_t *unit, *element, *elements;
    const char *code;
    size_t i;

    csv_begin(&out);
    csv_row(&out, heading, sizeof heading / sizeof *heading);
    json_array_foreach(json_object_get(rollup, "units"), i, unit) {
        const char *missing = json_list_text(arena, json_object_get(unit, "missing"));

        elements = json_object_get(unit, "elements");
        json_object_foreach(elements, code, element)
            csv_row(&out,
                    (const char *const[]){json_text_member(unit, "unit"), json_name_text(request, unit),
                                          json_cell_text(arena, json_object_get(unit, "expected")),
                                          json_cell_text(arena, json_object_get(unit, "reported")), missing,
                                          json_is_true(json_object_get(unit, "provisional")) ? "true" : "false", code,
                                          json_cell_text(arena, json_object_get(element, "value")),
                                          json_cell_text(arena, json_object_get(element, "offices")),
                                          json_cell_text(arena, json_object_get(element, "blank")),
                                          json_cell_text(arena, json_object_get(element, "not_yet")),
                                          json_cell_text(arena, json_object_get(element, "not_applicable"))},
                    sizeof heading / sizeof *heading);
    }
    return reply_csv(request, &out);
}

static enum step_result reply_indicators_csv(struct request *request, const json_t *indicators)
{
    static const char *const heading[] = {"indicator", "name",   "unit", "unit_name",  "numerator", "denominator",
                                          "rate",      "target", "met",  "gap",        "expected",  "counted",
                                          "missing",   "low",    "high", "provisional"};
    struct buffer out = BUFFER_WITH_LIMIT(CSV_LIMIT);
    struct arena *arena = request->arena;
    json_t *indicator, *unit;
    size_t i, k;

    csv_begin(&out);
    csv_row(&out, heading, sizeof heading / sizeof *heading);
    json_array_foreach(json_object_get(indicators, "indicators"), i, indicator) {
        json_array_foreach(json_object_get(indicator, "units"), k, unit) {
            const json_t *bounds = json_object_get(unit, "bounds"), *own = json_object_get(unit, "target");

            csv_row(&out,
                    (const char *const[]){json_text_member(indicator, "code"), json_name_text(request, indicator),
                                          json_text_member(unit, "unit"), json_name_text(request, unit),
                                          json_cell_text(arena, json_object_get(unit, "numerator")),
                                          json_cell_text(arena, json_object_get(unit, "denominator")),
                                          json_cell_text(arena, json_object_get(unit, "rate")),
                                          json_cell_text(arena, own ? own : json_object_get(indicator, "target")),
                                          json_cell_text(arena, json_object_get(unit, "met")),
                                          json_cell_text(arena, json_object_get(unit, "gap")),
                                          json_cell_text(arena, json_object_get(unit, "expected")),
                                          json_cell_text(arena, json_object_get(unit, "counted")),
                                          json_list_text(arena, json_object_get(unit, "missing")),
                                          json_cell_text(arena, json_object_get(bounds, "low")),
                                          json_cell_text(arena, json_object_get(bounds, "high")),
                                          json_is_true(json_object_get(unit, "provisional")) ? "true" : "false"},
                    sizeof heading / sizeof *heading);
        }
    }
    return reply_csv(request, &out);
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
                                   form->period == PERIOD_QUARTER ? "113, 113Q1 …"
                                   : form->period == PERIOD_PLAN  ? "plan"
                                                                  : "113 …");
    if (!settle(request, db, asked.question.as_of))
        return STEP_DONE;
    if (begin_snapshot(request, db)) {
        enum db_status status = figures_rollup(db, &asked.question, form, period, &rollup);

        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "rollup_failed");
        else if (request->format == FORMAT_CSV)
            reply_rollup_csv(request, rollup);
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
        else if (request->format == FORMAT_CSV)
            reply_indicators_csv(request, indicators);
        else
            reply_json(request, 200, json_incref(indicators));
        json_decref(indicators);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}
