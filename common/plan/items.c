/* items.c: fields, columns and tables of a form in a plan file. */
#include <string.h>

#include "plan/form_reader.h"

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

bool read_adds(struct plan_reader *reader, const json_t *json, const char *key)
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
                              "over_offices", "over_periods", "carry_over", "from", "note", "source", NULL))
        return false;
    item.code = reader_code(reader, json, "code");
    item.name = reader_name(reader, json, "name", true);
    item.personal = reader_bool(reader, json, "personal", false);
    item.unit = reader_text(reader, json, "unit", false);
    item.max_length = reader_int(reader, json, "max_length", false, DEFAULT_TEXT_LENGTH, 1, LONGEST_TEXT);
    item.over_offices = read_adds(reader, json, "over_offices");
    item.over_periods = read_adds(reader, json, "over_periods");
    item.carry_over = reader_bool(reader, json, "carry_over", false);
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

struct item *read_items(struct plan_reader *reader, const json_t *list, const char *key, size_t *ret_count)
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

void read_tables(struct plan_reader *reader, const json_t *json, struct form *form)
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
