/* bodies.c: finding a body by what a person calls it. */
#include "bodies.h"

#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "fetch.h"
#include "naming.h"
#include "plan_cache.h"
#include "url.h"

static bool is_called(const json_t *body, const char *text)
{
    const char *code = json_text_member(body, "body"), *chinese = json_text_member(json_object_get(body, "name"), "zh"),
               *english = json_text_member(json_object_get(body, "name"), "en");

    return (code && strcmp(code, text) == 0) || (chinese && strcmp(chinese, text) == 0) ||
           (english && strcasecmp(english, text) == 0);
}

static bool is_partly_called(const json_t *body, const char *text)
{
    const char *chinese = json_text_member(json_object_get(body, "name"), "zh"),
               *english = json_text_member(json_object_get(body, "name"), "en");

    return (chinese && strstr(chinese, text)) || (english && strcasestr(english, text));
}

const json_t *body_meant(struct client *client, const json_t *answer, const char *text)
{
    const json_t *list = json_object_get(answer, "bodies"), *one, *found = NULL;
    size_t i, count = 0;

    json_array_foreach(list, i, one) {
        if (is_called(one, text))
            return one;
        if (*text && is_partly_called(one, text)) {
            found = one;
            count++;
        }
    }
    if (count == 1)
        return found;
    client_usage(client, client_text(client, meeting_body_unknown, text, naming_all(client, list, "body")));
    return NULL;
}

static enum exit_status resolve(struct client *client, const char **value)
{
    enum exit_status status;
    const char *plan = plan_code(client, &status), *part = plan ? url_part(client->arena, plan) : NULL, *code;
    json_t *answer = NULL;

    if (!part)
        return plan ? EXIT_USAGE : status;
    status = fetch_json(client, arena_format(client->arena, "/v1/plans/%s/bodies", part), &answer);
    if (status != EXIT_DONE)
        return status;
    code = json_text_member(body_meant(client, answer, *value), "body");
    if (code)
        *value = arena_text(client->arena, code);
    json_decref(answer);
    return code ? EXIT_DONE : EXIT_USAGE;
}

static bool is_code(const char *text)
{
    return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(text);
}

enum exit_status bodies_resolve(struct client *client)
{
    enum exit_status status = EXIT_DONE;

    for (size_t i = 0; i < client->arguments.given_count && status == EXIT_DONE; i++) {
        const char **value = &client->arguments.given[i].value;

        if (strcmp(client->arguments.given[i].option->name, "body") == 0 && !is_code(*value))
            status = resolve(client, value);
    }
    return status;
}
