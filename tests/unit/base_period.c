/* base_period.c: periods of ROC years, dates as people write them, timestamps. */
#include "base/period.h"
#include "unit/common_support.h"

Test(period, reads_years_quarters_and_the_plan)
{
    static const struct {
        const char *text;
        bool good;
        struct period period;
    } texts[] = {
        {"113", true, {PERIOD_YEAR, 113, 0}},
        {"113Q1", true, {PERIOD_QUARTER, 113, 1}},
        {"113Q4", true, {PERIOD_QUARTER, 113, 4}},
        {"plan", true, {PERIOD_PLAN, 0, 0}},
        {"99", true, {PERIOD_YEAR, 99, 0}},
        {"1", true, {PERIOD_YEAR, 1, 0}},
        {"113Q5", false, {0}},
        {"113Q0", false, {0}},
        {"113q1", false, {0}},
        {"0113", false, {0}},
        {"0", false, {0}},
        {"1134", false, {0}},
        {"113Q", false, {0}},
        {"113Q11", false, {0}},
        {" 113", false, {0}},
        {"113 ", false, {0}},
        {"", false, {0}},
        {"Plan", false, {0}},
        {"-113", false, {0}},
        {"113-1", false, {0}},
    };

    cr_assert_geq(COUNT(texts), 20);
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct period period = {PERIOD_YEAR, -1, -1};
        char back[PERIOD_TEXT_SIZE];

        cr_expect_eq(period_parse(texts[i].text, &period), texts[i].good, "'%s'", texts[i].text);
        if (!texts[i].good) {
            cr_expect_eq(period.year, -1, "untouched on failure");
            continue;
        }
        cr_expect(period.kind == texts[i].period.kind && period.year == texts[i].period.year &&
                  period.quarter == texts[i].period.quarter);
        period_format(period, back);
        cr_expect_str_eq(back, texts[i].text);
    }
}

Test(period, bounds_are_the_first_and_last_day)
{
    static const struct {
        const char *period, *first, *last;
    } bounds[] = {{"113", "2024-01-01", "2024-12-31"},   {"113Q1", "2024-01-01", "2024-03-31"},
                  {"113Q2", "2024-04-01", "2024-06-30"}, {"113Q3", "2024-07-01", "2024-09-30"},
                  {"113Q4", "2024-10-01", "2024-12-31"}, {"1", "1912-01-01", "1912-12-31"}};

    cr_assert_geq(COUNT(bounds), 6);
    for (size_t i = 0; i < COUNT(bounds); i++) {
        struct period period;
        struct date first, last;
        char text[DATE_TEXT_SIZE];

        cr_assert(period_parse(bounds[i].period, &period));
        cr_assert(period_bounds(period, &first, &last));
        date_format_iso(first, text);
        cr_expect_str_eq(text, bounds[i].first);
        date_format_iso(last, text);
        cr_expect_str_eq(text, bounds[i].last);
    }
    cr_assert_not(period_bounds((struct period){.kind = PERIOD_PLAN}, &(struct date){0}, &(struct date){0}));
}

Test(date, every_habit_leads_to_the_same_day)
{
    static const char *const habits[] = {"113/4/30",
                                         "113/04/30",
                                         "113.4.30",
                                         "113-04-30",
                                         "1130430",
                                         "113年4月30日",
                                         "113年04月30日",
                                         "民國113年4月30日",
                                         "2024-04-30",
                                         "2024/4/30",
                                         "2024.04.30",
                                         "20240430",
                                         "2024年4月30日",
                                         "中華民國113年4月30日",
                                         "民國 113 年 4 月 30 日"};

    cr_assert_geq(COUNT(habits), 15);
    for (size_t i = 0; i < COUNT(habits); i++) {
        struct date date;
        char text[DATE_TEXT_SIZE] = "";

        if (date_parse_habit(habits[i], &date))
            date_format_iso(date, text);
        cr_expect_str_eq(text, "2024-04-30", "%s", habits[i]);
    }
}

