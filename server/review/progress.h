/* progress.h: how far the review of a revision has come, and what stands returned of it. */
#ifndef TRIBUTARY_REVIEW_PROGRESS_H
#define TRIBUTARY_REVIEW_PROGRESS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "db/db.h"
#include "plan/plan.h"

struct progress {
    int passed;          /* so many stages of its chain */
    const char *outcome; /* of the newest review: accept, return, note; NULL: nobody looked at it yet */
    const char *stage;   /* of the newest review, or NULL */
    bool official;       /* it is, or was, official */
    int64_t moved_at;    /* the log's sequence number of the newest review of its submission; 0: none */
};

/* As it stood at a moment (NULL: now); inside a snapshot. Texts in the arena. */
enum db_status progress_read(struct db *db, const char *revision, const timestamp *as_of, struct arena *arena,
                             struct progress *ret_progress);

/* The same, now, of so many revisions at once; *ret_progress in their order, in the arena. */
enum db_status progress_read_many(struct db *db, const char *const *revisions, size_t count, struct arena *arena,
                                  struct progress **ret_progress);

/* One word of the contract: not_received, received, returned, accepted, official. */
const char *progress_state(const struct progress *progress, bool received);

/* What stands returned, as tributary.return_ticket() says; *ret_ticket NULL: nothing. The caller owns it. */
enum db_status ticket_read(struct db *db, const char *revision, json_t **ret_ticket);

/* The newest official revision of the submission that a revision belongs to: its id ("" if none) and number. */
enum db_status official_read(struct db *db, const char *revision, char *ret_id, size_t id_size, int *ret_number);

/* What GET of a submission says of its review. The caller owns it; NULL without memory. `form` NULL: the plan has no such
 * form any more. */
json_t *progress_to_json(const struct progress *progress, const struct form *form, bool received, const json_t *ticket,
                         const char *official, int official_number);

/* What a list says of each: state, the stage that spoke last, whose turn it is. The caller owns it. */
json_t *progress_to_short_json(const struct progress *progress, const struct form *form, bool received);

#endif
