/* forms.c: the forms of a plan file: fields, tables, elements, due dates. */
#include <stdint.h>
#include <string.h>

#include "plan/reader.h"

enum { DEFAULT_TEXT_LENGTH = 2000, LONGEST_TEXT = 100000 };

static const struct {
    const char *name;
    enum item_type type;
} item_types[] = {
    {"count", ITEM_COUNT}, {"money", ITEM_MONEY}, {"decimal", ITEM_DECIMAL}, {"date", ITEM_DATE},
    {"text", ITEM_TEXT},   {"code", ITEM_CODE},   {"codes", ITEM_CODES},     {"boolean", ITEM_BOOLEAN},
    {"key", ITEM_KEY},     {"url", ITEM_URL},     {"email", ITEM_EMAIL},     {"phone", ITEM_PHONE},
};

const char *item_type_name(enum item_type type)
{
    for (size_t i = 0; i < sizeof item_types / sizeof *item_types; i++)
        if (item_types[i].type == type)
            return item_types[i].name;
    return "?";
}

static bool read_type(struct plan_reader *reader, const json_t *json, enum item_type *ret_type)
{
    const char *text = reader_text(reader, json, "type", true);

    for (size_t i = 0; text && i < sizeof item_types / sizeof *item_types; i++) {
        if (strcmp(item_types[i].name, text) == 0) {
            *ret_type = item_types[i].type;
            return true;
        }
    }
    if (text)
        reader_fault(reader, "type", "no type is called '%s'", text);
    return false;
}

/* "sum" or "none". */
static bool read_adds(struct plan_reader *reader, const json_t *json, const char *key)
{
    const char *text = reader_text(reader, json, key, false);

    if (text && strcmp(text, "sum") != 0 && strcmp(text, "none") != 0)
        reader_fault(reader, key, "must be \"sum\" or \"none\"");
    return !text || strcmp(text, "none") != 0;
}

static const struct code_list *read_codes(struct plan_reader *reader, const json_t *json)
{
    const char *code = reader_text(reader, json, "codes", true);

    for (size_t i = 0; code && i < reader->plan->code_list_count; i++)
        if (strcmp(reader->plan->code_lists[i].code, code) == 0)
            return &reader->plan->code_lists[i];
    if (code)
        reader_fault(reader, "codes", "no code list is called '%s'", code);
    return NULL;
}

static bool read_item(struct plan_reader *reader, const json_t *json, struct item *ret_item)
{
    struct item item = {.step = {1, 2}};
    bool coded;

    if (!reader_check_members(reader, json, "code", "name", "type", "codes", "step", "max_length", "unit", "personal",
                              "over_offices", "over_periods", "note", "source", NULL))
        return false;
    item.code = reader_code(reader, json, "code");
    item.name = reader_name(reader, json, "name", true);
    item.personal = reader_bool(reader, json, "personal", false);
    item.unit = reader_text(reader, json, "unit", false);
    item.max_length = reader_int(reader, json, "max_length", false, DEFAULT_TEXT_LENGTH, 1, LONGEST_TEXT);
    item.over_offices = read_adds(reader, json, "over_offices");
    item.over_periods = read_adds(reader, json, "over_periods");
    reader_name(reader, json, "note", false);
    reader_text(reader, json, "source", false);
    if (!read_type(reader, json, &item.type))
        return false;
    if (item.personal && item.type != ITEM_TEXT && item.type != ITEM_URL && item.type != ITEM_EMAIL &&
        item.type != ITEM_PHONE)
        reader_fault(reader, "personal", "only texts, addresses and telephone numbers live apart");
    coded = item.type == ITEM_CODE || item.type == ITEM_CODES;
    if (coded)
        item.codes = read_codes(reader, json);
    else if (json_object_get(json, "codes"))
        reader_fault(reader, "codes", "only the types code and codes take a code list");
    if (json_object_get(json, "step")) {
        if (item.type != ITEM_DECIMAL)
            reader_fault(reader, "step", "only decimals have a step");
        else if (reader_decimal(reader, json_object_get(json, "step"), "step", &item.step) &&
                 item.step.coefficient <= 0)
            reader_fault(reader, "step", "must be above zero");
    }
    *ret_item = item;
    return item.code && (!coded || item.codes);
}

