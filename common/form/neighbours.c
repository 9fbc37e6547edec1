/* neighbours.c: which other documents a form looks at, and what they come to. */
#include "form/neighbours.h"

#include <string.h>

static bool is_same_period(struct period a, struct period b)
{
    return a.kind == b.kind && a.year == b.year && a.quarter == b.quarter;
}

/* ---- what is wanted ---------------------------------------------------------------------------------------------- */

enum { MOST_WANTED = 256 };

struct wanting {
    const struct plan *plan;
    struct wanted *items;
    size_t count;
};

static void want(struct wanting *wanting, const struct form *form, struct period period)
{
    for (size_t i = 0; i < wanting->count; i++)
        if (wanting->items[i].form == form && is_same_period(wanting->items[i].period, period))
            return;
    if (wanting->count < MOST_WANTED && plan_has_period(wanting->plan, form, period))
        wanting->items[wanting->count++] = (struct wanted){form, period, form->effective_from != NULL};
}

/* The periods of the other form that stand for a period of this one; at most four. */
static size_t origin_periods(const struct plan *plan, const struct origin *origin, struct period period,
                             struct period ret_periods[4])
{
    int year = plan_period_year(plan, period) + origin->year_offset;

    if (origin->form->period == PERIOD_PLAN) {
        ret_periods[0] = (struct period){.kind = PERIOD_PLAN};
        return 1;
    }
    if (origin->form->period == PERIOD_YEAR) {
        ret_periods[0] = (struct period){.kind = PERIOD_YEAR, .year = year};
        return 1;
    }
    if (period.kind == PERIOD_QUARTER) {
        ret_periods[0] = (struct period){.kind = PERIOD_QUARTER, .year = year, .quarter = period.quarter};
        return 1;
    }
    for (int quarter = 1; quarter <= 4; quarter++)
        ret_periods[quarter - 1] = (struct period){.kind = PERIOD_QUARTER, .year = year, .quarter = quarter};
    return 4;
}

static void want_origin(struct wanting *wanting, const struct origin *origin, struct period period)
{
    struct period periods[4];
    size_t count = origin_periods(wanting->plan, origin, period, periods);

    for (size_t i = 0; i < count; i++)
        want(wanting, origin->form, periods[i]);
    /* what came into force in an earlier year still holds */
    for (int year = wanting->plan->from; origin->form->effective_from && year < periods[0].year; year++)
        want(wanting, origin->form, (struct period){.kind = PERIOD_YEAR, .year = year});
}

struct wanted *neighbours_wanted(const struct plan *plan, const struct form *form, struct period period,
                                 struct arena *arena, size_t *ret_count)
{
    struct wanting wanting = {.plan = plan, .items = arena_alloc_array(arena, MOST_WANTED, sizeof *wanting.items)};

    *ret_count = 0;
    if (!wanting.items)
        return NULL;
    for (size_t i = 0; i < form->field_count; i++)
        if (form->fields[i].origin)
            want_origin(&wanting, form->fields[i].origin, period);
    for (size_t i = 0; i < form->cross_check_count; i++)
        want_origin(&wanting, &form->cross_checks[i].origin, period);
    *ret_count = wanting.count;
    return wanting.items;
}

/* ---- the documents ----------------------------------------------------------------------------------------------- */

static bool grow(struct neighbours *neighbours)
{
    size_t capacity = neighbours->capacity ? neighbours->capacity * 2 : 16;
    struct neighbour *items = arena_alloc_array(neighbours->arena, capacity, sizeof *items);

    if (!items)
        return false;
    if (neighbours->count)
        memcpy(items, neighbours->items, neighbours->count * sizeof *items);
    neighbours->items = items;
    neighbours->capacity = capacity;
    return true;
}

bool neighbours_add(struct neighbours *neighbours, const struct plan *plan, json_t *json)
{
    struct findings ignored = FINDINGS_IN(neighbours->arena);
    struct document *document;
    struct neighbour *neighbour;

    if (neighbours->count == neighbours->capacity && !grow(neighbours)) {
        json_decref(json);
        return false;
    }
    document = document_judge(plan, json, &ignored);
    if (!document)
        return !ignored.out_of_memory;
    neighbour = &neighbours->items[neighbours->count];
    *neighbour = (struct neighbour){document, document_elements(document, neighbours->arena)};
    if (!neighbour->values) {
        document_release(document);
        return false;
    }
    neighbours->count++;
    return true;
}

void neighbours_release(struct neighbours *neighbours)
{
    for (size_t i = 0; i < neighbours->count; i++)
        document_release(neighbours->items[i].document);
    neighbours->count = 0;
}

