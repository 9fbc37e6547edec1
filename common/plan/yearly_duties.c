/* yearly_duties.c: reading what every office has to do each year. */
#include <string.h>

#include "plan/bodies.h"
#include "plan/reader.h"

enum { MOST_LEAST = 1000 };

/* A list of elements of a form. */
static const struct element **read_sum(struct plan_reader *reader, const json_t *json, const char *key,
                                       const struct form *form, size_t *ret_count)
{
    const json_t *list = reader_array(reader, json, key, true), *item;
    const struct element **elements = reader_alloc(reader, json_array_size(list), sizeof *elements);
    size_t mark = reader_enter_key(reader, key), i;

    *ret_count = 0;
    if (list && json_array_size(list) == 0)
        reader_fault(reader, NULL, "must name an element");
    json_array_foreach(list, i, item) {
        size_t here = reader_enter_index(reader, i);
        const char *code = json_string_value(item);
        const struct element *element = code ? form_element(form, code) : NULL;

        if (!element)
            reader_fault(reader, NULL, "form '%s' yields no '%s'", form->code, code ? code : "?");
        else if (elements)
            elements[(*ret_count)++] = element;
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
    return elements;
}

static const struct item *read_field(struct plan_reader *reader, const json_t *json, const struct form *form)
{
    const char *code = reader_text(reader, json, "field", true);
    const struct item *field = code ? form_field(form, code) : NULL;

    if (code && !field)
        reader_fault(reader, "field", "form '%s' has no field '%s'", form->code, code);
    return field;
}

static void read_where(struct plan_reader *reader, const json_t *root, struct yearly_duty *duty)
{
    const json_t *json = json_object_get(root, "where");
    size_t mark = reader_enter_key(reader, "where");

    if (json && reader_check_members(reader, json, "field", "equals", NULL)) {
        duty->where = read_field(reader, json, duty->form);
        duty->equals = reader_text(reader, json, "equals", true);
        if (duty->where && duty->equals && duty->where->type == ITEM_CODE &&
            !code_list_entry(duty->where->codes, duty->equals))
            reader_fault(reader, "equals", "'%s' has no code '%s'", duty->where->code, duty->equals);
    }
    reader_leave(reader, mark);
}

/* The body whose meetings count: an office's own, that records them on a form. */
static void read_meetings_of(struct plan_reader *reader, const json_t *json, struct yearly_duty *duty)
{
    const char *code = reader_text(reader, json, "body", true);

    duty->body = code ? plan_body(reader->plan, code) : NULL;
    if (code && !duty->body)
        reader_fault(reader, "body", "no body has the code '%s'", code);
    else if (code && (!duty->body->stage || duty->body->stage->meetings != duty->form))
        reader_fault(reader, "body", "'%s' doesn't record its meetings on form '%s'", code, duty->form->code);
    read_where(reader, json, duty);
}

/* The body of its group whose meeting the office takes part in; its attendance, where it is recorded, says so. */
static void read_attended_body(struct plan_reader *reader, const json_t *json, struct yearly_duty *duty)
{
    const char *code = reader_text(reader, json, "body", false);

    duty->body = code ? plan_body(reader->plan, code) : NULL;
    if (code && (!duty->body || duty->body->per != BODY_PER_GROUP))
        reader_fault(reader, "body", "'%.80s' is no body that each group has", code);
}

static void read_figures(struct plan_reader *reader, const json_t *json, struct yearly_duty *duty)
{
    struct ratio *ratio = &duty->ratio;

    switch (duty->kind) {
    case DUTY_MEETINGS: read_meetings_of(reader, json, duty); break;
    case DUTY_COUNT: ratio->numerator = read_sum(reader, json, "elements", duty->form, &ratio->numerator_count); break;
    case DUTY_EVERYONE:
        ratio->numerator = read_sum(reader, json, "numerator", duty->form, &ratio->numerator_count);
        ratio->denominator = read_sum(reader, json, "denominator", duty->form, &ratio->denominator_count);
        break;
    case DUTY_SAYS:
        duty->field = read_field(reader, json, duty->form);
        if (duty->field && duty->field->type != ITEM_BOOLEAN)
            reader_fault(reader, "field", "'%s' says neither yes nor no", duty->field->code);
        read_attended_body(reader, json, duty);
        break;
    }
}

static void check_size(struct plan_reader *reader, const struct yearly_duty *duty)
{
    const struct stage *stage = duty->kind == DUTY_MEETINGS && duty->body ? duty->body->stage : NULL;
    size_t count = stage ? 1 + stage->present_count : duty->ratio.numerator_count + duty->ratio.denominator_count;

    if (count > DUTY_ELEMENTS_MOST)
        reader_fault(reader, NULL, "counts %zu elements; at most %d", count, DUTY_ELEMENTS_MOST);
}

static void read_due(struct plan_reader *reader, const json_t *root, struct yearly_duty *duty)
{
    const json_t *json = json_object_get(root, "due");
    size_t mark = reader_enter_key(reader, "due");

    if (json && reader_check_members(reader, json, "year_offset", "month", "day", NULL)) {
        duty->year_offset = reader_int(reader, json, "year_offset", true, 0, 0, 5);
        duty->month = reader_int(reader, json, "month", true, 1, 1, 12);
        duty->day = reader_int(reader, json, "day", true, 1, 1, 31);
        if (!date_is_valid((struct date){2023, duty->month, duty->day}))
            reader_fault(reader, "day", "is no day of every year");
    } else if (!json && duty->form->due_count == 0) {
        reader_fault(reader, NULL, "is needed: form '%s' is never due", duty->form->code);
    }
    reader_leave(reader, mark);
}

/* False if it is of no kind known here. */
static bool read_kind(struct plan_reader *reader, const json_t *json, enum duty_kind *ret_kind)
{
    const char *text = reader_text(reader, json, "kind", true);

    for (int kind = DUTY_COUNT; text && kind <= DUTY_SAYS; kind++)
        if (strcmp(duty_kind_word((enum duty_kind)kind), text) == 0) {
            *ret_kind = (enum duty_kind)kind;
            return true;
        }
    if (text)
        reader_fault(reader, "kind", "'%.80s' is no word known here", text);
    return false;
}

static void read_duty(struct plan_reader *reader, const json_t *json)
{
    struct plan_bodies *all = reader->plan->bodies;
    struct yearly_duty duty = {0};
    const char *form;

    if (!reader_check_members(reader, json, "code", "name", "kind", "form", "body", "where", "elements", "numerator",
                              "denominator", "field", "least", "due", "source", NULL))
        return;
    duty.code = reader_code(reader, json, "code");
    duty.name = reader_name(reader, json, "name", true);
    duty.source = reader_text(reader, json, "source", true);
    duty.least = reader_int(reader, json, "least", false, 1, 1, MOST_LEAST);
    form = reader_text(reader, json, "form", true);
    duty.form = form ? plan_form(reader->plan, form) : NULL;
    if (form && !duty.form)
        reader_fault(reader, "form", "no form has the code '%s'", form);
    else if (duty.form && duty.form->period == PERIOD_PLAN)
        reader_fault(reader, "form", "is a form of the whole plan, not of a year");
    if (read_kind(reader, json, &duty.kind) && duty.form) {
        read_figures(reader, json, &duty);
        check_size(reader, &duty);
        read_due(reader, json, &duty);
    }
    if (duty.code && plan_duty(reader->plan, duty.code))
        reader_fault(reader, "code", "duty '%s' stands twice", duty.code);
    else if (duty.code)
        all->duties[all->duty_count++] = duty;
}

void read_yearly_duties(struct plan_reader *reader, const json_t *root)
{
    const json_t *list = reader_array(reader, root, "duties", false), *json;
    struct plan_bodies *all = reader->plan->bodies;
    size_t mark = reader_enter_key(reader, "duties"), i;

    all->duties = reader_alloc(reader, json_array_size(list), sizeof *all->duties);
    json_array_foreach(list, i, json) {
        size_t here = reader_enter_index(reader, i);

        if (all->duties)
            read_duty(reader, json);
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
}
