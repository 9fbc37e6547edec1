/* text.c: blanks, width, words in two languages, words with a meaning of their own. */
#include "sheet/text.h"

#include <stdint.h>
#include <string.h>

#include "base/blank.h"

enum { EXCERPT_LENGTH = 200 };

bool text_is_blank(const char *text)
{
    return blank_is_all(text);
}

/* The length of `text` without the blanks at its end. */
static size_t trimmed_length(const char *text)
{
    size_t end = 0;

    for (size_t i = 0; text[i];) {
        size_t length = blank_length(text + i);

        if (length == 0)
            end = ++i;
        else
            i += length;
    }
    return end;
}

const char *text_trim(struct arena *arena, const char *text)
{
    text = blank_skip(text);

    size_t length = trimmed_length(text);

    return text[length] ? arena_copy(arena, text, length) : text;
}

/* One byte of a text in which U+FF01–U+FF5E stand for the ASCII characters U+0021–U+007E. */
static char next_narrow(const char **text)
{
    const unsigned char *p = (const unsigned char *)*text;

    if (p[0] == 0xef && (p[1] == 0xbc || p[1] == 0xbd) && p[2] >= 0x80 && p[2] <= 0xbf) {
        unsigned c = (p[1] == 0xbc ? 0xff00u : 0xff40u) + (p[2] & 0x3fu);

        if (c >= 0xff01 && c <= 0xff5e) {
            *text += 3;
            return (char)(c - 0xff01 + '!');
        }
    }
    (*text)++;
    return (char)p[0];
}

bool text_fold(const char *text, char ret_text[static SHORT_TEXT_SIZE])
{
    size_t used = 0;

    text = blank_skip(text);
    for (const char *end = text + trimmed_length(text); text < end;) {
        if (used + 1 >= SHORT_TEXT_SIZE)
            return false;
        ret_text[used++] = next_narrow(&text);
    }
    ret_text[used] = '\0';
    return true;
}

static char next_same(const char **text)
{
    *text = blank_skip(*text);
    if (!**text)
        return '\0';

    char c = next_narrow(text);

    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool text_same(const char *a, const char *b)
{
    char x, y;

    do {
        x = next_same(&a);
        y = next_same(&b);
    } while (x && x == y);
    return x == y;
}

const char *text_excerpt(struct arena *arena, const char *text)
{
    size_t length = strnlen(text, EXCERPT_LENGTH + 1);

    if (length <= EXCERPT_LENGTH)
        return text;
    for (length = EXCERPT_LENGTH; length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80;)
        length--;
    return arena_format(arena, "%.*s…", (int)length, text);
}

bool text_is_key_number(const char *text)
{
    size_t length = strspn(text, "0123456789");

    return length > 0 && length < 16 && !text[length] && (length == 1 || *text != '0');
}

static bool answers_to(struct wording wording, const char *text)
{
    return text_same(wording.code, text) || text_same(wording.name->text[LANGUAGE_ZH], text) ||
           text_same(wording.name->text[LANGUAGE_EN], text);
}

size_t wording_find(const void *items, size_t count, wording_at *at, const char *text)
{
    size_t found = SIZE_MAX;

    for (size_t i = 0; i < count; i++)
        if (strcmp(at(items, i).code, text) == 0)
            return i;
    for (size_t i = 0; i < count; i++) {
        if (!answers_to(at(items, i), text))
            continue;
        if (found != SIZE_MAX)
            return SIZE_MAX;
        found = i;
    }
    return found;
}

struct wording item_wording(const void *items, size_t index)
{
    const struct item *item = (const struct item *)items + index;

    return (struct wording){item->code, &item->name};
}

struct wording code_wording(const void *items, size_t index)
{
    const struct code_entry *entry = (const struct code_entry *)items + index;

    return (struct wording){entry->code, &entry->name};
}

struct wording table_wording(const void *items, size_t index)
{
    const struct table *table = (const struct table *)items + index;

    return (struct wording){table->code, &table->name};
}

struct wording office_wording(const void *items, size_t index)
{
    const struct office *office = (const struct office *)items + index;

    return (struct wording){office->code, &office->name};
}

struct wording form_wording(const void *items, size_t index)
{
    const struct form *form = (const struct form *)items + index;

    return (struct wording){form->code, &form->name};
}

/* The first of each meaning and language is the one written. "－" folds to "-". */
static const struct {
    const char *word;
    enum absence absence;
    enum language language;
} absence_words[] = {
    {"不適用", ABSENCE_NOT_APPLICABLE, LANGUAGE_ZH}, {"N/A", ABSENCE_NOT_APPLICABLE, LANGUAGE_EN},
    {"-", ABSENCE_NOT_APPLICABLE, LANGUAGE_EN},      {"未到", ABSENCE_NOT_YET, LANGUAGE_ZH},
    {"TBD", ABSENCE_NOT_YET, LANGUAGE_EN},
};

/* Where the reason begins: behind the first colon of either width. NULL: there is no colon. */
static const char *find_colon(const char *text, size_t *ret_head_length)
{
    static const char wide[] = "\xef\xbc\x9a";
    const char *narrow_at = strchr(text, ':'), *wide_at = strstr(text, wide);

    if (!narrow_at && !wide_at)
        return NULL;
    if (!narrow_at || (wide_at && wide_at < narrow_at)) {
        *ret_head_length = (size_t)(wide_at - text);
        return wide_at + strlen(wide);
    }
    *ret_head_length = (size_t)(narrow_at - text);
    return narrow_at + 1;
}

enum absence absence_parse(const char *text, const char **ret_reason)
{
    char head[SHORT_TEXT_SIZE];
    size_t length = strlen(text);
    const char *reason = find_colon(text, &length);

    if (length >= sizeof head)
        return ABSENCE_NONE;
    memcpy(head, text, length);
    head[length] = '\0';
    for (size_t i = 0; i < sizeof absence_words / sizeof *absence_words; i++) {
        if (text_same(head, absence_words[i].word)) {
            *ret_reason = reason ? blank_skip(reason) : "";
            if (!**ret_reason && absence_words[i].absence == ABSENCE_NOT_YET)
                *ret_reason = absence_words[i].word;
            return absence_words[i].absence;
        }
    }
    return ABSENCE_NONE;
}

const char *absence_word(enum absence absence, enum language language)
{
    for (size_t i = 0; i < sizeof absence_words / sizeof *absence_words; i++)
        if (absence_words[i].absence == absence && absence_words[i].language == language)
            return absence_words[i].word;
    return "";
}

static bool is_number(const char *text)
{
    struct decimal ignored;

    return decimal_parse(text, &ignored);
}

bool text_is_formula(const char *text)
{
    text += strspn(text, "'");
    return *text && strchr("=+-@\t\r", *text) && !is_number(text);
}

bool text_needs_apostrophe(const char *text)
{
    const char *reason;

    text += strspn(text, "'");
    return text_is_formula(text) || *text == '#' || (*text && blank_length(text)) || text[trimmed_length(text)] ||
           absence_parse(text, &reason) != ABSENCE_NONE;
}
