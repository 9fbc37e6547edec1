/* router.c: paths, queries, and what the reader prefers. */
#include "http/router.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Compares one path with one pattern, segment by segment; fills parameters with raw segments. */
static bool matches(struct request *request, const char *pattern, const char **parameters, size_t *lengths,
                    size_t *ret_count)
{
    const char *path = request->path;
    size_t count = 0;

    while (*pattern && *path) {
        size_t pattern_length = strcspn(pattern + 1, "/") + 1, path_length = strcspn(path + 1, "/") + 1;

        if (*pattern != '/' || *path != '/')
            return false;
        if (pattern[1] == '{') {
            if (path_length < 2 || count == MOST_PATH_PARAMETERS)
                return false;
            parameters[count] = path + 1;
            lengths[count++] = path_length - 1;
        } else if (pattern_length != path_length || strncmp(pattern, path, path_length) != 0) {
            return false;
        }
        pattern += pattern_length;
        path += path_length;
    }
    *ret_count = count;
    return *pattern == *path;
}

const char *request_path_parameter(const struct request *request, const char *name)
{
    size_t count = 0;

    for (const char *segment = request->route->path; segment; segment = strchr(segment + 1, '/')) {
        if (segment[1] != '{')
            continue;
        if (strncmp(segment + 1, name, strlen(name)) == 0)
            return request->path_parameters[count];
        count++;
    }
    return NULL;
}

static bool is_method(const struct route *route, const char *method)
{
    return strcmp(route->method, method) == 0 || (strcmp(route->method, "GET") == 0 && strcmp(method, "HEAD") == 0);
}

static void add_allowed(struct request *request, const char *method)
{
    const char *before = request->reply.allow;
    const char *get = strcmp(method, "GET") == 0 ? "GET, HEAD" : method;

    request->reply.allow = before ? arena_format(request->arena, "%s, %s", before, get) : get;
}

enum problem router_find(const struct route *table, struct request *request)
{
    const char *raw[MOST_PATH_PARAMETERS];
    size_t lengths[MOST_PATH_PARAMETERS], count;

    for (const struct route *route = table; route->method; route++) {
        if (!matches(request, route->path, raw, lengths, &count))
            continue;
        if (!is_method(route, request->method)) {
            add_allowed(request, route->method);
            continue;
        }
        for (size_t i = 0; i < count; i++) {
            request->path_parameters[i] = percent_decode(request->arena, raw[i], lengths[i], false);
            if (!request->path_parameters[i])
                return PROBLEM_not_found;
        }
        request->route = route;
        request->reply.allow = NULL;
        return PROBLEM_NONE;
    }
    return request->reply.allow ? PROBLEM_method_not_allowed : PROBLEM_not_found;
}

static int hex_value(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static bool is_utf8(const char *text, size_t length)
{
    json_t *utf8 = json_stringn(text, length); /* NULL unless it is */

    json_decref(utf8);
    return utf8 != NULL;
}

const char *percent_decode(struct arena *arena, const char *text, size_t length, bool plus)
{
    char *decoded = arena_alloc(arena, length + 1);
    size_t out = 0;

    if (!decoded)
        return NULL;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];

        if (c == '%') {
            if (length - i < 3)
                return NULL;

            int high = hex_value(text[i + 1]), low = hex_value(text[i + 2]);

            if (high < 0 || low < 0)
                return NULL;
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        if ((unsigned char)c < 0x20 || c == 0x7f)
            return NULL;
        decoded[out++] = c;
    }
    decoded[out] = '\0';
    return is_utf8(decoded, out) ? decoded : NULL;
}

enum problem read_query(struct request *request)
{
    const char *text = request->raw_query;

    /* as it was sent it is kept, too; half a character may be written with % and the other half not */
    if (text && !is_utf8(text, strlen(text)))
        return PROBLEM_bad_parameter;
    while (text && *text) {
        size_t length = strcspn(text, "&");
        const char *equals = memchr(text, '=', length);
        size_t name_length = equals ? (size_t)(equals - text) : length;

        if (length > 0) {
            const char *name = percent_decode(request->arena, text, name_length, true);
            const char *value =
                equals ? percent_decode(request->arena, equals + 1, length - name_length - 1, true) : "";

            if (!name || !value || request->query_count == MOST_QUERY_PARAMETERS || request_query(request, name))
                return PROBLEM_bad_parameter;
            request->query_names[request->query_count] = name;
            request->query_values[request->query_count++] = value;
        }
        text += length + (text[length] == '&');
    }
    return PROBLEM_NONE;
}

const char *request_query(const struct request *request, const char *name)
{
    for (size_t i = 0; i < request->query_count; i++)
        if (strcmp(request->query_names[i], name) == 0)
            return request->query_values[i];
    return NULL;
}

enum problem check_query(const struct request *request, const char **ret_name)
{
    static const struct query_parameter none = {0};
    const struct query_parameter *known = request->route->query ? request->route->query : &none;

