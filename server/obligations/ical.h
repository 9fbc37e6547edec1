/* ical.h: content lines of a calendar (RFC 5545, 3.1): CRLF, folded at 75 octets, never inside a character. */
#ifndef TRIBUTARY_OBLIGATIONS_ICAL_H
#define TRIBUTARY_OBLIGATIONS_ICAL_H

#include "base/buffer.h"

/* NAME:value with the value as it is. `name` may carry parameters ("DTSTART;VALUE=DATE"). */
void ical_line(struct buffer *out, const char *name, const char *value);

/* NAME:text with the text escaped (RFC 5545, 3.3.11). */
void ical_text(struct buffer *out, const char *name, const char *text);

#endif
