/* comparison.c: figures beside those of an earlier document. */
#include "form/comparison.h"

#include <stdio.h>
#include <string.h>

const char *reference_name(enum reference reference)
{
    static const char *const names[REFERENCE_COUNT] = {"last_year", "previous", "given"};

    return names[reference];
}

bool reference_period(const struct form *form, struct period period, enum reference reference,
                      struct period *ret_period)
{
    if (form->event || form->period == PERIOD_PLAN || period.kind != form->period || reference == REFERENCE_GIVEN)
        return false;
    if (reference == REFERENCE_LAST_YEAR || period.kind == PERIOD_YEAR) {
        period.year--;
    } else if (--period.quarter == 0) {
        period.quarter = 4;
        period.year--;
    }
    *ret_period = period;
    return true;
}

/* ---- two figures ------------------------------------------------------------------------------------------------ */

static struct decimal absolute(struct decimal value)
{
    return value.coefficient < 0 ? (struct decimal){-value.coefficient, value.scale} : value;
}

/* The share that the change has in the earlier figure, with its sign; "" where there is none. */
static void set_percent(struct compared *compared)
{
    char text[DECIMAL_TEXT_SIZE];

    if (!ratio_percent(absolute(compared->change), absolute(compared->earlier.value), text))
        return;

    bool falls = compared->change.coefficient < 0 && strspn(text, "0.") != strlen(text);

    snprintf(compared->percent, sizeof compared->percent, "%s%s", falls ? "-" : "", text);
}

static enum unusual judge_change(const struct unusual_rule *rule, const struct compared *compared)
{
    struct decimal size = absolute(compared->change);
    bool met;

    if (size.coefficient == 0 || decimal_compare(size, rule->least) < 0)
        return UNUSUAL_NOT;
    if (compared->earlier.value.coefficient == 0)
        return UNUSUAL_WAS_ZERO;
    if (compared->now.value.coefficient == 0)
        return UNUSUAL_BECAME_ZERO;
    /* numbers beyond exact reach are unusual in themselves */
    if (ratio_meets(size, absolute(compared->earlier.value), rule->rate, &met) && !met)
        return UNUSUAL_NOT;
    return compared->change.coefficient > 0 ? UNUSUAL_ROSE : UNUSUAL_FELL;
}

void figures_compare(const struct unusual_rule *rule, struct compared *compared)
{
    const struct element_value *now = &compared->now, *earlier = &compared->earlier;
    struct decimal minus = {-earlier->value.coefficient, earlier->value.scale};

    compared->percent[0] = '\0';
    compared->unusual = UNUSUAL_NOT;
    compared->rule = NULL;
    compared->has_change =
        now->state == CELL_VALUE && earlier->state == CELL_VALUE && decimal_add(now->value, minus, &compared->change);
    if (compared->has_change)
        set_percent(compared);
    if (rule && compared->has_change)
        compared->unusual = judge_change(rule, compared);
    else if (rule && earlier->state == CELL_VALUE && now->state == CELL_BLANK)
        compared->unusual = UNUSUAL_BECAME_BLANK;
    if (compared->unusual != UNUSUAL_NOT)
        compared->rule = rule;
}

/* ---- which rule ------------------------------------------------------------------------------------------------- */

static bool applies(const struct unusual_rule *rule, enum reference reference)
{
    return reference == REFERENCE_GIVEN || (reference == REFERENCE_PREVIOUS ? rule->previous : rule->last_year);
}

bool reference_is_judged(const struct form *form, enum reference reference)
{
    for (size_t i = 0; i < form->unusual_count; i++)
        if (applies(&form->unusual[i], reference))
            return true;
    return false;
}

static bool names_element(const struct unusual_rule *rule, const struct element *element)
{
    for (size_t i = 0; i < rule->element_count; i++)
        if (rule->elements[i] == element)
            return true;
    return rule->all;
}

static bool names_column(const struct unusual_rule *rule, const struct table *table, const struct item *column)
{
    for (size_t i = 0; rule->table == table && i < rule->column_count; i++)
        if (rule->columns[i] == column)
            return true;
    return false;
}

static const struct unusual_rule *rule_of_element(const struct form *form, const struct element *element,
                                                  enum reference reference)
{
    for (size_t i = 0; i < form->unusual_count; i++)
        if (names_element(&form->unusual[i], element))
            return applies(&form->unusual[i], reference) ? &form->unusual[i] : NULL;
    return NULL;
}

static const struct unusual_rule *rule_of_column(const struct form *form, const struct table *table,
                                                 const struct item *column, enum reference reference)
{
    for (size_t i = 0; i < form->unusual_count; i++)
        if (names_column(&form->unusual[i], table, column))
            return applies(&form->unusual[i], reference) ? &form->unusual[i] : NULL;
    return NULL;
}

/* ---- two documents ---------------------------------------------------------------------------------------------- */

struct comparing {
    const struct document *document, *earlier;
    enum reference reference;
    struct arena *arena;
    struct compared *items;
    size_t count, capacity;
};

static size_t numeric_columns(const struct table *table)
{
    size_t count = 0;

    for (size_t c = 0; c < table->column_count; c++)
        count += item_is_number(&table->columns[c]);
    return count;
}

