/* period.c: dates are counted with the civil-from-days arithmetic of the proleptic Gregorian calendar. */
#include "base/period.h"

#include <stdio.h>
#include <string.h>

/* Reads between `least` and `most` digits; advances *text. */
static bool read_digits(const char **text, int least, int most, int *ret_value)
{
    int value = 0, digits = 0;

    while (digits < most && **text >= '0' && **text <= '9') {
        value = value * 10 + (**text - '0');
        (*text)++;
        digits++;
    }
    if (digits < least)
        return false;
    *ret_value = value;
    return true;
}

bool period_parse(const char *text, struct period *ret_period)
{
    struct period period = {0};

    if (strcmp(text, "plan") == 0) {
        *ret_period = (struct period){.kind = PERIOD_PLAN};
        return true;
    }
    if (*text == '0' || !read_digits(&text, 1, 3, &period.year) || period.year == 0)
        return false;
    if (*text == 'Q') {
        text++;
        period.kind = PERIOD_QUARTER;
        if (!read_digits(&text, 1, 1, &period.quarter) || period.quarter < 1 || period.quarter > 4)
            return false;
    }
    if (*text)
        return false;
    *ret_period = period;
    return true;
}

void period_format(struct period period, char ret_text[static PERIOD_TEXT_SIZE])
{
    if (period.kind == PERIOD_PLAN)
        snprintf(ret_text, PERIOD_TEXT_SIZE, "plan");
    else if (period.kind == PERIOD_QUARTER)
        snprintf(ret_text, PERIOD_TEXT_SIZE, "%dQ%d", period.year, period.quarter);
    else
        snprintf(ret_text, PERIOD_TEXT_SIZE, "%d", period.year);
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && leap);
}

bool period_bounds(struct period period, struct date *ret_first, struct date *ret_last)
{
    int year = period.year + ROC_EPOCH;

    if (period.kind == PERIOD_PLAN)
        return false;

    int first_month = period.kind == PERIOD_QUARTER ? period.quarter * 3 - 2 : 1;
    int last_month = period.kind == PERIOD_QUARTER ? period.quarter * 3 : 12;

    *ret_first = (struct date){year, first_month, 1};
    *ret_last = (struct date){year, last_month, days_in_month(year, last_month)};
    return true;
}

bool date_is_valid(struct date date)
{
    return date.year >= 1 && date.year <= 9999 && date.month >= 1 && date.month <= 12 && date.day >= 1 &&
           date.day <= days_in_month(date.year, date.month);
}

bool date_parse_iso(const char *text, struct date *ret_date)
{
    struct date date;

    if (!read_digits(&text, 4, 4, &date.year) || *text++ != '-' || !read_digits(&text, 2, 2, &date.month) ||
        *text++ != '-' || !read_digits(&text, 2, 2, &date.day) || *text || !date_is_valid(date))
        return false;
    *ret_date = date;
    return true;
}

/* "1130430" or "20240430": no separators, so the length decides. */
static bool parse_packed(const char *text, struct date *ret_date)
{
    size_t length = strspn(text, "0123456789");
    struct date date;

    if (text[length] || (length != 7 && length != 8 && length != 6))
        return false;
    read_digits(&text, 1, (int)length - 4, &date.year);
    read_digits(&text, 2, 2, &date.month);
    read_digits(&text, 2, 2, &date.day);
    if (length < 8)
        date.year += ROC_EPOCH;
    if (!date_is_valid(date))
        return false;
    *ret_date = date;
    return true;
}

static bool skip_text(const char **text, const char *expected)
{
    size_t length = strlen(expected);

    if (strncmp(*text, expected, length) != 0)
        return false;
    *text += length;
    return true;
}

static void skip_spaces(const char **text)
{
    while (**text == ' ')
        (*text)++;
}

bool date_parse_habit(const char *text, struct date *ret_date)
{
    static const char *const separators[] = {"/", ".", "-"};
    struct date date;
    const char *start = text;

    if (date_parse_iso(text, ret_date) || parse_packed(text, ret_date))
        return true;

    (void)skip_text(&text, "中華");
    (void)skip_text(&text, "民國");
    skip_spaces(&text);

    const char *year_text = text;

    if (!read_digits(&text, 2, 4, &date.year))
        return false;
    if (text - year_text < 4)
        date.year += ROC_EPOCH;
    skip_spaces(&text);
    if (skip_text(&text, "年")) {
        skip_spaces(&text);
        if (!read_digits(&text, 1, 2, &date.month))
            return false;
        skip_spaces(&text);
        if (!skip_text(&text, "月"))
            return false;
        skip_spaces(&text);
        if (!read_digits(&text, 1, 2, &date.day))
            return false;
        skip_spaces(&text);
        if (!skip_text(&text, "日"))
            return false;
    } else {
        const char *separator = NULL;

        if (start != year_text)
            return false;
        for (size_t i = 0; i < sizeof separators / sizeof *separators && !separator; i++)
            if (skip_text(&text, separators[i]))
                separator = separators[i];
        if (!separator || !read_digits(&text, 1, 2, &date.month) || !skip_text(&text, separator) ||
            !read_digits(&text, 1, 2, &date.day))
            return false;
    }
    if (*text || !date_is_valid(date))
        return false;
    *ret_date = date;
    return true;
}

