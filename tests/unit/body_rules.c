/* body_rules.c: the rules of bodies over every roster of up to 60 members, against counting by hand. */
#include "body/duty.h"
#include "body/rules.h"

#include "unit/common_support.h"

enum { MOST = 60 };

static const struct body_share third = {1, 3}, two_fifths = {2, 5};

/* Tries one split after the other. */
static int count_exchanges(struct body_share share, int men, int women)
{
    int lesser = men < women ? men : women;

    for (int k = 0; k <= MOST; k++) {
        int a = lesser + k, b = men + women - a;

        if (b >= 0 && share.in * a >= share.of * (a + b) && share.in * b >= share.of * (a + b))
            return k;
    }
    return MEND_IMPOSSIBLE;
}

static int count_additions(struct body_share share, int men, int women)
{
    int k = 0;

    while (!share_holds(share, men < women ? men + k : men, men < women ? women : women + k))
        k++;
    return k;
}

Test(body, every_roster_up_to_60_is_judged_and_mended_as_by_counting)
{
    const struct body_share shares[] = {third, two_fifths, {1, 4}, {49, 100}};
    size_t rosters = 0;

    for (size_t s = 0; s < COUNT(shares); s++)
        for (int men = 0; men <= MOST; men++)
            for (int women = 0; women <= MOST; women++) {
                struct body_share share = shares[s];

                cr_assert_eq(share_exchange(share, men, women), count_exchanges(share, men, women), "%d/%d %d %d",
                             share.of, share.in, men, women);
                cr_assert_eq(share_add(share, men, women), count_additions(share, men, women), "%d/%d %d %d", share.of,
                             share.in, men, women);
                rosters++;
            }
    cr_assert_eq(rosters, 4 * 61 * 61);
}

Test(body, three_of_twelve_is_unlawful_four_lawful_five_above_the_goal)
{
    static const struct {
        int women;
        enum verdict hard, goal;
        int hard_exchange, hard_add, goal_exchange, goal_add;
    } cases[] = {{3, VERDICT_BROKEN, VERDICT_BROKEN, 1, 2, 2, 3},
                 {4, VERDICT_HOLDS, VERDICT_BROKEN, 0, 0, 1, 2},
                 {5, VERDICT_HOLDS, VERDICT_HOLDS, 0, 0, 0, 0}};
    struct plan *plan = load_plan(taoyuan_plan);
    const struct body *body = plan_body(plan, "task-group");

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct body_counts counts = {.members = 12, .men = 12 - cases[i].women, .women = cases[i].women};
        struct mend hard = body_rule_mend(body, RULE_SEX_HARD, &counts),
                    goal = body_rule_mend(body, RULE_SEX_GOAL, &counts);

        cr_expect_eq(body_rule_judge(body, RULE_SEX_HARD, &counts), cases[i].hard);
        cr_expect_eq(body_rule_judge(body, RULE_SEX_GOAL, &counts), cases[i].goal);
        cr_expect_eq(hard.exchange, cases[i].hard_exchange);
        cr_expect_eq(hard.add, cases[i].hard_add);
        cr_expect_eq(goal.exchange, cases[i].goal_exchange);
        cr_expect_eq(goal.add, cases[i].goal_add);
        cr_expect_eq(hard.free_seats, MEND_UNLIMITED, "the task group's seats have no upper number");
    }
    plan_free(plan);
}

Test(body, a_sex_that_is_not_known_decides_nothing_unless_it_cannot_matter)
{
    struct plan *plan = load_plan(taoyuan_plan);
    const struct body *body = plan_body(plan, "task-group");

    for (int members = 0; members <= 20; members++)
        for (int men = 0; men <= members; men++)
            for (int women = 0; men + women <= members; women++) {
                struct body_counts counts = {.members = members, .men = men, .women = women};
                int unknown = members - men - women, holding = 0;
                enum verdict expected = VERDICT_UNKNOWN;

                for (int more = 0; more <= unknown; more++)
                    holding += share_holds(third, men + more, members - men - more);
                if (members > 0 && holding == unknown + 1)
                    expected = VERDICT_HOLDS;
                if (members > 0 && holding == 0)
                    expected = VERDICT_BROKEN;
                cr_assert_eq(body_rule_judge(body, RULE_SEX_HARD, &counts), expected, "%d %d %d", members, men, women);
            }
    plan_free(plan);
}

