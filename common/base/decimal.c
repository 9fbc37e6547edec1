/* decimal.c: 128-bit coefficients, every operation checked for overflow. */
#include "base/decimal.h"

#include <string.h>

static bool scale_up(struct decimal value, unsigned scale, int128 *ret_coefficient)
{
    int128 coefficient = value.coefficient;

    for (unsigned s = value.scale; s < scale; s++)
        if (__builtin_mul_overflow(coefficient, (int128)10, &coefficient))
            return false;
    *ret_coefficient = coefficient;
    return true;
}

/* Brings both to one scale. */
static bool align(struct decimal a, struct decimal b, int128 *ret_a, int128 *ret_b, unsigned *ret_scale)
{
    unsigned scale = a.scale > b.scale ? a.scale : b.scale;

    *ret_scale = scale;
    return scale_up(a, scale, ret_a) && scale_up(b, scale, ret_b);
}

struct decimal decimal_from_int(int64_t value)
{
    return (struct decimal){.coefficient = value};
}

bool decimal_parse(const char *text, struct decimal *ret_value)
{
    struct decimal value = {0};
    bool negative = *text == '-', point = false;
    int digits = 0, whole_digits = 0;

    for (text += negative; *text; text++) {
        if (*text == '.') {
            if (point || whole_digits == 0)
                return false;
            point = true;
            continue;
        }
        if (*text < '0' || *text > '9' || ++digits > DECIMAL_MAX_DIGITS)
            return false;
        if (point && ++value.scale > DECIMAL_MAX_SCALE)
            return false;
        whole_digits += !point;
        value.coefficient = value.coefficient * 10 + (*text - '0');
    }
    if (whole_digits == 0 || (point && value.scale == 0))
        return false;
    if (negative)
        value.coefficient = -value.coefficient;
    *ret_value = value;
    return true;
}

bool decimal_add(struct decimal a, struct decimal b, struct decimal *ret_sum)
{
    int128 x, y, sum;
    unsigned scale;

    if (!align(a, b, &x, &y, &scale) || __builtin_add_overflow(x, y, &sum))
        return false;
    *ret_sum = (struct decimal){sum, scale};
    return true;
}

int decimal_compare(struct decimal a, struct decimal b)
{
    int128 x, y;
    unsigned scale;

    if (!align(a, b, &x, &y,
               &scale)) /* the one with fewer decimals is too large for the other's scale: it is farther from zero */
        return a.scale < b.scale ? (a.coefficient > 0 ? 1 : -1) : (b.coefficient > 0 ? -1 : 1);
    return (x > y) - (x < y);
}

bool decimal_is_multiple(struct decimal value, struct decimal step)
{
    int128 x, y;
    unsigned scale;

    return align(value, step, &x, &y, &scale) && y != 0 && x % y == 0;
}

void decimal_format(struct decimal value, char ret_text[static DECIMAL_TEXT_SIZE])
{
    char reversed[DECIMAL_TEXT_SIZE];
    size_t length = 0, out = 0;
    bool negative = value.coefficient < 0;

    while (value.scale > 0 && value.coefficient % 10 == 0) {
        value.coefficient /= 10;
        value.scale--;
    }
    for (unsigned digit = 0; value.coefficient != 0 || digit <= value.scale; digit++) {
        int last = (int)(value.coefficient % 10);

        if (digit == value.scale && value.scale > 0)
            reversed[length++] = '.';
        reversed[length++] = (char)('0' + (last < 0 ? -last : last));
        value.coefficient /= 10;
    }
    if (negative)
        ret_text[out++] = '-';
    while (length > 0)
        ret_text[out++] = reversed[--length];
    ret_text[out] = '\0';
}

bool ratio_percent(struct decimal numerator, struct decimal denominator, char ret_text[static DECIMAL_TEXT_SIZE])
{
    int128 n, d, twice;
    unsigned scale;

    if (!align(numerator, denominator, &n, &d, &scale) || d <= 0 || n < 0)
        return false;
    /* half up: floor((2 * 10000 * n + d) / (2 * d)) hundredths of a percent */
    if (__builtin_mul_overflow(n, (int128)20000, &n) || __builtin_add_overflow(n, d, &n) ||
        __builtin_mul_overflow(d, (int128)2, &twice))
        return false;

    char text[DECIMAL_TEXT_SIZE];
    int128 hundredths = n / twice;

    decimal_format((struct decimal){hundredths / 100, 0}, text);
    size_t length = strlen(text);
    int rest = (int)(hundredths % 100);

    text[length++] = '.';
    text[length++] = (char)('0' + rest / 10);
    text[length++] = (char)('0' + rest % 10);
    text[length++] = '\0';
    memcpy(ret_text, text, length);
    return true;
}

/* numerator * 100 and denominator * percent at one scale. */
static bool compare_sides(struct decimal numerator, struct decimal denominator, struct decimal percent,
                          int128 *ret_have, int128 *ret_need, int128 *ret_one)
{
    int128 n, d, one = 1;
    unsigned scale;

    if (!align(numerator, denominator, &n, &d, &scale))
        return false;
    for (unsigned s = 0; s < percent.scale; s++)
        one *= 10;
    for (unsigned s = 0; s < scale; s++)
        if (__builtin_mul_overflow(one, (int128)10, &one))
            return false;
    /* have = n/10^s * 100 * 10^(s + p); need = d/10^s * percent * 10^(s + p) */
    int128 factor = 100;

    for (unsigned s = 0; s < percent.scale; s++)
        factor *= 10;
    if (__builtin_mul_overflow(n, factor, &n) || __builtin_mul_overflow(d, percent.coefficient, &d) ||
        __builtin_mul_overflow(one, (int128)100, &one))
        return false;
    *ret_have = n;
    *ret_need = d;
    *ret_one = one;
    return true;
}

bool ratio_meets(struct decimal numerator, struct decimal denominator, struct decimal percent, bool *ret_met)
{
    int128 have, need, one;

    if (!compare_sides(numerator, denominator, percent, &have, &need, &one))
        return false;
    *ret_met = have >= need;
    return true;
}

bool ratio_gap(struct decimal numerator, struct decimal denominator, struct decimal percent, struct decimal *ret_gap)
{
    int128 have, need, one, target, gap;

    if (!compare_sides(numerator, denominator, percent, &have, &need, &one))
        return false;
    if (__builtin_add_overflow(need, one - 1, &target))
        return false;
    /* ceil(target) - numerator; a numerator that isn't whole (never people) keeps its fraction rounded up */
    target = target / one * one;
    gap = target > have ? (target - have + one - 1) / one : 0;
    *ret_gap = (struct decimal){.coefficient = gap};
    return true;
}