    for (size_t i = 0; i < request->query_count; i++) {
        bool found = strcmp(request->query_names[i], "format") == 0;

        for (const struct query_parameter *one = known; one->name && !found; one++)
            found = strcmp(one->name, request->query_names[i]) == 0;
        if (!found) {
            *ret_name = request->query_names[i];
            return PROBLEM_unknown_parameter;
        }
    }
    for (const struct query_parameter *one = known; one->name; one++) {
        if (one->required && !request_query(request, one->name)) {
            *ret_name = one->name;
            return PROBLEM_bad_parameter;
        }
    }
    return PROBLEM_NONE;
}

/* The q of one item of a list header, in thousandths; `item` ends at `length`. */
static int quality_of(const char *item, size_t length)
{
    for (size_t i = 0; i + 2 < length; i++)
        if (item[i] == ';' || item[i] == ' ')
            if (strncasecmp(item + i + 1, "q=", 2) == 0)
                return (int)(strtod(item + i + 3, NULL) * 1000 + 0.5);
    return 1000;
}

enum language read_language(const char *accept_language)
{
    int best = 0;
    enum language language = LANGUAGE_ZH;

    for (const char *item = accept_language; item && *item;) {
        size_t length = strcspn(item, ",");

        while (length && *item == ' ') {
            item++;
            length--;
        }
        int quality = quality_of(item, length);

        if (quality > best && length >= 2) {
            if (strncasecmp(item, "en", 2) == 0) {
                language = LANGUAGE_EN;
                best = quality;
            } else if (strncasecmp(item, "zh", 2) == 0) {
                language = LANGUAGE_ZH;
                best = quality;
            }
        }
        item += length + (item[length] == ',');
    }
    return language;
}

static const struct {
    const char *name, *media_type;
    enum format format;
} formats[] = {{"json", "application/json", FORMAT_JSON},
               {"csv", "text/csv", FORMAT_CSV},
               {"ods", "application/vnd.oasis.opendocument.spreadsheet", FORMAT_ODS},
               {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", FORMAT_XLSX}};

static bool offers(const struct request *request, enum format format)
{
    const struct route *route = request->route;

    return format == FORMAT_JSON || (route && (route->workbook || route->tabular));
}

/* Whether one media range of Accept covers a format. */
static bool covers(const char *item, size_t length, const char *media_type)
{
    size_t range = strcspn(item, ";, ");

    if (range > length)
        range = length;
    if ((range == 3 && strncmp(item, "*/*", 3) == 0) || (range == 1 && *item == '*'))
        return true;
    if (range == strlen(media_type) && strncasecmp(item, media_type, range) == 0)
        return true;
    size_t slash = strcspn(media_type, "/") + 1;

    return range == slash + 1 && item[slash] == '*' && strncasecmp(item, media_type, slash) == 0;
}

/* Where nothing is asked, or anything is welcome. */
static enum format preferred_format(const struct request *request)
{
    return request->route && request->route->workbook ? FORMAT_ODS : FORMAT_JSON;
}

/* What one media range of Accept asks for: the preferred format if that will do, else the first that will. */
static bool range_format(const struct request *request, const char *item, size_t length, enum format *ret_format)
{
    enum format preferred = preferred_format(request);
    bool found = false;

    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (!offers(request, formats[i].format) || !covers(item, length, formats[i].media_type) ||
            (found && formats[i].format != preferred))
            continue;
        *ret_format = formats[i].format;
        found = true;
    }
    return found;
}

/* How much an Accept likes a media type, in thousandths. */
static int likes(const char *accept, const char *media_type)
{
    int best = 0;

    if (!accept || !*accept)
        return 1000;
    for (const char *item = accept; *item;) {
        size_t length = strcspn(item, ",");

        while (length && *item == ' ') {
            item++;
            length--;
        }
        if (covers(item, length, media_type) && quality_of(item, length) > best)
            best = quality_of(item, length);
        item += length + (item[length] == ',');
    }
    return best;
}

int request_likes(const struct request *request, const char *media_type)
{
    return likes(request_header(request, MHD_HTTP_HEADER_ACCEPT), media_type);
}

enum problem read_format(const struct request *request, const char *accept, enum format *ret_format)
{
    const char *asked = request_query(request, "format");
    int best = 0;

    *ret_format = preferred_format(request);
    if (request->route && (request->route->media_types || (request->route->raw && !asked)))
        return PROBLEM_NONE;
    if (request->route && request->route->media_type)
        return asked || likes(accept, request->route->media_type) == 0 ? PROBLEM_not_acceptable : PROBLEM_NONE;
    for (size_t i = 0; asked && i < sizeof formats / sizeof *formats; i++) {
        if (strcmp(formats[i].name, asked) == 0 && offers(request, formats[i].format)) {
            *ret_format = formats[i].format;
            return PROBLEM_NONE;
        }
    }
    if (asked)
        return PROBLEM_not_acceptable;
    if (!accept || !*accept)
        return PROBLEM_NONE;
    for (const char *item = accept; *item;) {
        size_t length = strcspn(item, ",");

        while (length && *item == ' ') {
            item++;
            length--;
        }
        if (quality_of(item, length) > best && range_format(request, item, length, ret_format))
            best = quality_of(item, length);
        if (covers(item, length, "application/problem+json") && best == 0)
            best = 1;
        item += length + (item[length] == ',');
    }
    return best > 0 ? PROBLEM_NONE : PROBLEM_not_acceptable;
}