Test(body, the_council_has_its_seats_and_additions_must_fit_into_them)
{
    static const struct {
        struct body_counts counts;
        enum body_rule rule;
        enum verdict verdict;
        int add, remove, free_seats;
        bool within_seats;
    } cases[] = {
        {{.members = 33, .external = 14}, RULE_SEATS, VERDICT_HOLDS, 0, 0, 8, true},
        {{.members = 32, .external = 14}, RULE_SEATS, VERDICT_BROKEN, 1, 0, 9, true},
        {{.members = 42, .external = 14}, RULE_SEATS, VERDICT_BROKEN, MEND_IMPOSSIBLE, 1, 0, false},
        {{.members = 33, .external = 13}, RULE_EXTERNAL, VERDICT_BROKEN, 1, 0, 8, true},
        {{.members = 41, .external = 22}, RULE_EXTERNAL, VERDICT_BROKEN, MEND_IMPOSSIBLE, 1, 0, false},
        {{.members = 40, .men = 30, .women = 10}, RULE_SEX_HARD, VERDICT_BROKEN, 5, 0, 1, false},
        {{.members = 33, .men = 23, .women = 10}, RULE_SEX_HARD, VERDICT_BROKEN, 2, 0, 8, true},
        {{.members = 33}, RULE_CONVENER, VERDICT_BROKEN, 1, 0, 8, true},
        {{.members = 33, .conveners = 1}, RULE_CONVENER, VERDICT_HOLDS, 0, 0, 8, true},
        {{.members = 33, .executive_secretaries = 2},
         RULE_EXECUTIVE_SECRETARY,
         VERDICT_BROKEN,
         MEND_IMPOSSIBLE,
         1,
         8,
         false},
    };
    struct plan *plan = load_plan(taoyuan_plan);
    const struct body *body = plan_body(plan, "council");

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct mend mend = body_rule_mend(body, cases[i].rule, &cases[i].counts);

        cr_expect_eq(body_rule_judge(body, cases[i].rule, &cases[i].counts), cases[i].verdict, "case %zu", i);
        cr_expect_eq(mend.add, cases[i].add, "case %zu: add %d", i, mend.add);
        cr_expect_eq(mend.remove, cases[i].remove, "case %zu: remove %d", i, mend.remove);
        cr_expect_eq(mend.free_seats, cases[i].free_seats, "case %zu: free %d", i, mend.free_seats);
        cr_expect_eq(mend.within_seats, cases[i].within_seats, "case %zu", i);
    }
    plan_free(plan);
}

Test(body, meetings_count_by_more_than_half_or_by_half_of_the_external_members)
{
    cr_expect_eq(body_quorum(QUORUM_MORE_THAN_HALF, 12, 6, 1, 1), VERDICT_BROKEN);
    cr_expect_eq(body_quorum(QUORUM_MORE_THAN_HALF, 12, 7, 1, 0), VERDICT_HOLDS);
    cr_expect_eq(body_quorum(QUORUM_MORE_THAN_HALF, 0, 0, 0, 0), VERDICT_UNKNOWN);
    cr_expect_eq(body_quorum(QUORUM_HALF_OF_EXTERNAL, 12, 0, 3, 1), VERDICT_BROKEN);
    cr_expect_eq(body_quorum(QUORUM_HALF_OF_EXTERNAL, 12, 0, 2, 1), VERDICT_HOLDS);
    cr_expect_eq(body_quorum(QUORUM_HALF_OF_EXTERNAL, 12, 12, 0, 0), VERDICT_UNKNOWN);
    cr_expect_eq(body_quorum(QUORUM_NONE, 12, 0, 0, 0), VERDICT_HOLDS);
}

Test(body, rules_apply_where_the_plan_says_them)
{
    static const struct {
        const char *body;
        bool rules[BODY_RULE_COUNT];
    } cases[] = {
        {"task-group", {true, true, false, true, false, true, true, false}},
        {"liaison", {false, false, false, true, true, false, false, false}},
        {"special-group", {true, true, false, true, true, true, true, false}},
        {"promotion-group", {true, true, false, false, false, true, false, false}},
        {"council", {true, true, true, true, false, true, true, true}},
        {"supervision-team", {false}},
    };
    struct plan *plan = load_plan(taoyuan_plan);

    for (size_t i = 0; i < COUNT(cases); i++)
        for (int rule = 0; rule < BODY_RULE_COUNT; rule++)
            cr_expect_eq(body_rule_applies(plan_body(plan, cases[i].body), (enum body_rule)rule), cases[i].rules[rule],
                         "%s %s", cases[i].body, body_rule_word((enum body_rule)rule));
    plan_free(plan);
}

