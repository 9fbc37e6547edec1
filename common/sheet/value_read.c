/* value_read.c: one cell's text as a value: numbers, dates, codes and yes or no as people write them. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/period.h"
#include "sheet/text.h"
#include "sheet/value.h"

struct reading {
    const struct item *item;
    const char *text; /* trimmed, unless an apostrophe said to take it as it stands */
    struct cell_site site;
    struct findings *findings;
};

static const struct name number_words = {{"整數，如 1234", "a whole number such as 1234"}};
static const struct name money_words = {{"以元為單位的整數，如 1,234,000", "a whole number of NT$ such as 1,234,000"}};
static const struct name decimal_words = {{"數字，如 1.5", "a number such as 1.5"}};
static const struct name date_words = {{"日期，如 113/4/30 或 2024-04-30", "a date such as 113/4/30 or 2024-04-30"}};
static const struct name boolean_words = {{"是或否", "yes or no"}};

static json_t *complain(const struct reading *reading, enum finding_code code, const char *expected,
                        const struct name *words)
{
    struct arena *arena = reading->findings->arena;

    findings_add(reading->findings, (struct finding){.code = code,
                                                     .place = reading->site.place,
                                                     .label = &reading->item->name,
                                                     .expected = expected,
                                                     .expected_words = words,
                                                     .found = text_excerpt(arena, reading->text),
                                                     .sheet = reading->site.spot.sheet,
                                                     .ref = spot_ref(arena, reading->site.spot)});
    return NULL;
}

static json_t *refuse(const struct reading *reading, const struct name *words)
{
    return complain(reading, FINDING_unreadable_cell, words->text[LANGUAGE_EN], words);
}

/* Takes thousands separators out. False if they don't stand before each three digits. */
static bool drop_separators(char *text)
{
    static const char digits[] = "0123456789";
    char *in = text + (*text == '-'), *out = in;
    size_t group = strspn(in, digits);

    if (in[group] != ',')
        return true;
    if (group == 0 || group > 3)
        return false;
    for (;;) {
        memmove(out, in, group);
        out += group;
        in += group;
        if (*in != ',')
            break;
        group = strspn(++in, digits);
        if (group != 3)
            return false;
    }
    memmove(out, in, strlen(in) + 1);
    return true;
}

/* Takes "NT$" or "$" off the beginning and "元" off the end. */
static char *drop_currency(char *text)
{
    static const char *const before[] = {"NT$", "$"}, *const behind[] = {"元整", "元"};

    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        if (strncmp(text, before[i], strlen(before[i])) == 0) {
            text += strlen(before[i]);
            break;
        }
    }
    for (size_t i = 0; i < sizeof behind / sizeof *behind; i++) {
        size_t length = strlen(text), tail = strlen(behind[i]);

        if (length > tail && strcmp(text + length - tail, behind[i]) == 0) {
            text[length - tail] = '\0';
            break;
        }
    }
    while (*text == ' ')
        text++;
    text[strcspn(text, " ")] = '\0';
    return text;
}

static json_t *read_whole_number(const struct reading *reading)
{
    bool money = reading->item->type == ITEM_MONEY;
    const struct name *words = money ? &money_words : &number_words;
    char text[SHORT_TEXT_SIZE], *number = text;
    struct decimal value;

    if (!text_fold(reading->text, text))
        return refuse(reading, words);
    if (money)
        number = drop_currency(text);
    if (!drop_separators(number) || !decimal_parse(number, &value))
        return refuse(reading, words);
    if (!decimal_is_multiple(value, decimal_from_int(1)))
        return complain(reading, FINDING_not_an_integer, words->text[LANGUAGE_EN], words);
    if (decimal_compare(value, decimal_from_int(LARGEST_WHOLE_NUMBER)) > 0)
        return complain(reading, FINDING_number_too_large, "9007199254740992", NULL);
    if (decimal_compare(value, decimal_from_int(-LARGEST_WHOLE_NUMBER)) < 0)
        return complain(reading, FINDING_negative, "0", NULL);
    for (; value.scale > 0; value.scale--)
        value.coefficient /= 10;
    return json_integer((json_int_t)value.coefficient);
}

static json_t *read_decimal(const struct reading *reading)
{
    char text[SHORT_TEXT_SIZE], normal[DECIMAL_TEXT_SIZE];
    struct decimal value;

    if (!text_fold(reading->text, text) || !drop_separators(text) || !decimal_parse(text, &value))
        return refuse(reading, &decimal_words);
    decimal_format(value, normal);
    return json_string(normal);
}

static json_t *read_date(const struct reading *reading)
{
    char text[SHORT_TEXT_SIZE], iso[DATE_TEXT_SIZE];
    struct date date;

    if (!text_fold(reading->text, text) || !date_parse_habit(text, &date))
        return refuse(reading, &date_words);
    date_format_iso(date, iso);
    return json_string(iso);
}

static json_t *read_text(const struct reading *reading)
{
    return json_string(reading->text);
}

