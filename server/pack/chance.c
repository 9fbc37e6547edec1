/* chance.c: the hypergeometric distribution in whole numbers of any length. */
#include "pack/chance.h"

#include <stdint.h>
#include <string.h>

/* A whole number, its lowest limb first. */
struct number {
    uint32_t *limbs;
    size_t count, capacity;
};

static bool number_new(struct arena *arena, size_t capacity, struct number *ret_number)
{
    *ret_number = (struct number){arena_alloc_array(arena, capacity, sizeof(uint32_t)), 0, capacity};
    return ret_number->limbs != NULL;
}

static void push(struct number *number, uint32_t limb)
{
    if (limb && number->count < number->capacity)
        number->limbs[number->count++] = limb;
}

static void multiply(struct number *number, uint32_t by)
{
    uint64_t carry = 0;

    for (size_t i = 0; i < number->count; i++) {
        carry += (uint64_t)number->limbs[i] * by;
        number->limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
    push(number, (uint32_t)carry);
    if (by == 0)
        number->count = 0;
}

/* It must divide the number. */
static void divide(struct number *number, uint32_t by)
{
    uint64_t rest = 0;

    for (size_t i = number->count; i-- > 0;) {
        rest = rest << 32 | number->limbs[i];
        number->limbs[i] = (uint32_t)(rest / by);
        rest %= by;
    }
    while (number->count > 0 && number->limbs[number->count - 1] == 0)
        number->count--;
}

static void add(struct number *sum, const struct number *number)
{
    uint64_t carry = 0;

    for (size_t i = 0; i < number->count || (carry && i < sum->count); i++) {
        if (i == sum->count)
            sum->limbs[sum->count++] = 0;
        carry += (uint64_t)sum->limbs[i] + (i < number->count ? number->limbs[i] : 0);
        sum->limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
    push(sum, (uint32_t)carry);
}

static void copy(struct number *to, const struct number *from)
{
    memcpy(to->limbs, from->limbs, from->count * sizeof *from->limbs);
    to->count = from->count;
}

static int compare(const struct number *a, const struct number *b)
{
    if (a->count != b->count)
        return a->count < b->count ? -1 : 1;
    for (size_t i = a->count; i-- > 0;)
        if (a->limbs[i] != b->limbs[i])
            return a->limbs[i] < b->limbs[i] ? -1 : 1;
    return 0;
}

/* In how many ways `taken` can be taken out of `all`. */
static void choose(struct number *number, int all, int taken)
{
    number->count = 0;
    push(number, 1);
    for (int i = 1; i <= taken; i++) {
        multiply(number, (uint32_t)(all - taken + i));
        divide(number, (uint32_t)i);
    }
}

/* Walks over how many of the office's people may be trained; `ways` is in how many ways it can be so, `sum` up to there. */
static struct chance_limits walk(int whole, int part, int size, struct number *ways, struct number *sum,
                                 struct number *scaled, struct number *low_mark, struct number *high_mark)
{
    int least = size > whole - part ? size - (whole - part) : 0, most = size < part ? size : part;
    struct chance_limits limits = {.low = -1, .high = most};

    if (least == 0)
        choose(ways, whole - part, size);
    else
        choose(ways, part, least);
    sum->count = 0;
    for (int k = least; k <= most; k++) {
        add(sum, ways);
        copy(scaled, sum);
        multiply(scaled, CHANCE_TAIL);
        if (limits.low < 0 && compare(scaled, low_mark) > 0)
            limits.low = k;
        if (compare(scaled, high_mark) >= 0) {
            limits.high = k;
            break;
        }
        multiply(ways, (uint32_t)(part - k));
        multiply(ways, (uint32_t)(size - k));
        divide(ways, (uint32_t)(k + 1));
        divide(ways, (uint32_t)(whole - part - size + k + 1));
    }
    return limits;
}

bool chance_limits(struct arena *arena, int whole, int part, int size, struct chance_limits *ret_limits)
{
    enum { NUMBERS = 5, ROOM = 6 };
    struct number numbers[NUMBERS];
    size_t capacity;

    if (part < 0 || part > whole || whole > CHANCE_MOST_PEOPLE || size <= 0 || size > whole)
        return false;
    capacity = (size_t)whole / 32 + ROOM; /* no number of ways exceeds 2^whole */
    for (int i = 0; i < NUMBERS; i++)
        if (!number_new(arena, capacity, &numbers[i]))
            return false;
    choose(&numbers[3], whole, size);
    copy(&numbers[4], &numbers[3]);
    multiply(&numbers[4], CHANCE_TAIL - 1);
    *ret_limits = walk(whole, part, size, &numbers[0], &numbers[1], &numbers[2], &numbers[3], &numbers[4]);
    return true;
}
