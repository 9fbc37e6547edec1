/* numbering.c: the number that a meeting bore when papers first named it. */
#include <string.h>

#include "base/json.h"
#include "meeting/inside.h"

static bool is_same(const char *one, const char *other)
{
    return one && other ? strcmp(one, other) == 0 : one == other;
}

/* When it was called (by the newest letter: one that was put off keeps its own) or, if nobody called it, first said to have
 * been held; NULL: neither. */
static const char *named_at(const json_t *steps)
{
    const json_t *step;
    const char *called = NULL, *letter = NULL, *held = NULL;
    size_t i;

    json_array_foreach(steps, i, step) {
        const char *state = json_text_member(step, "state"), *moment = json_text_member(step, "recorded_at"),
                   *number = json_text_member(step, "document_number");

        if (strcmp(state, "called") == 0) {
            called = called && is_same(number, letter) ? called : moment;
            letter = number;
        } else if (!held && (strcmp(state, "held") == 0 || strcmp(state, "on_record") == 0)) {
            held = moment;
        }
    }
    return called ? called : held;
}

enum db_status meeting_first_number(struct db *db, const struct plan *plan, const char *id, const json_t *steps,
                                    struct arena *arena, json_t **ret_number)
{
    const char *moment = named_at(steps);
    struct meeting_filter filter = {.id = id, .plan = plan->code};
    json_t *list = NULL;
    timestamp then;
    enum db_status status = DB_OK;

    *ret_number = NULL;
    if (moment && timestamp_parse(moment, &then)) {
        filter.as_of = &then;
        status = meetings_list(db, &filter, &list);
        if (status == DB_OK)
            status = meetings_number(db, plan, &then, arena, list);
        if (status == DB_OK)
            *ret_number = json_incref(json_object_get(json_array_get(list, 0), "number"));
        json_decref(list);
    }
    if (status == DB_OK && !*ret_number)
        *ret_number = json_null();
    return status;
}
