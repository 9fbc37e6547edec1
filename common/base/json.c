/* json.c: strict reading and RFC 8785 writing on top of jansson. */
#include "base/json.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void set_fault(struct json_fault *ret_fault, enum json_fault_kind kind, const json_error_t *error,
                      const char *text)
{
    ret_fault->kind = kind;
    ret_fault->line = error ? error->line : 0;
    ret_fault->column = error ? error->column : 0;
    snprintf(ret_fault->text, sizeof ret_fault->text, "%s", text);
}

/* An upper bound of the number of values, without parsing: every value but the first follows one of these. */
static bool has_too_many_values(const char *bytes, size_t length, size_t max_values)
{
    size_t seen = 1;

    for (size_t i = 0; i < length; i++)
        seen += bytes[i] == ',' || bytes[i] == '[' || bytes[i] == '{';
    return seen > max_values;
}

/* The length of the JSON number that `text` begins with, 0 if there is none. *ret_digits: those before a point or an
 * exponent if it has neither, otherwise 0. */
static size_t number_length(const char *text, size_t *ret_digits)
{
    static const char digits[] = "0123456789";
    const size_t start = *text == '-', whole = text[start] == '0' ? 1 : strspn(text + start, digits);
    size_t length = start + whole;

    *ret_digits = 0;
    if (whole == 0)
        return 0;
    if (text[length] == '.' && strspn(text + length + 1, digits) > 0)
        length += 1 + strspn(text + length + 1, digits);
    if (text[length] == 'e' || text[length] == 'E') {
        size_t sign = text[length + 1] == '+' || text[length + 1] == '-';
        size_t exponent = strspn(text + length + 1 + sign, digits);

        length += exponent > 0 ? 1 + sign + exponent : 0;
    }
    if (length == start + whole)
        *ret_digits = whole;
    return length;
}

/* Appends a number, as a real if it is beyond 64 bits, and as 1e308 if it is beyond a double. */
static void append_number(const char *text, size_t length, size_t digits, struct buffer *out)
{
    static const char largest[] = "9223372036854775807", lowest[] = "-9223372036854775808";
    const char *limit = *text == '-' ? lowest : largest;
    bool too_long = digits > sizeof largest - 1 || (digits == sizeof largest - 1 && strncmp(text, limit, length) > 0);

    if ((digits == 0 || too_long) && isinf(strtod(text, NULL))) {
        buffer_append_text(out, *text == '-' ? "-1e308" : "1e308");
        return;
    }
    buffer_append(out, text, length);
    if (too_long)
        buffer_append_text(out, "e0");
}

/* The end of the string that begins at `text`. */
static const char *string_end(const char *text)
{
    for (text++; *text && *text != '"'; text++)
        text += *text == '\\' && text[1];
    return text + (*text == '"');
}

/* Appends the text (without a NUL in it) with every number small enough to be read. What isn't JSON stays so. */
static bool append_readable(const char *text, struct buffer *out)
{
    while (*text && !out->failed) {
        size_t digits = 0, length = *text == '-' || (*text >= '0' && *text <= '9') ? number_length(text, &digits) : 0;

        if (length > 0) {
            append_number(text, length, digits, out);
        } else {
            length = *text == '"' ? (size_t)(string_end(text) - text) : 1;
            buffer_append(out, text, length);
        }
        text += length;
    }
    return !out->failed;
}

/* Reads a text of which a number was too large for jansson. NULL sets error. */
static json_t *load_large_numbers(const char *bytes, size_t length, json_error_t *error)
{
    struct buffer text = BUFFER_WITH_LIMIT(length + 1), readable = BUFFER_WITH_LIMIT(2 * length + 16);
    json_t *value = NULL;

    if (buffer_append(&text, bytes, length) && strlen(text.data) == length && append_readable(text.data, &readable))
        value = json_loadb(readable.data, readable.length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, error);
    buffer_free(&text);
    buffer_free(&readable);
    return value;
}

json_t *json_parse_strict(const char *bytes, size_t length, size_t max_values, struct json_fault *ret_fault)
{
    json_error_t error;

    if (has_too_many_values(bytes, length, max_values)) {
        set_fault(ret_fault, JSON_FAULT_TOO_MANY_VALUES, NULL, "too many values");
        return NULL;
    }

    json_t *value = json_loadb(bytes, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);

    if (!value && json_error_code(&error) == json_error_numeric_overflow)
        value = load_large_numbers(bytes, length, &error);
    if (!value) {
        switch (json_error_code(&error)) {
        case json_error_duplicate_key: set_fault(ret_fault, JSON_FAULT_DUPLICATE_KEY, &error, error.text); break;
        default: set_fault(ret_fault, JSON_FAULT_MALFORMED, &error, error.text); break;
        }
    }
    return value;
}