void date_format_iso(struct date date, char ret_text[static DATE_TEXT_SIZE])
{
    snprintf(ret_text, DATE_TEXT_SIZE, "%04u-%02u-%02u", (unsigned)date.year % 10000u, (unsigned)date.month % 100u,
             (unsigned)date.day % 100u);
}

int date_compare(struct date a, struct date b)
{
    int x = a.year * 10000 + a.month * 100 + a.day, y = b.year * 10000 + b.month * 100 + b.day;

    return (x > y) - (x < y);
}

int64_t date_to_days(struct date date)
{
    int64_t year = date.year - (date.month <= 2);
    int64_t era = year / 400, year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;

    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

struct date date_from_days(int64_t days)
{
    int64_t shifted = days + 719468;
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int64_t day_of_era = shifted - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted_month = (5 * day_of_year + 2) / 153;
    int month = (int)(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);

    return (struct date){(int)(year_of_era + era * 400 + (month <= 2)), month,
                         (int)(day_of_year - (153 * shifted_month + 2) / 5 + 1)};
}

/* Microseconds after the second, if any; more digits than six must be noughts. */
static bool read_fraction(const char **text, int *ret_micros)
{
    int digits = 0, micros = 0;

    *ret_micros = 0;
    if (**text != '.')
        return true;
    for (++*text; **text >= '0' && **text <= '9'; ++*text, digits++) {
        if (digits < 6)
            micros = micros * 10 + (**text - '0');
        else if (**text != '0')
            return false;
    }
    if (digits == 0)
        return false;
    for (; digits < 6; digits++)
        micros *= 10;
    *ret_micros = micros;
    return true;
}

/* Minutes ahead of UTC: Z, or +hh:mm. */
static bool read_offset(const char **text, int *ret_minutes)
{
    const char sign = *(*text)++;
    int hours, minutes;

    *ret_minutes = 0;
    if (sign == 'Z' || sign == 'z')
        return true;
    if ((sign != '+' && sign != '-') || !read_digits(text, 2, 2, &hours) || *(*text)++ != ':' ||
        !read_digits(text, 2, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *ret_minutes = (sign == '-' ? -1 : 1) * (hours * 60 + minutes);
    return true;
}

bool timestamp_parse(const char *text, timestamp *ret_time)
{
    struct date date;
    int hour, minute, second, micros, offset;

    if (strnlen(text, TIMESTAMP_TEXT_SIZE + 8) < 20)
        return false;

    char day[11];

    memcpy(day, text, 10);
    day[10] = '\0';
    text += 10;
    if (!date_parse_iso(day, &date) || (*text != 'T' && *text != 't' && *text != ' '))
        return false;
    text++;
    if (!read_digits(&text, 2, 2, &hour) || *text++ != ':' || !read_digits(&text, 2, 2, &minute) || *text++ != ':' ||
        !read_digits(&text, 2, 2, &second))
        return false;
    if (!read_fraction(&text, &micros) || !read_offset(&text, &offset))
        return false;
    if (*text || hour > 23 || minute > 59 || second > 60)
        return false;

    timestamp time =
        ((date_to_days(date) * 24 + hour) * 60 + minute - offset) * 60000000 + (int64_t)second * 1000000 + micros;

    /* an offset or a leap second may lead out of the years that can be written */
    if (!date_is_valid(date_from_days((time - (time < 0 ? 86399999999 : 0)) / 86400000000)))
        return false;
    *ret_time = time;
    return true;
}

void timestamp_format(timestamp time, char ret_text[static TIMESTAMP_TEXT_SIZE])
{
    int64_t seconds = time / 1000000, micros = time % 1000000;

    if (micros < 0) {
        micros += 1000000;
        seconds--;
    }
    int64_t days = seconds / 86400, rest = seconds % 86400;

    if (rest < 0) {
        rest += 86400;
        days--;
    }
    struct date date = date_from_days(days);

    snprintf(ret_text, TIMESTAMP_TEXT_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u.%06uZ", (unsigned)date.year % 10000u,
             (unsigned)date.month, (unsigned)date.day, (unsigned)(rest / 3600), (unsigned)(rest / 60 % 60),
             (unsigned)(rest % 60), (unsigned)micros);
}
