/* members.c: reading a small JSON body strictly. */
#include "api/members.h"

#include <string.h>
#include <strings.h>

#include "api/common.h"

enum step_result members_refuse(struct request *request, const char *name, const char *expected)
{
    return reply_problem(request, PROBLEM_bad_member, arena_format(request->arena, "%s: %s", name, expected));
}

json_t *members_read(struct request *request, const char *const *known)
{
    const char *type = request_header(request, MHD_HTTP_HEADER_CONTENT_TYPE), *name;
    json_t *body, *value;

    if (!type || strncasecmp(type, "application/json", 16) != 0) {
        reply_problem(request, PROBLEM_unsupported_media_type, "application/json");
        return NULL;
    }
    body = read_json_body(request);
    if (!body)
        return NULL;
    if (!json_is_object(body)) {
        members_refuse(request, "body", "{…}");
        json_decref(body);
        return NULL;
    }
    json_object_foreach(body, name, value) {
        if (is_one_of(name, known))
            continue;
        members_refuse(request, name, "unknown");
        json_decref(body);
        return NULL;
    }
    return body;
}

/* Whether a text holds control characters besides tabs and ends of lines: they are nobody's words, and spoil what shows them. */
static bool has_controls(const char *text)
{
    for (; *text; text++)
        if (((unsigned char)*text < 0x20 && !strchr("\t\r\n", *text)) || *text == 0x7f)
            return true;
    return false;
}

bool members_text(struct request *request, const json_t *body, const char *name, size_t most, bool required,
                  const char **ret_text)
{
    const json_t *value = json_object_get(body, name);
    const char *text = json_string_value(value);

    *ret_text = NULL;
    if ((!value || json_is_null(value)) && !required)
        return true;
    if (!text || !*text || strlen(text) > most || strlen(text) != json_string_length(value)) {
        members_refuse(request, name, arena_format(request->arena, "1–%zu bytes", most));
        return false;
    }
    if (has_controls(text)) {
        members_refuse(request, name, request->language == LANGUAGE_ZH ? "不可含控制字元" : "no control characters");
        return false;
    }
    *ret_text = arena_text(request->arena, text);
    if (!*ret_text)
        reply_problem(request, PROBLEM_internal, NULL);
    return *ret_text != NULL;
}
