/* hour.c: a time of the day, as people write it. */
#include "base/hour.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/blank.h"

enum { HOURS = 24, NOON = 12, MINUTES = 60, HALF_HOUR = 30, LONGEST = 40 };
enum { FIRST_OF_MORNING = 8, LAST_OF_NOON = 2, FIRST_OF_EVENING = 5 }; /* of the clock of 12 hours, as people speak */

enum half { HALF_UNSAID, HALF_MORNING, HALF_NOON, HALF_AFTERNOON, HALF_EVENING };

static const struct half_word {
    const char *word;
    enum half half;
} before_hour[] = {{"上午", HALF_MORNING},   {"早上", HALF_MORNING}, {"中午", HALF_NOON}, {"下午", HALF_AFTERNOON},
                   {"午後", HALF_AFTERNOON}, {"晚上", HALF_EVENING}, {NULL, HALF_UNSAID}},
  behind_hour[] = {{"am", HALF_MORNING},
                   {"a.m.", HALF_MORNING},
                   {"pm", HALF_AFTERNOON},
                   {"p.m.", HALF_AFTERNOON},
                   {NULL, HALF_UNSAID}};

/* A full-width digit or colon as the ASCII one; 0: it is none. */
static char narrow(const char *text)
{
    unsigned char low = (unsigned char)text[0] == 0xef && (unsigned char)text[1] == 0xbc ? (unsigned char)text[2] : 0;

    return low >= 0x90 && low <= 0x9a ? (char)(low - 0x90 + '0') : 0;
}

/* Without blanks, small, and with narrow digits. False: too long to be a time of the day. */
static bool simplify(const char *text, char simple[static LONGEST])
{
    size_t length = 0;

    for (text = blank_skip(text); *text; text = blank_skip(text)) {
        char one = narrow(text);

        if (length + 1 >= LONGEST)
            return false;
        simple[length++] = one ? one : (char)tolower((unsigned char)*text);
        text += one ? 3 : 1;
    }
    simple[length] = '\0';
    return true;
}

static bool take(const char **at, const char *word)
{
    size_t length = strlen(word);

    if (strncmp(*at, word, length) != 0)
        return false;
    *at += length;
    return true;
}

static enum half take_half(const char **at, const struct half_word *words)
{
    for (; words->word; words++)
        if (take(at, words->word))
            return words->half;
    return HALF_UNSAID;
}

static bool take_number(const char **at, size_t least, size_t most, int *ret_number)
{
    size_t count = strspn(*at, "0123456789");
    int number = 0;

    if (count < least || count > most)
        return false;
    for (size_t i = 0; i < count; i++)
        number = number * 10 + (*at)[i] - '0';
    *at += count;
    *ret_number = number;
    return true;
}

/* A digit in words; -1: there is none. */
static int take_digit(const char **at)
{
    static const char *const digits[] = {"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"};

    for (int digit = 0; digit < 10; digit++)
        if (take(at, digits[digit]))
            return digit;
    return take(at, "兩") ? 2 : -1;
}

/* "兩", "十二", "三十五", "零五": a number below a hundred, in words. */
static bool take_words(const char **at, int *ret_number)
{
    const char *behind = *at;
    int first = take_digit(&behind), last = 0;
    bool tens = first == 0 || take(&behind, "十");

    if (first < 0 && !tens)
        return false;
    if (tens)
        last = take_digit(&behind);
    else
        last = first;
    *ret_number = (tens ? (first < 0 ? 1 : first) * 10 : 0) + (last < 0 ? 0 : last);
    *at = behind;
    return true;
}

static bool take_hour_or_minutes(const char **at, int *ret_number)
{
    return take_number(at, 1, 2, ret_number) || take_words(at, ret_number);
}

struct said {
    enum half half;
    bool by_clock, by_word; /* with two digits, 02:00; 2:00 or 2時 */
    int hour, minutes;
};

/* "14:00" or "1400". */
static bool read_clock(const char **at, struct said *said)
{
    const char *behind = *at;

    if (take_number(&behind, 4, 4, &said->hour)) {
        said->minutes = said->hour % 100;
        said->hour /= 100;
        said->by_clock = true;
    } else if (!take_number(&behind, 1, 2, &said->hour) || !take(&behind, ":") ||
               !take_number(&behind, 2, 2, &said->minutes)) {
        return false;
    }
    said->by_clock = said->by_clock || (*at)[1] != ':';
    said->by_word = true;
    *at = behind;
    return true;
}

/* "14時", "14時30分", "兩點半", or the hour alone. */
static bool read_words(const char **at, struct said *said)
{
    if (!take_hour_or_minutes(at, &said->hour))
        return false;
    said->by_word = take(at, "時") || take(at, "點");
    said->minutes = said->by_word && take(at, "半") ? HALF_HOUR : 0;
    if (said->by_word && said->minutes == 0 && !take(at, "整") && !take(at, "鐘") &&
        take_hour_or_minutes(at, &said->minutes))
        take(at, "分");
    return true;
}

static bool read_said(const char *at, struct said *said)
{
    said->half = take_half(&at, before_hour);
    if (!read_clock(&at, said) && !read_words(&at, said))
        return false;
    if (said->half == HALF_UNSAID)
        said->half = take_half(&at, behind_hour);
    return !*at && said->hour < HOURS && said->minutes < MINUTES;
}

/* The hour as the clock of 24 hours has it; -1: it isn't said which is meant. */
static int hour_of_day(const struct said *said)
{
    int hour = said->hour;

    switch (said->half) {
    case HALF_MORNING: return hour < NOON ? hour : -1;
    case HALF_NOON:
        if (hour > 0 && hour <= LAST_OF_NOON)
            return hour + NOON;
        return hour == NOON - 1 || hour == NOON ? hour : -1;
    case HALF_AFTERNOON:
        if (hour == 0)
            return -1;
        return hour < NOON ? hour + NOON : hour;
    case HALF_EVENING:
        if (hour >= NOON + FIRST_OF_EVENING)
            return hour;
        return hour >= FIRST_OF_EVENING && hour < NOON ? hour + NOON : -1;
    case HALF_UNSAID: break;
    }
    return said->by_clock || (said->by_word && (hour == 0 || hour >= FIRST_OF_MORNING)) ? hour : -1;
}

bool hour_parse_habit(const char *text, char ret_hour[static HOUR_TEXT_SIZE])
{
    struct said said = {0};
    char simple[LONGEST] = "";
    int hour = simplify(text, simple) && read_said(simple, &said) ? hour_of_day(&said) : -1;

    if (hour < 0)
        return false;
    snprintf(ret_hour, HOUR_TEXT_SIZE, "%02u:%02u", (unsigned)hour % HOURS, (unsigned)said.minutes % MINUTES);
    return true;
}
