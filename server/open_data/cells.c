/* cells.c: the figures of offices as cells, groups and wholes as units, indicators as sums over cells. */
#include <string.h>

#include "open_data/collect.h"

/* Withholding a whole that leaves offices out costs the public least, the whole of all of them most. */
enum { COST_OF_PARTIAL_WHOLE = 1, COST_OF_GROUP = 2, COST_OF_WHOLE = 8 };

static const json_t *find_unit(const json_t *rollup, const char *code)
{
    const json_t *unit;
    size_t i;

    json_array_foreach(json_object_get(rollup, "units"), i, unit)
        if (strcmp(json_string_value(json_object_get(unit, "unit")), code) == 0)
            return unit;
    return NULL;
}

/* ---- offices and units ------------------------------------------------------------------------------------------- */

static bool list_offices(struct collection *collection)
{
    const struct plan *plan = collection->release->version->plan;
    size_t *count = &collection->protection.office_count;

    collection->offices = arena_alloc_array(collection->arena, plan->office_count + 1, sizeof *collection->offices);
    for (size_t i = 0; collection->offices && i < plan->office_count; i++)
        if (plan->offices[i].from <= collection->release->year && plan->offices[i].to >= collection->release->year)
            collection->offices[(*count)++] = &plan->offices[i];
    return collection->offices != NULL;
}

static bool is_member(const struct group *group, const struct office *office, int year)
{
    for (size_t i = 0; i < group->member_count; i++)
        if (group->members[i].office == office && group->members[i].from <= year && group->members[i].to >= year)
            return true;
    return false;
}

static bool is_excepted(const struct whole *whole, const struct office *office)
{
    for (size_t i = 0; i < whole->except_count; i++)
        if (whole->except[i] == office)
            return true;
    return false;
}

static bool list_units(struct collection *collection)
{
    const struct plan *plan = collection->release->version->plan;
    struct protection *protection = &collection->protection;
    size_t count = plan->group_count + plan->whole_count;
    struct protection_unit *units = arena_alloc_array(collection->arena, count + 1, sizeof *units);

    collection->unit_codes = arena_alloc_array(collection->arena, count + 1, sizeof *collection->unit_codes);
    if (!units || !collection->unit_codes)
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct group *group = i < plan->group_count ? &plan->groups[i] : NULL;
        const struct whole *whole = group ? NULL : &plan->wholes[i - plan->group_count];
        bool *members = arena_alloc_array(collection->arena, protection->office_count + 1, sizeof *members);

        if (!members)
            return false;
        for (size_t office = 0; office < protection->office_count; office++)
            members[office] = group ? is_member(group, collection->offices[office], collection->release->year)
                                    : !is_excepted(whole, collection->offices[office]);
        units[i].members = members;
        units[i].cost = group ? COST_OF_GROUP : whole->except_count > 0 ? COST_OF_PARTIAL_WHOLE : COST_OF_WHOLE;
        collection->unit_codes[i] = group ? group->code : whole->code;
    }
    protection->units = units;
    protection->unit_count = count;
    return true;
}

/* ---- cells ------------------------------------------------------------------------------------------------------- */

static bool is_whole(const struct element *element)
{
    const struct item *item = element->field ? element->field : element->sum;

    return !item || item->type != ITEM_DECIMAL;
}

struct cells {
    struct column *columns;
    int64_t *values;
    bool *known;
};

/* A decimal is no count of persons: that it is known is enough. */
static void fill_column(struct collection *collection, const struct cells *cells, const struct collected_form *form,
                        size_t part, const struct element *element)
{
    const struct protection *protection = &collection->protection;
    size_t column = column_of(form, part, element);

    cells->columns[column].sensitive = open_data_counts_persons(collection->release->terms, element);
    cells->columns[column].period = form->first_period + part;
    for (size_t office = 0; office < protection->office_count; office++) {
        const json_t *unit = find_unit(form->rollups[part][0], collection->offices[office]->code);
        const json_t *cell = json_object_get(json_object_get(unit, "elements"), element->code);
        const json_t *value = json_object_get(cell, "value");
        size_t at = column * protection->office_count + office;

        cells->known[at] = value && !json_is_null(value);
        cells->values[at] = is_whole(element) ? json_integer_value(value) : 0;
    }
}

