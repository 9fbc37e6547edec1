/* timeliness.c: completeness and timeliness by unit, form and period; rates from whole counts, never from rates. */
#include <string.h>

#include "base/decimal.h"
#include "obligations/dues.h"
#include "plans/names.h"

/* The columns in the order of the statement below; from EXPECTED on as in count_names. */
enum { PLACE, UNIT, EXPECTED, RECEIVED, ON_TIME, LATE, EXCUSED, OUTSTANDING, COLUMNS };

static const char *const count_names[] = {
    [EXPECTED] = "expected", [RECEIVED] = "received", [ON_TIME] = "on_time",
    [LATE] = "late",         [EXCUSED] = "excused",   [OUTSTANDING] = "outstanding"};

/* One unit's form over a period, or over a year. */
struct tally {
    const char *unit;
    const struct due_item *item;
    int64_t counts[COLUMNS];
};

/* A share in per cent; null of nothing. */
static json_t *rate_of(int64_t part, int64_t whole)
{
    char text[DECIMAL_TEXT_SIZE];

    return ratio_percent(decimal_from_int(part), decimal_from_int(whole), text) ? json_string(text) : json_null();
}

/* received_rate: what is there, of what is owed. on_time_rate: what came in time or excused, of what came or is
 * outstanding; what isn't due yet says nothing about timeliness. */
static json_t *tally_to_json(const struct tally *tally, const struct plan *plan, const char *level, bool by_year)
{
    const struct due_item *item = tally->item;
    const int64_t *counts = tally->counts;
    char period[PERIOD_TEXT_SIZE], date[DATE_TEXT_SIZE];
    bool whole_year = by_year && item->period.kind == PERIOD_QUARTER;

    period_format(whole_year ? (struct period){PERIOD_YEAR, item->year, 0} : item->period, period);
    date_format_iso(item->due.moved, date);

    json_t *json =
        json_pack("{ss so si ss so ss ss?}", "unit", tally->unit, "name", unit_name(plan, level, tally->unit), "year",
                  item->year, "form", item->form->code, "form_name", name_to_json(&item->form->name), "period", period,
                  "due_date", whole_year ? NULL : date);

    for (int c = EXPECTED; json && c < COLUMNS; c++)
        json_object_set_new(json, count_names[c], json_integer(counts[c]));
    if (json) {
        json_object_set_new(json, "received_rate", rate_of(counts[RECEIVED], counts[EXPECTED]));
        json_object_set_new(json, "on_time_rate",
                            rate_of(counts[ON_TIME] + counts[EXCUSED], counts[RECEIVED] + counts[OUTSTANDING]));
    }
    return json;
}

/* The tally that a row is added to: over time, quarters are added up to their year. */
static struct tally *find_tally(struct tally *tallies, size_t *count, const char *unit, const struct due_item *item,
                                bool by_year)
{
    for (size_t i = *count; by_year && i > 0; i--) {
        struct tally *tally = &tallies[i - 1];

        if (tally->item->form == item->form && tally->item->year == item->year && strcmp(tally->unit, unit) == 0)
            return tally;
    }
    tallies[*count] = (struct tally){.unit = unit, .item = item};
    return &tallies[(*count)++];
}

static json_t *rows_to_json(const PGresult *rows, const struct dues *dues, const struct plan *plan, const char *level,
                            bool by_year, struct arena *arena)
{
    struct tally *tallies = arena_alloc_array(arena, (size_t)PQntuples(rows) + 1, sizeof *tallies);
    json_t *list = json_array();
    size_t count = 0;

    for (int row = 0; tallies && row < PQntuples(rows); row++) {
        struct tally *tally = find_tally(tallies, &count, PQgetvalue(rows, row, UNIT),
                                         &dues->items[result_int64(rows, row, PLACE) - 1], by_year);

        for (int c = EXPECTED; c < COLUMNS; c++)
            tally->counts[c] += result_int64(rows, row, c);
    }
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, tally_to_json(&tallies[i], plan, level, by_year));
    return list;
}

static enum db_status ask(struct db *db, const struct obligations_question *question, const char *level,
                          const struct dues *dues, PGresult **ret_rows)
{
    static const struct db_statement units = {
        "unit_timeliness",
        "select place, unit, expected, received, on_time, late, excused, outstanding"
        " from tributary.unit_timeliness($1, $2::integer, $3, $4::text[], $5::text[], $6::integer[], $7::date[], $8::text[],"
        " $9::text[], $10::integer[], $11::integer, $12::timestamptz, $13::timestamptz) order by place, unit_order",
        13};
    const struct buffer *arrays = dues->arrays;
    char as_of[TIMESTAMP_TEXT_SIZE], now[TIMESTAMP_TEXT_SIZE];

    if (question->as_of)
        timestamp_format(*question->as_of, as_of);
    timestamp_format(question->now, now);
    return db_run(db, &units,
                  (const char *const[]){question->version->plan->code, dues->version, level, arrays[0].data,
                                        arrays[1].data, arrays[2].data, arrays[3].data, arrays[4].data, arrays[5].data,
                                        arrays[6].data, dues->offset, question->as_of ? as_of : NULL, now},
                  ret_rows);
}

enum db_status obligations_timeliness(struct db *db, const struct obligations_question *question, const char *level,
                                      struct arena *arena, json_t **ret_timeliness)
{
    const struct plan *plan = question->version->plan;
    bool by_year = question->from_year != question->to_year;
    char as_of[TIMESTAMP_TEXT_SIZE];
    struct dues dues;
    PGresult *rows = NULL;
    enum db_status status = DB_FAILED;

    if (question->as_of)
        timestamp_format(*question->as_of, as_of);
    if (dues_collect(&dues, question, arena))
        status = ask(db, question, level, &dues, &rows);
    if (status == DB_OK) {
        *ret_timeliness =
            json_pack("{ss si so ss ss? ss? so}", "plan", plan->code, "plan_version", question->version->version,
                      "year", by_year ? json_null() : json_integer(question->from_year), "by", level, "form",
                      question->form ? question->form->code : NULL, "as_of", question->as_of ? as_of : NULL,
                      "timeliness", rows_to_json(rows, &dues, plan, level, by_year, arena));
        status = *ret_timeliness ? DB_OK : DB_FAILED;
    }
    PQclear(rows);
    dues_free(&dues);
    return status;
}
