/* archive.h: the members of a zip file that lies in memory, inflated only within limits. Private to sheet/. */
#ifndef TRIBUTARY_SHEET_ARCHIVE_H
#define TRIBUTARY_SHEET_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "plan/plan.h"

struct archive;

enum archive_outcome {
    ARCHIVE_GOOD,
    ARCHIVE_STOPPED,      /* the receiver of a stream wanted no more */
    ARCHIVE_REFUSED,      /* damaged, encrypted or beyond a limit: the words say which */
    ARCHIVE_OUT_OF_MEMORY /* or the memory allowed for */
};

/* Takes `count` bytes of a member; false ends the stream. */
typedef bool archive_receiver(void *context, const char *bytes, size_t count);

/* Opens a zip file. `bytes` stay the caller's and must outlive the archive, which the caller closes. Refuses what is no
 * zip file, is damaged or encrypted (zip or ODF), has more than 2,000 members, two of one name, or names that lead out of
 * a folder. */
enum archive_outcome archive_open(const char *bytes, size_t length, struct archive **ret_archive,
                                  const struct name **ret_refusal);

/* Accepts NULL. */
void archive_close(struct archive *archive);

/* Members in the order of the file. A size is what the file claims of itself, good for a hint only. */
size_t archive_member_count(const struct archive *archive);
const char *archive_member_name(const struct archive *archive, size_t index);
uint64_t archive_member_size(const struct archive *archive, size_t index);

/* Whether there is such a member. Here and below names are told apart without regard to the case of ASCII letters. */
bool archive_has(const struct archive *archive, const char *name);

/* Inflates a member of at most `most` bytes into `arena`, NUL-terminated. Refuses one that isn't there. What is counted
 * towards the limits (64 MiB for a member, 96 MiB for all that is read, 400 times its compressed size beyond 4 MiB) is
 * what comes out, never what the file claims. */
enum archive_outcome archive_read(struct archive *archive, const char *name, size_t most, struct arena *arena,
                                  const char **ret_text, size_t *ret_length, const struct name **ret_refusal);

/* Inflates a member piece by piece, within the same limits. */
enum archive_outcome archive_stream(struct archive *archive, const char *name, archive_receiver *receive, void *context,
                                    const struct name **ret_refusal);

#endif
