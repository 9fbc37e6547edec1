/* csv_head.c: the identity lines of a CSV file. */
#include "csv_head.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <utf8proc.h>

#include "base/buffer.h"

enum { HEAD_LIMIT = 16 * 1024 * 1024 };

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

static size_t mark_length(const char *bytes, size_t length)
{
    return length >= 3 && memcmp(bytes, BYTE_ORDER_MARK, 3) == 0 ? 3 : 0;
}

/* The length of the line, its end included. */
static size_t line_length(const char *line, size_t rest)
{
    const char *end = memchr(line, '\n', rest);

    return end ? (size_t)(end - line) + 1 : rest;
}

/* The text behind "#key," of a line, without quotes; NULL if it says something else. */
static const char *line_value(struct arena *arena, const char *line, size_t length, const char *key)
{
    size_t name = strlen(key);

    if (length < name + 2 || line[0] != '#' || strncasecmp(line + 1, key, name) != 0 || line[name + 1] != ',')
        return NULL;

    const char *value = line + name + 2, *end = line + length;

    while (end > value && strchr("\r\n ,\"", end[-1]))
        end--;
    while (value < end && strchr(" \"", *value))
        value++;

    const char *comma = memchr(value, ',', (size_t)(end - value));

    return arena_copy(arena, value, (size_t)((comma ? comma : end) - value));
}

static void read_line(struct arena *arena, const char *line, size_t length, struct identity *identity)
{
    const struct {
        const char *key;
        const char **value;
    } parts[] = {{"form", &identity->form},
                 {"office", &identity->office},
                 {"period", &identity->period},
                 {"event", &identity->event}};

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *value = line_value(arena, line, length, parts[i].key);

        if (value && *value)
            *parts[i].value = value;
    }

    const char *base = line_value(arena, line, length, "base");

    if (base && *base)
        identity->base = strtoll(base, NULL, 10);
}

void csv_head_read(struct arena *arena, const char *bytes, size_t length, struct identity *identity)
{
    for (size_t at = mark_length(bytes, length), line; at < length && bytes[at] == '#'; at += line) {
        line = line_length(bytes + at, length - at);
        read_line(arena, bytes + at, line, identity);
    }
}

static bool is_ascii(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text >= 0x80)
            return false;
    return true;
}

static bool is_utf8(const char *bytes, size_t length)
{
    utf8proc_int32_t point;

    for (size_t at = 0; at < length;) {
        utf8proc_ssize_t used =
            utf8proc_iterate((const utf8proc_uint8_t *)bytes + at, (utf8proc_ssize_t)(length - at), &point);

        if (used <= 0)
            return false;
        at += (size_t)used;
    }
    return true;
}

static void append_quoted(struct buffer *out, const char *text)
{
    buffer_append_char(out, '"');
    for (; *text; text++) {
        if (*text == '"')
            buffer_append_char(out, '"');
        buffer_append_char(out, *text);
    }
    buffer_append_char(out, '"');
}

/* Whether a line of the head gives the base; then what ends it. */
static bool is_base_line(struct arena *arena, const char *line, size_t length, const char **ret_end)
{
    if (!line_value(arena, line, length, "base"))
        return false;
    *ret_end = length > 1 && line[length - 2] == '\r' ? "\r\n" : length > 0 && line[length - 1] == '\n' ? "\n" : "";
    return true;
}

/* Copies all lines; those of the head that give the base give this one instead, unless it is -1. */
static void copy_rest(struct arena *arena, const char *bytes, size_t length, long long base, struct buffer *out)
{
    const char *end;
    size_t at = 0;

    while (base >= 0 && at < length && bytes[at] == '#') {
        size_t line = line_length(bytes + at, length - at);

        if (is_base_line(arena, bytes + at, line, &end))
            buffer_append_format(out, "#base,%lld%s", base, end);
        else
            buffer_append(out, bytes + at, line);
        at += line;
    }
    buffer_append(out, bytes + at, length - at);
}

int csv_head_change(struct arena *arena, long long base, const char *note, const char **bytes, size_t *length)
{
    struct buffer out = BUFFER_WITH_LIMIT(HEAD_LIMIT);
    size_t mark = mark_length(*bytes, *length);

    if (base < 0 && !note)
        return 0;
    if (note && !is_ascii(note) && !is_utf8(*bytes, *length))
        return EILSEQ;
    buffer_append(&out, *bytes, mark);
    if (note) {
        buffer_append_text(&out, "#note,document,");
        append_quoted(&out, note);
        buffer_append_text(&out, "\r\n");
    }
    copy_rest(arena, *bytes + mark, *length - mark, base, &out);

    const char *copy = out.failed ? NULL : arena_copy(arena, out.data, out.length);

    if (copy) {
        *bytes = copy;
        *length = out.length;
    }
    buffer_free(&out);
    return copy ? 0 : ENOMEM;
}
