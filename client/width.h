/* width.h: how many columns of a terminal a text takes; Chinese characters take two. */
#ifndef TRIBUTARY_CLIENT_WIDTH_H
#define TRIBUTARY_CLIENT_WIDTH_H

#include <stddef.h>

#include "base/arena.h"

/* Columns of the first line of a UTF-8 text (Unicode's East Asian Width; ambiguous characters count as narrow,
 * combining ones as nothing). A byte that isn't UTF-8 counts as one column. */
size_t text_width(const char *text);

/* Bytes of the longest beginning of `text` that fits into `columns` and may end a line, at least one character.
 * Breaks after spaces and hyphens of Latin words and between Chinese characters, never before closing punctuation;
 * a word that is too long is cut. Spaces at the end of the piece belong to it. */
size_t text_break(const char *text, size_t columns);

/* The text with control characters, direction overrides and bytes that aren't UTF-8 replaced by U+FFFD, so that what
 * others wrote can't steer the terminal; line breaks stay, tabs become a space. In `arena`; NULL without memory. */
const char *text_printable(struct arena *arena, const char *text);

#endif
