/* files.h: files and folders that survive a crash: written beside, made durable, then renamed. */
#ifndef TRIBUTARY_CLIENT_FILES_H
#define TRIBUTARY_CLIENT_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* Files that are being written begin so; one that is left over is of no use to anyone. */
#define UNFINISHED_PREFIX ".new-"

/* All functions return 0 or an errno value. */

/* Reads a whole file ("-": standard input) of at most `limit` bytes into `arena`, NUL-terminated. EFBIG if it is larger. */
int file_read(struct arena *arena, const char *path, size_t limit, const char **ret_bytes, size_t *ret_length);

/* Writes folder/name with mode 0600 so that at any instant the old or the whole new content is there, also after a
 * power failure: temporary file, fsync, rename, fsync of the folder. */
int file_write(const char *folder, const char *name, const void *bytes, size_t length);

/* Writes a file of the person's own; EEXIST if one is there and isn't to be replaced. */
int file_save(const char *path, const void *bytes, size_t length, bool replace);

/* Makes a folder and those above it, mode 0700. */
int folder_make(const char *path);

/* Makes the names in a folder durable. */
int folder_sync(const char *path);

/* The names that end with `suffix`, sorted; none if there is no such folder. In `arena`. */
int folder_list(struct arena *arena, const char *path, const char *suffix, const char ***ret_names, size_t *ret_count);

/* Deletes what a crash left half written. Only while nobody else can be writing there. */
void folder_sweep(const char *path);

#endif
