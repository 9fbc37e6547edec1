/* inside.h: what the files of this room share. Private to meeting/. */
#ifndef TRIBUTARY_MEETING_INSIDE_H
#define TRIBUTARY_MEETING_INSIDE_H

#include <jansson.h>

#include "meeting/meeting.h"

#include "plan/bodies.h"

/* {"zh","en"}; null for a name that isn't said. */
json_t *meeting_name_json(const struct name *name);

/* The name of a unit in a year of the plan; NULL: it has none. */
const struct name *meeting_unit_name(const struct plan *plan, const struct body *body, const char *unit, int year);

/* Adds to one of a list everything that belongs to it. Inside a snapshot. */
enum db_status meeting_add_details(struct db *db, const struct meeting_question *question, json_t *meeting,
                                   struct arena *arena);

/* The number under which a meeting with these steps was called (by its newest letter) or, never called, recorded as held; null:
 * neither happened. Inside a snapshot. The caller owns it. */
enum db_status meeting_first_number(struct db *db, const struct plan *plan, const char *id, const json_t *steps,
                                    struct arena *arena, json_t **ret_number);

/* A ROC year kept within the plan's, whose groups and offices hold. */
int meeting_plan_year(const struct plan *plan, int year);

#endif
