/* packs.c: reading from a plan file what stands in meeting papers. */
#include "plan/packs.h"

#include <string.h>

#include "plan/reader.h"

enum { SMALL_MOST = 100000 };

static const struct rule *ratio_rule(const struct form *form, const struct table *table)
{
    for (size_t i = 0; i < form->rule_count; i++)
        if (form->rules[i].kind == RULE_RATIO_REASON && form->rules[i].table == table)
            return &form->rules[i];
    return NULL;
}

static const struct item *column_or_field(const struct pack_table *table, const char *code)
{
    if (!code || !table->form)
        return NULL;
    return table->table ? table_column(table->table, code) : form_field(table->form, code);
}

static void read_element(struct plan_reader *reader, const json_t *json, const struct form *form,
                         struct pack_column *column)
{
    const char *code = reader_text(reader, json, "element", true);

    column->element = code ? form_element(form, code) : NULL;
    if (code && !column->element)
        reader_fault(reader, "element", "form '%s' has no element '%s'", form->code, code);
}

static void read_indicator(struct plan_reader *reader, const json_t *json, const struct form *form,
                           struct pack_column *column)
{
    const char *code = reader_text(reader, json, "indicator", true), *part = reader_text(reader, json, "part", false);
    const struct indicator *indicator = code ? plan_indicator(reader->plan, code) : NULL;

    column->indicator = indicator;
    if (code && (!indicator || indicator->form != form))
        reader_fault(reader, "indicator", "form '%s' has no indicator '%s'", form->code, code);
    for (size_t i = 0; part && indicator && i < indicator->part_count; i++)
        if (strcmp(indicator->parts[i].code, part) == 0)
            column->part = &indicator->parts[i];
    if (part && indicator && !column->part)
        reader_fault(reader, "part", "indicator '%s' has no part '%s'", code, part);
}

static void read_item(struct plan_reader *reader, const json_t *json, const struct pack_table *table,
                      struct pack_column *column)
{
    const char *code = reader_text(reader, json, "item", true);

    column->item = column_or_field(table, code);
    if (code && !column->item)
        reader_fault(reader, "item", "there is no column or field '%s'", code);
    else if (code && column->item->personal)
        reader_fault(reader, "item", "'%s' is personal and stands in no meeting paper", code);
}

