/* template_group.c: which of a form's fields belong together, and what they have in common. */
#include <string.h>

#include "sheet/template_inside.h"

enum { CHARACTER_BYTES = 3, SHORTEST_NAME = 2 * CHARACTER_BYTES };

/* Whether two codes share their first so many parts, and go on behind them. */
static bool same_parts(const char *a, const char *b, int parts)
{
    while (parts > 0 && *a == *b && *a)
        parts -= *a++ == '.', b++;
    return parts == 0;
}

static size_t count_alike(const struct form *form, size_t first, int parts)
{
    size_t count = 1;

    while (first + count < form->field_count &&
           same_parts(form->fields[first].code, form->fields[first + count].code, parts))
        count++;
    return count;
}

/* Whether every field's name has these bytes in it, or begins with them. */
static bool all_have(const struct item *fields, size_t count, const char *part, bool at_start)
{
    for (size_t i = 0; i < count; i++) {
        const char *at = strstr(fields[i].name.text[LANGUAGE_ZH], part);

        if (!at || (at_start && at != fields[i].name.text[LANGUAGE_ZH]))
            return false;
    }
    return true;
}

/* Takes brackets and colons off the end. */
static void trim_end(char *name)
{
    static const char *const marks[] = {"（", "：", "、", "("};
    size_t length = strlen(name);

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t mark = strlen(marks[i]);

        if (length > mark && strcmp(name + length - mark, marks[i]) == 0)
            name[length - mark] = '\0';
    }
}

static bool begins_character(char byte)
{
    return ((unsigned char)byte & 0xc0) != 0x80;
}

/* The longest run of characters from `start` on that all names have; NULL if it is too short to name anything. */
static char *common_run(struct arena *arena, const struct item *fields, size_t count, const char *start, bool at_start)
{
    for (size_t length = strlen(start); length >= SHORTEST_NAME; length--) {
        char *run = begins_character(start[length]) ? arena_copy(arena, start, length) : NULL;

        if (run && all_have(fields, count, run, at_start)) {
            trim_end(run);
            return strlen(run) >= SHORTEST_NAME ? run : NULL;
        }
    }
    return NULL;
}

/* What the names begin with. */
static const char *common_start(struct arena *arena, const struct item *fields, size_t count)
{
    return common_run(arena, fields, count, fields[0].name.text[LANGUAGE_ZH], true);
}

/* What stands anywhere in all of the names, in letters only. */
static const char *common_part(struct arena *arena, const struct item *fields, size_t count)
{
    const char *best = NULL;

    for (const char *start = fields[0].name.text[LANGUAGE_ZH]; *start; start++) {
        char *run = begins_character(*start) ? common_run(arena, fields, count, start, false) : NULL;

        if (run && !strpbrk(run, "0123456789") && !strstr(run, "：") && !strstr(run, "（") && !strstr(run, "）") &&
            (!best || strlen(run) > strlen(best)))
            best = run;
    }
    return best;
}

struct field_group template_group(struct arena *arena, const struct form *form, size_t first)
{
    const struct item *fields = &form->fields[first];

    for (int parts = 1; parts <= 2; parts++) {
        size_t count = count_alike(form, first, parts);
        const char *name = count > 1 ? common_start(arena, fields, count) : NULL;

        if (name)
            return (struct field_group){count, name};
    }

    size_t count = count_alike(form, first, 1);

    return (struct field_group){count, count > 1 ? common_part(arena, fields, count) : NULL};
}