static bool fill_cells(struct collection *collection)
{
    struct protection *protection = &collection->protection;
    struct arena *arena = collection->arena;

    for (size_t i = 0; i < collection->form_count; i++) {
        struct collected_form *form = &collection->forms[i];

        form->first_column = protection->column_count;
        form->first_period = protection->period_count;
        protection->column_count += form->part_count * form->form->element_count;
        protection->period_count += form->part_count;
    }
    size_t count = protection->column_count * protection->office_count + 1;
    struct cells cells = {arena_alloc_array(arena, protection->column_count + 1, sizeof *cells.columns),
                          arena_alloc_array(arena, count, sizeof *cells.values),
                          arena_alloc_array(arena, count, sizeof *cells.known)};

    if (!cells.columns || !cells.values || !cells.known)
        return false;
    for (size_t i = 0; i < collection->form_count; i++)
        for (size_t part = 0; part < collection->forms[i].part_count; part++)
            for (size_t e = 0; e < collection->forms[i].form->element_count; e++)
                fill_column(collection, &cells, &collection->forms[i], part, &collection->forms[i].form->elements[e]);
    protection->columns = collection->columns = cells.columns;
    protection->values = cells.values;
    protection->known = cells.known;
    return true;
}

/* ---- indicators -------------------------------------------------------------------------------------------------- */

static const struct collected_form *find_form(const struct collection *collection, const struct form *form)
{
    for (size_t i = 0; i < collection->form_count; i++)
        if (collection->forms[i].form == form)
            return &collection->forms[i];
    return NULL;
}

static const struct element *element_of(const struct ratio *ratio, size_t i)
{
    return i < ratio->numerator_count ? ratio->numerator[i] : ratio->denominator[i - ratio->numerator_count];
}

/* Of an event form an indicator counts meetings, not offices; of an element that roll-ups leave out no cell is known. */
static bool is_hidden(const struct collection *collection, const struct indicator *indicator)
{
    const struct ratio *ratio = &indicator->ratio;
    bool sensitive = false, out_of_sight = indicator->form->event || !find_form(collection, indicator->form);

    for (size_t i = 0; i < ratio->numerator_count + ratio->denominator_count; i++) {
        sensitive = sensitive || open_data_counts_persons(collection->release->terms, element_of(ratio, i));
        out_of_sight = out_of_sight || !element_of(ratio, i)->in_rollup;
    }
    return (sensitive && out_of_sight) || !find_form(collection, indicator->form);
}

/* An office is counted in a period where every element of both sides has a value. */
static void fill_counted(const struct collection *collection, const struct collected_form *form,
                         const struct ratio *ratio, size_t part, bool *counted)
{
    const struct protection *protection = &collection->protection;

    for (size_t office = 0; office < protection->office_count; office++) {
        bool all = true;

        for (size_t i = 0; i < ratio->numerator_count + ratio->denominator_count; i++)
            all = all &&
                  protection->known[column_of(form, part, element_of(ratio, i)) * protection->office_count + office];
        counted[(form->first_period + part) * protection->office_count + office] = all;
    }
}

static bool fill_indicator(const struct collection *collection, const struct indicator *indicator,
                           struct protection_indicator *ret_indicator)
{
    const struct protection *protection = &collection->protection;
    const struct collected_form *form = find_form(collection, indicator->form);
    const struct ratio *ratio = &indicator->ratio;
    size_t elements = ratio->numerator_count + ratio->denominator_count, parts = form ? form->part_count : 0;
    size_t *columns = arena_alloc_array(collection->arena, elements * parts + 1, sizeof *columns);
    bool *counted =
        arena_alloc_array(collection->arena, protection->period_count * protection->office_count + 1, sizeof *counted);

    if (!columns || !counted)
        return false;
    *ret_indicator = (struct protection_indicator){.columns = columns, .counted = counted};
    for (size_t part = 0; part < parts; part++) {
        fill_counted(collection, form, ratio, part, counted);
        for (size_t i = 0; i < elements; i++)
            columns[ret_indicator->column_count++] = column_of(form, part, element_of(ratio, i));
    }
    return true;
}

static bool fill_indicators(struct collection *collection)
{
    const struct plan *plan = collection->release->version->plan;
    struct protection *protection = &collection->protection;
    struct protection_indicator *indicators =
        arena_alloc_array(collection->arena, plan->indicator_count + 1, sizeof *indicators);

    collection->indicator_is_hidden =
        arena_alloc_array(collection->arena, plan->indicator_count + 1, sizeof *collection->indicator_is_hidden);
    if (!indicators || !collection->indicator_is_hidden)
        return false;
    for (size_t i = 0; i < plan->indicator_count; i++) {
        if (!fill_indicator(collection, &plan->indicators[i], &indicators[i]))
            return false;
        collection->indicator_is_hidden[i] = is_hidden(collection, &plan->indicators[i]);
    }
    protection->indicators = indicators;
    protection->indicator_count = plan->indicator_count;
    return true;
}

bool collect_cells(struct collection *collection)
{
    collection->protection.smallest = collection->release->terms->smallest;
    return list_offices(collection) && list_units(collection) && fill_cells(collection) && fill_indicators(collection);
}
