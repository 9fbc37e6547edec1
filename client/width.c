/* width.c: display width, line breaks and harmless text, on utf8proc's tables. */
#include "width.h"

#include <stdbool.h>
#include <string.h>
#include <utf8proc.h>

#include "base/buffer.h"

enum { REPLACEMENT = 0xfffd, TEXT_LIMIT = 1024 * 1024 };

/* Takes one code point; a byte that isn't UTF-8 is U+FFFD. Returns its length in bytes, 0 at the end. */
static size_t take(const char *text, utf8proc_int32_t *ret_point)
{
    if (!*text)
        return 0;

    utf8proc_ssize_t length = utf8proc_iterate((const utf8proc_uint8_t *)text, -1, ret_point);

    if (length > 0)
        return (size_t)length;
    *ret_point = REPLACEMENT;
    return 1;
}

static size_t point_width(utf8proc_int32_t point)
{
    int width = utf8proc_charwidth(point);

    return width > 0 ? (size_t)width : 0;
}

size_t text_width(const char *text)
{
    utf8proc_int32_t point;
    size_t width = 0;

    for (size_t length; (length = take(text, &point)) > 0 && point != '\n'; text += length)
        width += point_width(point);
    return width;
}

/* Punctuation that closes what stands before it and so can't begin a line. */
static bool is_closing(utf8proc_int32_t point)
{
    switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_PE:
    case UTF8PROC_CATEGORY_PF:
    case UTF8PROC_CATEGORY_PO: return true;
    default: return false;
    }
}

static bool is_opening(utf8proc_int32_t point)
{
    utf8proc_category_t category = utf8proc_category(point);

    return category == UTF8PROC_CATEGORY_PS || category == UTF8PROC_CATEGORY_PI;
}

/* Whether a line may end between two characters. */
static bool may_break(utf8proc_int32_t before, utf8proc_int32_t after)
{
    if (after == ' ')
        return false;
    if (before == ' ')
        return true;
    if (before == '-' || before == '/') /* "-3", "2024-06-30" and "113/4/30" stay whole */
        return after < '0' || after > '9';
    if (is_closing(after) || is_opening(before))
        return false;
    if (before == '.') /* within a path */
        return utf8proc_category(after) == UTF8PROC_CATEGORY_LL;
    return point_width(before) == 2 || point_width(after) == 2;
}

size_t text_break(const char *text, size_t columns)
{
    utf8proc_int32_t point, before = 0;
    size_t used = 0, width = 0, chance = 0;

    for (size_t length; (length = take(text + used, &point)) > 0; used += length, before = point) {
        if (used > 0 && may_break(before, point))
            chance = used;
        width += point_width(point);
        /* A space may stand beyond the edge: it isn't seen there. */
        if (width > columns && point != ' ')
            return chance > 0 ? chance : used > 0 ? used : length;
    }
    return used;
}

/* Embeddings, overrides and isolates of writing direction. */
static bool turns_direction(utf8proc_int32_t point)
{
    return (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
}

static bool append_harmless(struct buffer *out, const char *text, size_t length, utf8proc_int32_t point)
{
    static const char replacement[] = "\xef\xbf\xbd";

    if (point == '\t')
        return buffer_append_char(out, ' ');
    if (point == '\r')
        return true;
    if (point == REPLACEMENT || turns_direction(point) ||
        (point != '\n' && utf8proc_category(point) == UTF8PROC_CATEGORY_CC))
        return buffer_append_text(out, replacement);
    return buffer_append(out, text, length);
}

const char *text_printable(struct arena *arena, const char *text)
{
    struct buffer out = BUFFER_WITH_LIMIT(TEXT_LIMIT);
    utf8proc_int32_t point;

    for (size_t length; (length = take(text, &point)) > 0; text += length)
        append_harmless(&out, text, length, point);

    const char *copy = out.failed ? NULL : arena_copy(arena, out.data ? out.data : "", out.length);

    buffer_free(&out);
    return copy;
}
