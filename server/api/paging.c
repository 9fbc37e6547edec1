/* paging.c: pages of a list. */
#include "api/paging.h"

#include <stdlib.h>
#include <string.h>

#include "api/common.h"
#include "base/json.h"

enum { MOST_ROWS = 500, USUAL_ROWS = 100 };

bool read_limit(struct request *request, int *ret_limit)
{
    const char *text = request_query(request, "limit");
    char *end = NULL;
    long limit = text ? strtol(text, &end, 10) : USUAL_ROWS;

    if (text && (end == text || *end || limit < 1 || limit > MOST_ROWS)) {
        reply_bad_parameter(request, "limit", "1–500");
        return false;
    }
    *ret_limit = (int)limit;
    return true;
}

const char *cut_page(struct request *request, json_t *list, int limit, const char *member)
{
    size_t most = (size_t)limit;

    if (json_array_size(list) <= most)
        return NULL;
    while (json_array_size(list) > most)
        json_array_remove(list, json_array_size(list) - 1);
    return arena_text(request->arena, json_text_member(json_array_get(list, most - 1), member));
}
