/* indicators.c: the indicators of a plan file: ratios of elements, targets by year, and by office where one differs. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "plan/reader.h"

static const struct element **read_element_names(struct plan_reader *reader, const json_t *json, const char *key,
                                                 const struct form *form, size_t *ret_count)
{
    const json_t *list = reader_array(reader, json, key, true), *item;
    const struct element **elements = reader_alloc(reader, json_array_size(list), sizeof *elements);
    size_t mark = reader_enter_key(reader, key), count = 0, i;

    json_array_foreach(list, i, item) {
        const char *code = json_string_value(item);
        const struct element *element = code && form ? form_element(form, code) : NULL;
        size_t here = reader_enter_index(reader, i);

        if (!element && form)
            reader_fault(reader, NULL, "form '%s' has no element '%s'", form->code, code ? code : "?");
        else if (element && !element->over_offices)
            reader_fault(reader, NULL, "element '%s' doesn't add over offices", code);
        else if (element && form->period == PERIOD_QUARTER && !element->over_periods)
            reader_fault(reader, NULL, "element '%s' doesn't add over quarters", code);
        else if (element && elements)
            elements[count++] = element;
        reader_leave(reader, here);
    }
    if (list && json_array_size(list) == 0)
        reader_fault(reader, NULL, "must not be empty");
    reader_leave(reader, mark);
    *ret_count = count;
    return elements;
}

static struct ratio read_ratio(struct plan_reader *reader, const json_t *json, const struct form *form)
{
    struct ratio ratio = {0};

    ratio.numerator = read_element_names(reader, json, "numerator", form, &ratio.numerator_count);
    ratio.denominator = read_element_names(reader, json, "denominator", form, &ratio.denominator_count);
    return ratio;
}

static void read_targets_of(struct plan_reader *reader, json_t *years, const struct office *office,
                            struct indicator *indicator)
{
    const char *key;
    json_t *value;

    if (!json_is_object(years)) {
        reader_fault(reader, NULL, "must be an object of years");
        return;
    }
    json_object_foreach(years, key, value) {
        struct target target = {.office = office, .text = json_string_value(value)};
        struct period period;

        if (!period_parse(key, &period) || period.kind != PERIOD_YEAR || period.year < reader->plan->from ||
            period.year > reader->plan->to)
            reader_fault(reader, key, "is not a year of the plan");
        else if (reader_decimal(reader, value, key, &target.percent)) {
            if (target.percent.coefficient < 0)
                reader_fault(reader, key, "must not be negative");
            target.year = period.year;
            indicator->targets[indicator->target_count++] = target;
        }
    }
}

static void read_targets(struct plan_reader *reader, const json_t *json, struct indicator *indicator)
{
    json_t *years = json_object_get(json, "targets"), *offices = json_object_get(json, "office_targets"), *of_office;
    size_t most = json_object_size(years), mark;
    const char *code;

    json_object_foreach(offices, code, of_office)
        most += json_object_size(of_office);
    indicator->targets = reader_alloc(reader, most, sizeof *indicator->targets);
    if (!indicator->targets)
        return;
    if (years) {
        mark = reader_enter_key(reader, "targets");
        read_targets_of(reader, years, NULL, indicator);
        reader_leave(reader, mark);
    }
    mark = reader_enter_key(reader, "office_targets");
    if (offices && !years)
        reader_fault(reader, NULL, "needs targets for everyone beside it");
    if (offices && !json_is_object(offices))
        reader_fault(reader, NULL, "must be an object of offices");
    json_object_foreach(offices, code, of_office) {
        const struct office *office = plan_office(reader->plan, code);
        size_t here = reader_enter_key(reader, code);

        if (!office)
            reader_fault(reader, NULL, "no office has the code '%s'", code);
        else
            read_targets_of(reader, of_office, office, indicator);
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
}

static void read_ratio_parts(struct plan_reader *reader, const json_t *json, struct indicator *indicator)
{
    const json_t *list = reader_array(reader, json, "parts", false), *item;
    size_t mark = reader_enter_key(reader, "parts"), i;

    indicator->parts = reader_alloc(reader, json_array_size(list), sizeof *indicator->parts);
    json_array_foreach(list, i, item) {
        size_t here = reader_enter_index(reader, i);

        if (indicator->parts && reader_check_members(reader, item, "code", "name", "numerator", "denominator", NULL))
            indicator->parts[indicator->part_count++] =
                (struct ratio_part){reader_code(reader, item, "code"), reader_name(reader, item, "name", true),
                                    read_ratio(reader, item, indicator->form)};
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
}

static void read_indicator(struct plan_reader *reader, const json_t *json)
{
    struct plan *plan = reader->plan;
    struct indicator indicator = {0};

    if (!reader_check_members(reader, json, "code", "name", "note", "form", "numerator", "denominator", "parts",
                              "targets", "office_targets", "source", NULL))
        return;
    indicator.code = reader_code(reader, json, "code");
    indicator.name = reader_name(reader, json, "name", true);
    indicator.note = reader_name(reader, json, "note", false);
    indicator.source = reader_text(reader, json, "source", false);

    const char *form = reader_text(reader, json, "form", true);

    indicator.form = form ? plan_form(plan, form) : NULL;
    if (form && !indicator.form)
        reader_fault(reader, "form", "no form has the code '%s'", form);
    if (indicator.form && (indicator.form->period == PERIOD_PLAN || indicator.form->event))
        reader_fault(reader, "form", "an indicator is of a yearly or quarterly form");
    indicator.ratio = read_ratio(reader, json, indicator.form);
    read_ratio_parts(reader, json, &indicator);
    read_targets(reader, json, &indicator);
    if (indicator.code && plan_indicator(plan, indicator.code))
        reader_fault(reader, "code", "indicator '%s' stands twice", indicator.code);
    else if (indicator.code)
        plan->indicators[plan->indicator_count++] = indicator;
}

void read_indicators(struct plan_reader *reader, const json_t *root)
{
    const json_t *list = reader_array(reader, root, "indicators", true), *json;
    size_t mark = reader_enter_key(reader, "indicators"), i;

    reader->plan->indicators = reader_alloc(reader, json_array_size(list), sizeof *reader->plan->indicators);
    json_array_foreach(list, i, json) {
        size_t here = reader_enter_index(reader, i);

        if (reader->plan->indicators)
            read_indicator(reader, json);
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
}
