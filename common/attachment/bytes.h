/* bytes.h: the bytes of a file, read where they are needed: what is 20 MiB long need not lie in memory. */
#ifndef TRIBUTARY_ATTACHMENT_BYTES_H
#define TRIBUTARY_ATTACHMENT_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct byte_source {
    uint64_t size;
    /* Fills `length` bytes from `at` on; at + length is at most `size`. False if they can't be read. */
    bool (*read)(void *context, uint64_t at, size_t length, unsigned char *ret_bytes);
    void *context;
};

#endif
