/* csv_head.h: the lines that begin with '#' at the top of a CSV file, read and changed without touching the rest. */
#ifndef TRIBUTARY_CLIENT_CSV_HEAD_H
#define TRIBUTARY_CLIENT_CSV_HEAD_H

#include <stddef.h>

#include "base/arena.h"
#include "sheet/grid.h"

/* What "#form,…" and its like say, as it stands there; members that aren't said stay as they are. Texts in `arena`. */
void csv_head_read(struct arena *arena, const char *bytes, size_t length, struct identity *identity);

/* Replaces what a line "#base,…" says unless `base` is -1 (a file without such a line stays as it is, so that its cells stay
 * where they are), and adds a note on the whole document unless `note` is NULL. The new bytes are in `arena`. Returns 0, ENOMEM, or EILSEQ if the file isn't UTF-8 and the note can't be written in it. */
int csv_head_change(struct arena *arena, long long base, const char *note, const char **bytes, size_t *length);

#endif
