/* elements.c: the measures that a form of a plan file yields. */
#include <string.h>

#include "plan/form_reader.h"

static void read_where(struct plan_reader *reader, const json_t *json, struct element *element)
{
    const json_t *where = json_object_get(json, "where");
    size_t mark = reader_enter_key(reader, "where");

    if (where && reader_check_members(reader, where, "column", "equals", NULL)) {
        const char *code = reader_text(reader, where, "column", true);

        element->where = code && element->table ? table_column(element->table, code) : NULL;
        element->equals = json_object_get(where, "equals");
        if (code && element->table && !element->where)
            reader_fault(reader, "column", "the table has no column '%s'", code);
        if (element->where && element->where->type == ITEM_CODE &&
            (!json_is_string(element->equals) ||
             !code_list_entry(element->where->codes, json_string_value(element->equals))))
            reader_fault(reader, "equals", "is not a code of that column");
        else if (element->where && element->where->type == ITEM_BOOLEAN && !json_is_boolean(element->equals))
            reader_fault(reader, "equals", "must be true or false");
        else if (element->where && element->where->type != ITEM_CODE && element->where->type != ITEM_BOOLEAN)
            reader_fault(reader, "column", "only columns of type code or boolean can select rows");
    }
    reader_leave(reader, mark);
}

static bool read_table_element(struct plan_reader *reader, const json_t *json, const struct form *form,
                               struct element *ret_element)
{
    struct element element = {.position = -1};

    if (!reader_check_members(reader, json, "code", "name", "table", "count", "sum", "where", "over_offices",
                              "over_periods", "rollup", "source", NULL))
        return false;
    element.code = reader_code(reader, json, "code");
    element.name = reader_name(reader, json, "name", true);
    element.over_offices = read_adds(reader, json, "over_offices");
    element.over_periods = read_adds(reader, json, "over_periods");
    element.in_rollup = reader_bool(reader, json, "rollup", true);

    const char *table = reader_text(reader, json, "table", true), *sum = reader_text(reader, json, "sum", false);

    element.table = table ? form_table(form, table) : NULL;
    if (table && !element.table)
        reader_fault(reader, "table", "the form has no table '%s'", table);
    if (element.table && sum) {
        element.sum = table_column(element.table, sum);
        if (!element.sum)
            reader_fault(reader, "sum", "the table has no column '%s'", sum);
        else if (!item_is_number(element.sum))
            reader_fault(reader, "sum", "column '%s' holds no numbers", sum);
    }
    if (!sum != reader_bool(reader, json, "count", false))
        reader_fault(reader, NULL, "needs either \"count\": true or \"sum\"");
    read_where(reader, json, &element);
    *ret_element = element;
    return element.code && element.table;
}

void read_elements(struct plan_reader *reader, const json_t *json, struct form *form)
{
    const json_t *list = reader_array(reader, json, "elements", false), *item;
    size_t mark = reader_enter_key(reader, "elements"), i;

    form->elements = reader_alloc(reader, form->field_count + json_array_size(list), sizeof *form->elements);
    for (i = 0; form->elements && i < form->field_count; i++) {
        const struct item *field = &form->fields[i];

        if (item_is_number(field))
            form->elements[form->element_count++] = (struct element){.code = field->code,
                                                                     .name = field->name,
                                                                     .field = field,
                                                                     .over_offices = field->over_offices,
                                                                     .over_periods = field->over_periods,
                                                                     .in_rollup = true,
                                                                     .position = -1};
    }
    json_array_foreach(list, i, item) {
        size_t here = reader_enter_index(reader, i);
        struct element element;

        if (form->elements && read_table_element(reader, item, form, &element)) {
            if (form_element(form, element.code))
                reader_fault(reader, "code", "'%s' stands twice", element.code);
            else
                form->elements[form->element_count++] = element;
        }
        reader_leave(reader, here);
    }
    for (i = 0; form->elements && i < form->element_count; i++)
        form->elements[i].index = i;
    reader_leave(reader, mark);
}
