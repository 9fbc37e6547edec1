/* file_part.c: ranges of bytes, and names of files. */
#include "api/file_part.h"

#include <stdio.h>
#include <string.h>

struct range {
    uint64_t first, length;
};

enum range_outcome { RANGE_WHOLE, RANGE_PART, RANGE_OUTSIDE };

/* Digits only, below 10^15. */
static bool read_place(const char *text, size_t length, uint64_t *ret_place)
{
    uint64_t place = 0;

    if (length == 0 || length > 15)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        place = place * 10 + (uint64_t)(text[i] - '0');
    }
    *ret_place = place;
    return true;
}

/* "bytes=first-last", "bytes=first-" or "bytes=-last ones" (RFC 9110, 14.1.2). Several ranges at once, and what isn't
 * well formed, are passed over: the whole is sent, as that RFC allows. */
static enum range_outcome read_range(const char *header, uint64_t size, struct range *ret_range)
{
    const char *text = header && strncmp(header, "bytes=", 6) == 0 ? header + 6 : "", *dash = strchr(text, '-');
    uint64_t first = 0, last = size - 1;
    bool has_first = dash && read_place(text, (size_t)(dash - text), &first);
    bool has_last = dash && read_place(dash + 1, strlen(dash + 1), &last);

    *ret_range = (struct range){0, size};
    if (!dash || (dash != text && !has_first) || (dash[1] && !has_last) || (dash == text && !dash[1]) ||
        (has_first && has_last && last < first))
        return RANGE_WHOLE;
    if (!has_first) { /* so many from the end */
        first = last < size ? size - last : 0;
        if (last == 0)
            return RANGE_OUTSIDE;
        last = size - 1;
    }
    if (first >= size)
        return RANGE_OUTSIDE;
    if (last >= size)
        last = size - 1;
    *ret_range = (struct range){first, last - first + 1};
    return RANGE_PART;
}

bool read_file_part(struct request *request, uint64_t size, struct file_part *ret_part)
{
    const char *if_range = request_header(request, MHD_HTTP_HEADER_IF_RANGE), *etag = request->reply.etag;
    const char *asked = request_header(request, MHD_HTTP_HEADER_RANGE);
    struct range range;
    enum range_outcome outcome = read_range(!if_range || strcmp(if_range, etag) == 0 ? asked : NULL, size, &range);
    unsigned long long all = size, first = range.first;

    reply_header(request, MHD_HTTP_HEADER_ACCEPT_RANGES, "bytes");
    if (outcome == RANGE_OUTSIDE) {
        request->reply.etag[0] = '\0';
        reply_header(request, MHD_HTTP_HEADER_CONTENT_RANGE, arena_format(request->arena, "bytes */%llu", all));
        reply_problem(request, PROBLEM_range_not_satisfiable, NULL);
        return false;
    }
    if (outcome == RANGE_PART)
        reply_header(request, MHD_HTTP_HEADER_CONTENT_RANGE,
                     arena_format(request->arena, "bytes %llu-%llu/%llu", first, first + range.length - 1, all));
    *ret_part = (struct file_part){range.first, range.length, outcome == RANGE_PART ? 206 : 200};
    return true;
}

const char *attachment_disposition(struct arena *arena, const char *name)
{
    size_t length = strlen(name);
    char *plain = arena_alloc(arena, length + 1), *encoded = arena_alloc(arena, 3 * length + 1), *out = encoded;
    const char *extension = strrchr(name, '.');

    if (!plain || !encoded)
        return NULL;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)name[i];
        bool is_word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
                       c == '-' || c == '_';

        plain[i] = is_word || c == ' ' ? (char)c : '_';
        if (is_word)
            *out++ = (char)c;
        else
            out += snprintf(out, 4, "%%%02X", c);
    }
    *out = '\0';
    if (strcmp(plain, name) != 0)
        plain = arena_format(arena, "attachment%s", extension ? plain + (extension - name) : "");
    return arena_format(arena, "attachment; filename=\"%s\"; filename*=UTF-8''%s", plain, encoded);
}
