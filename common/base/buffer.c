/* buffer.c: doubling growth up to the declared limit. */
#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buffer_free(struct buffer *buffer)
{
    free(buffer->data);
    buffer->data = NULL;
    buffer->length = buffer->capacity = 0;
}

void buffer_fail(struct buffer *buffer)
{
    buffer_free(buffer);
    buffer->failed = true;
}

static bool fail(struct buffer *buffer)
{
    buffer_fail(buffer);
    return false;
}

static bool reserve(struct buffer *buffer, size_t extra)
{
    if (buffer->failed)
        return false;
    if (extra > buffer->limit || buffer->length > buffer->limit - extra) {
        buffer->beyond_limit = true;
        return fail(buffer);
    }

    size_t needed = buffer->length + extra + 1;

    if (needed <= buffer->capacity)
        return true;

    size_t capacity = buffer->capacity ? buffer->capacity : 256;

    while (capacity < needed)
        capacity *= 2;
    if (capacity > buffer->limit + 1)
        capacity = buffer->limit + 1;

    char *data = realloc(buffer->data, capacity);

    if (!data)
        return fail(buffer);
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

bool buffer_append(struct buffer *buffer, const void *bytes, size_t length)
{
    if (!reserve(buffer, length))
        return false;
    if (length)
        memcpy(buffer->data + buffer->length, bytes, length);
    buffer->length += length;
    buffer->data[buffer->length] = '\0';
    return true;
}

bool buffer_append_text(struct buffer *buffer, const char *text)
{
    return buffer_append(buffer, text, strlen(text));
}

bool buffer_append_char(struct buffer *buffer, char c)
{
    return buffer_append(buffer, &c, 1);
}

bool buffer_append_format(struct buffer *buffer, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0 || !reserve(buffer, (size_t)length))
        return false;

    va_start(args, format);
    vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, args);
    va_end(args);
    buffer->length += (size_t)length;
    return true;
}

char *buffer_take(struct buffer *buffer, size_t *ret_length)
{
    if (!reserve(buffer, 0))
        return NULL;

    char *data = buffer->data;

    data[buffer->length] = '\0';
    if (ret_length)
        *ret_length = buffer->length;
    *buffer = BUFFER_WITH_LIMIT(buffer->limit);
    return data;
}
