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

static size_t count_characters(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += ((unsigned char)*text & 0xC0) != 0x80;
    return count;
}

/* What is wrong with a text; NULL: nothing. */
static const char *text_fault(const struct request *request, const json_t *value, size_t most)
{
    const char *text = json_string_value(value);

    if (!text || !*text || strlen(text) != json_string_length(value) || count_characters(text) > most)
        return arena_format(request->arena, request->language == LANGUAGE_ZH ? "1–%zu 字" : "1–%zu characters", most);
    if (has_controls(text))
        return request->language == LANGUAGE_ZH ? "不可含控制字元" : "no control characters";
    return NULL;
}

bool members_words(struct request *request, const json_t *body, const char *name, size_t most, bool required,
                   const char **ret_text)
{
    const json_t *value = json_object_get(body, name);
    const char *fault;

    *ret_text = NULL;
    if ((!value || json_is_null(value)) && !required)
        return true;
    fault = text_fault(request, value, most);
    if (fault) {
        members_refuse(request, name, fault);
        return false;
    }
    *ret_text = arena_text(request->arena, json_string_value(value));
    if (!*ret_text)
        reply_problem(request, PROBLEM_internal, NULL);
    return *ret_text != NULL;
}

enum step_result members_refuse_row(struct request *request, struct list_place place, const char *name,
                                    const char *expected)
{
    return members_refuse(request, arena_format(request->arena, "%s[%zu]%s%s", place.list, place.i, *name ? "." : "", name),
                          expected);
}

bool members_row_known(struct request *request, struct list_place place, const json_t *row, const char *const *known)
{
    const char *name;
    json_t *value;

    if (!json_is_object(row)) {
        members_refuse_row(request, place, "", "{…}");
        return false;
    }
    json_object_foreach((json_t *)row, name, value) {
        if (is_one_of(name, known))
            continue;
        members_refuse_row(request, place, name, "unknown");
        return false;
    }
    return true;
}

bool members_row_text(struct request *request, struct list_place place, const json_t *row, const char *name,
                      size_t most, bool required, json_t *ret_row)
{
    const json_t *value = json_object_get(row, name);
    const char *fault;

    if ((!value || json_is_null(value)) && !required)
        return json_object_set_new(ret_row, name, json_null()) == 0;
    fault = text_fault(request, value, most);
    if (fault) {
        members_refuse_row(request, place, name, fault);
        return false;
    }
    return json_object_set_new(ret_row, name, json_string(json_string_value(value))) == 0;
}
