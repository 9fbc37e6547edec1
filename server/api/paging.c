/* paging.c: pages of a list. */
#include "api/paging.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "api/common.h"
#include "base/json.h"

enum { USUAL_ROWS = 100, TABLE_ROWS = 20 * 1000 };

bool read_limit(struct request *request, int most, int *ret_limit)
{
    const char *text = request_query(request, "limit");
    char *end = NULL;
    long limit = text ? strtol(text, &end, 10) : request->format == FORMAT_JSON ? USUAL_ROWS : TABLE_ROWS;

    if (text && (end == text || *end || limit < 1 || limit > most)) {
        reply_bad_parameter(request, "limit", arena_format(request->arena, "1–%d", most));
        return false;
    }
    *ret_limit = (int)limit;
    return true;
}

bool read_after(struct request *request, int64_t *ret_after)
{
    const char *text = request_query(request, "after");
    char *end = NULL;
    long long after;

    errno = 0;
    after = text ? strtoll(text, &end, 10) : 0;
    if (text && (end == text || *end || after < 0 || errno != 0)) {
        reply_bad_parameter(request, "after", "next");
        return false;
    }
    *ret_after = after;
    return true;
}

void tell_next(struct request *request, const char *next)
{
    if (next && request->format != FORMAT_JSON)
        reply_header(request, "Tributary-Next", next);
}

const char *cut_page(struct request *request, json_t *list, int limit, const char *member)
{
    size_t most = (size_t)limit;
    const json_t *last;

    if (json_array_size(list) <= most)
        return NULL;
    while (json_array_size(list) > most)
        json_array_remove(list, json_array_size(list) - 1);
    last = json_object_get(json_array_get(list, most - 1), member);
    return json_is_integer(last) ? arena_format(request->arena, "%" JSON_INTEGER_FORMAT, json_integer_value(last))
                                 : arena_text(request->arena, json_string_value(last));
}
