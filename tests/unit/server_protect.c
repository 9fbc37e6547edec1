/* server_protect.c: what is withheld of small, hand-made tables. */
#include <criterion/criterion.h>
#include <string.h>

#include "open_data/protect.h"

enum { OFFICES = 4, UNITS = 4, SMALLEST = 5 };

/* Two groups of two, the whole, and the whole without the last office. */
static const bool first_group[OFFICES] = {true, true, false, false}, second_group[OFFICES] = {false, false, true, true},
                  everyone[OFFICES] = {true, true, true, true}, all_but_last[OFFICES] = {true, true, true, false};
static const struct protection_unit units[UNITS] = {
    {first_group, 2}, {second_group, 2}, {everyone, 8}, {all_but_last, 1}};

static const struct column persons[] = {{.sensitive = true}, {.sensitive = true}, {.sensitive = true}};
static const bool all_known[3 * OFFICES] = {true, true, true, true, true, true, true, true, true, true, true, true};

static struct arena *arena;

static void make_arena(void)
{
    arena = arena_new(1024 * 1024);
}

static void free_arena(void)
{
    arena_free(arena);
}

TestSuite(protect, .init = make_arena, .fini = free_arena);

static struct protection protection_of(const int64_t *values, size_t column_count)
{
    return (struct protection){.smallest = SMALLEST,
                               .office_count = OFFICES,
                               .column_count = column_count,
                               .unit_count = UNITS,
                               .period_count = 1,
                               .columns = persons,
                               .values = values,
                               .known = all_known,
                               .units = units};
}

/* "0100 0001": the offices withheld in a column, then the units. */
static const char *withheld(const struct protection *protection, size_t column)
{
    static char text[OFFICES + UNITS + 2];

    for (size_t i = 0; i < OFFICES; i++)
        text[i] = is_office_withheld(protection, column, i) ? '1' : '0';
    text[OFFICES] = ' ';
    for (size_t i = 0; i < UNITS; i++)
        text[OFFICES + 1 + i] = is_unit_withheld(protection, column, i) ? '1' : '0';
    return text;
}

static void expect(struct protection *protection, size_t column, const char *expected)
{
    cr_assert(protect(protection, arena));
    cr_expect_str_eq(withheld(protection, column), expected);
}

Test(protect, nothing_is_withheld_where_nothing_is_small)
{
    struct protection protection = protection_of((const int64_t[]){5, 90, 0, 7}, 1);

    expect(&protection, 0, "0000 0000");
}

Test(protect, a_small_count_takes_a_companion_of_its_group_along)
{
    struct protection protection = protection_of((const int64_t[]){3, 90, 20, 30}, 1);

    expect(&protection, 0, "1100 0000");
}

Test(protect, companions_that_add_up_to_too_little_need_another_group)
{
    struct protection protection = protection_of((const int64_t[]){1, 4, 20, 30}, 1);

    expect(&protection, 0, "1100 0000"); /* together 5: each may be 0 or 5 */
    protection = protection_of((const int64_t[]){1, 3, 20, 30}, 1);
    cr_assert(protect(&protection, arena));
    cr_expect(is_unit_withheld(&protection, 0, 0), "the group's total of 4 is small itself");
    cr_expect(is_unit_withheld(&protection, 0, 1), "the whole less the other group would tell it");
    cr_expect(!is_unit_withheld(&protection, 0, 2), "the whole needn't be withheld");
}

Test(protect, an_office_that_a_whole_leaves_out_is_not_the_difference_of_two_wholes)
{
    struct protection protection = protection_of((const int64_t[]){50, 90, 20, 3}, 1);

    expect(&protection, 0, "0011 0001");
}

Test(protect, what_a_sum_ties_is_withheld_together)
{
    static const size_t parts[] = {1, 2};
    static const struct relation total = {RELATION_SUM, 0, parts, 2};
    struct protection protection = protection_of((const int64_t[]){43, 60, 70, 80, 3, 20, 30, 40, 40, 40, 40, 40}, 3);

    protection.relations = &total;
    protection.relation_count = 1;
    cr_assert(protect(&protection, arena));
    for (size_t column = 0; column < 3; column++)
        cr_expect_str_eq(withheld(&protection, column), "1100 0000", "column %zu", column);
}

Test(protect, what_nothing_ties_is_judged_alone)
{
    struct protection protection = protection_of((const int64_t[]){3, 60, 70, 80, 30, 20, 30, 40}, 2);

    cr_assert(protect(&protection, arena));
    cr_expect_str_eq(withheld(&protection, 0), "1100 0000");
    cr_expect_str_eq(withheld(&protection, 1), "0000 0000");
}

Test(protect, an_indicator_that_leaves_an_office_out_does_not_give_it_away)
{
    static const size_t columns[] = {0};
    static const bool counted[OFFICES] = {false, true, true, true};
    static const struct protection_indicator indicator = {columns, 1, counted};
    struct protection protection = protection_of((const int64_t[]){3, 60, 70, 80}, 1);

    protection.indicators = &indicator;
    protection.indicator_count = 1;
    cr_assert(protect(&protection, arena));
    cr_expect(is_office_withheld(&protection, 0, 0));
    cr_expect(is_indicator_withheld(&protection, 0, 0),
              "the group's total less what the indicator counts is the small cell");
    cr_expect(!is_unit_withheld(&protection, 0, 2));
}

Test(protect, limits_of_its_own_withhold_a_family_whole)
{
    static const struct column bounded[] = {{.sensitive = true, .bounded = true}};
    struct protection protection = protection_of((const int64_t[]){10, 60, 70, 80}, 1);

    protection.columns = bounded;
    expect(&protection, 0, "1111 1111");
}

Test(protect, what_counts_no_persons_is_published_however_small)
{
    static const struct column things[] = {{.sensitive = false}};
    struct protection protection = protection_of((const int64_t[]){1, 2, 3, 4}, 1);

    protection.columns = things;
    expect(&protection, 0, "0000 0000");
}

Test(protect, where_nobody_else_reported_nothing_above_is_published)
{
    static const bool alone[OFFICES] = {true, false, false, false};
    struct protection protection = protection_of((const int64_t[]){3, 0, 0, 0}, 1);

    protection.known = alone;
    cr_assert(protect(&protection, arena));
    cr_expect(is_office_withheld(&protection, 0, 0));
    cr_expect(is_unit_withheld(&protection, 0, 0) && is_unit_withheld(&protection, 0, 2) &&
              is_unit_withheld(&protection, 0, 3));
}
