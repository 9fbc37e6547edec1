/* units.c: the question to the database, and numbers and names for the answer. */
#include "figures/units.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/decimal.h"

bool span_make(const struct plan *plan, const struct form *form, struct period period, struct span *ret_span)
{
    struct span span = {.period_count = 1, .periods = {period}};
    bool quarterly = form->period == PERIOD_QUARTER;

    if (quarterly && period.kind == PERIOD_YEAR) {
        for (int quarter = 1; quarter <= 4; quarter++)
            span.periods[quarter - 1] = (struct period){PERIOD_QUARTER, period.year, quarter};
        span.period_count = 4;
    }
    struct period last = span.periods[span.period_count - 1];

    if (!plan_has_period(plan, form, last))
        return false;
    if (last.kind == PERIOD_PLAN)
        span.line[span.line_count++] = last;
    for (int year = last.year; last.kind != PERIOD_PLAN && year >= plan->from; year--)
        for (int quarter = quarterly ? (year == last.year ? last.quarter : 4) : 0; quarter >= (quarterly ? 1 : 0);
             quarter--)
            span.line[span.line_count++] = (struct period){last.kind, year, quarter};
    *ret_span = span;
    return true;
}

bool figures_accepts_period(const struct plan *plan, const struct form *form, struct period period)
{
    struct span ignored;

    return span_make(plan, form, period, &ignored);
}

static void append_periods(struct buffer *out, const struct period *periods, size_t count)
{
    char text[PERIOD_TEXT_SIZE];

    buffer_append_char(out, '{');
    for (size_t i = 0; i < count; i++) {
        period_format(periods[i], text);
        buffer_append_format(out, "%s%s", i ? "," : "", text);
    }
    buffer_append_char(out, '}');
}

static void append_years(struct buffer *out, const struct plan *plan, const struct period *periods, size_t count)
{
    buffer_append_char(out, '{');
    for (size_t i = 0; i < count; i++)
        buffer_append_format(out, "%s%d", i ? "," : "", plan_period_year(plan, periods[i]));
    buffer_append_char(out, '}');
}

static enum db_status read_units(PGresult *result, json_t **ret_units)
{
    json_t *units = json_array();

    for (int i = 0; units && i < PQntuples(result); i++) {
        if (json_array_append_new(units, json_loads(PQgetvalue(result, i, 1), 0, NULL)) != 0) {
            json_decref(units);
            units = NULL;
        }
    }
    *ret_units = units;
    return units ? DB_OK : DB_FAILED;
}

enum db_status units_ask(struct db *db, const struct figures_question *question, const struct form *form,
                         const struct span *span, const json_t *ratios, json_t **ret_units)
{
    static const struct db_statement ask = {
        "unit_figures",
        "select unit, figures from tributary.unit_figures($1, $2::integer, $3, $4, $5::text[], $6::integer[], $7::text[], $8::jsonb, $9,"
        " $10::timestamptz)",
        10};
    const struct plan *plan = question->version->plan;
    struct buffer periods = BUFFER_WITH_LIMIT(1024), years = BUFFER_WITH_LIMIT(1024), line = BUFFER_WITH_LIMIT(1024);
    char version[16], as_of[TIMESTAMP_TEXT_SIZE], *ratios_text = json_dumps(ratios, JSON_COMPACT);
    PGresult *result = NULL;
    enum db_status status = DB_FAILED;

    append_periods(&periods, span->periods, span->period_count);
    append_years(&years, plan, span->periods, span->period_count);
    append_periods(&line, span->line, span->line_count);
    snprintf(version, sizeof version, "%d", question->version->version);
    if (question->as_of)
        timestamp_format(*question->as_of, as_of);
    if (!periods.failed && !years.failed && !line.failed && ratios_text)
        status =
            db_run(db, &ask,
                   (const char *const[]){plan->code, version, form->code, question->level, periods.data, years.data,
                                         line.data, ratios_text, question->basis, question->as_of ? as_of : NULL},
                   &result);
    if (status == DB_OK)
        status = read_units(result, ret_units);
    PQclear(result);
    free(ratios_text);
    buffer_free(&periods);
    buffer_free(&years);
    buffer_free(&line);
    return status;
}

json_t *number_to_json(const char *text, bool whole)
{
    struct decimal value;
    char shortest[DECIMAL_TEXT_SIZE];
    char *end;

    if (!text)
        return json_null();
    if (whole) {
        errno = 0;
        long long number = strtoll(text, &end, 10);

        return errno || *end ? json_string(text) : json_integer(number);
    }
    if (!decimal_parse(text, &value))
        return json_string(text);
    decimal_format(value, shortest);
    return json_string(shortest);
}

enum db_status figures_settle(struct db *db, const char *jurisdiction, timestamp as_of)
{
    static const struct db_statement settle = {"settle", "select tributary.settle($1, $2::timestamptz)", 2};
    char moment[TIMESTAMP_TEXT_SIZE];

    timestamp_format(as_of, moment);
    return db_run(db, &settle, (const char *const[]){jurisdiction, moment}, NULL);
}

const char *unit_level(const struct figures_question *question, const char *unit)
{
    const struct plan *plan = question->version->plan;

    if (strcmp(question->level, "all") != 0)
        return question->level;
    if (plan_office(plan, unit))
        return "office";
    for (size_t i = 0; i < plan->group_count; i++)
        if (strcmp(plan->groups[i].code, unit) == 0)
            return "group";
    return "city";
}