static struct item *read_items(struct plan_reader *reader, const json_t *list, const char *key, size_t *ret_count)
{
    struct item *items = reader_alloc(reader, json_array_size(list), sizeof *items);
    size_t mark = reader_enter_key(reader, key), count = 0, i;
    const json_t *json;

    json_array_foreach(list, i, json) {
        size_t here = reader_enter_index(reader, i);
        struct item item;

        if (items && read_item(reader, json, &item)) {
            for (size_t k = 0; k < count; k++)
                if (strcmp(items[k].code, item.code) == 0)
                    reader_fault(reader, "code", "'%s' stands twice", item.code);
            item.index = count;
            items[count++] = item;
        }
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
    *ret_count = count;
    return items;
}

static void read_key_columns(struct plan_reader *reader, const json_t *json, struct table *table)
{
    const json_t *list = reader_array(reader, json, "key", false), *item;
    size_t mark = reader_enter_key(reader, "key"), i;

    table->key = reader_alloc(reader, json_array_size(list), sizeof *table->key);
    json_array_foreach(list, i, item) {
        const char *code = json_string_value(item);
        const struct item *column = code ? table_column(table, code) : NULL;
        size_t here = reader_enter_index(reader, i);

        if (!column)
            reader_fault(reader, NULL, "the table has no column '%s'", code ? code : "?");
        else if (column->type != ITEM_KEY && column->type != ITEM_TEXT && column->type != ITEM_CODE &&
                 column->type != ITEM_COUNT)
            reader_fault(reader, NULL, "column '%s' can't identify a row: its type is %s", code,
                         item_type_name(column->type));
        else if (column->personal)
            reader_fault(reader, NULL, "column '%s' is personal and can't identify a row", code);
        else if (table->key)
            table->key[table->key_count++] = column;
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
}

static void read_tables(struct plan_reader *reader, const json_t *json, struct form *form)
{
    const json_t *list = reader_array(reader, json, "tables", false), *item;
    size_t mark = reader_enter_key(reader, "tables"), i;

    form->tables = reader_alloc(reader, json_array_size(list), sizeof *form->tables);
    json_array_foreach(list, i, item) {
        size_t here = reader_enter_index(reader, i);
        struct table table = {.index = form->table_count};

        if (form->tables &&
            reader_check_members(reader, item, "code", "name", "columns", "key", "note", "source", NULL)) {
            table.code = reader_code(reader, item, "code");
            table.name = reader_name(reader, item, "name", true);
            table.columns =
                read_items(reader, reader_array(reader, item, "columns", true), "columns", &table.column_count);
            if (table.columns)
                read_key_columns(reader, item, &table);
            if (table.code && form_table(form, table.code))
                reader_fault(reader, "code", "'%s' stands twice", table.code);
            else if (table.code)
                form->tables[form->table_count++] = table;
        }
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
}

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

/* Every numeric field is an element by its own code; tables yield what the plan declares. */
static void read_elements(struct plan_reader *reader, const json_t *json, struct form *form)
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

static void read_due(struct plan_reader *reader, const json_t *json, struct form *form)
{
    static const int longest[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    struct due *due = &form->dues[form->due_count];
    const char *kind;

    if (!reader_check_members(reader, json, "quarter", "year_offset", "month", "day", "kind", "source", NULL))
        return;
    bool quarterly = form->period == PERIOD_QUARTER;

    due->quarter = reader_int(reader, json, "quarter", quarterly, 0, 1, 4);
    if (!quarterly && json_object_get(json, "quarter"))
        reader_fault(reader, "quarter", "only quarterly forms are due by quarter");
    due->year_offset = reader_int(reader, json, "year_offset", true, 0, -1, 5);
    due->month = reader_int(reader, json, "month", true, 1, 1, 12);
    due->day = reader_int(reader, json, "day", true, 1, 1, 31);
    if (due->day > longest[due->month - 1])
        reader_fault(reader, "day", "month %d has no day %d", due->month, due->day);
    kind = reader_text(reader, json, "kind", true);
    due->hard = kind && strcmp(kind, "hard") == 0;
    if (kind && !due->hard && strcmp(kind, "soft") != 0)
        reader_fault(reader, "kind", "must be \"hard\" or \"soft\"");
    due->source = reader_text(reader, json, "source", false);
    for (size_t i = 0; i < form->due_count; i++)
        if (form->dues[i].quarter == due->quarter)
            reader_fault(reader, NULL, "this period already has a due date");
    form->due_count++;
}

static void read_dues(struct plan_reader *reader, const json_t *json, struct form *form)
{
    const json_t *list = reader_array(reader, json, "due", true), *item;
    size_t mark = reader_enter_key(reader, "due"), i;

    form->dues = reader_alloc(reader, json_array_size(list), sizeof *form->dues);
    json_array_foreach(list, i, item) {
        size_t here = reader_enter_index(reader, i);

        if (form->dues)
            read_due(reader, item, form);
        reader_leave(reader, here);
    }
    if (form->period == PERIOD_QUARTER && list && form->due_count != 4 && form->due_count != 0)
        reader_fault(reader, NULL, "a quarterly form needs a due date for each quarter");
    reader_leave(reader, mark);
}

static void read_owed_by(struct plan_reader *reader, const json_t *json, struct form *form)
{
    const json_t *list = reader_array(reader, json, "owed_by", false), *item;
    size_t mark = reader_enter_key(reader, "owed_by"), i;

    form->owed_by = reader_alloc(reader, json_array_size(list), sizeof *form->owed_by);
    json_array_foreach(list, i, item) {
        const char *code = json_string_value(item);
        const struct office *office = code ? plan_office(reader->plan, code) : NULL;
        size_t here = reader_enter_index(reader, i);

        if (!office)
            reader_fault(reader, NULL, "no office has the code '%s'", code ? code : "?");
        else if (form->owed_by)
            form->owed_by[form->owed_by_count++] = office;
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
}

static enum period_kind read_period_kind(struct plan_reader *reader, const json_t *json)
{
    const char *text = reader_text(reader, json, "period", true);

    if (text && strcmp(text, "quarter") == 0)
        return PERIOD_QUARTER;
    if (text && strcmp(text, "plan") == 0)
        return PERIOD_PLAN;
    if (text && strcmp(text, "year") != 0)
        reader_fault(reader, "period", "must be \"year\", \"quarter\" or \"plan\"");
    return PERIOD_YEAR;
}

static void read_form(struct plan_reader *reader, const json_t *json)
{
    struct plan *plan = reader->plan;
    struct form *form = &plan->forms[plan->form_count];
    const char *counted_on;

    if (!reader_check_members(reader, json, "code", "name", "period", "event", "source", "note", "owed_by", "due",
                              "provisional_until_year_end", "fields", "tables", "elements", "rules", NULL))
        return;
    *form = (struct form){.index = plan->form_count};
    form->code = reader_code(reader, json, "code");
    form->name = reader_name(reader, json, "name", true);
    form->period = read_period_kind(reader, json);
    form->event = reader_bool(reader, json, "event", false);
    if (form->event && form->period != PERIOD_YEAR)
        reader_fault(reader, "event", "event forms have a year period");
    reader_name(reader, json, "note", false);
    reader_text(reader, json, "source", false);
    read_owed_by(reader, json, form);
    read_dues(reader, json, form);
    form->fields = read_items(reader, reader_array(reader, json, "fields", false), "fields", &form->field_count);
    read_tables(reader, json, form);
    if (form->field_count == 0 && form->table_count == 0)
        reader_fault(reader, NULL, "a form needs fields or tables");
    read_elements(reader, json, form);
    counted_on = reader_text(reader, json, "provisional_until_year_end", false);
    if (counted_on) {
        form->counted_on = form_field(form, counted_on);
        if (!form->counted_on || form->counted_on->type != ITEM_DATE)
            reader_fault(reader, "provisional_until_year_end", "the form has no date field '%s'", counted_on);
    }
    if (!reader->out_of_memory)
        read_rules(reader, json, form);
    if (form->code && plan_form(plan, form->code))
        reader_fault(reader, "code", "form '%s' stands twice", form->code);
    else if (form->code)
        plan->form_count++;
}

void read_forms(struct plan_reader *reader, const json_t *root)
{
    const json_t *list = reader_array(reader, root, "forms", true), *json;
    size_t mark = reader_enter_key(reader, "forms"), i;

    reader->plan->forms = reader_alloc(reader, json_array_size(list), sizeof *reader->plan->forms);
    json_array_foreach(list, i, json) {
        size_t here = reader_enter_index(reader, i);

        if (!reader->out_of_memory)
            read_form(reader, json);
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
}