static void read_columns(struct plan_reader *reader, const json_t *json, struct pack_table *table)
{
    const json_t *list = reader_array(reader, json, "columns", true), *item;
    size_t mark = reader_enter_key(reader, "columns"), i;

    table->columns = reader_alloc(reader, json_array_size(list), sizeof *table->columns);
    if (list && (json_array_size(list) == 0 || json_array_size(list) > PACK_MOST_COLUMNS))
        reader_fault(reader, NULL, "must be 1 to %d columns", PACK_MOST_COLUMNS);
    json_array_foreach(list, i, item) {
        size_t here = reader_enter_index(reader, i);
        struct pack_column column = {0};

        if (table->columns && table->form &&
            reader_check_members(reader, item, "element", "indicator", "part", "item", "ratio", "name", "group",
                                 NULL)) {
            column.name = reader_name(reader, item, "name", false);
            column.group = reader_name(reader, item, "group", false);
            column.ratio = table->words && reader_bool(reader, item, "ratio", false);
            if (column.ratio && !table->only.ratio)
                reader_fault(reader, "ratio", "the table tells of no ratio");
            if (table->words && !column.ratio)
                read_item(reader, item, table, &column);
            else if (!table->words && json_object_get(item, "indicator"))
                read_indicator(reader, item, table->form, &column);
            else if (!table->words)
                read_element(reader, item, table->form, &column);
            table->columns[table->column_count++] = column;
        }
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
}

/* The form, the table of its rows, and of which of them. */
static void read_words(struct plan_reader *reader, const json_t *json, struct pack_table *table)
{
    const char *code = reader_text(reader, json, "rows", false);
    const json_t *only = json_object_get(json, "only");
    size_t mark = reader_enter_key(reader, "only");

    table->words = code || reader_bool(reader, json, "fields", false);
    table->table = code && table->form ? form_table(table->form, code) : NULL;
    if (code && table->form && !table->table)
        reader_fault(reader, NULL, "form '%s' has no table '%s'", table->form->code, code);
    if (only && table->form && reader_check_members(reader, only, "ratio_reason", "column", "equals", NULL)) {
        const char *column = reader_text(reader, only, "column", false);

        table->only.equals = reader_text(reader, only, "equals", column != NULL);
        table->only.column = column_or_field(table, column);
        if (column && !table->only.column)
            reader_fault(reader, "column", "there is no column '%s'", column);
        if (reader_bool(reader, only, "ratio_reason", false)) {
            table->only.ratio = ratio_rule(table->form, table->table);
            if (!table->only.ratio)
                reader_fault(reader, "ratio_reason", "the form has no such rule");
        }
    }
    reader_leave(reader, mark);
}

static void read_years(struct plan_reader *reader, const json_t *json, struct pack_table *table)
{
    const json_t *list = reader_array(reader, json, "years", true), *item;
    size_t i;

    if (list && (json_array_size(list) == 0 || json_array_size(list) > PACK_YEARS_MOST))
        reader_fault(reader, "years", "must be 1 or 2 years");
    json_array_foreach(list, i, item) {
        json_int_t year = json_integer_value(item);

        if (!json_is_integer(item) || year < -1 || year > 0)
            reader_fault(reader, "years", "a year must be 0 (the meeting's) or -1 (the one before)");
        else if (table->year_count < PACK_YEARS_MOST)
            table->years[table->year_count++] = (int)year;
    }
}

static struct pack_table read_table(struct plan_reader *reader, const json_t *json)
{
    struct pack_table table = {0};
    const char *code = reader_text(reader, json, "form", true);

    table.title = reader_name(reader, json, "title", true);
    table.none = reader_name(reader, json, "none", false);
    table.note = reader_name(reader, json, "note", false);
    table.form = code ? plan_form(reader->plan, code) : NULL;
    if (code && !table.form)
        reader_fault(reader, "form", "no form has the code '%s'", code);
    else if (table.form && (table.form->period == PERIOD_PLAN || table.form->event))
        reader_fault(reader, "form", "is a form of events or of the whole plan");
    read_years(reader, json, &table);
    read_words(reader, json, &table);
    table.by_quarter = reader_bool(reader, json, "by_quarter", false);
    table.wholes = reader_bool(reader, json, "wholes", false);
    read_columns(reader, json, &table);
    return table;
}

static struct pack_part read_part(struct plan_reader *reader, const json_t *json)
{
    struct pack_part part = {.title = reader_name(reader, json, "title", true)};
    const json_t *list = reader_array(reader, json, "tables", true), *item;
    size_t mark = reader_enter_key(reader, "tables"), i;

    part.tables = reader_alloc(reader, json_array_size(list), sizeof *part.tables);
    json_array_foreach(list, i, item) {
        size_t here = reader_enter_index(reader, i);

        if (part.tables && reader_check_members(reader, item, "title", "none", "form", "note", "years", "rows",
                                                "fields", "only", "by_quarter", "wholes", "columns", NULL))
            part.tables[part.table_count++] = read_table(reader, item);
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
    return part;
}

static void read_small(struct plan_reader *reader, const json_t *root, struct pack_terms *terms)
{
    const json_t *json = json_object_get(root, "small");
    size_t mark = reader_enter_key(reader, "small");

    if (json && reader_check_members(reader, json, "below", "source", NULL)) {
        terms->small_below = reader_int(reader, json, "below", true, 2, 2, SMALL_MOST);
        terms->small_source = reader_text(reader, json, "source", true);
    }
    reader_leave(reader, mark);
}

void read_packs(struct plan_reader *reader, const json_t *root)
{
    const json_t *json = json_object_get(root, "packs"), *list, *item;
    struct pack_terms *terms = reader_alloc(reader, 1, sizeof *terms);
    size_t mark = reader_enter_key(reader, "packs"), inner, i;

    reader->plan->packs = terms;
    if (json && terms && reader_check_members(reader, json, "small", "parts", NULL)) {
        read_small(reader, json, terms);
        list = reader_array(reader, json, "parts", false);
        inner = reader_enter_key(reader, "parts");
        terms->parts = reader_alloc(reader, json_array_size(list), sizeof *terms->parts);
        json_array_foreach(list, i, item) {
            size_t here = reader_enter_index(reader, i);

            if (terms->parts && reader_check_members(reader, item, "title", "tables", NULL))
                terms->parts[terms->part_count++] = read_part(reader, item);
            reader_leave(reader, here);
        }
        reader_leave(reader, inner);
    }
    reader_leave(reader, mark);
}
