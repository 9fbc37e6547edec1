/* ical.c: escaping and folding. */
#include "obligations/ical.h"

#include <stdio.h>
#include <string.h>

enum { LINE_OCTETS = 75, LINE_LIMIT = 1024 * 1024 };

/* How many octets of `text` fit into `room` without cutting a UTF-8 character. */
static size_t fitting(const char *text, size_t length, size_t room)
{
    if (length <= room)
        return length;
    while (room > 0 && ((unsigned char)text[room] & 0xc0) == 0x80)
        room--;
    return room;
}

static void append_folded(struct buffer *out, const char *line, size_t length)
{
    size_t room = LINE_OCTETS;

    while (length > 0) {
        size_t piece = fitting(line, length, room);

        if (piece == 0) /* no UTF-8; then anything will do */
            piece = room;
        buffer_append(out, line, piece);
        line += piece;
        length -= piece;
        buffer_append_text(out, length > 0 ? "\r\n " : "\r\n");
        room = LINE_OCTETS - 1; /* the space counts */
    }
}

void ical_line(struct buffer *out, const char *name, const char *value)
{
    struct buffer line = BUFFER_WITH_LIMIT(LINE_LIMIT);

    buffer_append_text(&line, name);
    buffer_append_char(&line, ':');
    buffer_append_text(&line, value);
    if (line.failed)
        buffer_fail(out);
    else
        append_folded(out, line.data, line.length);
    buffer_free(&line);
}

void ical_text(struct buffer *out, const char *name, const char *text)
{
    struct buffer value = BUFFER_WITH_LIMIT(LINE_LIMIT);

    buffer_append_text(&value, "");
    for (; *text; text++) {
        if (*text == '\n') {
            buffer_append_text(&value, "\\n");
        } else if ((unsigned char)*text >= 0x20 && *text != 0x7f) {
            if (strchr("\\;,", *text))
                buffer_append_char(&value, '\\');
            buffer_append_char(&value, *text);
        }
    }
    if (value.failed)
        buffer_fail(out);
    else
        ical_line(out, name, value.data);
    buffer_free(&value);
}

void ical_day(struct buffer *out, const char *name, struct date day)
{
    char text[DATE_TEXT_SIZE];

    snprintf(text, sizeof text, "%04d%02d%02d", day.year % 10000, day.month % 100, day.day % 100);
    ical_line(out, name, text);
}

void ical_moment(struct buffer *out, const char *name, const char *moment)
{
    char text[TIMESTAMP_TEXT_SIZE] = "";
    size_t length = 0;

    for (size_t i = 0; i < 19 && moment[i]; i++)
        if (moment[i] != '-' && moment[i] != ':')
            text[length++] = moment[i];
    memcpy(text + length, "Z", 2);
    ical_line(out, name, text);
}

void ical_alarm(struct buffer *out, const char *trigger, const char *text)
{
    ical_line(out, "BEGIN", "VALARM");
    ical_line(out, "ACTION", "DISPLAY");
    ical_line(out, "TRIGGER", trigger);
    ical_text(out, "DESCRIPTION", text);
    ical_line(out, "END", "VALARM");
}
