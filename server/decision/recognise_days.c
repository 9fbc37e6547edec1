/* recognise_days.c: by when, as minutes write it: 113年12月底前, 12月15日前, 年底前, 次月10日前, 明(114)年1月15日前,
 * 113/12/31前, 2024-12-31前. */
#include "decision/recognise_inside.h"

/* Digits, also of full width, of at most four places; *at goes behind them. False: none, or more. */
static bool read_number(const char *text, size_t *at, int *ret_number, int *ret_places)
{
    static const char wide[] = "\xEF\xBC"; /* ０ is EF BC 90 */
    size_t p = *at;
    int number = 0, places = 0;

    for (;; places++) {
        unsigned char third;

        if (text[p] >= '0' && text[p] <= '9') {
            number = number * 10 + (text[p] - '0');
            p++;
        } else if (here(text, p, wide) && (third = (unsigned char)text[p + 2]) >= 0x90 && third <= 0x99) {
            number = number * 10 + (third - 0x90);
            p += 3;
        } else {
            break;
        }
        if (places == 4)
            return false;
    }
    if (places == 0)
        return false;
    *at = p;
    *ret_number = number;
    *ret_places = places;
    return true;
}

static bool take(const char *text, size_t *at, const char *word)
{
    size_t length = here(text, *at, word);

    *at += length;
    return length > 0;
}

static bool take_any(const char *text, size_t *at, const char *const *words)
{
    size_t length = any_here(text, *at, words);

    *at += length;
    return length > 0;
}

/* A year as written: 2 or 3 digits are of the Republic, 4 of the common era. */
static bool year_of(int number, int places, int *ret_year)
{
    *ret_year = places == 4 ? number : number + ROC_EPOCH;
    return places >= 2 && number > 0;
}

static int last_day(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    struct date leap = {year, 2, 29};

    return month == 2 && date_is_valid(leap) ? 29 : days[month - 1];
}

/* "底" or "15日" behind "12月". */
static bool read_day(const char *text, size_t *at, struct date *date)
{
    size_t p = *at;
    int places;

    if (date->month < 1 || date->month > 12)
        return false;
    if (take(text, &p, "底"))
        date->day = last_day(date->year, date->month);
    else if (!read_number(text, &p, &date->day, &places) || places > 2 ||
             !take_any(text, &p, (const char *const[]){"日", "號", NULL}))
        return false;
    *at = p;
    return date_is_valid(*date);
}

/* "12月底", "12月15日", "底" behind a year. */
static bool read_in_year(const char *text, size_t *at, struct date *date)
{
    size_t p = *at;
    int places;

    take(text, &p, "度");
    if (take(text, &p, "底")) {
        *date = (struct date){date->year, 12, 31};
    } else if (!read_number(text, &p, &date->month, &places) || places > 2 || !take(text, &p, "月") ||
               (take(text, &p, "份"), !read_day(text, &p, date))) {
        return false;
    }
    *at = p;
    return true;
}

/* The year that a month and day without one are in: the first time that they come from the meeting on. */
static bool come_next(struct date meeting, struct date *date)
{
    bool ends = date->day == last_day(date->year, date->month);

    if (date_compare(*date, meeting) < 0) {
        date->year++;
        if (date->month == 2 && ends)
            date->day = last_day(date->year, 2);
    }
    return date_is_valid(*date);
}

/* "本月底", "次月10日". */
static bool read_near_month(const char *text, size_t *at, struct date meeting, struct date *date)
{
    static const char *const next[] = {"次月", "下月", "下個月", "翌月", NULL}, *const this[] = {"本月", "當月", NULL};
    size_t p = *at;

    *date = meeting;
    if (take_any(text, &p, next)) {
        date->month = meeting.month % 12 + 1;
        date->year = meeting.year + (meeting.month == 12);
    } else if (!take_any(text, &p, this)) {
        return false;
    }
    if (!read_day(text, &p, date))
        return false;
    *at = p;
    return true;
}

/* "明(116)年", "本（115）年": the year that is meant stands in brackets. */
static bool read_told_year(const char *text, size_t *at, struct date *date)
{
    static const char *const words[] = {"本", "今", "當", "明", "次", "翌", NULL}, *const opens[] = {"（", "(", NULL},
                             *const closes[] = {"）", ")", NULL};
    size_t p = *at;
    int number, places;

    if (!take_any(text, &p, words) || !take_any(text, &p, opens) || !read_number(text, &p, &number, &places) ||
        !take_any(text, &p, closes) || !take(text, &p, "年") || !year_of(number, places, &date->year))
        return false;
    *at = p;
    return true;
}

