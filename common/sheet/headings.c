/* headings.c: headings with the unit that people add to a name, or leave out of it. */
#include "sheet/headings.h"

#include <stdint.h>
#include <string.h>

#include "sheet/text.h"

/* Words for the units of plan files. Multiples are left out on purpose: thousands are no figure of the form. */
static const struct {
    const char *word, *unit;
} unit_words[] = {
    {"小時", "hour"},     {"時", "hour"},       {"hours", "hour"},       {"hour", "hour"},       {"hr", "hour"},
    {"元", "ntd"},        {"新臺幣元", "ntd"},  {"新台幣元", "ntd"},     {"單位:元", "ntd"},     {"NT$", "ntd"},
    {"NTD", "ntd"},       {"人", "person"},     {"人次", "person"},      {"人數", "person"},     {"persons", "person"},
    {"person", "person"}, {"people", "person"}, {"場", "session"},       {"場次", "session"},    {"次", "session"},
    {"%", "percent"},     {"件", "case"},       {"sessions", "session"}, {"session", "session"},
};

/* Whether the text within the brackets is a unit that the item may have. */
static bool is_unit_of(const struct item *item, const char *text)
{
    for (size_t i = 0; i < sizeof unit_words / sizeof *unit_words; i++)
        if (text_same(text, unit_words[i].word))
            return !item->unit || strcmp(item->unit, unit_words[i].unit) == 0;
    return item->unit && text_same(text, item->unit);
}

/* The text, folded, without a unit of the item in brackets at its end; false if it is too long to be a name. */
static bool drop_unit(const struct item *item, const char *text, char ret_text[static SHORT_TEXT_SIZE])
{
    size_t length;
    char *open;

    if (!text_fold(text, ret_text))
        return false;
    length = strlen(ret_text);
    open = strrchr(ret_text, '(');
    if (!open || open == ret_text || ret_text[length - 1] != ')')
        return true;
    ret_text[length - 1] = '\0';
    if (is_unit_of(item, open + 1))
        *open = '\0';
    else
        ret_text[length - 1] = ')';
    return true;
}

static bool names_item(const struct item *item, const char *text)
{
    char heading[SHORT_TEXT_SIZE], name[SHORT_TEXT_SIZE];

    if (!drop_unit(item, text, heading))
        return false;
    if (text_same(heading, item->code))
        return true;
    for (int language = LANGUAGE_ZH; language <= LANGUAGE_EN; language++)
        if (drop_unit(item, item->name.text[language], name) && text_same(heading, name))
            return true;
    return false;
}

size_t heading_find(const struct item *items, size_t count, const char *text)
{
    size_t found = wording_find(items, count, item_wording, text), matches = 0;

    if (found != SIZE_MAX)
        return found;
    for (size_t i = 0; i < count; i++) {
        if (names_item(&items[i], text)) {
            found = i;
            matches++;
        }
    }
    return matches == 1 ? found : SIZE_MAX;
}
