/* links.c: what ties a form of a plan file to the other forms: values that come from them, and checks across. */
#include <string.h>

#include "plan/form_reader.h"

static void read_origin_elements(struct plan_reader *reader, const json_t *json, struct origin *origin)
{
    const json_t *list = reader_array(reader, json, "elements", false), *item;
    size_t mark = reader_enter_key(reader, "elements"), i;

    origin->elements = reader_alloc(reader, json_array_size(list), sizeof *origin->elements);
    json_array_foreach(list, i, item) {
        size_t here = reader_enter_index(reader, i);
        const struct element *element =
            json_is_string(item) ? form_element(origin->form, json_string_value(item)) : NULL;

        if (!element)
            reader_fault(reader, NULL, "form '%s' has no element of that code", origin->form->code);
        else if (origin->form->period == PERIOD_QUARTER && !element->over_periods)
            reader_fault(reader, NULL, "'%s' may not be added over quarters", element->code);
        else if (origin->elements)
            origin->elements[origin->element_count++] = element;
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
}

/* The date of the document at which the other form's content must have been in force. */
static void read_origin_on(struct plan_reader *reader, const json_t *json, const struct form *form,
                           struct origin *origin)
{
    const char *on = reader_text(reader, json, "on", false);

    if (!on)
        return;
    origin->on = form_field(form, on);
    if (!origin->on || origin->on->type != ITEM_DATE)
        reader_fault(reader, "on", "the form has no date field '%s'", on);
    else if (!origin->form->effective_from)
        reader_fault(reader, "on", "form '%s' has no effective_from", origin->form->code);
}

/* {"form", then one of "elements", "field" and "events", "where", "year_offset", "on"}. False if there is none to use. */
static bool read_origin(struct plan_reader *reader, const json_t *json, const struct form *form,
                        struct origin *ret_origin)
{
    struct origin origin = {0};
    const char *code = reader_text(reader, json, "form", true), *field = reader_text(reader, json, "field", false);

    origin.form = code ? plan_form(reader->plan, code) : NULL;
    if (code && !origin.form)
        reader_fault(reader, "form", "no form is called '%s'", code);
    else if (origin.form == form)
        reader_fault(reader, "form", "must be another form");
    if (!origin.form)
        return false;
    read_origin_elements(reader, json, &origin);
    if (field && !(origin.field = form_field(origin.form, field)))
        reader_fault(reader, "field", "form '%s' has no field '%s'", code, field);
    if (origin.field && (origin.form->event || origin.form->period == PERIOD_QUARTER))
        reader_fault(reader, "field", "form '%s' has several documents a year; name elements", code);
    origin.events = reader_bool(reader, json, "events", false);
    if (origin.events && !origin.form->event)
        reader_fault(reader, "events", "form '%s' is no form of events", code);
    origin.where = read_field_condition(reader, json, "where", origin.form, &origin.equals);
    origin.year_offset = reader_int(reader, json, "year_offset", false, 0, -20, 20);
    read_origin_on(reader, json, form, &origin);
    *ret_origin = origin;
    return true;
}

static void read_severity_of(struct plan_reader *reader, const json_t *json, enum severity *ret_severity)
{
    const char *text = reader_text(reader, json, "severity", true);

    if (text && !severity_parse(text, ret_severity))
        reader_fault(reader, "severity", "must be \"error\", \"explain\" or \"warning\"");
}

static void check_origin_kind(struct plan_reader *reader, const json_t *json, const struct item *item,
                              const struct origin *origin)
{
    int named = (json_array_size(json_object_get(json, "elements")) > 0) + (json_object_get(json, "field") != NULL) +
                origin->events;

    if (named != 1)
        reader_fault(reader, NULL, "needs one of \"elements\", \"field\" and \"events\"");
    else if (origin->field && origin->field->personal)
        reader_fault(reader, "field", "'%s' is personal and stays where it is", origin->field->code);
    else if (origin->field && origin->field->type != item->type)
        reader_fault(reader, "field", "'%s' is of another type than '%s'", origin->field->code, item->code);
    else if (!json_object_get(json, "field") && !item_is_number(item))
        reader_fault(reader, NULL, "'%s' holds no numbers", item->code);
}

static void read_item_origin(struct plan_reader *reader, const json_t *json, const struct form *form, struct item *item)
{
    const json_t *from = json_object_get(json, "from");
    size_t mark = reader_enter_key(reader, "from");
    struct origin *origin = from ? reader_alloc(reader, 1, sizeof *origin) : NULL;

    if (origin && reader_check_members(reader, from, "form", "elements", "field", "events", "where", "year_offset",
                                       "on", "severity", "source", NULL)) {
        read_severity_of(reader, from, &item->origin_severity);
        reader_text(reader, from, "source", false);
        if (read_origin(reader, from, form, origin)) {
            check_origin_kind(reader, from, item, origin);
            item->origin = origin;
        }
    }
    reader_leave(reader, mark);
}

static void read_field_origins(struct plan_reader *reader, const json_t *json, struct form *form)
{
    const json_t *fields = json_object_get(json, "fields"), *field;
    size_t mark = reader_enter_key(reader, "fields"), i;

    json_array_foreach(fields, i, field) {
        size_t here = reader_enter_index(reader, i);

        read_item_origin(reader, field, form, &form->fields[i]);
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
}

static void read_at_most(struct plan_reader *reader, const json_t *json, const struct form *form,
                         struct cross_check *check)
{
    const json_t *list = reader_array(reader, json, "parts", true), *item;
    size_t mark = reader_enter_key(reader, "parts"), i;

    check->parts = reader_alloc(reader, json_array_size(list), sizeof *check->parts);
    json_array_foreach(list, i, item) {
        const struct item *field = json_is_string(item) ? form_field(form, json_string_value(item)) : NULL;
        size_t here = reader_enter_index(reader, i);

        if (!field || !item_is_number(field))
            reader_fault(reader, NULL, "the form has no numeric field of that code");
        else if (check->parts)
            check->parts[check->part_count++] = field;
        reader_leave(reader, here);
    }
    if (list && json_array_size(list) == 0)
        reader_fault(reader, NULL, "must not be empty");
    reader_leave(reader, mark);
    if (check->origin.form && check->origin.element_count == 0)
        reader_fault(reader, "with", "needs \"elements\"");
}

static void read_same_lines(struct plan_reader *reader, const json_t *json, const struct form *form,
                            struct cross_check *check)
{
    const char *table = reader_text(reader, json, "table", true),
               *other = reader_text(reader, json_object_get(json, "with"), "table", true);
    const json_t *list = reader_array(reader, json, "columns", true), *item;
    size_t mark, i;

    check->table = table ? form_table(form, table) : NULL;
    check->other_table = other && check->origin.form ? form_table(check->origin.form, other) : NULL;
    if (!check->table || !check->other_table || check->table->key_count == 0 ||
        check->table->key_count != check->other_table->key_count) {
        reader_fault(reader, "table", "needs two tables with key columns of the same number");
        return;
    }
    mark = reader_enter_key(reader, "columns");
    check->columns = reader_alloc(reader, json_array_size(list), sizeof *check->columns);
    check->other_columns = reader_alloc(reader, json_array_size(list), sizeof *check->other_columns);
    json_array_foreach(list, i, item) {
        size_t here = reader_enter_index(reader, i);
        const char *code = json_string_value(item);
        const struct item *column = code ? table_column(check->table, code) : NULL,
                          *twin = code ? table_column(check->other_table, code) : NULL;

        if (!column || !twin || column->type != twin->type || column->personal || twin->personal) {
            reader_fault(reader, NULL, "both tables need a column of that code, of the same type and not personal");
        } else if (check->columns && check->other_columns) {
            check->columns[check->column_count] = column;
            check->other_columns[check->column_count++] = twin;
        }
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
}

static const struct {
    const char *kind;
    enum cross_kind id;
    enum finding_code code;
    void (*read)(struct plan_reader *, const json_t *, const struct form *, struct cross_check *);
} kinds[] = {
    {"at_most", CROSS_AT_MOST, FINDING_exceeds_other_form, read_at_most},
    {"same_lines", CROSS_SAME_LINES, FINDING_differs_from_other_form, read_same_lines},
};

static void read_cross_check(struct plan_reader *reader, const json_t *json, struct form *form)
{
    struct cross_check check = {0};
    const json_t *with = json_object_get(json, "with");
    size_t kind = 0, mark;

    if (!reader_check_members(reader, json, "kind", "severity", "parts", "with", "table", "columns", "message",
                              "source", NULL))
        return;

    const char *text = reader_text(reader, json, "kind", true);

    while (text && kind < sizeof kinds / sizeof *kinds && strcmp(kinds[kind].kind, text) != 0)
        kind++;
    if (!text || kind == sizeof kinds / sizeof *kinds) {
        reader_fault(reader, "kind", "must be \"at_most\" or \"same_lines\"");
        return;
    }
    check.kind = kinds[kind].id;
    check.code = kinds[kind].code;
    check.source = reader_text(reader, json, "source", true);
    check.message = reader_name(reader, json, "message", false);
    read_severity_of(reader, json, &check.severity);
    mark = reader_enter_key(reader, "with");
    if (!with)
        reader_fault(reader, NULL, "is missing");
    else if (reader_check_members(reader, with, "form", "elements", "where", "year_offset", "on", "table", NULL))
        read_origin(reader, with, form, &check.origin);
    reader_leave(reader, mark);
    kinds[kind].read(reader, json, form, &check);
    form->cross_checks[form->cross_check_count++] = check;
}

void read_links(struct plan_reader *reader, const json_t *json, struct form *form)
{
    const json_t *list = reader_array(reader, json, "cross_checks", false), *item;
    size_t mark, i;

    read_field_origins(reader, json, form);
    mark = reader_enter_key(reader, "cross_checks");
    form->cross_checks = reader_alloc(reader, json_array_size(list), sizeof *form->cross_checks);
    json_array_foreach(list, i, item) {
        size_t here = reader_enter_index(reader, i);

        if (form->cross_checks)
            read_cross_check(reader, item, form);
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
}
