/* sound_text.h: a text as XML can hold it, for whoever writes a document of XML parts. */
#ifndef TRIBUTARY_SHEET_SOUND_TEXT_H
#define TRIBUTARY_SHEET_SOUND_TEXT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buffer.h"

/* Appends text with &, <, >, " written as XML wants them. Characters that XML can't hold and bytes that aren't UTF-8 are
 * dropped; what goes beyond WORKBOOK_MOST_TEXT is cut and ends with "…". */
bool xml_append(struct buffer *out, const char *text);

/* The same characters as a plain text. In the arena; NULL without memory. */
const char *xml_sound_text(struct arena *arena, const char *text);

#endif
