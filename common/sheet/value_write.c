/* value_write.c: a value as the text of a cell that value_read() reads back. */
#include <stdint.h>
#include <string.h>

#include "sheet/text.h"
#include "sheet/value.h"

bool value_write_text(const char *text, struct buffer *out)
{
    if (text_needs_apostrophe(text))
        buffer_append_char(out, '\'');
    return buffer_append_text(out, text);
}

static bool write_key(const char *text, struct buffer *out)
{
    if (text_is_key_number(text + strspn(text, "'")))
        buffer_append_char(out, '\'');
    return value_write_text(text, out);
}

/* The label in the reader's language if it leads back to the code, else the code. */
static const char *code_label(const struct code_list *list, const char *code, enum language language)
{
    const struct code_entry *entry = code_list_entry(list, code);
    const char *label = entry ? entry->name.text[language] : NULL;

    if (!label || strpbrk(label, ";,|/\n") || strstr(label, "、") || strstr(label, "；") || strstr(label, "，") ||
        strstr(label, "｜") || strstr(label, "／") || text_needs_apostrophe(label))
        return code;

    size_t back = wording_find(list->entries, list->entry_count, code_wording, label);

    return back != SIZE_MAX && &list->entries[back] == entry ? label : code;
}

static bool write_string(const struct item *item, const char *text, enum language language, struct buffer *out)
{
    if (item->type == ITEM_KEY)
        return write_key(text, out);
    return value_write_text(item->codes ? code_label(item->codes, text, language) : text, out);
}

static bool write_codes(const struct item *item, const json_t *list, enum language language, struct buffer *out)
{
    const json_t *code;
    size_t i;

    json_array_foreach(list, i, code) {
        if (i > 0)
            buffer_append_text(out, language == LANGUAGE_ZH ? "、" : ";");
        if (json_is_string(code))
            buffer_append_text(out, code_label(item->codes, json_string_value(code), language));
    }
    return !out->failed;
}

static bool write_absence(enum absence absence, const json_t *why, enum language language, struct buffer *out)
{
    const char *word = absence_word(absence, language), *reason = json_string_value(why);

    buffer_append_text(out, word);
    if (*reason && (absence != ABSENCE_NOT_YET || strcmp(reason, word) != 0)) {
        buffer_append_text(out, language == LANGUAGE_ZH ? "：" : ": ");
        buffer_append_text(out, reason);
    }
    return !out->failed;
}

static int append_part(const char *bytes, size_t length, void *out)
{
    return buffer_append(out, bytes, length) ? 0 : -1;
}

/* Numbers, and what no lawful document holds. */
static bool write_other(const json_t *json, struct buffer *out)
{
    return json_dump_callback(json, append_part, out, JSON_COMPACT | JSON_ENCODE_ANY) == 0;
}

bool value_write(const struct item *item, const json_t *json, enum language language, struct buffer *out)
{
    static const char *const truth[][2] = {{"否", "no"}, {"是", "yes"}};
    const json_t *not_yet = json_object_get(json, "not_yet"), *not_applicable = json_object_get(json, "not_applicable");

    if (!json || json_is_null(json))
        return true;
    if (json_is_string(json))
        return write_string(item, json_string_value(json), language, out);
    if (json_is_boolean(json))
        return buffer_append_text(out, truth[json_is_true(json)][language]);
    if (json_is_array(json) && item->codes)
        return write_codes(item, json, language, out);
    if (json_is_string(not_yet))
        return write_absence(ABSENCE_NOT_YET, not_yet, language, out);
    if (json_is_string(not_applicable))
        return write_absence(ABSENCE_NOT_APPLICABLE, not_applicable, language, out);
    return write_other(json, out);
}
