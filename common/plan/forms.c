/* forms.c: the forms of a plan file, each read part by part. */
#include <string.h>

#include "plan/form_reader.h"

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

static const struct item *read_date_field(struct plan_reader *reader, const json_t *json, const char *key,
                                          const struct form *form)
{
    const char *code = reader_text(reader, json, key, false);
    const struct item *field = code ? form_field(form, code) : NULL;

    if (code && (!field || field->type != ITEM_DATE))
        reader_fault(reader, key, "the form has no date field '%s'", code);
    return field;
}

static void read_form(struct plan_reader *reader, const json_t *json)
{
    struct plan *plan = reader->plan;
    struct form *form = &plan->forms[plan->form_count];

    if (!reader_check_members(reader, json, "code", "name", "period", "event", "source", "note", "owed_by", "due",
                              "provisional_until_year_end", "effective_from", "events_owed", "review", "attachments",
                              "fields", "tables", "elements", "rules", "unusual", "cross_checks", NULL))
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
    form->counted_on = read_date_field(reader, json, "provisional_until_year_end", form);
    form->effective_from = read_date_field(reader, json, "effective_from", form);
    read_events_owed(reader, json, form);
    read_review(reader, json, form);
    read_slots(reader, json, form);
    if (!reader->out_of_memory) {
        read_rules(reader, json, form);
        read_unusual(reader, json, form);
    }
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
    if (!reader->out_of_memory && json_array_size(reader->faults) == 0) /* only then do the lists match the file */
        json_array_foreach(list, i, json) {
            size_t here = reader_enter_index(reader, i);

            read_links(reader, json, &reader->plan->forms[i]);
            reader_leave(reader, here);
        }
    reader_leave(reader, mark);
}
