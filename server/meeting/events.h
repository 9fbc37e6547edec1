/* events.h: meetings as events of a calendar (RFC 5545). */
#ifndef TRIBUTARY_MEETING_EVENTS_H
#define TRIBUTARY_MEETING_EVENTS_H

#include "base/buffer.h"
#include "base/problem.h"
#include "db/db.h"
#include "plan/bodies.h"

struct meeting_events_question {
    const struct plan *plan;
    int from_year, to_year;  /* ROC, of the meetings */
    const struct body *body; /* NULL: all */
    const char *unit;        /* NULL: all */
    const char *office;      /* only bodies that this office has part in; NULL: all */
    const timestamp *as_of;  /* NULL: now */
};

/* Appends an event for each meeting: at its hours, or all day where they aren't said. A planned one is TENTATIVE, one that is
 * called, was held or is on record CONFIRMED, and a cancelled one stays as CANCELLED. Its UID never changes; SEQUENCE grows with
 * each step, and of a meeting that an office's record tells of with each revision. A record stands for the meeting that was
 * planned on its day. `sample` says that the data is synthetic. Inside a snapshot. */
enum db_status meeting_events_write(struct db *db, const struct meeting_events_question *question, struct arena *arena,
                                    enum language language, bool sample, struct buffer *out);

#endif
