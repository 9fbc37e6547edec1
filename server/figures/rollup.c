/* rollup.c: sums of elements by unit. */
#include <string.h>

#include "base/json.h"
#include "figures/units.h"

static bool is_whole(const struct element *element)
{
    const struct item *item = element->field ? element->field : element->sum;

    return !item || item->type != ITEM_DECIMAL;
}

/* The counts of one position, or of nobody. */
static json_t *find_position(const json_t *list, int position)
{
    json_t *one;
    size_t i;

    json_array_foreach(list, i, one)
        if (json_integer_value(json_object_get(one, "position")) == position)
            return one;
    return NULL;
}

static json_int_t tally(const json_t *counts, const char *key)
{
    return json_integer_value(json_object_get(counts, key));
}

static json_t *element_to_json(const struct element *element, const json_t *counts)
{
    return json_pack("{so sI sI sI sI}", "value", number_to_json(json_text_member(counts, "value"), is_whole(element)),
                     "offices", tally(counts, "offices"), "blank", tally(counts, "blank"), "not_yet",
                     tally(counts, "not_yet"), "not_applicable", tally(counts, "not_applicable"));
}

/* What may be added is; several periods, or events, of what doesn't add over periods are left out, and so are several
 * offices of what doesn't add over offices. */
static bool may_add(const struct element *element, const struct form *form, const struct span *span, const char *level,
                    bool all_elements)
{
    return (element->in_rollup || all_elements) &&
           (element->over_periods || (span->period_count == 1 && !form->event)) &&
           (element->over_offices || strcmp(level, "office") == 0);
}

static json_t *unit_to_json(const struct figures_question *question, const struct form *form, const struct span *span,
                            const json_t *figures)
{
    const char *unit = json_text_member(figures, "unit"), *level = unit_level(question, unit);
    json_t *elements = json_object();
    const json_t *list = json_object_get(figures, "elements");

    for (size_t i = 0; elements && i < form->element_count; i++) {
        const struct element *element = &form->elements[i];

        if (may_add(element, form, span, level, question->all_elements))
            json_object_set_new(elements, element->code,
                                element_to_json(element, find_position(list, element->position)));
    }
    json_t *json =
        json_pack("{ss so sO sO sO so}", "unit", unit, "name", unit_name(question->version->plan, level, unit),
                  "expected", json_object_get(figures, "expected"), "reported", json_object_get(figures, "reported"),
                  "missing", json_object_get(figures, "missing"), "elements", elements);

    if (json && json_is_true(json_object_get(figures, "provisional")))
        json_object_set_new(json, "provisional", json_true());
    return json;
}

enum db_status figures_rollup(struct db *db, const struct figures_question *question, const struct form *form,
                              struct period period, json_t **ret_rollup)
{
    const struct plan *plan = question->version->plan;
    char period_text[PERIOD_TEXT_SIZE], as_of[TIMESTAMP_TEXT_SIZE];
    json_t *ratios = json_array(), *figures = NULL, *units = json_array(), *one;
    struct span span;
    size_t i;
    enum db_status status =
        span_make(plan, form, period, &span) ? units_ask(db, question, form, &span, ratios, &figures) : DB_FAILED;

    json_array_foreach(figures, i, one)
        json_array_append_new(units, unit_to_json(question, form, &span, one));
    json_decref(figures);
    json_decref(ratios);
    if (status != DB_OK) {
        json_decref(units);
        return status;
    }
    period_format(period, period_text);
    if (question->as_of)
        timestamp_format(*question->as_of, as_of);
    *ret_rollup =
        json_pack("{ss si ss ss ss ss ss? so}", "plan", plan->code, "plan_version", question->version->version, "form",
                  form->code, "period", period_text, "by", question->level, "basis", question->basis, "as_of",
                  question->as_of ? as_of : NULL, "units", units);
    return *ret_rollup ? DB_OK : DB_FAILED;
}
