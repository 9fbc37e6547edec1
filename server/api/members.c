/* members.c: reading a small JSON body strictly. */
#include "api/members.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api/common.h"
#include "base/blank.h"
#include "form/findings.h"

/* ---- what is wrong --------------------------------------------------------------------------------------------------- */

enum { MOST_LOOKED_AT = 1024 * 1024, LONGEST_LIST = 1000 };

/* What nobody may read again in an answer. */
static bool is_secret(const char *name)
{
    static const char *const secrets[] = {"password", "current", "totp", "code", NULL};

    return is_one_of(name, secrets);
}

/* The value at a place as faults name it: "reason", "asks.form", "items[3].title". NULL: there is none. */
static const json_t *find_value(const json_t *body, const char *place)
{
    const json_t *value = body;

    while (value && *place) {
        size_t length = strcspn(place, ".[");
        char *end = (char *)place + length;

        if (length > 0)
            value = json_object_getn(value, place, length);
        else if (*place == '[')
            value = json_array_get(value, strtoul(place + 1, &end, 10));
        place = *end == '.' || *end == ']' ? end + 1 : end;
    }
    return value;
}

/* The beginning of the value; in the arena. */
static const char *excerpt_of(struct request *request, const json_t *value)
{
    const char *text = json_excerpt(request->arena, value);

    return text ? text : "";
}

enum step_result members_refuse_value(struct request *request, const char *name, const json_t *value,
                                      const char *wanted)
{
    bool zh = request->language == LANGUAGE_ZH;
    const char *detail;

    if (!value || json_is_null(value))
        detail = arena_format(request->arena, zh ? "未填「%s」，要求：%s" : "%s is missing; wanted: %s", name, wanted);
    else if (is_secret(name))
        detail = arena_format(request->arena, zh ? "「%s」不合要求：%s" : "%s isn't right; wanted: %s", name, wanted);
    else
        detail = arena_format(request->arena, zh ? "「%s」填的是「%s」，要求：%s" : "%s is '%s'; wanted: %s", name,
                              excerpt_of(request, value), wanted);
    return reply_problem(request, PROBLEM_bad_member, detail);
}

enum step_result members_refuse(struct request *request, const char *name, const char *wanted)
{
    bool readable = request->body.length > 0 && request->body.length <= MOST_LOOKED_AT;
    json_t *body = readable ? json_loadb(request->body.data, request->body.length, 0, NULL) : NULL;
    const json_t *value = find_value(body, name);

    if (value)
        members_refuse_value(request, name, value, wanted);
    else
        reply_problem(request, PROBLEM_bad_member,
                      arena_format(request->arena,
                                   bilingual(request, "「%s」不合要求：%s", "%s isn't right; wanted: %s"), name,
                                   wanted));
    json_decref(body);
    return STEP_DONE;
}

/* "a, b, c", as far as it is readable. */
static const char *list_of(struct request *request, const char *const *words)
{
    const char *list = "";

    for (size_t i = 0; words[i] && list && strlen(list) < LONGEST_LIST; i++)
        list = arena_format(request->arena, "%s%s%s", list, i ? ", " : "", words[i]);
    return list ? list : "";
}

enum step_result members_refuse_unknown(struct request *request, const char *name, const char *const *known)
{
    return reply_problem(
        request, PROBLEM_bad_member,
        arena_format(request->arena,
                     bilingual(request, "沒有「%.200s」這個項目；可用：%s", "there is no member %.200s; there are: %s"),
                     name, list_of(request, known)));
}

/* ---- reading --------------------------------------------------------------------------------------------------------- */

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
        members_refuse_value(request, "body", body, bilingual(request, "JSON 物件 {…}", "a JSON object, {…}"));
        json_decref(body);
        return NULL;
    }
    json_object_foreach(body, name, value) {
        if (is_one_of(name, known))
            continue;
        members_refuse_unknown(request, name, known);
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

static const char *no_controls(const struct request *request)
{
    return bilingual(request, "不含控制字元的文字", "a text without control characters");
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
        members_refuse_value(
            request, name, value,
            arena_format(request->arena, bilingual(request, "1–%zu 位元組的文字", "a text of 1–%zu bytes"), most));
        return false;
    }
    if (has_controls(text)) {
        members_refuse_value(request, name, value, no_controls(request));
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

    if (text && *text && blank_is_all(text))
        return bilingual(request, "不只是空白的文字", "a text that isn't all blanks");
    if (!text || !*text || strlen(text) != json_string_length(value) || count_characters(text) > most)
        return arena_format(request->arena, bilingual(request, "1–%zu 字的文字", "a text of 1–%zu characters"), most);
    if (has_controls(text))
        return no_controls(request);
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
        members_refuse_value(request, name, value, fault);
        return false;
    }
    *ret_text = arena_text(request->arena, json_string_value(value));
    if (!*ret_text)
        reply_problem(request, PROBLEM_internal, NULL);
    return *ret_text != NULL;
}

/* "items[3].title" */
static const char *place_of(struct request *request, struct list_place place, const char *name)
{
    return arena_format(request->arena, "%s[%zu]%s%s", place.list, place.i, *name ? "." : "", name);
}

enum step_result members_refuse_row(struct request *request, struct list_place place, const char *name,
                                    const char *wanted)
{
    return members_refuse(request, place_of(request, place, name), wanted);
}

bool members_row_known(struct request *request, struct list_place place, const json_t *row, const char *const *known)
{
    const char *name;
    json_t *value;

    if (!json_is_object(row)) {
        members_refuse_value(request, place_of(request, place, ""), row,
                             bilingual(request, "JSON 物件 {…}", "a JSON object, {…}"));
        return false;
    }
    json_object_foreach((json_t *)row, name, value) {
        if (is_one_of(name, known))
            continue;
        members_refuse_unknown(request, place_of(request, place, name), known);
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
        members_refuse_value(request, place_of(request, place, name), value, fault);
        return false;
    }
    return json_object_set_new(ret_row, name, json_string(json_string_value(value))) == 0;
}
