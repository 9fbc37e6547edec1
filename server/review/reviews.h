/* reviews.h: what stages said of revisions. */
#ifndef TRIBUTARY_REVIEW_REVIEWS_H
#define TRIBUTARY_REVIEW_REVIEWS_H

#include <jansson.h>

#include "base/arena.h"
#include "db/db.h"
#include "plan/plan.h"

/* Records a review: see tributary.record_review(). For an act (ledger/act.h); its parameters: id, revision, stage, outcome,
 * reason, cells, meeting, meeting_record, break_glass, seen_at, beside_forms, judged_at, then clock,
 * token, key, digest of the request. */
extern const struct db_statement review_record;
enum { REVIEW_PARAMETERS = 16 };

struct review_filter {
    const char *id;                                     /* one by its id, or NULL */
    const char *plan, *form, *office, *stage, *outcome; /* each may be NULL */
    const char *revision;                               /* all of the submission it belongs to, or NULL */
    bool break_glass;                                   /* only those out of turn */
    int64_t after;                                      /* a sequence number */
    int limit;
};

/* The reviews that the caller may see, the oldest first, at most `limit` + 1; "sequence" pages them. Runs inside a snapshot.
 * The caller owns *ret_list. */
enum db_status reviews_list(struct db *db, const struct review_filter *filter, json_t **ret_list);

/* Whether a meeting of a body of the city can have dealt with a revision: see tributary.meeting_may_have_seen(). */
enum db_status review_meeting_fits(struct db *db, const char *meeting, const char *revision, int utc_offset,
                                   bool *ret_fits);

/* What waits for a stage that is the role's: the newest revision of each submission that reports, isn't returned and whose
 * turn it is; paged by "key", the store's key of submissions, at most `limit` + 1. `form`, `office` NULL: all. The caller owns
 * *ret_list. */
enum db_status reviews_waiting(struct db *db, const char *plan, const char *role, const char *form, const char *office,
                               int64_t after, int limit, json_t **ret_list);

#endif
