/* meeting_numbers.c: whether an act changed the number of another meeting, whose papers bear the one it had. */
#include <string.h>

#include "base/json.h"
#include "fetch.h"
#include "meetings.h"

json_t *meeting_numbers(struct client *client, const struct plan *plan, const char *body, const char *unit)
{
    const struct url_parameter parameters[] = {{"body", body}, {"unit", unit}};
    json_t *answer = NULL;

    if (!client->json)
        fetch_quietly(client, meetings_path(client, plan, "meetings", parameters, 2), &answer);
    return answer;
}

static bool is_same(const char *one, const char *other)
{
    return one && other && strcmp(one, other) == 0;
}

static const json_t *find(const json_t *answer, const char *id)
{
    const json_t *one;
    size_t i;

    json_array_foreach(json_object_get(answer, "meetings"), i, one)
        if (is_same(json_text_member(one, "meeting"), id))
            return one;
    return NULL;
}

void meeting_tell_renumbered(struct client *client, const struct plan *plan, json_t *before, const char *body,
                             const char *unit, const char *but)
{
    json_t *after = before ? meeting_numbers(client, plan, body, unit) : NULL;
    const json_t *one;
    size_t i;

    json_array_foreach(json_object_get(after, "meetings"), i, one) {
        const char *id = json_text_member(one, "meeting"), *state = json_text_member(one, "state");
        const json_t *number = json_object_get(one, "number"), *was = json_object_get(find(before, id), "number");

        if (is_same(id, but) || is_same(state, "planned") || !json_is_integer(number) || !json_is_integer(was) ||
            json_equal(number, was))
            continue;
        client_say(client, meeting_renumbers, client_date(client, json_text_member(one, "day")),
                   meeting_state_word(client, state), client_number(client, json_integer_value(was)),
                   client_number(client, json_integer_value(number)));
    }
    json_decref(after);
    json_decref(before);
}
