/* blank.h: what people take for an empty place in a text. */
#ifndef TRIBUTARY_BASE_BLANK_H
#define TRIBUTARY_BASE_BLANK_H

#include <stdbool.h>
#include <stddef.h>

/* The length of the blank that `text` begins with, 0 if there is none: ASCII blanks, U+00A0, U+200B, U+3000, U+FEFF. */
size_t blank_length(const char *text);

/* The first place in `text` that is no blank; its end if there is none. */
const char *blank_skip(const char *text);

/* True for a text of nothing but blanks, or of nothing. */
bool blank_is_all(const char *text);

#endif
