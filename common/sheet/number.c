/* number.c: decimal digits moved and rounded as text; nothing passes through binary floating point. */
#include "sheet/number.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/period.h"

enum {
    MOST_DIGITS = 48,
    SHOWN_DIGITS = 15,
    MOST_EXPONENT = 1000,
    MOST_PLACES = 40, /* digits before or behind the point */
    SECONDS_A_DAY = 86400,
    DAYS_TO_1904 = 1462,
    LAST_SERIAL = 2958465, /* 9999-12-31 */
    FALSE_LEAP_DAY = 60,
};

/* 0.d1d2d3… times ten to the power of `point`. */
struct digits {
    bool negative, exact; /* exact: written as a whole number */
    char digits[MOST_DIGITS + 1];
    int count, point;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Takes digits in; *ret_places counts all of them, zeros at the beginning too. */
static bool take_digits(struct digits *number, const char **text, int *ret_places)
{
    const char *start = *text;

    for (; is_digit(**text); (*text)++) {
        if (number->count == 0 && **text == '0')
            continue;
        if (number->count == MOST_DIGITS)
            return false;
        number->digits[number->count++] = **text;
    }
    *ret_places = *text - start > MOST_EXPONENT ? MOST_EXPONENT : (int)(*text - start);
    return true;
}

static bool take_exponent(const char *text, int *ret_exponent)
{
    bool negative = *text == '-';
    int exponent = 0;

    text += *text == '-' || *text == '+';
    if (!is_digit(*text))
        return false;
    for (; is_digit(*text); text++)
        exponent = exponent < MOST_EXPONENT ? exponent * 10 + (*text - '0') : exponent;
    *ret_exponent = negative ? -exponent : exponent;
    return *text == '\0';
}

static bool parse_digits(const char *text, struct digits *number)
{
    int whole = 0, fraction = 0, exponent = 0;

    *number = (struct digits){.negative = *text == '-', .exact = true};
    text += *text == '-' || *text == '+';
    if (!take_digits(number, &text, &whole))
        return false;
    number->point = number->count;
    if (*text == '.') {
        int before = number->count;

        text++;
        number->exact = false;
        if (!take_digits(number, &text, &fraction))
            return false;
        /* zeros that begin a fraction without a whole part */
        if (before == 0)
            number->point = number->count - fraction;
    }
    if (whole + fraction == 0 || fraction == MOST_EXPONENT)
        return false;
    if (*text == 'E' || *text == 'e') {
        if (!take_exponent(text + 1, &exponent))
            return false;
        number->exact = false;
    } else if (*text) {
        return false;
    }
    number->point += exponent;
    return true;
}

static void round_to(struct digits *number, int count)
{
    bool up = number->digits[count] >= '5';

    number->count = count;
    while (up && count > 0) {
        count--;
        up = number->digits[count] == '9';
        number->digits[count] = up ? '0' : (char)(number->digits[count] + 1);
    }
    if (up) { /* all were nines */
        number->digits[0] = '1';
        number->point++;
    }
}

/* Takes zeros off the end of the fraction: all of them, or only if it holds nothing else. */
static void drop_zeros(struct digits *number, bool all)
{
    int count = number->count;

    while (count > 0 && count > number->point && number->digits[count - 1] == '0')
        count--;
    if (all || count <= number->point)
        number->count = count;
}

static void write_digits(const struct digits *number, char *out)
{
    int point = number->count > 0 ? number->point : 0;

    if (number->negative && number->count > 0)
        *out++ = '-';
    if (point <= 0)
        *out++ = '0';
    for (int i = 0; i < point; i++)
        *out++ = i < number->count ? number->digits[i] : '0';
    if (number->count > point) {
        *out++ = '.';
        for (int i = point; i < number->count; i++)
            *out++ = i < 0 ? '0' : number->digits[i];
    }
    *out = '\0';
}

static bool settle(const char *text, int shift, struct digits *ret_digits)
{
    struct digits number;

    if (!parse_digits(text, &number))
        return false;

    bool rounded = !number.exact && number.count > SHOWN_DIGITS;

    if (rounded)
        round_to(&number, SHOWN_DIGITS);
    number.point += shift;
    drop_zeros(&number, rounded || shift != 0 || strpbrk(text, "eE"));
    if (number.count > 0 && (number.point > MOST_PLACES || number.point < -MOST_PLACES / 2 ||
                             number.count - (number.point < 0 ? number.point : 0) > MOST_PLACES))
        return false;
    *ret_digits = number;
    return true;
}

bool number_settle(const char *text, int shift, char ret_text[static NUMBER_TEXT_SIZE])
{
    struct digits number;

    if (!settle(text, shift, &number))
        return false;
    write_digits(&number, ret_text);
    return true;
}

enum { DAYS_TO_1899_12_30 = 693899 };

/* Days and seconds of a day, to the nearest second. */
static bool split_serial(const char *text, int64_t *ret_days, int64_t *ret_seconds)
{
    struct digits number;
    int64_t days = 0, billionths = 0;

    if (!settle(text, 0, &number) || (number.negative && number.count > 0) || number.point > 8)
        return false;
    for (int i = 0; i < number.point; i++)
        days = days * 10 + (i < number.count ? number.digits[i] - '0' : 0);
    for (int i = number.point; i < number.point + 9; i++)
        billionths = billionths * 10 + (i >= 0 && i < number.count ? number.digits[i] - '0' : 0);

    int64_t seconds = (billionths * SECONDS_A_DAY + 500000000) / 1000000000;

    *ret_days = days + seconds / SECONDS_A_DAY;
    *ret_seconds = seconds % SECONDS_A_DAY;
    return *ret_days <= LAST_SERIAL;
}

/* The day that lies `days` behind 0000-03-01 (proleptic Gregorian); Howard Hinnant, "chrono-compatible low-level date
 * algorithms". */
static struct date civil_date(int64_t days)
{
    int64_t era = days / 146097, of_era = days % 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153, day = of_year - (153 * month + 2) / 5 + 1;

