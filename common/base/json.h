/* json.h: strict reading and RFC 8785 writing on top of jansson. */
#ifndef TRIBUTARY_BASE_JSON_H
#define TRIBUTARY_BASE_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"

enum json_fault_kind { JSON_FAULT_MALFORMED, JSON_FAULT_DUPLICATE_KEY, JSON_FAULT_TOO_MANY_VALUES };

struct json_fault {
    enum json_fault_kind kind;
    int line, column;
    char text[160];
};

/* Reads one JSON text: UTF-8, no duplicate keys, no NaN, no NUL, nothing behind it, at most `max_values`
 * values (a bound on memory, about 100 bytes each). A whole number beyond 64 bits is read as the nearest real, one beyond
 * a double as 1e308, so that who judges the value can say where it stands. The caller owns the result; NULL sets ret_fault. */
json_t *json_parse_strict(const char *bytes, size_t length, size_t max_values, struct json_fault *ret_fault);

/* Appends the canonical form (RFC 8785). Real numbers have no place in our documents: they return false. So does want of
 * memory, which `out->failed` tells. */
bool json_write_canonical(const json_t *value, struct buffer *out);

/* The text of a string member, or NULL if it is absent or not a string. Owned by `object`. */
const char *json_text_member(const json_t *object, const char *key);

/* Member keys in canonical order; the array is in `arena`, the keys belong to `object`. NULL without memory. */
const char **json_sorted_keys(struct arena *arena, const json_t *object, size_t *ret_count);

/* Orders two UTF-8 strings by their UTF-16 code units, as RFC 8785 sorts keys. */
int json_compare_keys(const char *a, const char *b);

#endif
