/* buffer.h: a growable run of bytes with a declared maximum. */
#ifndef TRIBUTARY_BASE_BUFFER_H
#define TRIBUTARY_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

/* `data` is NUL-terminated after every successful append. Once an append fails, `failed` stays set, the
 * memory is gone and later appends do nothing, so a run of appends needs one check at its end. */
struct buffer {
    char *data;
    size_t length, capacity, limit;
    bool failed, beyond_limit; /* beyond_limit: that is why it failed */
};

#define BUFFER_WITH_LIMIT(most) ((struct buffer){.limit = (most)})

void buffer_free(struct buffer *buffer);
bool buffer_append(struct buffer *buffer, const void *bytes, size_t length);
bool buffer_append_text(struct buffer *buffer, const char *text);
bool buffer_append_char(struct buffer *buffer, char c);
bool buffer_append_format(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Has the buffer fail, as an append that finds no memory does. */
void buffer_fail(struct buffer *buffer);

/* Hands the bytes to the caller, who frees them with free(); the buffer is empty afterwards.
 * Returns NULL if the buffer failed; never NULL for an empty good one. */
char *buffer_take(struct buffer *buffer, size_t *ret_length);

#endif
