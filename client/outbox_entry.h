/* outbox_entry.h: the file of an entry: one line of JSON that describes it, then the bytes to be sent as they are. */
#ifndef TRIBUTARY_CLIENT_OUTBOX_ENTRY_H
#define TRIBUTARY_CLIENT_OUTBOX_ENTRY_H

#include <stdbool.h>

#include "base/buffer.h"
#include "outbox.h"

/* Appends the file's bytes; outbox_entry_parse() reads them back. False without memory. */
bool outbox_entry_write(const struct outbox_entry *entry, struct buffer *out);

#endif
