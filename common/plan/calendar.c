/* calendar.c: due dates, working days and the ends of days. */
#include "plan/calendar.h"

#include "plan/plan.h"

enum { SUNDAY = 0, SATURDAY = 6, DAY_SECONDS = 86400 };

int date_weekday(struct date date)
{
    int64_t days = date_to_days(date); /* 1970-01-01 was a Thursday */

    return (int)(((days + 4) % 7 + 7) % 7);
}

static bool is_listed(const struct date *dates, size_t count, struct date date)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = date_compare(dates[middle], date);

        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

bool calendar_is_working_day(const struct calendar *calendar, struct date date)
{
    int weekday = date_weekday(date);

    if (is_listed(calendar->working_days, calendar->working_day_count, date))
        return true;
    return weekday != SATURDAY && weekday != SUNDAY && !is_listed(calendar->holidays, calendar->holiday_count, date);
}

struct date calendar_working_day(const struct calendar *calendar, struct date date)
{
    while (!calendar_is_working_day(calendar, date))
        date = date_from_days(date_to_days(date) + 1);
    return date;
}

bool calendar_due(const struct plan *plan, const struct form *form, struct period period, struct due_date *ret_due)
{
    for (size_t i = 0; i < form->due_count; i++) {
        const struct due *due = &form->dues[i];
        struct date planned = {plan_period_year(plan, period) + due->year_offset + ROC_EPOCH, due->month, due->day};

        if (due->quarter != (form->period == PERIOD_QUARTER ? period.quarter : 0))
            continue;
        while (!date_is_valid(planned) && planned.day > 28)
            planned.day--;
        *ret_due = (struct due_date){
            planned, plan->calendar.move_to_working_day ? calendar_working_day(&plan->calendar, planned) : planned,
            due->hard};
        return true;
    }
    return false;
}

timestamp calendar_day_end(const struct calendar *calendar, struct date date)
{
    return ((date_to_days(date) + 1) * DAY_SECONDS - calendar->utc_offset) * 1000000;
}

struct date calendar_day_of(const struct calendar *calendar, timestamp moment)
{
    int64_t day = (int64_t)DAY_SECONDS * 1000000, local = moment + (int64_t)calendar->utc_offset * 1000000;
    int64_t days = local / day;

    return date_from_days(local % day < 0 ? days - 1 : days);
}

int date_days_between(struct date from, struct date to)
{
    return (int)(date_to_days(to) - date_to_days(from));
}

enum due_state calendar_due_state(const struct calendar *calendar, struct date due, timestamp now)
{
    int left = date_days_between(calendar_day_of(calendar, now), due);

    return left < 0 ? DUE_PAST : left <= calendar->due_soon_days ? DUE_SOON : DUE_NOT_YET;
}

const char *due_state_name(enum due_state state)
{
    static const char *const names[] = {[DUE_NOT_YET] = "not_due", [DUE_SOON] = "due_soon", [DUE_PAST] = "past_due"};

    return names[state];
}

int plan_current_year(const struct plan *plan, timestamp now)
{
    int year = calendar_day_of(&plan->calendar, now).year - ROC_EPOCH;

    return year < plan->from ? plan->from : year > plan->to ? plan->to : year;
}

size_t plan_form_periods(const struct plan *plan, const struct form *form, int year,
                         struct period ret_periods[static 4])
{
    size_t count = form->period == PERIOD_QUARTER ? 4 : 1;

    if (year < plan->from || year > plan->to || (form->period == PERIOD_PLAN && year != plan->from))
        return 0;
    for (size_t i = 0; i < count; i++)
        ret_periods[i] = (struct period){form->period, form->period == PERIOD_PLAN ? 0 : year,
                                         form->period == PERIOD_QUARTER ? (int)i + 1 : 0};
    return count;
}