/* The code for a code or a label; any other text as it is, for document_judge() to name. */
static json_t *read_code_text(const struct item *item, const char *text)
{
    const struct code_list *list = item->codes;
    size_t index = wording_find(list->entries, list->entry_count, code_wording, text);

    return json_string(index == SIZE_MAX ? text : list->entries[index].code);
}

static json_t *read_code(const struct reading *reading)
{
    return read_code_text(reading->item, reading->text);
}

/* The length of the separator of a list that `text` begins with, 0 if there is none. */
static size_t separator_length(const char *text)
{
    static const char *const separators[] = {";", ",", "|", "/", "\n", "、", "；", "，", "｜", "／"};

    for (size_t i = 0; i < sizeof separators / sizeof *separators; i++)
        if (strncmp(text, separators[i], strlen(separators[i])) == 0)
            return strlen(separators[i]);
    return 0;
}

static bool append_code(const struct reading *reading, const char *start, size_t length, json_t *codes)
{
    const char *copy = arena_copy(reading->findings->arena, start, length);
    const char *part = copy ? text_trim(reading->findings->arena, copy) : NULL;

    return part && (!*part || json_array_append_new(codes, read_code_text(reading->item, part)) == 0);
}

static json_t *read_codes(const struct reading *reading)
{
    const struct code_list *list = reading->item->codes;
    const char *start = reading->text, *p = start;
    size_t whole = wording_find(list->entries, list->entry_count, code_wording, start);
    json_t *codes = json_array();
    bool good = codes != NULL;

    if (whole != SIZE_MAX) /* a label may hold a separator */
        p = start = list->entries[whole].code;
    while (good) {
        size_t length = *p ? separator_length(p) : 0;

        if (*p && length == 0) {
            p++;
            continue;
        }
        good = append_code(reading, start, (size_t)(p - start), codes);
        if (!*p)
            break;
        p = start = p + length;
    }
    if (good && json_array_size(codes) > 0)
        return codes;
    json_decref(codes);
    return good ? json_string(reading->text) : NULL;
}

static json_t *read_boolean(const struct reading *reading)
{
    static const char *const yes[] = {"是", "yes", "true", "Y", "1"}, *const no[] = {"否", "no", "false", "N", "0"};

    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        if (text_same(reading->text, yes[i]))
            return json_true();
        if (text_same(reading->text, no[i]))
            return json_false();
    }
    return refuse(reading, &boolean_words);
}

/* Digits are a number, unless an apostrophe said that they are a text. */
static json_t *read_key(const struct reading *reading)
{
    char text[SHORT_TEXT_SIZE];

    if (text_fold(reading->text, text) && text_is_key_number(text))
        return json_integer(strtoll(text, NULL, 10));
    return json_string(reading->text);
}

static json_t *(*const readers[])(const struct reading *reading) = {
    [ITEM_COUNT] = read_whole_number, [ITEM_MONEY] = read_whole_number, [ITEM_DECIMAL] = read_decimal,
    [ITEM_DATE] = read_date,          [ITEM_TEXT] = read_text,          [ITEM_CODE] = read_code,
    [ITEM_CODES] = read_codes,        [ITEM_BOOLEAN] = read_boolean,    [ITEM_KEY] = read_key,
    [ITEM_URL] = read_text,           [ITEM_EMAIL] = read_text,         [ITEM_PHONE] = read_text,
};

/* The text that an apostrophe keeps from being taken for something else, or NULL. */
static const char *read_apostrophe(const struct item *item, const char *text)
{
    if (*text != '\'')
        return NULL;
    if (text_needs_apostrophe(text) || (item && item->type == ITEM_KEY && text_is_key_number(text + strspn(text, "'"))))
        return text + 1;
    return NULL;
}

static json_t *read_absence(enum absence absence, const char *reason)
{
    json_t *cell = json_object(), *why = json_string(reason);

    if (json_object_set_new(cell, absence == ABSENCE_NOT_YET ? "not_yet" : "not_applicable", why) != 0) {
        json_decref(cell);
        return NULL;
    }
    return cell;
}

json_t *value_read(const struct item *item, const char *text, struct cell_site site, struct findings *findings)
{
    struct reading reading = {item, read_apostrophe(item, text), site, findings};
    bool literal = reading.text != NULL;
    size_t errors = findings->error_count;
    enum absence absence = ABSENCE_NONE;
    const char *reason;
    json_t *value;

    if (!literal)
        reading.text = text_trim(findings->arena, text);
    if (reading.text && !*reading.text)
        return NULL;
    if (reading.text && !literal)
        absence = absence_parse(reading.text, &reason);
    if (!reading.text)
        value = NULL;
    else if (absence != ABSENCE_NONE)
        value = read_absence(absence, reason);
    else if (literal && item->type == ITEM_KEY)
        value = read_text(&reading);
    else
        value = readers[item->type](&reading);
    if (!value && findings->error_count == errors)
        findings->out_of_memory = true;
    return value;
}

const char *value_read_text(struct arena *arena, const char *text)
{
    const char *kept = read_apostrophe(NULL, text);

    return kept ? kept : text_trim(arena, text);
}
