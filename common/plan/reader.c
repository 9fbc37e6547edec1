/* reader.c: reading a plan file member by member. */
#include "plan/reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

size_t reader_enter_key(struct plan_reader *reader, const char *key)
{
    size_t mark = strlen(reader->path);

    snprintf(reader->path + mark, sizeof reader->path - mark, ".%s", key);
    return mark;
}

size_t reader_enter_index(struct plan_reader *reader, size_t index)
{
    size_t mark = strlen(reader->path);

    snprintf(reader->path + mark, sizeof reader->path - mark, "[%zu]", index);
    return mark;
}

void reader_leave(struct plan_reader *reader, size_t mark)
{
    reader->path[mark] = '\0';
}

/* Takes out what is left of characters that a limit cut through: JSON texts are whole UTF-8. */
static void drop_cut_characters(char *text)
{
    char *out = text;

    while (*text) {
        unsigned char lead = (unsigned char)*text;
        size_t wanted = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1, length = 1;

        while (length < wanted && ((unsigned char)text[length] & 0xc0) == 0x80)
            length++;
        if (length == wanted) {
            memmove(out, text, length);
            out += length;
        }
        text += length;
    }
    *out = '\0';
}

void reader_fault(struct plan_reader *reader, const char *key, const char *format, ...)
{
    char message[512];
    size_t mark = strlen(reader->path);
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    if (key)
        reader_enter_key(reader, key);

    drop_cut_characters(message);
    drop_cut_characters(reader->path);

    json_t *fault = json_pack("{ss ss}", "path", reader->path, "message", message);

    if (!fault || json_array_append_new(reader->faults, fault) != 0)
        reader->out_of_memory = true;
    reader_leave(reader, mark);
}

void *reader_alloc(struct plan_reader *reader, size_t count, size_t size)
{
    void *memory = arena_alloc_array(reader->arena, count ? count : 1, size);

    if (!memory)
        reader->out_of_memory = true;
    return memory;
}

bool reader_check_members(struct plan_reader *reader, const json_t *object, ...)
{
    const char *key;
    json_t *value;

    if (!json_is_object(object)) {
        reader_fault(reader, NULL, "must be an object");
        return false;
    }
    json_object_foreach((json_t *)(uintptr_t)object, key, value) {
        bool known = false;
        va_list keys;

        va_start(keys, object);
        for (const char *k = va_arg(keys, const char *); k && !known; k = va_arg(keys, const char *))
            known = strcmp(k, key) == 0;
        va_end(keys);
        if (!known)
            reader_fault(reader, key, "no such member here");
    }
    return true;
}

const char *reader_text(struct plan_reader *reader, const json_t *object, const char *key, bool required)
{
    const json_t *value = json_object_get(object, key);

    if (!value || json_is_null(value)) {
        if (required)
            reader_fault(reader, key, "is missing");
        return NULL;
    }
    if (!json_is_string(value) || json_string_length(value) == 0) {
        reader_fault(reader, key, "must be a text that isn't empty");
        return NULL;
    }
    return json_string_value(value);
}

/* Codes stand in paths, addresses and column names, so they keep to a small alphabet. */
const char *reader_code(struct plan_reader *reader, const json_t *object, const char *key)
{
    const char *code = reader_text(reader, object, key, true);

    if (code && (strspn(code, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") != strlen(code) ||
                 strlen(code) > 64 || code[0] == '_' || code[0] == '.')) {
        reader_fault(reader, key, "'%.80s' is not a code: 1 to 64 of a-z A-Z 0-9 - _ ., not beginning with _ or .",
                     code);
        return NULL;
    }
    return code;
}

int reader_int(struct plan_reader *reader, const json_t *object, const char *key, bool required, int fallback,
               int least, int most)
{
    const json_t *value = json_object_get(object, key);

    if (!value) {
        if (required)
            reader_fault(reader, key, "is missing");
        return fallback;
    }
    if (!json_is_integer(value) || json_integer_value(value) < least || json_integer_value(value) > most) {
        reader_fault(reader, key, "must be a whole number from %d to %d", least, most);
        return fallback;
    }
    return (int)json_integer_value(value);
}

bool reader_bool(struct plan_reader *reader, const json_t *object, const char *key, bool fallback)
{
    const json_t *value = json_object_get(object, key);

    if (!value)
        return fallback;
    if (!json_is_boolean(value))
        reader_fault(reader, key, "must be true or false");
    return json_is_true(value);
}

const json_t *reader_array(struct plan_reader *reader, const json_t *object, const char *key, bool required)
{
    const json_t *value = json_object_get(object, key);

    if (!value) {
        if (required)
            reader_fault(reader, key, "is missing");
        return NULL;
    }
    if (!json_is_array(value)) {
        reader_fault(reader, key, "must be a list");
        return NULL;
    }
    return value;
}

struct name reader_name(struct plan_reader *reader, const json_t *object, const char *key, bool required)
{
    const json_t *value = json_object_get(object, key);
    struct name name = {{NULL, NULL}};

    if (!value) {
        if (required)
            reader_fault(reader, key, "is missing");
        return name;
    }
    size_t mark = reader_enter_key(reader, key);

    if (reader_check_members(reader, value, "zh", "en", NULL)) {
        name.text[LANGUAGE_ZH] = reader_text(reader, value, "zh", true);
        name.text[LANGUAGE_EN] = reader_text(reader, value, "en", true);
    }
    reader_leave(reader, mark);
    return name;
}

bool reader_decimal(struct plan_reader *reader, const json_t *value, const char *key, struct decimal *ret_value)
{
    if (!json_is_string(value) || !decimal_parse(json_string_value(value), ret_value)) {
        reader_fault(reader, key, "must be a decimal written as a text, such as \"92\" or \"0.5\"");
        return false;
    }
    return true;
}
