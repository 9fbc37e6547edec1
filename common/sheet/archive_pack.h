/* archive_pack.h: a zip file made in memory, the same bytes for the same parts. */
#ifndef TRIBUTARY_SHEET_ARCHIVE_PACK_H
#define TRIBUTARY_SHEET_ARCHIVE_PACK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

struct archive_part {
    const char *name, *bytes;
    size_t length;
    bool stored; /* as it is, not compressed */
};

/* Appends a zip file of the parts, in their order, each dated 1980-01-01. False without memory. Its compressed bytes are
 * those of the zlib that it runs with. */
bool archive_pack(const struct archive_part *parts, size_t count, struct buffer *out);

#endif
