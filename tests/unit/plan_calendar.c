/* plan_calendar.c: working days, due dates moved and not, the last second of a day in Taipei. */
#include "plan/calendar.h"
#include "unit/common_support.h"

static struct date day(const char *iso)
{
    struct date date = {0};

    cr_assert(date_parse_iso(iso, &date), "%s", iso);
    return date;
}

static const char *text(struct date date)
{
    static char out[4][DATE_TEXT_SIZE];
    static size_t turn;
    char *slot = out[turn++ % 4];

    date_format_iso(date, slot);
    return slot;
}

Test(calendar, knows_the_days_of_the_week)
{
    static const struct {
        const char *date;
        int weekday;
    } days[] = {{"1970-01-01", 4}, {"1969-12-31", 3}, {"2023-04-30", 0}, {"2024-03-31", 0},
                {"2024-02-29", 4}, {"2000-01-01", 6}, {"1900-03-01", 4}, {"2027-01-31", 0}};

    cr_assert_geq(COUNT(days), 8);
    for (size_t i = 0; i < COUNT(days); i++)
        cr_expect_eq(date_weekday(day(days[i].date)), days[i].weekday, "%s", days[i].date);
}

Test(calendar, days_count_up_and_back_without_a_gap)
{
    struct date date = day("1899-12-31");
    int64_t first = date_to_days(date);

    for (int64_t n = 0; n < 100000; n++) {
        struct date next = date_from_days(first + n);

        cr_assert(date_is_valid(next));
        cr_assert_eq(date_to_days(next), first + n);
        cr_assert(n == 0 || date_compare(date, next) < 0);
        date = next;
    }
    cr_expect_str_eq(text(date_from_days(0)), "1970-01-01");
}

Test(calendar, a_due_date_moves_past_weekends_and_holidays_to_the_next_working_day)
{
    struct plan *plan = load_plan(taoyuan_plan);
    static const struct {
        const char *from, *to;
    } days[] = {
        {"2023-04-30", "2023-05-01"}, /* 112-04-30, a Sunday; Labour Day isn't every office's holiday then */
        {"2024-03-31", "2024-04-01"}, /* 113-03-31, a Sunday */
        {"2024-01-31", "2024-01-31"}, /* a Wednesday */
        {"2024-02-09", "2024-02-13"}, /* Friday, New Year's Eve; four days off */
        {"2026-01-31", "2026-02-02"}, /* a Saturday */
    };

    cr_assert_geq(COUNT(days), 5);
    for (size_t i = 0; i < COUNT(days); i++) {
        const char *moved = text(calendar_working_day(&plan->calendar, day(days[i].from)));

        cr_expect_str_eq(moved, days[i].to, "%s moves to %s", days[i].from, moved);
    }
    plan_free(plan);
}

