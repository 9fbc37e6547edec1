/* duties.c: what a form of a plan file asks of the offices: who owes it by when, what goes with it, who reviews it. */
#include <string.h>

#include "plan/form_reader.h"

enum { MOST_ATTACHMENTS = 20 };

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

void read_dues(struct plan_reader *reader, const json_t *json, struct form *form)
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

void read_owed_by(struct plan_reader *reader, const json_t *json, struct form *form)
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

static const struct stage *find_stage(const struct plan *plan, const char *code)
{
    for (size_t i = 0; i < plan->stage_count; i++)
        if (strcmp(plan->stages[i].code, code) == 0)
            return &plan->stages[i];
    return NULL;
}

static void read_review_stage(struct plan_reader *reader, const json_t *json, struct form *form)
{
    struct review_stage stage = {0};

    if (!reader_check_members(reader, json, "stage", "official", "source", NULL))
        return;

    const char *code = reader_text(reader, json, "stage", true);

    stage.stage = code ? find_stage(reader->plan, code) : NULL;
    stage.official = reader_bool(reader, json, "official", false);
    reader_text(reader, json, "source", false);
    if (code && !stage.stage)
        reader_fault(reader, "stage", "no stage is called '%s'", code);
    for (size_t i = 0; i < form->stage_count; i++) {
        if (stage.stage && form->stages[i].stage == stage.stage)
            reader_fault(reader, "stage", "'%s' stands twice", code);
        if (stage.official && form->stages[i].official)
            reader_fault(reader, "official", "only one stage makes a revision official");
    }
    if (stage.stage)
        form->stages[form->stage_count++] = stage;
}

void read_review(struct plan_reader *reader, const json_t *json, struct form *form)
{
    const json_t *list = reader_array(reader, json, "review", false), *item;
    size_t mark = reader_enter_key(reader, "review"), i;
    bool official = false;

    form->stages = reader_alloc(reader, json_array_size(list), sizeof *form->stages);
    json_array_foreach(list, i, item) {
        size_t here = reader_enter_index(reader, i);

        if (form->stages)
            read_review_stage(reader, item, form);
        reader_leave(reader, here);
    }
    for (i = 0; form->stages && i < form->stage_count; i++)
        official = official || form->stages[i].official;
    if (form->stage_count > 0 && !official)
        reader_fault(reader, NULL, "one stage must be the one that makes a revision official");
    reader_leave(reader, mark);
}

static void read_slot(struct plan_reader *reader, const json_t *json, struct form *form)
{
    struct attachment_slot slot;

    if (!reader_check_members(reader, json, "code", "name", "required", "most", "source", NULL))
        return;
    slot.code = reader_code(reader, json, "code");
    slot.name = reader_name(reader, json, "name", true);
    slot.required = reader_bool(reader, json, "required", false);
    slot.most = reader_int(reader, json, "most", false, MOST_ATTACHMENTS, 1, MOST_ATTACHMENTS);
    slot.source = reader_text(reader, json, "source", false);
    for (size_t i = 0; slot.code && i < form->slot_count; i++)
        if (strcmp(form->slots[i].code, slot.code) == 0)
            reader_fault(reader, "code", "'%s' stands twice", slot.code);
    if (slot.code)
        form->slots[form->slot_count++] = slot;
}

void read_slots(struct plan_reader *reader, const json_t *json, struct form *form)
{
    const json_t *list = reader_array(reader, json, "attachments", false), *item;
    size_t mark = reader_enter_key(reader, "attachments"), i;

    form->slots = reader_alloc(reader, json_array_size(list), sizeof *form->slots);
    json_array_foreach(list, i, item) {
        size_t here = reader_enter_index(reader, i);

        if (form->slots)
            read_slot(reader, item, form);
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
}

/* {"field","equals"}: a coded field and one of its codes. */
const struct item *read_field_condition(struct plan_reader *reader, const json_t *json, const char *key,
                                        const struct form *form, const char **ret_equals)
{
    const json_t *condition = json_object_get(json, key);
    size_t mark = reader_enter_key(reader, key);
    const struct item *field = NULL;

    if (condition && reader_check_members(reader, condition, "field", "equals", NULL)) {
        const char *code = reader_text(reader, condition, "field", true),
                   *equals = reader_text(reader, condition, "equals", true);

        field = code ? form_field(form, code) : NULL;
        *ret_equals = equals;
        if (code && !field)
            reader_fault(reader, "field", "the form has no field '%s'", code);
        else if (field && field->type != ITEM_CODE)
            reader_fault(reader, "field", "'%s' holds no code", code);
        else if (field && equals && !code_list_entry(field->codes, equals))
            reader_fault(reader, "equals", "'%s' is not a code of that field", equals);
    }
    reader_leave(reader, mark);
    return field;
}

/* {"least":1,"where":{"field","equals"}}: how many events a year are owed. */
void read_events_owed(struct plan_reader *reader, const json_t *json, struct form *form)
{
    const json_t *owed = json_object_get(json, "events_owed");
    size_t mark = reader_enter_key(reader, "events_owed");

    form->least_events = form->event ? 1 : 0;
    if (owed && !form->event)
        reader_fault(reader, NULL, "only a form of events owes a number of them");
    else if (owed && reader_check_members(reader, owed, "least", "where", "source", NULL)) {
        form->least_events = reader_int(reader, owed, "least", true, 1, 0, 1000);
        form->least_where = read_field_condition(reader, owed, "where", form, &form->least_equals);
        reader_text(reader, owed, "source", false);
    }
    reader_leave(reader, mark);
}