Test(body, an_office_has_its_task_group_its_group_and_the_city_s_bodies)
{
    struct plan *plan = load_plan("tests/support/plans/taoyuan-112-115-amended.json");
    const struct body *own = plan_body(plan, "task-group"), *group = plan_body(plan, "liaison"),
                      *bureau = plan_body(plan, "special-group"), *city = plan_body(plan, "council");
    size_t i;

    cr_expect_eq(plan->bodies->body_count, 12);
    cr_expect(body_unit_has(plan, own, "68000030", "68000030", 113));
    cr_expect_not(body_unit_has(plan, own, "68000010", "68000030", 113));
    cr_expect(body_unit_has(plan, group, "group-1", "68000030", 114));
    cr_expect_not(body_unit_has(plan, group, "group-1", "68000030", 115), "it moved");
    cr_expect(body_unit_has(plan, group, "group-2", "68000030", 115));
    cr_expect_not(body_unit_has(plan, bureau, "education", "68000030", 115));
    cr_expect(body_unit_has(plan, city, NULL, "68000030", 115));
    cr_expect_not(body_unit_has(plan, own, NULL, "68000030", 115), "of a meeting from when the body was the city's");
    cr_expect_not(body_unit_has(plan, group, NULL, "68000030", 115));
    cr_expect(body_unit_find(plan, city, NULL, 113, &i));
    cr_expect_not(body_unit_find(plan, city, "x", 113, &i));
    cr_expect_not(body_unit_find(plan, own, NULL, 113, &i));
    cr_expect_str_eq(own->refers_to->code, "promotion-group");
    cr_expect_str_eq(own->refers_to->refers_to->code, "council");
    plan_free(plan);
}

Test(duty, figures_say_whether_it_is_done)
{
    static const struct {
        const char *duty;
        const char *values[4];
        const char *says;
        bool known, done;
    } cases[] = {
        {"gm-everyone", {"50", "60", "50", "60"}, NULL, true, true},
        {"gm-everyone", {"50", "59", "50", "60"}, NULL, true, false},
        {"gm-everyone", {"50", NULL, "50", "60"}, NULL, false, false},
        {"gm-everyone", {"0", "0", "0", "0"}, NULL, true, true},
        {"public-outreach", {"1"}, NULL, true, true},
        {"public-outreach", {"0"}, NULL, true, false},
        {"public-outreach", {NULL}, NULL, false, false},
        {"regular-meeting", {"12", "3", "4"}, "regular", true, true},
        {"regular-meeting", {"12", "3", "3"}, "regular", true, false},
        {"regular-meeting", {"12", "6", "6"}, "ad_hoc", true, false},
        {"liaison-part", {NULL}, "true", true, true},
        {"liaison-part", {NULL}, "false", true, false},
        {"liaison-part", {NULL}, NULL, false, false},
    };
    struct plan *plan = load_plan(taoyuan_plan);

    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *values[4] = {cases[i].values[0], cases[i].values[1], cases[i].values[2], cases[i].values[3]};
        struct duty_fact fact = {values, cases[i].says};
        struct duty_figures figures = duty_judge(plan_duty(plan, cases[i].duty), &fact, 1);

        cr_expect_eq(figures.known, cases[i].known, "case %zu", i);
        cr_expect_eq(figures.done, cases[i].done, "case %zu", i);
    }
    cr_expect_not(duty_judge(plan_duty(plan, "gm-everyone"), NULL, 0).done, "nothing was handed in");
    plan_free(plan);
}

Test(duty, states_follow_the_year_and_the_last_day)
{
    struct plan *plan = load_plan(taoyuan_plan);
    timestamp before, begun, due, after;

    timestamp_parse("2023-12-31T23:59:59+08:00", &before);
    timestamp_parse("2024-01-01T00:00:00+08:00", &begun);
    timestamp_parse("2025-01-01T00:00:00+08:00", &due);
    timestamp_parse("2025-01-01T00:00:01+08:00", &after);
    cr_expect_eq(duty_state_at(plan, 113, due, false, before), DUTY_NOT_YET_DUE);
    cr_expect_eq(duty_state_at(plan, 113, due, false, begun), DUTY_OPEN);
    cr_expect_eq(duty_state_at(plan, 113, due, false, due - 1), DUTY_OPEN);
    cr_expect_eq(duty_state_at(plan, 113, due, false, due), DUTY_MISSED);
    cr_expect_eq(duty_state_at(plan, 113, due, true, after), DUTY_DONE);
    plan_free(plan);
}
