/* indicators.c: rates of matched pairs, against targets, with coverage, bounds and sources (domain.md 6, api.md). */
#include <string.h>

#include "base/decimal.h"
#include "base/json.h"
#include "figures/units.h"

static json_t *positions(const struct element *const *elements, size_t count)
{
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_integer(elements[i]->position));
    return list;
}

static json_t *ratio_to_question(const struct ratio *ratio)
{
    return json_pack("{so so}", "numerator", positions(ratio->numerator, ratio->numerator_count), "denominator",
                     positions(ratio->denominator, ratio->denominator_count));
}

static bool is_decimal(const struct ratio *ratio)
{
    for (size_t i = 0; i < ratio->numerator_count + ratio->denominator_count; i++) {
        const struct element *element =
            i < ratio->numerator_count ? ratio->numerator[i] : ratio->denominator[i - ratio->numerator_count];
        const struct item *item = element->field ? element->field : element->sum;

        if (item && item->type == ITEM_DECIMAL)
            return true;
    }
    return false;
}

/* Both sums of a unit; zero where nobody counts. */
struct sums {
    struct decimal numerator, denominator;
    bool whole;
};

static struct sums read_sums(const struct ratio *ratio, const json_t *figures)
{
    struct sums sums = {.whole = !is_decimal(ratio)};
    const char *numerator = json_text_member(figures, "numerator"),
               *denominator = json_text_member(figures, "denominator");

    if (numerator)
        decimal_parse(numerator, &sums.numerator);
    if (denominator)
        decimal_parse(denominator, &sums.denominator);
    return sums;
}

static json_t *decimal_to_json(struct decimal value, bool whole)
{
    char text[DECIMAL_TEXT_SIZE];

    decimal_format(value, text);
    return number_to_json(text, whole);
}

static json_t *rate_to_json(struct decimal numerator, struct decimal denominator)
{
    char text[DECIMAL_TEXT_SIZE];

    return ratio_percent(numerator, denominator, text) ? json_string(text) : json_null();
}

static void set_against_target(json_t *unit, const struct sums *sums, bool counts, const struct target *target)
{
    struct decimal gap;
    bool met;
    bool known = target && counts && sums->denominator.coefficient > 0;

    json_object_set_new(unit, "met",
                        known && ratio_meets(sums->numerator, sums->denominator, target->percent, &met)
                            ? json_boolean(met)
                            : json_null());
    json_object_set_new(unit, "gap",
                        known && ratio_gap(sums->numerator, sums->denominator, target->percent, &gap)
                            ? decimal_to_json(gap, true)
                            : json_null());
}

/* With d = the denominators of the offices not counted: N/(D+d) if none of theirs were trained, (N+d)/(D+d) if all. */
static json_t *bounds_to_json(const struct sums *sums, const json_t *figures)
{
    const char *text = json_text_member(figures, "uncounted_denominator");
    struct decimal d, all, high;

    if (json_integer_value(json_object_get(figures, "uncounted_unknown")) > 0 || !text || !decimal_parse(text, &d) ||
        !decimal_add(sums->denominator, d, &all) || !decimal_add(sums->numerator, d, &high) || all.coefficient <= 0)
        return json_null();
    return json_pack("{so so}", "low", rate_to_json(sums->numerator, all), "high", rate_to_json(high, all));
}

static json_t *source_to_json(const struct ratio *ratio, const json_t *source)
{
    bool whole = !is_decimal(ratio);
    json_t *json = json_pack("{sO sO sO so so}", "office", json_object_get(source, "office"), "submission",
                             json_object_get(source, "submission"), "revision", json_object_get(source, "revision"),
                             "numerator", number_to_json(json_text_member(source, "numerator"), whole), "denominator",
                             number_to_json(json_text_member(source, "denominator"), whole));

    if (json && json_is_true(json_object_get(source, "provisional")))
        json_object_set_new(json, "provisional", json_true());
    return json;
}

static void set_sources(json_t *unit, const struct ratio *ratio, const json_t *figures)
{
    json_t *sources = json_array(), *source;
    bool provisional = false;
    size_t i;

    json_array_foreach(json_object_get(figures, "sources"), i, source)
        json_array_append_new(sources, source_to_json(ratio, source));
    json_object_set_new(unit, "sources", sources);
    provisional = json_is_true(json_object_get(figures, "provisional"));
    if (provisional)
        json_object_set_new(unit, "provisional", json_true());
}

static json_t *part_to_json(const struct ratio_part *part, const json_t *figures)
{
    struct sums sums = read_sums(&part->ratio, figures);

    return json_pack("{ss so so so so sO}", "code", part->code, "name", name_to_json(&part->name), "numerator",
                     decimal_to_json(sums.numerator, sums.whole), "denominator",
                     decimal_to_json(sums.denominator, sums.whole), "rate",
                     rate_to_json(sums.numerator, sums.denominator), "counted", json_object_get(figures, "counted"));
}

