/* watching.h: the rule watch's rule about meetings: how many of a unit's body counted in the year, against the least. */
#ifndef TRIBUTARY_MEETING_WATCHING_H
#define TRIBUTARY_MEETING_WATCHING_H

#include "body/watch.h"

extern const char watch_meetings_rule[]; /* "meetings", as the rule is called in JSON */

/* Puts into a list of watch_rules(), behind the rules of each unit's body, the rule "meetings": so many regular meetings that
 * were held by the day and didn't miss their quorum. It holds once there are as many as the year wants, is broken when fewer
 * were held than were due by then, and unknown while there is time. Inside a snapshot. */
enum db_status watch_meetings(struct db *db, const struct watch_question *question, struct arena *arena, json_t *list);

#endif
