/* stages.c: the stages of review: offices of the city and bodies that meet, and which meetings of a body count. */
#include <string.h>

#include "plan/reader.h"

static void read_stage(struct plan_reader *reader, const json_t *json)
{
    struct plan *plan = reader->plan;
    struct stage stage = {0};

    if (!reader_check_members(reader, json, "code", "name", "role", "body", "own", "meetings", "source", NULL))
        return;
    stage.code = reader_code(reader, json, "code");
    stage.name = reader_name(reader, json, "name", true);
    stage.role = reader_text(reader, json, "role", true);
    stage.body = reader_bool(reader, json, "body", false);
    stage.own = reader_bool(reader, json, "own", false);
    reader_text(reader, json, "source", false);
    if (stage.role && strcmp(stage.role, "geo") != 0 && strcmp(stage.role, "dbas") != 0)
        reader_fault(reader, "role", "must be \"geo\" or \"dbas\"");
    if (json_object_get(json, "meetings") && !(stage.body && stage.own))
        reader_fault(reader, "meetings", "only an office's own body records its meetings on a form");
    for (size_t k = 0; stage.code && k < plan->stage_count; k++)
        if (strcmp(plan->stages[k].code, stage.code) == 0)
            reader_fault(reader, "code", "'%s' stands twice", stage.code);
    if (stage.code)
        plan->stages[plan->stage_count++] = stage;
}

void read_stages(struct plan_reader *reader, const json_t *root)
{
    const json_t *list = reader_array(reader, root, "review_stages", false), *json;
    size_t mark = reader_enter_key(reader, "review_stages"), i;

    reader->plan->stages = reader_alloc(reader, json_array_size(list), sizeof *reader->plan->stages);
    json_array_foreach(list, i, json) {
        size_t here = reader_enter_index(reader, i);

        if (reader->plan->stages)
            read_stage(reader, json);
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
}

/* A field of the form that records meetings, of the type it must have. */
static const struct item *read_field(struct plan_reader *reader, const struct form *form, const char *key,
                                     const char *code, enum item_type type)
{
    const struct item *field = code ? form_field(form, code) : NULL;

    if (code && !field)
        reader_fault(reader, key, "form '%s' has no field '%s'", form->code, code);
    else if (field && field->type != type)
        reader_fault(reader, key, "'%s' is of another type", code);
    return field;
}

static void read_present(struct plan_reader *reader, const json_t *json, struct stage *stage)
{
    const json_t *list = reader_array(reader, json, "present", true), *item;
    size_t i;

    stage->present = reader_alloc(reader, json_array_size(list), sizeof(struct item *));
    json_array_foreach(list, i, item) {
        if (!json_is_string(item))
            reader_fault(reader, "present", "must hold codes of fields");
        else if (stage->present)
            stage->present[stage->present_count++] =
                read_field(reader, stage->meetings, "present", json_string_value(item), ITEM_COUNT);
    }
}

static void read_meetings(struct plan_reader *reader, const json_t *json, struct stage *stage)
{
    const char *code;

    if (!reader_check_members(reader, json, "form", "date", "members", "present", "source", NULL))
        return;
    code = reader_text(reader, json, "form", true);
    reader_text(reader, json, "source", false);
    stage->meetings = code ? plan_form(reader->plan, code) : NULL;
    if (code && (!stage->meetings || !stage->meetings->event)) {
        reader_fault(reader, "form", "no form of events is called '%s'", code);
        stage->meetings = NULL;
    }
    if (!stage->meetings)
        return;
    stage->held_on = read_field(reader, stage->meetings, "date", reader_text(reader, json, "date", true), ITEM_DATE);
    stage->members =
        read_field(reader, stage->meetings, "members", reader_text(reader, json, "members", true), ITEM_COUNT);
    read_present(reader, json, stage);
}

void read_stage_meetings(struct plan_reader *reader, const json_t *root)
{
    struct plan *plan = reader->plan;
    const json_t *list = json_object_get(root, "review_stages"), *json;
    size_t mark = reader_enter_key(reader, "review_stages"), i;

    json_array_foreach(list, i, json) {
        const json_t *meetings = json_object_get(json, "meetings");
        const char *code = json_string_value(json_object_get(json, "code"));

        for (size_t k = 0; meetings && code && k < plan->stage_count; k++) {
            size_t here, inside;

            if (strcmp(plan->stages[k].code, code) != 0)
                continue;
            here = reader_enter_index(reader, i);
            inside = reader_enter_key(reader, "meetings");
            read_meetings(reader, meetings, &plan->stages[k]);
            reader_leave(reader, inside);
            reader_leave(reader, here);
        }
    }
    reader_leave(reader, mark);
}
