/* calendar.h: when a plan's forms are due: working days, holidays, the ends of days where the plan is at home. */
#ifndef TRIBUTARY_PLAN_CALENDAR_H
#define TRIBUTARY_PLAN_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/period.h"

struct plan;
struct form;

/* The plan's member `calendar`, and its time zone as a fixed offset: no zone with summer time is taken (Taipei has had
 * none since 1979). */
struct calendar {
    bool move_to_working_day;
    int due_soon_days;
    int utc_offset;        /* seconds east of Greenwich */
    struct date *holidays; /* in order */
    size_t holiday_count;
    struct date *working_days; /* Saturdays and Sundays that are worked, in order */
    size_t working_day_count;
};

struct due_date {
    struct date planned; /* as the plan says it */
    struct date moved;   /* the day that counts: a working day, if the plan moves dates */
    bool hard;           /* false: "in principle" */
};

enum due_state { DUE_NOT_YET, DUE_SOON, DUE_PAST };

/* 0 Sunday … 6 Saturday. */
int date_weekday(struct date date);

bool calendar_is_working_day(const struct calendar *calendar, struct date date);

/* The date itself if it is a working day, otherwise the next one. */
struct date calendar_working_day(const struct calendar *calendar, struct date date);

/* When `form` is due for `period`. False if the plan gives it no date. A 29 February that a year lacks is its 28th. */
bool calendar_due(const struct plan *plan, const struct form *form, struct period period, struct due_date *ret_due);

/* The first moment after a day: what is received before it came within the day (it ends at 23:59:59, domain.md 3). */
timestamp calendar_day_end(const struct calendar *calendar, struct date date);

/* The day that it is at a moment. */
struct date calendar_day_of(const struct calendar *calendar, timestamp moment);

/* How a due date stands at a moment: soon from due_soon_days before it on, past once its day has ended. */
enum due_state calendar_due_state(const struct calendar *calendar, struct date due, timestamp now);

/* not_due, due_soon, past_due */
const char *due_state_name(enum due_state state);

/* Days from one date to another; negative if `to` comes first. */
int date_days_between(struct date from, struct date to);

/* The ROC year at a moment, kept within the plan's years. */
int plan_current_year(const struct plan *plan, timestamp now);

/* The plan's periods of the form's kind that lie in a year (at most 4; the plan's own in its first year). Returns how
 * many. */
size_t plan_form_periods(const struct plan *plan, const struct form *form, int year,
                         struct period ret_periods[static 4]);

#endif
