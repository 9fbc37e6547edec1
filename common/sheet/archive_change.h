/* archive_change.h: a zip file with some members changed or added; every other member keeps its bytes as they are
 * stored. Private to sheet/. */
#ifndef TRIBUTARY_SHEET_ARCHIVE_CHANGE_H
#define TRIBUTARY_SHEET_ARCHIVE_CHANGE_H

#include "base/buffer.h"
#include "sheet/archive.h"

/* A member's new content. It takes the place of a member of that name (whatever the case of ASCII letters), else comes
 * last. */
struct archive_change {
    const char *name, *text;
    size_t length;
};

/* Appends the zip file with the changes to `out`. The archive's bytes must be those it was opened from. */
enum archive_outcome archive_write(const char *bytes, size_t length, const struct archive_change *changes, size_t count,
                                   struct buffer *out, const struct name **ret_refusal);

#endif
