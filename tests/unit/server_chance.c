/* server_chance.c: the range in which chance alone would leave an office's count. */
#include "pack/chance.h"

#include <criterion/criterion.h>

static struct chance_limits limits_of(struct arena *arena, int whole, int part, int size)
{
    struct chance_limits limits = {-1, -1};

    cr_assert(chance_limits(arena, whole, part, size, &limits), "%d %d %d", whole, part, size);
    return limits;
}

/* Each counted by hand from the ways of taking `size` out of `whole`. */
Test(chance, small_cases_are_what_one_counts_by_hand)
{
    static const struct {
        int whole, part, size, low, high;
    } cases[] = {
        {2, 1, 1, 0, 1},                        /* one of two */
        {10, 5, 5, 1, 4},                       /* 1, 25, 100, 100, 25, 1 of 252: the ends are 0.4 % each */
        {10, 0, 4, 0, 0},    {10, 10, 4, 4, 4}, /* nobody, everybody */
        {40, 1, 1, 0, 0},                       /* 1 in 40 is 2.5 %, at most that */
        {39, 1, 1, 0, 1},                       /* 1 in 39 is more */
        {40, 39, 1, 1, 1},   {39, 38, 1, 0, 1}, /* and from below */
        {5, 3, 5, 3, 3},                        /* the office is the group */
        {100, 50, 10, 2, 8},                    /* tails 0.0006… and 0.0079… < 2.5 % < 0.047… */
    };
    struct arena *arena = arena_new(1024 * 1024);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct chance_limits limits = limits_of(arena, cases[i].whole, cases[i].part, cases[i].size);

        cr_expect_eq(limits.low, cases[i].low, "%zu: low %d", i, limits.low);
        cr_expect_eq(limits.high, cases[i].high, "%zu: high %d", i, limits.high);
    }
    arena_free(arena);
}

/* Who is trained and who isn't change places: so do the limits. */
Test(chance, the_untrained_are_the_mirror_of_the_trained)
{
    struct arena *arena = arena_new(64 * 1024 * 1024);

    for (int whole = 1; whole <= 60; whole += 7)
        for (int part = 0; part <= whole; part += 3)
            for (int size = 1; size <= whole; size += 4) {
                struct chance_limits one = limits_of(arena, whole, part, size),
                                     other = limits_of(arena, whole, whole - part, size);

                cr_expect_eq(one.low, size - other.high, "%d %d %d", whole, part, size);
                cr_expect_eq(one.high, size - other.low, "%d %d %d", whole, part, size);
                cr_expect_leq(one.low, one.high);
            }
    arena_free(arena);
}

Test(chance, a_whole_citys_staff_is_within_reach_and_more_is_refused)
{
    struct arena *arena = arena_new(64 * 1024 * 1024);
    struct chance_limits limits = limits_of(arena, CHANCE_MOST_PEOPLE, 18600, 1200);

    cr_expect(limits.low > 1050 && limits.low < 1116, "%d", limits.low);
    cr_expect(limits.high > 1116 && limits.high < 1180, "%d", limits.high);
    cr_expect_not(chance_limits(arena, CHANCE_MOST_PEOPLE + 1, 10, 10, &limits));
    cr_expect_not(chance_limits(arena, 10, 11, 5, &limits));
    cr_expect_not(chance_limits(arena, 10, -1, 5, &limits));
    cr_expect_not(chance_limits(arena, 10, 5, 0, &limits));
    cr_expect_not(chance_limits(arena, 10, 5, 11, &limits));
    arena_free(arena);
    arena = arena_new(16);
    cr_expect_not(chance_limits(arena, 1000, 500, 100, &limits), "without memory");
    arena_free(arena);
}
