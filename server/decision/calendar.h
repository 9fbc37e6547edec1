/* calendar.h: the days that open decisions are due, as events of a calendar (RFC 5545). */
#ifndef TRIBUTARY_DECISION_CALENDAR_H
#define TRIBUTARY_DECISION_CALENDAR_H

#include <jansson.h>

#include "base/buffer.h"
#include "base/problem.h"

/* Appends an all-day event for each owner that is open and has a day, of the decisions that decisions_list() made: of one
 * office, or (NULL) of all, each named. False without memory. */
bool decision_events_write(const json_t *decisions, const char *office, enum language language, struct buffer *out);

#endif
