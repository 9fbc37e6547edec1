/* reviews.h: what stages said of revisions, and the meetings it was said at. */
#ifndef TRIBUTARY_REVIEW_REVIEWS_H
#define TRIBUTARY_REVIEW_REVIEWS_H

#include <jansson.h>

#include "base/arena.h"
#include "db/db.h"
#include "form/document.h"
#include "plan/plan.h"

/* Records a review: see tributary.record_review(). For an act (ledger/act.h); its parameters: id, revision, stage, outcome,
 * reason, cells, meeting, meeting_record, break_glass, seen_at, beside_forms, judged_at, then clock,
 * token, key, digest of the request. */
extern const struct db_statement review_record;
enum { REVIEW_PARAMETERS = 16 };

/* Records a meeting of a body of the city: id, plan, body, held_on, document_number, then the last four. */
extern const struct db_statement meeting_record;
enum { MEETING_PARAMETERS = 9 };

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

struct meeting_filter {
    const char *id, *plan, *body, *held_on; /* each may be NULL */
};

/* Meetings of the city's bodies, by their day. The caller owns *ret_list. */
enum db_status meetings_list(struct db *db, const struct meeting_filter *filter, json_t **ret_list);

/* What waits for a stage that is the role's: the newest revision of each submission that reports, isn't returned and whose
 * turn it is; paged by "key", the store's key of submissions, at most `limit` + 1. `form`, `office` NULL: all. The caller owns
 * *ret_list. */
enum db_status reviews_waiting(struct db *db, const char *plan, const char *role, const char *form, const char *office,
                               int64_t after, int limit, json_t **ret_list);

/* The current revision of the record of a meeting of an office's own body, asked by the record's revision, its event, or
 * its day (`held_on` as ISO text): *ret_revision is "" if there is none. Of several on one day the newest one. */
enum db_status meeting_record_find(struct db *db, const struct stage *stage, const char *plan, const char *office,
                                   const char *asked, struct arena *arena, const char **ret_revision,
                                   const char **ret_document);

enum quorum { QUORUM_REACHED, QUORUM_MISSED, QUORUM_UNKNOWN };

/* Whether a meeting counts: more than half of the members attended (plan 112–115, 5-3(1)). */
enum quorum meeting_quorum(const struct stage *stage, const struct document *record);

#endif
