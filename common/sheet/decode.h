/* decode.h: the bytes of a text file as UTF-8, each byte that says nothing remembered. Private to sheet/. */
#ifndef TRIBUTARY_SHEET_DECODE_H
#define TRIBUTARY_SHEET_DECODE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "plan/plan.h"

enum { MOST_BAD_BYTES = 1000 };

/* A byte left out of the decoded text: its number in the file, from 1, and where in the text it would have stood. */
struct bad_byte {
    size_t number, position;
};

struct decoded {
    char *text; /* UTF-8 without byte order mark, no NUL inside, NUL-terminated; in the arena */
    size_t length;
    struct bad_byte *bad; /* in order */
    size_t bad_count;
    const struct name *refusal; /* why this is no text file at all; NULL if it is one */
};

/* Tells UTF-8 (with or without byte order mark) from CP950 and decodes. False without memory. */
bool decode_text(struct arena *arena, const char *bytes, size_t length, struct decoded *ret_decoded);

#endif