/* Whether the rows of both documents can be told apart in the same way; `twin` is the earlier document's table. */
static bool has_twin(const struct comparing *comparing, const struct table *table, const struct table **ret_twin)
{
    *ret_twin = comparing->earlier ? form_table(comparing->earlier->form, table->code) : table;
    return table->key_count > 0 && *ret_twin && (*ret_twin)->key_count == table->key_count &&
           comparing->document->tables[table->index].declared;
}

/* Room for every line there can be. */
static bool make_room(struct comparing *comparing)
{
    const struct form *form = comparing->document->form;
    const struct table *twin;
    size_t cells = 0;

    for (size_t t = 0; t < form->table_count; t++) {
        const struct table *table = &form->tables[t];
        size_t rows = comparing->document->tables[t].row_count;

        if (!has_twin(comparing, table, &twin))
            continue;
        if (comparing->earlier)
            rows += comparing->earlier->tables[twin->index].row_count;
        cells += rows * numeric_columns(table);
    }
    comparing->capacity = form->element_count + (cells < MOST_COMPARED_CELLS ? cells : MOST_COMPARED_CELLS);
    comparing->items = arena_alloc_array(comparing->arena, comparing->capacity + 1, sizeof *comparing->items);
    return comparing->items != NULL;
}

static struct compared element_line(const struct element *element)
{
    struct compared line = {.element = element, .name = &element->name};

    line.item = element->field ? element->field : element->sum;
    if (element->field)
        line.place.field = element->field->code;
    else
        line.place = (struct place){.table = element->table->code, .column = element->sum ? element->sum->code : NULL};
    return line;
}

static bool compare_elements(struct comparing *comparing)
{
    const struct form *form = comparing->document->form, *other = NULL;
    struct element_value *now = document_elements(comparing->document, comparing->arena), *earlier = NULL;

    if (comparing->earlier) {
        other = comparing->earlier->form;
        earlier = document_elements(comparing->earlier, comparing->arena);
    }
    if (!now || (comparing->earlier && !earlier))
        return false;
    for (size_t i = 0; i < form->element_count; i++) {
        const struct element *element = &form->elements[i], *twin = other ? form_element(other, element->code) : NULL;
        struct compared line = element_line(element);

        line.now = now[i];
        if (twin)
            line.earlier = earlier[twin->index];
        figures_compare(rule_of_element(form, element, comparing->reference), &line);
        comparing->items[comparing->count++] = line;
    }
    return true;
}

/* The row of the same identity; NULL if there is none. */
static const struct row *find_row(struct table_rows *rows, struct arena *arena, const char *identity)
{
    size_t number = rows ? rows_find(rows, arena, identity) : 0;

    return number ? &rows->rows[number - 1] : NULL;
}

static struct element_value value_of(const struct row *row, const struct item *column)
{
    const struct cell *cell = row && column ? &row->cells[column->index] : NULL;

    return cell && !cell->faulty ? (struct element_value){cell->state, cell->number} : (struct element_value){0};
}

/* The numeric cells of one row of either document; `number` is the row's own, 0 if it is gone. */
static void compare_cells(struct comparing *comparing, const struct table *table, const struct table *twin,
                          const struct row *row, const struct row *other, size_t number)
{
    const struct form *form = comparing->document->form;

    for (size_t c = 0; c < table->column_count && comparing->count < comparing->capacity; c++) {
        const struct item *column = &table->columns[c], *twin_column = table_column(twin, column->code);
        struct compared line = {.place = {.table = table->code,
                                          .row_identity = row ? row->identity : other->identity,
                                          .row = number,
                                          .column = column->code},
                                .item = column,
                                .name = &column->name,
                                .now = value_of(row, column),
                                .earlier = value_of(other, twin_column)};

        if (!item_is_number(column) || (line.now.state == CELL_BLANK && line.earlier.state == CELL_BLANK))
            continue;
        figures_compare(rule_of_column(form, table, column, comparing->reference), &line);
        comparing->items[comparing->count++] = line;
    }
}

static void compare_table(struct comparing *comparing, const struct table *table)
{
    const struct table *twin;

    if (!has_twin(comparing, table, &twin))
        return;

    struct table_rows *rows = &comparing->document->tables[table->index],
                      *others = comparing->earlier ? &comparing->earlier->tables[twin->index] : NULL;

    for (size_t i = 0; i < rows->row_count; i++) {
        const struct row *row = &rows->rows[i];

        if (row->identity)
            compare_cells(comparing, table, twin, row, find_row(others, comparing->arena, row->identity), i + 1);
    }
    for (size_t i = 0; others && i < others->row_count; i++) {
        const struct row *other = &others->rows[i];

        if (other->identity && !find_row(rows, comparing->arena, other->identity))
            compare_cells(comparing, table, twin, NULL, other, 0);
    }
}

struct compared *documents_compare(const struct document *document, const struct document *earlier,
                                   enum reference reference, struct arena *arena, size_t *ret_count)
{
    const struct form *form = document->form;
    struct comparing comparing = {.document = document, .earlier = earlier, .reference = reference, .arena = arena};
    bool good = make_room(&comparing) && compare_elements(&comparing);

    for (size_t t = 0; good && t < form->table_count; t++)
        compare_table(&comparing, &form->tables[t]);
    *ret_count = comparing.count;
    return good && !arena_is_short(arena) ? comparing.items : NULL;
}
