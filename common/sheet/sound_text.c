/* sound_text.c: what XML can hold of a text, character by character. */
#include "sheet/sound_text.h"

#include "sheet/workbook.h"

/* The length of the UTF-8 character at `text` if XML 1.0 has it, else 0. */
static size_t sound_length(const char *text)
{
    const unsigned char *byte = (const unsigned char *)text;
    size_t length = *byte < 0x80 ? 1 : *byte >= 0xc2 && *byte < 0xe0 ? 2 : (*byte & 0xf0) == 0xe0 ? 3 : 4;

    if (*byte < 0x20)
        return *byte == '\t' || *byte == '\n' || *byte == '\r';
    if (length == 1)
        return 1;
    if (*byte < 0xc2 || *byte > 0xf4)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((byte[i] & 0xc0) != 0x80)
            return 0;
    if ((*byte == 0xe0 && byte[1] < 0xa0) || (*byte == 0xed && byte[1] > 0x9f) || (*byte == 0xf0 && byte[1] < 0x90) ||
        (*byte == 0xf4 && byte[1] > 0x8f))
        return 0;
    if (*byte == 0xef && byte[1] == 0xbf && byte[2] >= 0xbe) /* U+FFFE and U+FFFF */
        return 0;
    return length;
}

/* Hands the sound characters to `append` until the text is too long. */
static bool each_sound(const char *text, struct buffer *out, bool (*append)(struct buffer *, const char *, size_t))
{
    size_t units = 0;

    while (*text) {
        size_t length = sound_length(text);

        units += length == 4 ? 2 : length > 0;
        if (units >= WORKBOOK_MOST_TEXT)
            return buffer_append_text(out, "…");
        if (length > 0 && !append(out, text, length))
            return false;
        text += length ? length : 1;
    }
    return !out->failed;
}

static bool append_escaped(struct buffer *out, const char *character, size_t length)
{
    switch (*character) {
    case '&': return buffer_append_text(out, "&amp;");
    case '<': return buffer_append_text(out, "&lt;");
    case '>': return buffer_append_text(out, "&gt;");
    case '"': return buffer_append_text(out, "&quot;");
    default: return buffer_append(out, character, length);
    }
}

static bool append_plain(struct buffer *out, const char *character, size_t length)
{
    return buffer_append(out, character, length);
}

bool xml_append(struct buffer *out, const char *text)
{
    return each_sound(text, out, append_escaped);
}

const char *xml_sound_text(struct arena *arena, const char *text)
{
    struct buffer sound = BUFFER_WITH_LIMIT(4 * WORKBOOK_MOST_TEXT + 4);
    bool good = buffer_append_text(&sound, "") && each_sound(text, &sound, append_plain);
    const char *copy = good ? arena_copy(arena, sound.data, sound.length) : NULL;

    if (!good)
        arena_note_shortage(arena);
    buffer_free(&sound);
    return copy;
}
