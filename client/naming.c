/* naming.c: codes in words. */
#include "naming.h"

#include <string.h>

#include "base/json.h"
#include "form/place.h"

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static const char *copy_name(struct client *client, struct name name)
{
    /* Plans are freed before the run ends. */
    return or_empty(arena_text(client->arena, name_text(name, client->language)));
}

const char *naming_office(struct client *client, const struct plan *plan, const char *code)
{
    const char *slash = code ? strchr(code, '/') : NULL;
    const char *plain = slash ? arena_copy(client->arena, code, (size_t)(slash - code)) : code;
    const struct office *office = plan && plain ? plan_office(plan, plain) : NULL;

    if (!office)
        return or_empty(arena_text(client->arena, code));
    if (slash)
        return or_empty(arena_format(client->arena, "%s %s", name_text(office->name, client->language), slash + 1));
    return copy_name(client, office->name);
}

const char *naming_form(struct client *client, const struct plan *plan, const char *code)
{
    const struct form *form = plan && code ? plan_form(plan, code) : NULL;

    return form ? copy_name(client, form->name) : or_empty(arena_text(client->arena, code));
}

const char *naming_document(struct client *client, const struct plan *plan, const char *form, const char *office,
                            const char *period)
{
    bool whole = period && strcmp(period, "plan") == 0;
    const char *parts[] = {naming_office(client, plan, office), naming_form(client, plan, form),
                           whole ? client_word(client, whole_plan) : or_empty(period)};
    const char *text = "";

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (*parts[i])
            text = or_empty(arena_format(client->arena, "%s%s%s", text, *text ? " " : "", parts[i]));
    return text;
}

const char *naming_path(struct client *client, const struct plan *plan, const char *form_code, const char *path,
                        long long row)
{
    const struct form *form = plan && form_code && path ? plan_form(plan, form_code) : NULL;
    struct place place;

    if (!form || !place_parse(form, path, client->arena, &place))
        return NULL;
    if (place.row_identity && row > 0)
        place.row_identity = client_text(client, row_number, client_number(client, row));
    return arena_text(client->arena, place_words(client->arena, form, &place, client->language));
}

const char *naming_of(struct client *client, const json_t *name)
{
    static const char *const keys[] = {[LANGUAGE_ZH] = "zh", [LANGUAGE_EN] = "en"};
    const char *text = json_string_value(json_is_object(name) ? json_object_get(name, keys[client->language]) : name);

    return or_empty(arena_text(client->arena, text));
}

const char *naming_offices(struct client *client, const struct plan *plan, const json_t *codes, size_t most)
{
    const char *text = "", *comma = client->language == LANGUAGE_ZH ? "、" : ", ";
    const json_t *code;
    size_t i, count = json_array_size(codes);

    json_array_foreach(codes, i, code) {
        if (i == most)
            return client_text(client, and_more, text, client_number(client, (long long)(count - most)));
        text = or_empty(arena_format(client->arena, "%s%s%s", text, i > 0 ? comma : "",
                                     naming_office(client, plan, json_string_value(code))));
    }
    return text;
}

const char *naming_all(struct client *client, const json_t *list, const char *member)
{
    bool chinese = client->language == LANGUAGE_ZH;
    const char *all = "";
    const json_t *one;
    size_t i;

    json_array_foreach(list, i, one) {
        const char *comma = i == 0 ? "" : chinese ? "、" : ", ";

        all = arena_format(client->arena, chinese ? "%s%s%s（%s）" : "%s%s%s (%s)", all, comma,
                           json_text_member(one, member), naming_of(client, json_object_get(one, "name")));
    }
    return all ? all : "";
}
