/* records.h: meetings of an office's own body, which its records of them (submissions) tell of. */
#ifndef TRIBUTARY_MEETING_RECORDS_H
#define TRIBUTARY_MEETING_RECORDS_H

#include "base/arena.h"
#include "db/db.h"
#include "form/document.h"
#include "plan/plan.h"

/* The current revision of the record of a meeting of an office's own body, asked by the record's revision, its event, or
 * its day (`held_on` as ISO text): *ret_revision is "" if there is none. Of several on one day the newest one. */
enum db_status meeting_record_find(struct db *db, const struct stage *stage, const char *plan, const char *office,
                                   const char *asked, struct arena *arena, const char **ret_revision,
                                   const char **ret_document);

enum quorum { QUORUM_REACHED, QUORUM_MISSED, QUORUM_UNKNOWN };

/* Whether a meeting counts: more than half of the members attended (plan 112–115, 5-3(1)). */
enum quorum meeting_quorum(const struct stage *stage, const struct document *record);

/* The newest record of a meeting of an office's own body that had its quorum, held before a day, as known at a moment.
 * *ret_document is the document as it was handed in (persons as digests), which the caller owns; NULL: there is none.
 * *ret_revision is its revision, in the arena. Inside a snapshot. */
enum db_status meeting_record_before(struct db *db, const struct plan *plan, const struct stage *stage,
                                     const char *office, struct date before, timestamp as_of, struct arena *arena,
                                     const char **ret_revision, json_t **ret_document);

#endif