    month = month < 10 ? month + 3 : month - 9;
    year += era * 400 + (month <= 2);
    return (struct date){.year = (int)year, .month = (int)month, .day = (int)day};
}

/* The other way round. */
static int64_t civil_days(struct date date)
{
    int64_t year = date.year - (date.month <= 2), era = year / 400, of_era = year % 400;
    int64_t of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year;
}

/* Who types 113/4/30 into a cell means the year 113 of the Republic; the program takes it for one of antiquity, whose days
 * it shows by the Julian calendar and stores by the Gregorian one: 0113-04-29. False for a day that isn't so old. */
static bool republican_date(int64_t days, struct date *ret_date)
{
    enum { JULIAN_DAYS = 1721120 + 32082, OLDEST_MODERN = 1000 };
    int64_t c = days + JULIAN_DAYS, d = (4 * c + 3) / 1461, e = c - 1461 * d / 4, m = (5 * e + 2) / 153;
    int64_t year = d - 4800 + m / 10;

    if (days < 0 || year < 1 || year >= OLDEST_MODERN)
        return false;
    *ret_date = (struct date){
        .year = (int)year + ROC_EPOCH, .month = (int)(m + 3 - 12 * (m / 10)), .day = (int)(e - (153 * m + 2) / 5 + 1)};
    return date_is_valid(*ret_date);
}

/* A count of days before the end of 1899: only programs that reckon further back than their format write it. */
static bool negative_serial_to_date(const char *text, char ret_text[static NUMBER_TEXT_SIZE])
{
    int64_t days, seconds;
    struct date date;

    if (*text != '-' || !split_serial(text + 1, &days, &seconds) || seconds != 0 ||
        !republican_date(DAYS_TO_1899_12_30 - days, &date))
        return false;
    snprintf(ret_text, NUMBER_TEXT_SIZE, "%04d-%02d-%02d", date.year, date.month, date.day);
    return true;
}

bool serial_to_date(const char *text, bool from_1904, char ret_text[static NUMBER_TEXT_SIZE])
{
    int64_t days, seconds;
    int used = 0;

    if (*text == '-')
        return negative_serial_to_date(text, ret_text);
    if (!split_serial(text, &days, &seconds))
        return false;

    bool has_day = days > 0 || from_1904;

    if (from_1904)
        days += DAYS_TO_1904;
    else if (days == FALSE_LEAP_DAY)
        return false;
    else if (days < FALSE_LEAP_DAY)
        days++;
    if (days > LAST_SERIAL)
        return false;

    struct date date = civil_date(days + DAYS_TO_1899_12_30);

    if (has_day)
        used = snprintf(ret_text, NUMBER_TEXT_SIZE, "%04d-%02d-%02d", date.year, date.month, date.day);
    if (seconds > 0 || !has_day)
        snprintf(ret_text + used, (size_t)(NUMBER_TEXT_SIZE - used), "%s%02d:%02d:%02d", has_day ? " " : "",
                 (int)(seconds / 3600), (int)(seconds / 60 % 60), (int)(seconds % 60));
    return true;
}

bool serial_to_hours(const char *text, char ret_text[static NUMBER_TEXT_SIZE])
{
    int64_t days, seconds;

    if (!split_serial(text, &days, &seconds))
        return false;
    snprintf(ret_text, NUMBER_TEXT_SIZE, "%" PRId64 ":%02d", days * 24 + seconds / 3600, (int)(seconds / 60 % 60));
    return true;
}

const char *show_iso_date(char *date)
{
    char *time = strchr(date, 'T');
    struct date day;

    if (time) {
        *time = strncmp(time, "T00:00:00", 9) == 0 ? '\0' : ' ';
        date[strcspn(date, ".Z")] = '\0';
    }
    if (date_parse_iso(date, &day) && republican_date(civil_days(day), &day))
        date_format_iso(day, date); /* as long as before */
    return date;
}