/* "本年12月底", "明年3月31日", "明(116)年1月15日", "年底". */
static bool read_near_year(const char *text, size_t *at, struct date meeting, struct date *date)
{
    static const char *const next[] = {"明年", "次年", "翌年", NULL}, *const this[] = {"本年", "今年", "當年", NULL};
    size_t p = *at;

    *date = meeting;
    if (read_told_year(text, &p, date))
        ;
    else if (take_any(text, &p, next))
        date->year++;
    else if (!take_any(text, &p, this) && !(here(text, p, "年底") && take(text, &p, "年")))
        return false;
    if (!read_in_year(text, &p, date))
        return false;
    *at = p;
    return true;
}

/* "113/12/31", "2024-12-31", "113.12.31" behind the first number. */
static bool read_ruled(const char *text, size_t *at, struct date *date)
{
    static const char *const rules[] = {"/", "-", ".", "／", NULL};
    size_t p = *at, rule = any_here(text, p, rules), length;
    int places;

    if (!rule)
        return false;
    p += rule;
    length = rule;
    if (!read_number(text, &p, &date->month, &places) || places > 2 || strncmp(text + p, text + *at, length) != 0)
        return false;
    p += length;
    if (!read_number(text, &p, &date->day, &places) || places > 2 || !date_is_valid(*date))
        return false;
    *at = p;
    return true;
}

/* What begins with a number. */
static bool read_numbered(const char *text, size_t *at, struct date meeting, struct date *date)
{
    size_t p = *at;
    int number, places;
    bool good;

    if (!read_number(text, &p, &number, &places))
        return false;
    *date = meeting;
    if (take(text, &p, "月") && places <= 2) {
        date->month = number;
        take(text, &p, "份");
        good = read_day(text, &p, date) && come_next(meeting, date);
    } else {
        good = year_of(number, places, &date->year) &&
               (take(text, &p, "年") ? read_in_year(text, &p, date) : read_ruled(text, &p, date));
    }
    if (good)
        *at = p;
    return good;
}

/* "（星期二）" and "下午5時30分", which say no other day. */
static void pass_over(const char *text, size_t *at)
{
    static const char *const opens[] = {"（星期", "(星期", "（週", "(週", "（周", NULL},
                             *const closes[] = {"）", ")", NULL}, *const halves[] = {"上午", "下午", "中午", NULL};
    size_t p = *at;
    int number, places;

    if (take_any(text, &p, opens)) {
        p = next_character(text, p);
        if (take_any(text, &p, closes))
            *at = p;
    }
    p = *at;
    take_any(text, &p, halves);
    if (!read_number(text, &p, &number, &places) || !take(text, &p, "時"))
        return;
    *at = p;
    if (read_number(text, &p, &number, &places) && take(text, &p, "分"))
        *at = p;
}

/* What says that a day is the last one. */
static bool read_end(const char *text, size_t *at)
{
    static const char *const ends[] = {"前", "以前", "之前", "止", "截止", "為止", "為限", NULL};
    size_t p = *at;

    take(text, &p, " ");
    if (!take_any(text, &p, ends) || here(text, p, "次") || here(text, p, "項"))
        return false;
    *at = p;
    return true;
}

/* Whether a number goes on to the left of `at`. */
static bool is_inside_number(const char *text, size_t at)
{
    static const char *const wide[] = {"０", "１", "２", "３", "４", "５", "６", "７", "８", "９", "第", "年", NULL};

    return at > 0 && ((text[at - 1] >= '0' && text[at - 1] <= '9') || text[at - 1] == '/' || text[at - 1] == '.' ||
                      text[at - 1] == '-' || any_before(text, at, wide));
}

static bool read_any(const char *text, size_t *at, struct date meeting, struct date *date)
{
    if (is_inside_number(text, *at))
        return false;
    return read_numbered(text, at, meeting, date) || read_near_month(text, at, meeting, date) ||
           read_near_year(text, at, meeting, date);
}

void recognise_days(struct date meeting, const char *text, struct recognised *recognised)
{
    size_t at = 0;

    while (text[at]) {
        size_t end = at;
        struct date date;

        if (!read_any(text, &end, meeting, &date) || (pass_over(text, &end), !read_end(text, &end))) {
            at = next_character(text, at);
            continue;
        }
        if (recognised->day_count == RECOGNISED_MOST) {
            recognised->more = true;
            return;
        }
        recognised->days[recognised->day_count++] = (struct recognised_day){{at, end - at}, date};
        at = end;
    }
}

bool recognised_due(const struct recognised *recognised, struct date meeting, struct date *ret_day)
{
    const struct recognised_day *due = NULL;

    if (recognised->more)
        return false;
    for (size_t i = 0; i < recognised->day_count; i++) {
        const struct recognised_day *one = &recognised->days[i];

        if (date_compare(one->day, meeting) < 0)
            continue;
        if (due && date_compare(one->day, due->day) != 0)
            return false;
        due = one;
    }
    if (due)
        *ret_day = due->day;
    return due != NULL;
}