/* ---- what an origin comes to ------------------------------------------------------------------------------------- */

/* From when a document holds; one that doesn't say, from the first day of its period. */
static struct date effective_date(const struct document *document)
{
    const struct cell *cell = &document->fields[document->form->effective_from->index];
    struct date first = {0}, last;

    if (cell->state == CELL_VALUE && !cell->faulty)
        return cell->date;
    period_bounds(document->period, &first, &last);
    return first;
}

/* The document in force on a day: the newest of those that hold from then or earlier. Newest is of the latest period, then
 * the latest revision, and not the latest to take effect: a revision that holds from an earlier day corrects the one
 * before it, which may have given a wrong day. Documents of years after `year` aren't asked: whether they are at hand
 * depends on what else the form looks at. */
static const struct neighbour *find_in_force(const struct neighbours *neighbours, const struct form *form, int year,
                                             struct date day)
{
    const struct neighbour *best = NULL;

    for (size_t i = 0; i < neighbours->count; i++) {
        const struct neighbour *one = &neighbours->items[i];

        if (one->document->form != form || one->document->period.year > year ||
            date_compare(effective_date(one->document), day) > 0)
            continue;
        if (!best || one->document->period.year >= best->document->period.year)
            best = one;
    }
    return best;
}

/* Whether the origin speaks of this event; false in *ret_known if its document doesn't know yet. */
static bool event_counts(const struct origin *origin, const struct document *document, bool *ret_known)
{
    const struct cell *cell = origin->where ? &document->fields[origin->where->index] : NULL;

    *ret_known = !cell || cell->state != CELL_NOT_YET;
    return !cell || (cell->state == CELL_VALUE && json_is_string(cell->json) &&
                     strcmp(json_string_value(cell->json), origin->equals) == 0);
}

/* Adds what one document holds; false if it isn't known. */
static bool add_document(const struct origin *origin, const struct neighbour *neighbour, struct origin_value *value)
{
    const struct document *document = neighbour->document;
    bool known;

    value->reported = true;
    value->document = document;
    if (!event_counts(origin, document, &known))
        return known;
    if (origin->events)
        return decimal_add(value->number, decimal_from_int(1), &value->number);
    if (origin->field) {
        const struct cell *cell = &document->fields[origin->field->index];

        value->json = cell->state == CELL_VALUE && !cell->faulty ? cell->json : NULL;
        return value->json != NULL;
    }
    for (size_t i = 0; i < origin->element_count; i++) {
        const struct element_value *element = &neighbour->values[origin->elements[i]->index];

        if (element->state != CELL_VALUE || !decimal_add(value->number, element->value, &value->number))
            return false;
    }
    return true;
}

static struct origin_value find_effective(const struct neighbours *neighbours, const struct origin *origin,
                                          struct period period, const struct date *on)
{
    struct origin_value value = {0};
    struct date first, last;
    const struct neighbour *neighbour;

    if (!on && !period_bounds(period, &first, &last))
        return value;
    neighbour = find_in_force(neighbours, origin->form, period.year, on ? *on : last);
    value.known = neighbour && add_document(origin, neighbour, &value);
    return value;
}

struct origin_value origin_find(const struct neighbours *neighbours, const struct plan *plan,
                                const struct origin *origin, struct period period, const struct date *on)
{
    struct origin_value value = {.known = true};
    struct period periods[4];
    size_t count = origin_periods(plan, origin, period, periods);

    if (origin->form->effective_from && origin->form->period == PERIOD_YEAR)
        return find_effective(neighbours, origin, periods[0], on);
    for (size_t p = 0; p < count; p++) {
        bool seen = false;

        for (size_t i = 0; i < neighbours->count; i++) {
            const struct document *document = neighbours->items[i].document;

            if (document->form != origin->form || !is_same_period(document->period, periods[p]))
                continue;
            seen = true;
            value.known = add_document(origin, &neighbours->items[i], &value) && value.known;
        }
        value.known = value.known && seen;
    }
    return value;
}

json_t *origin_to_json(const struct origin_value *value, const struct item *item)
{
    char text[DECIMAL_TEXT_SIZE];

    if (!value->known)
        return NULL;
    if (value->json)
        return json_deep_copy(value->json);
    if (item->type == ITEM_DECIMAL) {
        decimal_format(value->number, text);
        return json_string(text);
    }
    return value->number.scale == 0 ? json_integer((json_int_t)value->number.coefficient) : NULL;
}
