/* if_match.c: what an If-Match says. */
#include "api/if_match.h"

#include <string.h>

enum { MOST_DIGITS = 18 };

bool if_match_refuse(struct request *request)
{
    reply_problem(request, PROBLEM_precondition_failed, NULL);
    return false;
}

bool if_match_is_number(const char *text)
{
    size_t length = strlen(text);

    return length >= 1 && length <= MOST_DIGITS && strspn(text, "0123456789") == length;
}

bool if_match_read(struct request *request, bool required, const char **ret_tag)
{
    const char *header = request_header(request, MHD_HTTP_HEADER_IF_MATCH);
    size_t length = header ? strlen(header) : 0;

    *ret_tag = NULL;
    if (!header && required) {
        reply_problem(request, PROBLEM_precondition_required, NULL);
        return false;
    }
    if (!header || strcmp(header, "*") == 0)
        return true;
    if (length < 3 || header[0] != '"' || header[length - 1] != '"')
        return if_match_refuse(request);
    *ret_tag = arena_copy(request->arena, header + 1, length - 2);
    if (!*ret_tag)
        reply_problem(request, PROBLEM_internal, NULL);
    return *ret_tag != NULL;
}
