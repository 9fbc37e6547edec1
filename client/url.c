/* url.c: addresses. */
#include "url.h"

#include <string.h>
#include <strings.h>

#include "base/buffer.h"

enum { URL_LIMIT = 16 * 1024 };

static void append_encoded(struct buffer *out, const char *text)
{
    static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    for (; *text; text++) {
        if (strchr(unreserved, *text))
            buffer_append_char(out, *text);
        else
            buffer_append_format(out, "%%%02X", (unsigned)(unsigned char)*text);
    }
}

static const char *keep(struct arena *arena, struct buffer *out)
{
    const char *text = out->failed ? NULL : arena_copy(arena, out->data ? out->data : "", out->length);

    buffer_free(out);
    return text;
}

const char *url_part(struct arena *arena, const char *text)
{
    struct buffer out = BUFFER_WITH_LIMIT(URL_LIMIT);

    append_encoded(&out, text);
    return keep(arena, &out);
}

const char *url_query(struct arena *arena, const char *path, const struct url_parameter *parameters, size_t count)
{
    struct buffer out = BUFFER_WITH_LIMIT(URL_LIMIT);
    char joint = '?';

    buffer_append_text(&out, path);
    for (size_t i = 0; i < count; i++) {
        if (!parameters[i].value)
            continue;
        buffer_append_char(&out, joint);
        append_encoded(&out, parameters[i].name);
        buffer_append_char(&out, '=');
        append_encoded(&out, parameters[i].value);
        joint = '&';
    }
    return keep(arena, &out);
}

static const char *host_of(const char *server)
{
    const char *slashes = strstr(server, "://");

    return slashes ? slashes + 3 : server;
}

const char *url_server(struct arena *arena, const char *text)
{
    size_t scheme = strncasecmp(text, "https://", 8) == 0 ? 8 : strncasecmp(text, "http://", 7) == 0 ? 7 : 0;
    size_t length = strlen(text);

    if (scheme == 0 || strpbrk(text, "?#@\\ \t\r\n"))
        return NULL;
    while (length > scheme && text[length - 1] == '/')
        length--;
    return length > scheme ? arena_copy(arena, text, length) : NULL;
}

bool url_is_local(const char *server)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};
    const char *host = host_of(server);

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t length = strlen(names[i]);

        if (strncasecmp(host, names[i], length) == 0 && strchr(":/", host[length]))
            return true; /* strchr() finds the end of the text too */
    }
    return false;
}

bool url_is_readable_by_others(const char *server)
{
    return strncasecmp(server, "http://", 7) == 0 && !url_is_local(server);
}