Test(calendar, a_worked_saturday_is_a_working_day_and_holidays_may_stand_in_any_order)
{
    static const char calendar[] =
        "{'move_to_working_day': true, 'due_soon_days': 14, 'holidays': ["
        "{'date': '2024-02-02', 'name': {'zh': '乙', 'en': 'B'}}, {'date': '2024-01-31', 'name': {'zh': '甲', 'en': 'A'}},"
        "{'date': '2024-02-01', 'name': {'zh': '丙', 'en': 'C'}}], 'working_days': ["
        "{'date': '2024-02-03', 'name': {'zh': '補行上班', 'en': 'Worked'}}]}";
    json_t *json = parse_project_file(small_plan), *faults = NULL;
    char *strict = strdup(calendar);

    for (char *c = strict; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    json_object_set_new(json, "calendar", parse_json(strict));
    free(strict);

    struct plan *plan = plan_load(json, &faults);
    struct due_date due;

    cr_assert_not_null(plan);
    cr_assert(calendar_due(plan, &plan->forms[0], (struct period){PERIOD_YEAR, 112, 0}, &due));
    cr_expect_str_eq(text(due.planned), "2024-01-31");
    cr_expect_str_eq(text(due.moved), "2024-02-03");
    plan_free(plan);
    json_decref(json);
}

Test(calendar, a_plan_that_moves_nothing_leaves_the_sunday)
{
    json_t *json = parse_project_file(taoyuan_plan), *faults = NULL;
    struct due_date due;

    json_object_set_new(json_object_get(json, "calendar"), "move_to_working_day", json_false());

    struct plan *plan = plan_load(json, &faults);
    const struct form *form = plan_form(plan, "budget-plan");

    cr_assert(calendar_due(plan, form, (struct period){PERIOD_YEAR, 113, 0}, &due));
    cr_expect_str_eq(text(due.planned), "2024-03-31");
    cr_expect_str_eq(text(due.moved), "2024-03-31");
    plan_free(plan);
    json_decref(json);
}

Test(calendar, quarters_years_and_the_plan_are_due_when_the_plan_says)
{
    struct plan *plan = load_plan(taoyuan_plan);
    static const struct {
        const char *form;
        struct period period;
        const char *planned, *moved;
        bool hard;
    } dues[] = {
        {"training-quarterly", {PERIOD_QUARTER, 112, 1}, "2023-04-30", "2023-05-01", true},
        {"training-quarterly", {PERIOD_QUARTER, 113, 4}, "2025-01-31", "2025-02-03", true},
        {"training-annual", {PERIOD_YEAR, 112, 0}, "2024-01-31", "2024-01-31", true},
        {"budget-plan", {PERIOD_YEAR, 113, 0}, "2024-03-31", "2024-04-01", true},
        {"budget-execution", {PERIOD_YEAR, 112, 0}, "2024-03-31", "2024-04-01", true},
        {"implementation-plan", {PERIOD_PLAN, 0, 0}, "2023-04-30", "2023-05-01", true},
        {"task-group-meeting", {PERIOD_YEAR, 113, 0}, "2024-06-30", "2024-07-01", false},
    };
    struct due_date due;

    cr_assert_geq(COUNT(dues), 7);
    for (size_t i = 0; i < COUNT(dues); i++) {
        const struct form *form = plan_form(plan, dues[i].form);

        cr_assert_not_null(form, "%s", dues[i].form);
        cr_assert(calendar_due(plan, form, dues[i].period, &due), "%s", dues[i].form);
        cr_expect_str_eq(text(due.planned), dues[i].planned, "%s: %s", dues[i].form, text(due.planned));
        cr_expect_str_eq(text(due.moved), dues[i].moved, "%s: %s", dues[i].form, text(due.moved));
        cr_expect_eq(due.hard, dues[i].hard, "%s", dues[i].form);
    }
    plan_free(plan);
}

Test(calendar, a_day_ends_at_midnight_in_taipei_to_the_microsecond)
{
    struct plan *plan = load_plan(taoyuan_plan);
    const struct calendar *calendar = &plan->calendar;
    timestamp last, next;

    cr_assert(timestamp_parse("2024-01-31T23:59:59.999999+08:00", &last));
    cr_assert(timestamp_parse("2024-02-01T00:00:00+08:00", &next));
    cr_expect_eq(calendar_day_end(calendar, day("2024-01-31")), next);
    cr_expect_str_eq(text(calendar_day_of(calendar, last)), "2024-01-31");
    cr_expect_str_eq(text(calendar_day_of(calendar, next)), "2024-02-01");
    cr_expect_eq(calendar_due_state(calendar, day("2024-01-31"), last), DUE_SOON);
    cr_expect_eq(calendar_due_state(calendar, day("2024-01-31"), next), DUE_PAST);
    cr_assert(timestamp_parse("1969-12-31T15:59:59Z", &last));
    cr_expect_str_eq(text(calendar_day_of(calendar, last)), "1969-12-31");
    plan_free(plan);
}

Test(calendar, what_is_due_soon_begins_so_many_days_before)
{
    struct plan *plan = load_plan(taoyuan_plan);
    timestamp before, from;

    cr_assert_eq(plan->calendar.due_soon_days, 14);
    cr_assert(timestamp_parse("2024-01-16T23:59:59+08:00", &before));
    cr_assert(timestamp_parse("2024-01-17T00:00:00+08:00", &from));
    cr_expect_eq(calendar_due_state(&plan->calendar, day("2024-01-31"), before), DUE_NOT_YET);
    cr_expect_eq(calendar_due_state(&plan->calendar, day("2024-01-31"), from), DUE_SOON);
    plan_free(plan);
}

Test(calendar, the_current_year_stays_within_the_plan)
{
    struct plan *plan = load_plan(taoyuan_plan);
    static const struct {
        const char *moment;
        int year;
    } moments[] = {{"2020-05-05T00:00:00Z", 112},
                   {"2023-12-31T15:59:59Z", 112},
                   {"2023-12-31T16:00:00Z", 113},
                   {"2026-07-01T00:00:00Z", 115},
                   {"2031-01-01T00:00:00Z", 115}};
    timestamp moment;

    cr_assert_geq(COUNT(moments), 5);
    for (size_t i = 0; i < COUNT(moments); i++) {
        cr_assert(timestamp_parse(moments[i].moment, &moment));
        cr_expect_eq(plan_current_year(plan, moment), moments[i].year, "%s", moments[i].moment);
    }
    plan_free(plan);
}

Test(calendar, a_form_has_the_periods_of_its_kind_in_a_year)
{
    struct plan *plan = load_plan(taoyuan_plan);
    struct period periods[4];

    cr_expect_eq(plan_form_periods(plan, plan_form(plan, "training-quarterly"), 113, periods), 4);
    cr_expect_eq(periods[3].quarter, 4);
    cr_expect_eq(plan_form_periods(plan, plan_form(plan, "training-annual"), 113, periods), 1);
    cr_expect_eq(plan_form_periods(plan, plan_form(plan, "training-annual"), 111, periods), 0);
    cr_expect_eq(plan_form_periods(plan, plan_form(plan, "implementation-plan"), 112, periods), 1);
    cr_expect_eq(periods[0].kind, PERIOD_PLAN);
    cr_expect_eq(plan_form_periods(plan, plan_form(plan, "implementation-plan"), 113, periods), 0);
    plan_free(plan);
}