/* One unit of one indicator; `ratios` are the answers for the indicator itself and then for its parts. */
static json_t *unit_to_json(const struct figures_question *question, const struct indicator *indicator, int year,
                            const json_t *unit_figures, const json_t *ratios, size_t first)
{
    const char *code = json_text_member(unit_figures, "unit");
    const struct office *office =
        strcmp(unit_level(question, code), "office") == 0 ? plan_office(question->version->plan, code) : NULL;
    const json_t *figures = json_array_get(ratios, first);
    struct sums sums = read_sums(&indicator->ratio, figures);
    bool counts = json_integer_value(json_object_get(figures, "counted")) > 0;
    json_t *unit = json_pack(
        "{ss so so so so sO sO sO}", "unit", code, "name",
        unit_name(question->version->plan, unit_level(question, code), code), "numerator",
        decimal_to_json(sums.numerator, sums.whole), "denominator", decimal_to_json(sums.denominator, sums.whole),
        "rate", rate_to_json(sums.numerator, sums.denominator), "expected", json_object_get(unit_figures, "expected"),
        "counted", json_object_get(figures, "counted"), "missing", json_object_get(figures, "missing"));

    if (!unit)
        return NULL;
    if (indicator->target_count) {
        const struct target *target = indicator_target(indicator, office, year);

        set_against_target(unit, &sums, counts, target);
        json_object_set_new(unit, "bounds", bounds_to_json(&sums, figures));
        if (target && target->office)
            json_object_set_new(unit, "target", json_string(target->text));
    }
    set_sources(unit, &indicator->ratio, figures);
    if (indicator->part_count) {
        json_t *parts = json_array();

        for (size_t i = 0; i < indicator->part_count; i++)
            json_array_append_new(parts, part_to_json(&indicator->parts[i], json_array_get(ratios, first + 1 + i)));
        json_object_set_new(unit, "parts", parts);
    }
    return unit;
}

static json_t *element_codes(const struct element *const *elements, size_t count)
{
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_string(elements[i]->code));
    return list;
}

static json_t *indicator_to_json(const struct figures_question *question, const struct indicator *indicator, int year,
                                 const json_t *answers, size_t first)
{
    const struct target *target = indicator_target(indicator, NULL, year);
    json_t *units = json_array(), *unit;
    size_t i;

    json_array_foreach(answers, i, unit)
        json_array_append_new(units,
                              unit_to_json(question, indicator, year, unit, json_object_get(unit, "ratios"), first));

    json_t *json =
        json_pack("{ss so ss s{so so} so}", "code", indicator->code, "name", name_to_json(&indicator->name), "form",
                  indicator->form->code, "formula", "numerator",
                  element_codes(indicator->ratio.numerator, indicator->ratio.numerator_count), "denominator",
                  element_codes(indicator->ratio.denominator, indicator->ratio.denominator_count), "units", units);

    if (json && target)
        json_object_set_new(json, "target", json_string(target->text));
    else if (json && indicator->target_count)
        json_object_set_new(json, "target", json_null());
    if (json && indicator->note.text[LANGUAGE_ZH])
        json_object_set_new(json, "note", name_to_json(&indicator->note));
    return json;
}

/* All indicators of one form are asked in one question. */
static enum db_status answer_form(struct db *db, const struct figures_question *question, const struct form *form,
                                  int year, json_t **answers)
{
    const struct plan *plan = question->version->plan;
    struct span span;
    json_t *ratios = json_array(), *units = NULL;
    enum db_status status = DB_FAILED;
    size_t next = 0;

    for (size_t i = 0; i < plan->indicator_count; i++) {
        if (plan->indicators[i].form != form)
            continue;
        json_array_append_new(ratios, ratio_to_question(&plan->indicators[i].ratio));
        for (size_t p = 0; p < plan->indicators[i].part_count; p++)
            json_array_append_new(ratios, ratio_to_question(&plan->indicators[i].parts[p].ratio));
    }
    if (json_array_size(ratios) == 0)
        status = DB_OK;
    else if (span_make(plan, form, (struct period){PERIOD_YEAR, year, 0}, &span))
        status = units_ask(db, question, form, &span, ratios, &units);
    for (size_t i = 0; units && i < plan->indicator_count; i++) {
        if (plan->indicators[i].form != form)
            continue;
        answers[i] = indicator_to_json(question, &plan->indicators[i], year, units, next);
        next += 1 + plan->indicators[i].part_count;
    }
    json_decref(units);
    json_decref(ratios);
    return status;
}

enum db_status figures_indicators(struct db *db, const struct figures_question *question, int year,
                                  json_t **ret_indicators)
{
    const struct plan *plan = question->version->plan;
    struct arena *arena = arena_new(1024 * 1024);
    json_t **answers = arena ? arena_alloc_array(arena, plan->indicator_count + 1, sizeof(json_t *)) : NULL,
           *list = json_array();
    char as_of[TIMESTAMP_TEXT_SIZE];
    enum db_status status = answers ? DB_OK : DB_FAILED;

    for (size_t f = 0; status == DB_OK && f < plan->form_count; f++)
        if (!question->form || question->form == &plan->forms[f])
            status = answer_form(db, question, &plan->forms[f], year, answers);
    for (size_t i = 0; answers && i < plan->indicator_count; i++)
        if (answers[i])
            json_array_append_new(list, answers[i]);
    arena_free(arena);
    if (status != DB_OK) {
        json_decref(list);
        return status;
    }
    if (question->as_of)
        timestamp_format(*question->as_of, as_of);
    *ret_indicators = json_pack("{ss si si ss ss ss? so}", "plan", plan->code, "plan_version",
                                question->version->version, "year", year, "by", question->level, "basis",
                                question->basis, "as_of", question->as_of ? as_of : NULL, "indicators", list);
    return *ret_indicators ? DB_OK : DB_FAILED;
}