/* Takes one code point off valid UTF-8. */
static uint32_t next_code_point(const unsigned char **text)
{
    const unsigned char *p = *text;
    int extra = *p >= 0xf0 ? 3 : *p >= 0xe0 ? 2 : *p >= 0xc0 ? 1 : 0;
    uint32_t c = extra == 0 ? *p : *p & (0x3fu >> extra);

    for (p++; extra > 0 && (*p & 0xc0) == 0x80; extra--, p++)
        c = c << 6 | (*p & 0x3f);
    *text = p;
    return c;
}

/* The first UTF-16 code unit decides between two different code points, except for two surrogate pairs that
 * share it; there the code point order is the unit order too. */
static uint64_t utf16_rank(uint32_t c)
{
    if (c < 0x10000)
        return (uint64_t)c << 16;
    c -= 0x10000;
    return (uint64_t)(0xd800 + (c >> 10)) << 16 | (0xdc00 + (c & 0x3ff));
}

int json_compare_keys(const char *a, const char *b)
{
    const unsigned char *x = (const unsigned char *)a, *y = (const unsigned char *)b;

    while (*x && *y) {
        uint32_t c = next_code_point(&x), d = next_code_point(&y);

        if (c != d)
            return utf16_rank(c) < utf16_rank(d) ? -1 : 1;
    }
    return (*x != 0) - (*y != 0);
}

static int compare_key_pointers(const void *a, const void *b)
{
    return json_compare_keys(*(const char *const *)a, *(const char *const *)b);
}

static void fill_sorted_keys(const json_t *object, const char **keys)
{
    size_t count = 0;

    for (void *iter = json_object_iter((json_t *)(uintptr_t)object); iter;
         iter = json_object_iter_next((json_t *)(uintptr_t)object, iter))
        keys[count++] = json_object_iter_key(iter);
    qsort(keys, count, sizeof *keys, compare_key_pointers);
}

const char **json_sorted_keys(struct arena *arena, const json_t *object, size_t *ret_count)
{
    size_t count = json_object_size(object);
    const char **keys = arena_alloc_array(arena, count + 1, sizeof *keys);

    if (!keys)
        return NULL;
    fill_sorted_keys(object, keys);
    *ret_count = count;
    return keys;
}

static bool write_string(const char *text, size_t length, struct buffer *out)
{
    static const char *const short_escapes[32] = {
        ['\b'] = "\\b", ['\t'] = "\\t", ['\n'] = "\\n", ['\f'] = "\\f", ['\r'] = "\\r"};
    size_t run = 0;

    buffer_append_char(out, '"');
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];

        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        buffer_append(out, text + run, i - run);
        run = i + 1;
        if (c >= 0x20)
            buffer_append(out, (char[]){'\\', (char)c}, 2);
        else if (short_escapes[c])
            buffer_append_text(out, short_escapes[c]);
        else
            buffer_append_format(out, "\\u%04x", c);
    }
    buffer_append(out, text + run, length - run);
    return buffer_append_char(out, '"');
}

static bool write_object(const json_t *object, struct buffer *out)
{
    enum { FEW = 64 };
    size_t count = json_object_size(object);
    const char *few[FEW], **keys = count <= FEW ? few : calloc(count, sizeof *keys);
    bool good = keys != NULL;

    if (keys)
        fill_sorted_keys(object, keys);
    else
        buffer_fail(out);
    good = good && buffer_append_char(out, '{');
    for (size_t i = 0; good && i < count; i++) {
        if (i > 0)
            buffer_append_char(out, ',');
        good = write_string(keys[i], strlen(keys[i]), out) && buffer_append_char(out, ':') &&
               json_write_canonical(json_object_get(object, keys[i]), out);
    }
    if (keys != few)
        free(keys);
    return good && buffer_append_char(out, '}');
}

static bool write_array(const json_t *array, struct buffer *out)
{
    const json_t *item;
    size_t i;

    buffer_append_char(out, '[');
    json_array_foreach(array, i, item) {
        if (i > 0)
            buffer_append_char(out, ',');
        if (!json_write_canonical(item, out))
            return false;
    }
    return buffer_append_char(out, ']');
}

bool json_write_canonical(const json_t *value, struct buffer *out)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT: return write_object(value, out);
    case JSON_ARRAY: return write_array(value, out);
    case JSON_STRING: return write_string(json_string_value(value), json_string_length(value), out);
    case JSON_INTEGER: return buffer_append_format(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    case JSON_TRUE: return buffer_append_text(out, "true");
    case JSON_FALSE: return buffer_append_text(out, "false");
    case JSON_NULL: return buffer_append_text(out, "null");
    case JSON_REAL: return false;
    }
    return false;
}

const char *json_text_member(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}
