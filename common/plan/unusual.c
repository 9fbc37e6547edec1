/* unusual.c: which changes since an earlier period a form of a plan file calls unusual. */
#include <string.h>

#include "plan/form_reader.h"

static void read_elements_judged(struct plan_reader *reader, const json_t *json, const struct form *form,
                                 struct unusual_rule *rule)
{
    const json_t *list = json_object_get(json, "elements"), *item;
    size_t mark = reader_enter_key(reader, "elements"), i;

    rule->all = json_is_string(list) && strcmp(json_string_value(list), "all") == 0;
    if (!rule->all && json_array_size(list) == 0)
        reader_fault(reader, NULL, "must be \"all\" or a list that isn't empty");
    rule->elements = reader_alloc(reader, json_array_size(list), sizeof *rule->elements);
    json_array_foreach(list, i, item) {
        size_t here = reader_enter_index(reader, i);
        const struct element *element = json_is_string(item) ? form_element(form, json_string_value(item)) : NULL;

        if (!element)
            reader_fault(reader, NULL, "the form has no element of that code");
        else if (rule->elements)
            rule->elements[rule->element_count++] = element;
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
}

static void read_columns_judged(struct plan_reader *reader, const json_t *json, const struct form *form,
                                struct unusual_rule *rule)
{
    const char *table = reader_text(reader, json, "table", true);
    const json_t *list = reader_array(reader, json, "columns", true), *item;
    size_t mark = reader_enter_key(reader, "columns"), i;

    rule->table = table ? form_table(form, table) : NULL;
    rule->columns = reader_alloc(reader, json_array_size(list), sizeof *rule->columns);
    if (list && json_array_size(list) == 0)
        reader_fault(reader, NULL, "must not be empty");
    json_array_foreach(list, i, item) {
        size_t here = reader_enter_index(reader, i);
        const char *code = json_string_value(item);
        const struct item *column = code && rule->table ? table_column(rule->table, code) : NULL;

        if (rule->table && (!column || !item_is_number(column)))
            reader_fault(reader, NULL, "the table has no numeric column of that code");
        else if (column && rule->columns)
            rule->columns[rule->column_count++] = column;
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
    if (table && (!rule->table || rule->table->key_count == 0))
        reader_fault(reader, "table", "the form has no table '%s' whose rows have a key", table);
}

/* "last_year" if it is left out. */
static void read_against(struct plan_reader *reader, const json_t *json, const struct form *form,
                         struct unusual_rule *rule)
{
    const json_t *list = reader_array(reader, json, "against", false), *item;
    size_t mark = reader_enter_key(reader, "against"), i;

    rule->last_year = json_array_size(list) == 0;
    json_array_foreach(list, i, item) {
        size_t here = reader_enter_index(reader, i);
        const char *text = json_is_string(item) ? json_string_value(item) : "";

        if (strcmp(text, "last_year") == 0)
            rule->last_year = true;
        else if (strcmp(text, "previous") == 0 && form->period == PERIOD_QUARTER)
            rule->previous = true;
        else
            reader_fault(reader, NULL, "must be \"last_year\", or of a form of quarters \"previous\"");
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
}

static void read_thresholds(struct plan_reader *reader, const json_t *json, struct unusual_rule *rule)
{
    const struct decimal none = {0};

    if (reader_decimal(reader, json_object_get(json, "rate"), "rate", &rule->rate) &&
        decimal_compare(rule->rate, none) <= 0)
        reader_fault(reader, "rate", "must be more than 0");
    if (reader_decimal(reader, json_object_get(json, "least"), "least", &rule->least) &&
        decimal_compare(rule->least, none) <= 0)
        reader_fault(reader, "least", "must be more than 0");
}

static void read_one(struct plan_reader *reader, const json_t *json, struct form *form)
{
    struct unusual_rule rule = {0};

    if (!reader_check_members(reader, json, "elements", "table", "columns", "rate", "least", "against", "source", NULL))
        return;
    if (json_object_get(json, "elements") && json_object_get(json, "table"))
        reader_fault(reader, NULL, "needs either \"elements\" or \"table\"");
    else if (json_object_get(json, "table"))
        read_columns_judged(reader, json, form, &rule);
    else
        read_elements_judged(reader, json, form, &rule);
    read_thresholds(reader, json, &rule);
    read_against(reader, json, form, &rule);
    rule.source = reader_text(reader, json, "source", true);
    form->unusual[form->unusual_count++] = rule;
}

void read_unusual(struct plan_reader *reader, const json_t *json, struct form *form)
{
    const json_t *list = reader_array(reader, json, "unusual", false), *item;
    size_t mark = reader_enter_key(reader, "unusual"), i;

    form->unusual = reader_alloc(reader, json_array_size(list), sizeof *form->unusual);
    if (json_array_size(list) > 0 && (form->event || form->period == PERIOD_PLAN))
        reader_fault(reader, NULL, "only a form with one document a year or a quarter has an earlier one");
    json_array_foreach(list, i, item) {
        size_t here = reader_enter_index(reader, i);

        if (form->unusual)
            read_one(reader, item, form);
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
}
