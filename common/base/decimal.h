/* decimal.h: exact decimals and ratios; no binary floating point anywhere near a figure. */
#ifndef TRIBUTARY_BASE_DECIMAL_H
#define TRIBUTARY_BASE_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

__extension__ typedef __int128 int128;

/* The largest whole number a JSON document may carry exactly: 2^53. */
#define LARGEST_WHOLE_NUMBER ((int64_t)1 << 53)

enum { DECIMAL_MAX_SCALE = 9, DECIMAL_MAX_DIGITS = 36, DECIMAL_TEXT_SIZE = 48 };

/* coefficient / 10^scale, scale at most DECIMAL_MAX_SCALE. */
struct decimal {
    int128 coefficient;
    unsigned scale;
};

struct decimal decimal_from_int(int64_t value);

/* Reads "-12.50"; no exponent, no spaces, no leading '+', digits on both sides of a point.
 * False on any other text or on more digits than fit. */
bool decimal_parse(const char *text, struct decimal *ret_value);

/* Exact sum, and exact product with a power of ten at most. False on overflow, which leaves ret_sum untouched. */
bool decimal_add(struct decimal a, struct decimal b, struct decimal *ret_sum);

/* -1, 0 or 1. */
int decimal_compare(struct decimal a, struct decimal b);

/* True if `value` is a whole multiple of `step` (> 0). */
bool decimal_is_multiple(struct decimal value, struct decimal step);

/* Writes the shortest exact form ("36.5", "36"). */
void decimal_format(struct decimal value, char ret_text[static DECIMAL_TEXT_SIZE]);

/* numerator / denominator in percent with two decimals, rounded half up (domain.md 6.5), as "92.49".
 * False when the denominator is zero or the numbers are beyond exact reach. */
bool ratio_percent(struct decimal numerator, struct decimal denominator, char ret_text[static DECIMAL_TEXT_SIZE]);

/* Whether numerator / denominator >= percent / 100, decided on the exact fraction (domain.md 6.5). */
bool ratio_meets(struct decimal numerator, struct decimal denominator, struct decimal percent, bool *ret_met);

/* People still needed: max(0, ceil(percent/100 * denominator) - numerator) (domain.md 6.6), as whole number. */
bool ratio_gap(struct decimal numerator, struct decimal denominator, struct decimal percent, struct decimal *ret_gap);

#endif
