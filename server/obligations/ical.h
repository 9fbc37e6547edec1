/* ical.h: content lines of a calendar (RFC 5545, 3.1): CRLF, folded at 75 octets, never inside a character. */
#ifndef TRIBUTARY_OBLIGATIONS_ICAL_H
#define TRIBUTARY_OBLIGATIONS_ICAL_H

#include "base/buffer.h"
#include "base/period.h"

/* NAME:value with the value as it is. `name` may carry parameters ("DTSTART;VALUE=DATE"). */
void ical_line(struct buffer *out, const char *name, const char *value);

/* NAME:text with the text escaped (RFC 5545, 3.3.11). */
void ical_text(struct buffer *out, const char *name, const char *text);

/* A day ("DTSTART;VALUE=DATE"), and a moment as answers write it ("2024-05-02T03:04:05.678901Z"), to the second. */
void ical_day(struct buffer *out, const char *name, struct date day);
void ical_moment(struct buffer *out, const char *name, const char *moment);

/* What shows `text` so long before an event ("-P7D"). */
void ical_alarm(struct buffer *out, const char *trigger, const char *text);

#endif
