/* fuzz_values.c: dates, hours, timestamps, periods and decimals: what is read is written and read back as the same. */
#include "base/digest.h"
#include "base/hour.h"
#include "fuzz/fuzz_support.h"

static void try_date(const char *text)
{
    struct date date, again;
    char iso[DATE_TEXT_SIZE];

    if (!date_parse_habit(text, &date))
        return;
    CLAIM(date_is_valid(date));
    date_format_iso(date, iso);
    CLAIM(date_parse_iso(iso, &again) && date_compare(date, again) == 0);
}

static void try_hour(const char *text)
{
    char hour[HOUR_TEXT_SIZE], again[HOUR_TEXT_SIZE];

    if (!hour_parse_habit(text, hour))
        return;
    CLAIM(hour_parse_habit(hour, again) && strcmp(hour, again) == 0);
}

static void try_timestamp(const char *text)
{
    timestamp time, again;
    char written[TIMESTAMP_TEXT_SIZE];

    if (!timestamp_parse(text, &time))
        return;
    timestamp_format(time, written);
    CLAIM(timestamp_parse(written, &again) && time == again);
}

static void try_period(const char *text)
{
    struct period period;
    struct date first, last;
    char written[PERIOD_TEXT_SIZE];

    if (!period_parse(text, &period))
        return;
    period_format(period, written);
    CLAIM(strcmp(written, text) == 0);
    if (period_bounds(period, &first, &last))
        CLAIM(date_is_valid(first) && date_is_valid(last) && date_compare(first, last) < 0);
}

static void try_decimals(const char *a_text, const char *b_text)
{
    struct decimal a, b, again, sum, gap;
    char written[DECIMAL_TEXT_SIZE];
    bool met;

    if (!decimal_parse(a_text, &a))
        return;
    decimal_format(a, written);
    CLAIM(decimal_parse(written, &again) && decimal_compare(a, again) == 0);
    if (!decimal_parse(b_text, &b))
        return;
    CLAIM(decimal_compare(a, b) == -decimal_compare(b, a));
    if (decimal_add(a, b, &sum) && b.coefficient > 0)
        CLAIM(decimal_compare(sum, a) > 0);
    if (b.coefficient > 0)
        decimal_is_multiple(a, b);
    ratio_percent(a, b, written);
    if (a.coefficient >= 0 && b.coefficient > 0 && ratio_meets(a, b, b, &met) && ratio_gap(a, b, b, &gap))
        CLAIM(gap.coefficient >= 0 && (met || gap.coefficient > 0));
}

/* Two texts, parted by a stroke. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), *second;
    struct digest digest;

    memcpy(text, data, size);
    text[size] = '\0';
    try_date(text);
    try_hour(text);
    try_timestamp(text);
    try_period(text);
    digest_parse(text, &digest);
    second = strchr(text, '|');
    if (second)
        *second++ = '\0';
    try_decimals(text, second ? second : "");
    free(text);
    return 0;
}
