/* waiting_files.h: files that wait to be attached. Each is copied first, so that no crash, power failure or lost connection
 * loses it, and how far it got is remembered, so that the next run goes on there. */
#ifndef TRIBUTARY_CLIENT_WAITING_FILES_H
#define TRIBUTARY_CLIENT_WAITING_FILES_H

#include <stddef.h>

#include "base/arena.h"

/* One file. Texts that aren't known are NULL. */
struct waiting_file {
    const char *id;     /* given when it is stored; ids sort in the order of storing */
    const char *server; /* it was kept for this one, as in outbox.h */
    const char *plan, *name, *slot;
    const char *submission;                     /* what it is attached to; or: */
    const char *hand_in;                        /* the outbox's entry whose receipt will name that; or: */
    const char *form, *office, *period, *event; /* what that says it is */
    const char *upload;                         /* once the server gave it a place */
    const char *idempotency_key, *sample_clock;
    const char *sha256; /* given when it is stored */
    long long size;     /* given when it is stored */
};

/* All functions return 0 or an errno value; EBADMSG stands for a file that isn't such a thing. `state` is the state folder. */

/* Copies the bytes of `path` and stores `file` durably; its id, size and sha256 are set, in `arena`. */
int waiting_file_store(struct arena *arena, const char *state, const char *path, struct waiting_file *file);

/* Writes anew what is known of a stored file. */
int waiting_file_save(struct arena *arena, const char *state, const struct waiting_file *file);

/* Every stored file, in the order of storing; one that can't be read is passed over. */
int waiting_file_list(struct arena *arena, const char *state, struct waiting_file **ret_files, size_t *ret_count);

/* Opens the copied bytes for reading; the caller closes *ret_descriptor. */
int waiting_file_open(struct arena *arena, const char *state, const struct waiting_file *file, int *ret_descriptor);

/* Forgets a file and deletes the copy. */
int waiting_file_remove(struct arena *arena, const char *state, const struct waiting_file *file);

#endif