Test(date, what_is_no_date_is_refused)
{
    static const char *const refused[] = {
        "",           "113/2/30",           "112/2/29", "2024-13-01", "2024-00-10", "113/4", "113/4/30/1",
        "113/4-30",   "4/30/2024x",         "113年4月", "113年4月30", "1134/4/30x", "12345", "123456789",
        "113/4/30 x", "一一三年四月三十日", "2024-4-",  "0/1/1",      "2024-04-31"};

    cr_assert_geq(COUNT(refused), 19);
    for (size_t i = 0; i < COUNT(refused); i++) {
        struct date date = {1, 2, 3};

        cr_expect_not(date_parse_habit(refused[i], &date), "%s", refused[i]);
        cr_expect_eq(date.year, 1, "untouched on failure");
    }
}

Test(date, only_the_iso_form_is_stored)
{
    struct date date;

    cr_assert(date_parse_iso("2024-02-29", &date));
    cr_assert_not(date_parse_iso("2023-02-29", &date));
    cr_assert_not(date_parse_iso("1900-02-29", &date));
    cr_assert(date_parse_iso("2000-02-29", &date));
    cr_assert_not(date_parse_iso("2024-2-29", &date));
    cr_assert_not(date_parse_iso("113/4/30", &date));
    cr_assert_not(date_parse_iso("2024-02-29 ", &date));
}

Test(timestamp, every_day_of_four_centuries_comes_back)
{
    timestamp before = 0;
    size_t days = 0;

    for (int year = 1800; year <= 2200; year++) {
        for (int month = 1; month <= 12; month++) {
            for (int day = 1; day <= 31; day++) {
                char text[64], back[TIMESTAMP_TEXT_SIZE];
                timestamp time;

                if (!date_is_valid((struct date){year, month, day}))
                    continue;
                snprintf(text, sizeof text, "%04d-%02d-%02dT23:59:59.999999Z", year, month, day);
                cr_assert(timestamp_parse(text, &time), "%s", text);
                timestamp_format(time, back);
                cr_assert_str_eq(back, text);
                cr_assert(days == 0 || time - before == 86400 * (timestamp)1000000);
                before = time;
                days++;
            }
        }
    }
    cr_assert_geq(days, 146000);
}

Test(timestamp, offsets_fractions_and_edges)
{
    static const struct {
        const char *text, *utc; /* NULL: refused */
    } times[] = {
        {"1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000Z"},
        {"2024-05-02T03:04:05.000001Z", "2024-05-02T03:04:05.000001Z"},
        {"2024-05-02T03:04:05.1Z", "2024-05-02T03:04:05.100000Z"},
        {"2024-05-02T03:04:05.1234560Z", "2024-05-02T03:04:05.123456Z"},
        {"2024-05-02T08:00:00+08:00", "2024-05-02T00:00:00.000000Z"},
        {"2024-01-01T00:30:00+08:00", "2023-12-31T16:30:00.000000Z"},
        {"2024-02-28T23:00:00-02:00", "2024-02-29T01:00:00.000000Z"},
        {"2024-05-02 03:04:05z", "2024-05-02T03:04:05.000000Z"},
        {"1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"},
        {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"},
        {"9999-12-31T23:59:59Z", "9999-12-31T23:59:59.000000Z"},
        {"9999-12-31T23:59:59-00:01", NULL},
        {"0001-01-01T00:00:00+00:01", NULL},
        {"2024-05-02T03:04:05.1234567Z", NULL},
        {"2024-05-02T03:04:05", NULL},
        {"2024-05-02T24:00:00Z", NULL},
        {"2024-05-02T03:60:00Z", NULL},
        {"2024-05-02T03:04:05.Z", NULL},
        {"2024-05-02T03:04:05+8:00", NULL},
        {"2024-05-02T03:04:05+08:60", NULL},
        {"2024-05-02T03:04:05ZZ", NULL},
        {"2024-05-02", NULL},
        {"2024-02-30T00:00:00Z", NULL},
        {"", NULL},
    };

    cr_assert_geq(COUNT(times), 24);
    for (size_t i = 0; i < COUNT(times); i++) {
        timestamp time;
        char text[TIMESTAMP_TEXT_SIZE] = "";

        if (timestamp_parse(times[i].text, &time))
            timestamp_format(time, text);
        cr_expect_str_eq(text, times[i].utc ? times[i].utc : "", "%s", times[i].text);
    }
}
