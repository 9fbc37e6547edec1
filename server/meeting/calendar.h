/* calendar.h: the year's calendar of every body of all three tiers: which regular meetings the plan expects and by when, which
 * of them were held, are called or planned, and which are missing. */
#ifndef TRIBUTARY_MEETING_CALENDAR_H
#define TRIBUTARY_MEETING_CALENDAR_H

#include <jansson.h>

#include "base/arena.h"
#include "db/db.h"
#include "plan/bodies.h"

struct meeting_calendar_question {
    const struct plan *plan;
    int year;                /* ROC */
    const struct body *body; /* NULL: all */
    const char *unit;        /* NULL: all */
    const char *office;      /* only bodies that this office has part in; NULL: all */
    const timestamp *as_of;  /* NULL: now */
    struct date today;       /* what due dates are held against */
};

/* A list of objects, by body and unit. First the meetings that the plan expects ("expected": true), one by one, then all others
 * of that unit. {"tier","body","name","unit","unit_name","expected","slot","month","due_date","soft","state","day","late",
 * "days_late","kind","number","counted","why","meeting","record","place","document_number","source"}.
 *
 * An expected one is due at the end of its month, or by the day that the plan names. Only a regular meeting that was held and
 * didn't miss its quorum fulfils it: each in order of day the one of its own month, then, in order of day, the last open one that
 * was due before it, else the next open one. Those that are called or planned take what is left, by the same rule.
 *   state   held, on_record, called, planned; of an expected one without a meeting: open, or missing when its day is over
 *   late    it is, or is planned, after that day; or the day is over and it hasn't been held
 *   why     another one: ad_hoc, no_quorum, cancelled, further
 *   number  第N次 of its unit and year by day, told by a meeting or by a record; null: cancelled
 * Inside a snapshot. The caller owns *ret_list. */
enum db_status meeting_calendar(struct db *db, const struct meeting_calendar_question *question, struct arena *arena,
                                json_t **ret_list);

/* How many of the meetings that the plan expects of a body in a ROC year are due before a day. */
int meetings_due_before(const struct body *body, int year, struct date day);

#endif
