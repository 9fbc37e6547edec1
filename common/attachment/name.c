/* name.c: from what a person's computer calls a file to a name that no computer takes amiss. */
#include "attachment/name.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

enum { LONGEST_EXTENSION = 5 };

/* Characters that are left out: controls, and those that hide, turn or part what is read (Unicode, 23.2). */
static const struct {
    uint32_t from, to;
} left_out[] = {{0x00, 0x1f},     {0x7f, 0x9f},     {0xad, 0xad},     {0x61c, 0x61c},
                {0x180e, 0x180e}, {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f},
                {0xfeff, 0xfeff}, {0xfff0, 0xfffb}, {0xfffe, 0xffff}, {0xe0000, 0xe007f}};

static bool is_left_out(uint32_t character)
{
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++)
        if (character >= left_out[i].from && character <= left_out[i].to)
            return true;
    return false;
}

/* The length of the character at `text`, whose code is *ret_character. */
static size_t decode(const char *text, uint32_t *ret_character)
{
    unsigned char first = (unsigned char)text[0];
    size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

    *ret_character = length == 1 ? first : first & (0xffU >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if (((unsigned char)text[i] & 0xc0) != 0x80)
            return i; /* not UTF-8: what there is of it */
        *ret_character = *ret_character << 6 | ((unsigned char)text[i] & 0x3f);
    }
    return length;
}

static const char *last_part(const char *path)
{
    const char *part = path;

    for (; *path; path++)
        if (*path == '/' || *path == '\\')
            part = path + 1;
    return part;
}

/* Where the extension's dot stands in `name`, or its end: a dot and up to five letters and digits that begin with a
 * letter; "113.06.17 會議" has none. */
static size_t find_extension(const char *name)
{
    const char *dot = strrchr(name, '.');
    size_t length = dot ? strlen(dot + 1) : 0;

    if (!dot || length == 0 || length > LONGEST_EXTENSION || ((dot[1] | 0x20) < 'a' || (dot[1] | 0x20) > 'z'))
        return strlen(name);
    for (const char *c = dot + 1; *c; c++)
        if (!((*c >= '0' && *c <= '9') || ((*c | 0x20) >= 'a' && (*c | 0x20) <= 'z')))
            return strlen(name);
    return (size_t)(dot - name);
}

/* Copies at most `most` characters without what is left out; '<' and the like become '_'. */
static size_t clean(const char *given, size_t most, char *out)
{
    size_t length = 0, characters = 0;
    uint32_t character;

    for (size_t step; *given && characters < most; given += step) {
        step = decode(given, &character);
        if (is_left_out(character) || (length == 0 && (character == ' ' || character == '.' || character == 0x3000)))
            continue;
        if (character < 0x80 && strchr("<>:\"|?*", (char)character))
            out[length++] = '_';
        else
            for (size_t i = 0; i < step; i++)
                out[length++] = given[i];
        characters++;
    }
    while (length > 0 && (out[length - 1] == ' ' || out[length - 1] == '.'))
        length--;
    out[length] = '\0';
    return length;
}

const char *attachment_name(struct arena *arena, const char *given, const struct attachment_type *type)
{
    const char *part = last_part(given);
    char *whole = arena_alloc(arena, strlen(part) + 1);
    char *stem = arena_alloc(arena, strlen(part) + 1);
    size_t room = ATTACHMENT_NAME_CHARACTERS - LONGEST_EXTENSION - 1;

    if (!whole || !stem)
        return NULL;
    clean(part, SIZE_MAX, whole);

    size_t end = find_extension(whole);
    const char *extension = whole[end] ? whole + end + 1 : "";
    bool keeps = strcasecmp(extension, type->extension) == 0 ||
                 (type->other_extension && strcasecmp(extension, type->other_extension) == 0);

    extension = keeps ? arena_text(arena, extension) : type->extension;
    whole[end] = '\0';
    clean(whole, room, stem);
    return extension ? arena_format(arena, "%s.%s", *stem ? stem : "attachment", extension) : NULL;
}
