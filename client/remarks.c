/* remarks.c: the words for what an answer says besides figures and dates. */
#include "remarks.h"

#include "base/json.h"

static const char *member(const json_t *object, const char *key)
{
    const char *text = json_text_member(object, key);

    return text ? text : "";
}

const char *remarks_join(struct client *client, const char *text, const char *line)
{
    const char *joined = *text ? arena_format(client->arena, "%s\n%s", text, line) : line;

    return joined ? joined : text;
}

const char *remarks_of(struct client *client, const json_t *json)
{
    const json_t *withdrawn = json_object_get(json, "withdrawn"), *attested = json_object_get(json, "attested"),
                 *closed = json_object_get(json, "closed");
    const char *text = "";

    if (json_is_object(withdrawn))
        text = remarks_join(client, text, client_text(client, was_withdrawn, member(withdrawn, "reason")));
    if (json_is_true(json_object_get(json, "on_behalf")))
        text = remarks_join(client, text, client_word(client, on_behalf));
    if (json_is_object(attested))
        text = remarks_join(client, text,
                            client_text(client, was_attested, client_moment(client, member(attested, "received_at")),
                                        member(attested, "by"), member(attested, "reason")));
    if (json_is_object(closed))
        text = remarks_join(client, text,
                            client_text(client, is_closed, client_moment(client, member(closed, "recorded_at")),
                                        member(closed, "reason")));
    return text;
}

const char *remarks_line(struct client *client, const json_t *json)
{
    char *line = arena_text(client->arena, remarks_of(client, json));

    for (char *at = line; at && *at; at++)
        if (*at == '\n')
            *at = ' ';
    return line ? line : "";
}

bool remarks_equal(const json_t *a, const json_t *b)
{
    static const char *const keys[] = {"withdrawn", "on_behalf", "attested", "closed"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const json_t *x = json_object_get(a, keys[i]), *y = json_object_get(b, keys[i]);

        if (x != y && !json_equal(x, y))
            return false;
    }
    return true;
}
