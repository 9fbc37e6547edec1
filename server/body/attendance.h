/* attendance.h: whether offices took part in their group's meeting, by its sheet. Private to body/. */
#ifndef TRIBUTARY_BODY_ATTENDANCE_H
#define TRIBUTARY_BODY_ATTENDANCE_H

#include "body/watch.h"

/* Who was present, as the sheets of a duty's meetings in a year say; cleared with PQclear(ret_facts). NULL: the duty names no
 * body. Inside a snapshot. */
enum db_status attendance_read(struct db *db, const struct duties_question *question, const struct yearly_duty *duty,
                               PGresult **ret_facts);

/* Whether an office was present, and at which meeting it was or wasn't. False: no sheet tells. The id belongs to the facts. */
bool attendance_tells(const struct duties_question *question, const struct yearly_duty *duty, const PGresult *facts,
                      const char *office, bool *ret_present, const char **ret_meeting);

#endif
