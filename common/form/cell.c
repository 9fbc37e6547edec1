/* cell.c: one cell: a value, blank, not yet known or not applicable; and whether the value fits its type. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/blank.h"
#include "form/document.h"

static const struct name type_words[] = {
    [ITEM_COUNT] = {{"整數", "a whole number"}},
    [ITEM_MONEY] = {{"整數（元）", "a whole number of NT$"}},
    [ITEM_DECIMAL] = {{"小數文字（如 \"1.5\"）", "a decimal string such as \"1.5\""}},
    [ITEM_DATE] = {{"日期（YYYY-MM-DD）", "a date (YYYY-MM-DD)"}},
    [ITEM_TEXT] = {{"文字", "a text"}},
    [ITEM_CODE] = {{"代碼", "a code"}},
    [ITEM_CODES] = {{"代碼的清單", "a list of codes"}},
    [ITEM_BOOLEAN] = {{"是或否", "true or false"}},
    [ITEM_KEY] = {{"文字或非負整數", "a text or a whole number"}},
    [ITEM_URL] = {{"網址", "web address"}},
    [ITEM_EMAIL] = {{"電子郵件地址", "e-mail address"}},
    [ITEM_PHONE] = {{"電話號碼", "telephone number"}},
};

static const char *const type_terms[] = {
    [ITEM_COUNT] = "integer", [ITEM_MONEY] = "integer",   [ITEM_DECIMAL] = "decimal string",
    [ITEM_DATE] = "date",     [ITEM_TEXT] = "string",     [ITEM_CODE] = "code",
    [ITEM_CODES] = "codes",   [ITEM_BOOLEAN] = "boolean", [ITEM_KEY] = "key",
    [ITEM_URL] = "url",       [ITEM_EMAIL] = "email",     [ITEM_PHONE] = "phone",
};

struct reading {
    const struct item *item;
    const json_t *json;
    struct place place;
    struct findings *findings;
};

/* Notes an error of this cell; always returns false. */
static bool refuse(const struct reading *reading, enum finding_code code, const char *expected,
                   const struct name *expected_words)
{
    findings_add(reading->findings, (struct finding){.code = code,
                                                     .place = reading->place,
                                                     .label = &reading->item->name,
                                                     .expected = expected,
                                                     .expected_words = expected_words,
                                                     .found = json_excerpt(reading->findings->arena, reading->json)});
    return false;
}

static bool refuse_type(const struct reading *reading)
{
    enum item_type type = reading->item->type;

    return refuse(reading, FINDING_wrong_type, type_terms[type], &type_words[type]);
}

/* A number so large that it was read as a real (json_parse_strict()), or was written as one. */
static bool is_large_real(const json_t *json)
{
    return json_is_real(json) && (json_real_value(json) > (double)LARGEST_WHOLE_NUMBER ||
                                  json_real_value(json) < -(double)LARGEST_WHOLE_NUMBER);
}

static bool read_whole_number(const struct reading *reading, struct cell *cell)
{
    if (is_large_real(reading->json))
        return json_real_value(reading->json) < 0 ? refuse(reading, FINDING_negative, "0", NULL)
                                                  : refuse(reading, FINDING_number_too_large, "9007199254740992", NULL);
    if (json_is_real(reading->json))
        return refuse(reading, FINDING_not_an_integer, type_terms[reading->item->type], NULL);
    if (!json_is_integer(reading->json))
        return refuse_type(reading);

    json_int_t value = json_integer_value(reading->json);

    if (value < 0)
        return refuse(reading, FINDING_negative, "0", NULL);
    if (value > LARGEST_WHOLE_NUMBER)
        return refuse(reading, FINDING_number_too_large, "9007199254740992", NULL);
    cell->number = decimal_from_int(value);
    return true;
}

