/* naming.c: codes in words. */
#include "naming.h"

#include <string.h>

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

static const char *name_cell(struct client *client, const struct table *table, const char *row, const char *column,
                             long long number)
{
    const struct item *item = column ? table_column(table, column) : NULL;
    const char *where = number > 0 ? client_text(client, row_number, client_number(client, number)) : row;

    if (column && !item)
        return NULL;
    return arena_format(client->arena, "%s%s%s%s%s", name_text(table->name, client->language), where ? " " : "",
                        or_empty(where), item ? " " : "", item ? name_text(item->name, client->language) : "");
}

/* "courses[a1].hours", "courses[a1]", "courses". */
static const char *name_table_path(struct client *client, const struct form *form, const char *path, long long number)
{
    const char *open = strchr(path, '['), *close = open ? strrchr(open, ']') : NULL;
    const char *code = arena_copy(client->arena, path, open ? (size_t)(open - path) : strlen(path));
    const struct table *table = code ? form_table(form, code) : NULL;
    const char *row = close ? arena_copy(client->arena, open + 1, (size_t)(close - open - 1)) : NULL;

    if (!table || (open && !close))
        return NULL;
    return name_cell(client, table, row, close && close[1] == '.' ? close + 2 : NULL, number);
}

const char *naming_path(struct client *client, const struct plan *plan, const char *form_code, const char *path,
                        long long row)
{
    const struct form *form = plan && form_code && path ? plan_form(plan, form_code) : NULL;

    if (!form)
        return NULL;
    if (strncmp(path, "fields.", 7) == 0) {
        const struct item *field = form_field(form, path + 7);

        return field ? copy_name(client, field->name) : NULL;
    }
    return strncmp(path, "tables.", 7) == 0 ? name_table_path(client, form, path + 7, row) : NULL;
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