static bool read_decimal(const struct reading *reading, struct cell *cell)
{
    const char *text = json_string_value(reading->json);
    struct decimal value;
    char step[DECIMAL_TEXT_SIZE];

    if (!text)
        return refuse_type(reading);
    if (!decimal_parse(text, &value))
        return refuse(reading, FINDING_bad_decimal, type_terms[ITEM_DECIMAL], &type_words[ITEM_DECIMAL]);
    if (value.coefficient < 0)
        return refuse(reading, FINDING_negative, "0", NULL);
    if (decimal_compare(value, decimal_from_int(LARGEST_WHOLE_NUMBER)) > 0)
        return refuse(reading, FINDING_number_too_large, "9007199254740992", NULL);
    if (!decimal_is_multiple(value, reading->item->step)) {
        decimal_format(reading->item->step, step);
        return refuse(reading, FINDING_bad_step, arena_text(reading->findings->arena, step), NULL);
    }
    cell->number = value;
    return true;
}

static size_t count_characters(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

/* What is said of a text that is too long is how long it is, not the text. */
static bool is_short_enough(const struct reading *reading, const char *text)
{
    struct arena *arena = reading->findings->arena;
    size_t length = count_characters(text);

    if (length <= (size_t)reading->item->max_length)
        return true;
    findings_add(reading->findings, (struct finding){.code = FINDING_text_too_long,
                                                     .place = reading->place,
                                                     .label = &reading->item->name,
                                                     .expected = arena_format(arena, "%ld", reading->item->max_length),
                                                     .found = arena_format(arena, "%zu", length)});
    return false;
}

static bool read_text(const struct reading *reading)
{
    const char *text = json_string_value(reading->json);

    return text ? is_short_enough(reading, text) : refuse_type(reading);
}

/* Digits, what stands between them, and the words for an extension. */
static bool looks_like_phone(const char *text)
{
    static const char *const words[] = {"ext", "轉", "分機"};
    bool has_digit = false;

    while (*text) {
        size_t length = strspn(text, "0123456789+-() #,.");

        has_digit = has_digit || strcspn(text, "0123456789") < length;
        for (size_t i = 0; length == 0 && i < sizeof words / sizeof *words; i++)
            if (strncasecmp(text, words[i], strlen(words[i])) == 0)
                length = strlen(words[i]);
        if (length == 0)
            return false;
        text += length;
    }
    return has_digit;
}

static bool looks_like_address(enum item_type type, const char *text)
{
    const char *at = strchr(text, '@');

    switch (type) {
    case ITEM_URL:
        return (strncmp(text, "https://", 8) == 0 || strncmp(text, "http://", 7) == 0) &&
               strcspn(text, " \t\r\n<>\"") == strlen(text) && strlen(text) > 8;
    case ITEM_EMAIL:
        return at && at > text && !strchr(at + 1, '@') && strchr(at + 1, '.') &&
               strcspn(text, " \t\r\n<>\"") == strlen(text);
    case ITEM_PHONE: return looks_like_phone(text);
    default: return true;
    }
}

static bool read_address(const struct reading *reading)
{
    enum item_type type = reading->item->type;

    if (!read_text(reading))
        return false;
    return looks_like_address(type, json_string_value(reading->json)) ||
           refuse(reading, FINDING_bad_address, type_terms[type], &type_words[type]);
}

/* What could stand there instead: "gm_basic, cedaw, …" by code, or by name in a language. */
static const char *list_choices(const struct reading *reading, const char *separator,
                                const char *(*word)(const struct code_entry *))
{
    enum { ENOUGH = 4 * 1024 };
    struct buffer text = BUFFER_WITH_LIMIT(2 * ENOUGH);
    const struct code_list *list = reading->item->codes;
    struct arena *arena = reading->findings->arena;

    for (size_t i = 0; i < list->entry_count && text.length < ENOUGH; i++)
        buffer_append_format(&text, "%s%s", i ? separator : "", word(&list->entries[i]));
    if (text.length >= ENOUGH)
        buffer_append_format(&text, "%s…", separator);

    const char *copy = text.data ? arena_copy(arena, text.data, text.length) : NULL;

    if (text.failed)
        arena_note_shortage(arena);
    buffer_free(&text);
    return copy;
}

static const char *code_of(const struct code_entry *entry)
{
    return entry->code;
}

static const char *chinese_of(const struct code_entry *entry)
{
    return entry->name.text[LANGUAGE_ZH];
}

static const char *english_of(const struct code_entry *entry)
{
    return entry->name.text[LANGUAGE_EN];
}

/* A program is told the codes, a person the names. */
static bool refuse_code(const struct reading *reading)
{
    struct name *words = arena_alloc(reading->findings->arena, sizeof *words);

    if (words) {
        words->text[LANGUAGE_ZH] = list_choices(reading, "、", chinese_of);
        words->text[LANGUAGE_EN] = list_choices(reading, ", ", english_of);
    }
    return refuse(reading, FINDING_unknown_code, list_choices(reading, ", ", code_of), words);
}

static bool read_code(const struct reading *reading)
{
    const char *text = json_string_value(reading->json);

    if (!text)
        return refuse_type(reading);
    return code_list_entry(reading->item->codes, text) || refuse_code(reading);
}

static bool read_codes(const struct reading *reading)
{
    const json_t *code;
    bool good = true;
    size_t i;

    if (!json_is_array(reading->json))
        return refuse_type(reading);
    json_array_foreach(reading->json, i, code) {
        struct reading one = *reading;

        one.json = code;
        good = (json_is_string(code) ? read_code(&one) : refuse_type(&one)) && good;
    }
    return good;
}

static bool read_boolean(const struct reading *reading)
{
    const char *text = json_string_value(reading->json);

    return json_is_boolean(reading->json) || (text && (strcmp(text, "yes") == 0 || strcmp(text, "no") == 0)) ||
           refuse_type(reading);
}

static bool read_key(const struct reading *reading)
{
    if (json_is_string(reading->json))
        return read_text(reading);
    if (!json_is_integer(reading->json) && !is_large_real(reading->json))
        return refuse_type(reading);

    struct cell ignored;

    return read_whole_number(reading, &ignored);
}

static bool read_date(const struct reading *reading, struct cell *cell)
{
    const char *text = json_string_value(reading->json);

    if (!text)
        return refuse_type(reading);
    return date_parse_iso(text, &cell->date) ||
           refuse(reading, FINDING_bad_date, type_terms[ITEM_DATE], &type_words[ITEM_DATE]);
}

static bool read_value(const struct reading *reading, struct cell *cell)
{
    switch (reading->item->type) {
    case ITEM_COUNT:
    case ITEM_MONEY: return read_whole_number(reading, cell);
    case ITEM_DECIMAL: return read_decimal(reading, cell);
    case ITEM_DATE: return read_date(reading, cell);
    case ITEM_TEXT: return read_text(reading);
    case ITEM_CODE: return read_code(reading);
    case ITEM_CODES: return read_codes(reading);
    case ITEM_BOOLEAN: return read_boolean(reading);
    case ITEM_KEY: return read_key(reading);
    case ITEM_URL:
    case ITEM_EMAIL:
    case ITEM_PHONE: return read_address(reading);
    }
    return false;
}

/* {"not_applicable":"why"} or {"not_yet":"why"}. */
static bool read_absence(const struct reading *reading, struct cell *cell)
{
    const json_t *not_applicable = json_object_get(reading->json, "not_applicable");
    const json_t *not_yet = json_object_get(reading->json, "not_yet");
    const json_t *why = not_applicable ? not_applicable : not_yet;

    if (json_object_size(reading->json) != 1 || !json_is_string(why))
        return refuse_type(reading);
    cell->state = not_applicable ? CELL_NOT_APPLICABLE : CELL_NOT_YET;
    if (blank_is_all(json_string_value(why)))
        return refuse(reading, FINDING_reason_empty, NULL, NULL);
    return is_short_enough(reading, json_string_value(why));
}

/* Blanks of any width are as good as nothing: a report of blanks is not a report (domain.md 6.4). */
static bool is_blank(const json_t *json)
{
    return !json || json_is_null(json) || (json_is_string(json) && blank_is_all(json_string_value(json))) ||
           (json_is_array(json) && json_array_size(json) == 0);
}

struct cell cell_read(const struct item *item, const json_t *json, struct place place, struct findings *findings)
{
    struct reading reading = {item, json, place, findings};
    struct cell cell = {.state = CELL_BLANK, .json = json};

    /* An empty list or text where neither belongs is a fault, not a blank. */
    if (is_blank(json) && !(json_is_array(json) && item->type != ITEM_CODES))
        return cell;
    if (json_is_object(json)) {
        cell.faulty = !read_absence(&reading, &cell);
        return cell;
    }
    cell.state = CELL_VALUE;
    cell.faulty = !read_value(&reading, &cell);
    return cell;
}
