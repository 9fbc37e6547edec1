/* form_comparison.c: figures beside those of an earlier period, and which changes are unusual. */
#include "form/comparison.h"
#include "unit/common_support.h"

/* ---- two figures ------------------------------------------------------------------------------------------------ */

struct figure_case {
    const char *rate, *least;  /* NULL: there is no rule */
    const char *earlier, *now; /* NULL: blank; "?" not yet known; "x" not applicable */
    const char *change, *percent;
    enum unusual unusual;
};

static const struct figure_case figure_cases[] = {
    {"50", "10", "20", "30", "10", "50.00", UNUSUAL_ROSE},
    {"50", "10", "21", "31", "10", "47.62", UNUSUAL_NOT},
    {"50", "10", "20", "29", "9", "45.00", UNUSUAL_NOT},
    {"50", "10", "9", "18", "9", "100.00", UNUSUAL_NOT},
    {"50", "10", "100", "50", "-50", "-50.00", UNUSUAL_FELL},
    {"50", "10", "100", "51", "-49", "-49.00", UNUSUAL_NOT},
    {"50.5", "10", "200", "301", "101", "50.50", UNUSUAL_ROSE},
    {"50.51", "10", "200", "301", "101", "50.50", UNUSUAL_NOT},
    {"50", "10", "10", "0", "-10", "-100.00", UNUSUAL_BECAME_ZERO},
    {"50", "10", "9", "0", "-9", "-100.00", UNUSUAL_NOT},
    {"500", "10", "10", "0", "-10", "-100.00", UNUSUAL_BECAME_ZERO},
    {"50", "10", "0", "10", "10", "", UNUSUAL_WAS_ZERO},
    {"50", "10", "0", "9", "9", "", UNUSUAL_NOT},
    {"50", "10", "0", "0", "0", "", UNUSUAL_NOT},
    {"50", "10", "7", "7", "0", "0.00", UNUSUAL_NOT},
    {"50", "10", "0", NULL, NULL, "", UNUSUAL_BECAME_BLANK},
    {"50", "10", "5", NULL, NULL, "", UNUSUAL_BECAME_BLANK},
    {"50", "10", "5", "?", NULL, "", UNUSUAL_NOT},
    {"50", "10", "5", "x", NULL, "", UNUSUAL_NOT},
    {"50", "10", NULL, "500", NULL, "", UNUSUAL_NOT},
    {"50", "10", "?", "500", NULL, "", UNUSUAL_NOT},
    {"50", "10", NULL, NULL, NULL, "", UNUSUAL_NOT},
    {NULL, NULL, "20", "30000", "29980", "149900.00", UNUSUAL_NOT},
    {NULL, NULL, "20", NULL, NULL, "", UNUSUAL_NOT},
    /* decimals, and half up away from zero: 1/8 = 12.5 %, 1/800 of a per cent's hundredth */
    {"50", "0.5", "2.5", "3.75", "1.25", "50.00", UNUSUAL_ROSE},
    {"50", "0.5", "0.5", "0.9", "0.4", "80.00", UNUSUAL_NOT},
    {"50", "10", "20000", "20001", "1", "0.01", UNUSUAL_NOT},
    {"50", "10", "20001", "20000", "-1", "0.00", UNUSUAL_NOT},
    {"50", "10", "20000", "19999", "-1", "-0.01", UNUSUAL_NOT},
    {"50", "10", "80000", "80001", "1", "0.00", UNUSUAL_NOT},
    {"50", "10", "3", "2", "-1", "-33.33", UNUSUAL_NOT},
    {"50", "10", "3", "5", "2", "66.67", UNUSUAL_NOT},
    {"50", "10", "9007199254740992", "1", "-9007199254740991", "-100.00", UNUSUAL_FELL},
    {"100", "10", "-20", "20", "40", "200.00", UNUSUAL_ROSE},
};

static struct element_value read_value(const char *text)
{
    struct element_value value = {.state = CELL_VALUE};

    if (!text || *text == '?' || *text == 'x')
        return (struct element_value){.state = !text ? CELL_BLANK : *text == '?' ? CELL_NOT_YET : CELL_NOT_APPLICABLE};
    cr_assert(decimal_parse(text, &value.value), "%s", text);
    return value;
}

Test(comparison, a_change_is_unusual_by_rate_and_by_size)
{
    for (size_t i = 0; i < COUNT(figure_cases); i++) {
        const struct figure_case *one = &figure_cases[i];
        struct unusual_rule rule = {.all = true};
        struct compared compared = {.now = read_value(one->now), .earlier = read_value(one->earlier)};
        char change[DECIMAL_TEXT_SIZE] = "";

        if (one->rate)
            cr_assert(decimal_parse(one->rate, &rule.rate) && decimal_parse(one->least, &rule.least));
        figures_compare(one->rate ? &rule : NULL, &compared);
        cr_expect_eq(compared.unusual, one->unusual, "case %zu: %d", i, (int)compared.unusual);
        cr_expect_eq(compared.rule, one->unusual == UNUSUAL_NOT ? NULL : &rule, "case %zu", i);
        cr_expect_eq(compared.has_change, one->change != NULL, "case %zu", i);
        if (compared.has_change)
            decimal_format(compared.change, change);
        cr_expect_str_eq(change, one->change ? one->change : "", "case %zu: %s", i, change);
        cr_expect_str_eq(compared.percent, one->percent, "case %zu: %s", i, compared.percent);
    }
}

Test(comparison, what_is_unusual_has_a_name_and_words)
{
    struct arena *arena = arena_new(1024 * 1024);
    struct unusual_rule rule = {.rate = {505, 1}};

    cr_expect_null(unusual_name(UNUSUAL_NOT));
    for (int unusual = UNUSUAL_ROSE; unusual <= UNUSUAL_BECAME_BLANK; unusual++) {
        cr_expect_not_null(unusual_name((enum unusual)unusual));
        for (int language = LANGUAGE_ZH; language <= LANGUAGE_EN; language++)
            cr_expect(*unusual_words(arena, (enum unusual)unusual, &rule, (enum language)language));
    }
    cr_expect_str_eq(unusual_words(arena, UNUSUAL_ROSE, &rule, LANGUAGE_ZH), "增加達 50.5%");
    cr_expect_str_eq(unusual_words(arena, UNUSUAL_FELL, &rule, LANGUAGE_EN), "fell by at least 50.5%");
    arena_free(arena);
}

/* ---- periods ---------------------------------------------------------------------------------------------------- */

Test(comparison, the_earlier_period_is_last_year_s_or_the_quarter_before)
{
    static const struct {
        const char *form, *period;
        enum reference reference;
        const char *earlier; /* NULL: none */
    } cases[] = {
        {"training-annual", "113", REFERENCE_LAST_YEAR, "112"},
        {"training-annual", "113", REFERENCE_PREVIOUS, "112"},
        {"training-annual", "113", REFERENCE_GIVEN, NULL},
        {"training-quarterly", "113Q3", REFERENCE_LAST_YEAR, "112Q3"},
        {"training-quarterly", "113Q3", REFERENCE_PREVIOUS, "113Q2"},
        {"training-quarterly", "113Q1", REFERENCE_PREVIOUS, "112Q4"},
        {"training-quarterly", "113", REFERENCE_PREVIOUS, NULL},
        {"task-group-meeting", "113", REFERENCE_LAST_YEAR, NULL},
        {"implementation-plan", "plan", REFERENCE_LAST_YEAR, NULL},
    };
    struct plan *plan = load_plan(taoyuan_plan);

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct period period, earlier;
        char text[PERIOD_TEXT_SIZE] = "";

        cr_assert(period_parse(cases[i].period, &period));
        if (reference_period(plan_form(plan, cases[i].form), period, cases[i].reference, &earlier))
            period_format(earlier, text);
        cr_expect_str_eq(text, cases[i].earlier ? cases[i].earlier : "", "case %zu: %s", i, text);
    }
    plan_free(plan);
}

/* ---- documents -------------------------------------------------------------------------------------------------- */

#define LINES(year, rows)                                                                                              \
    "{'form':'budget-plan','office':'68000070','period':'" year                                                        \
    "','fields':{'total_budget':100000000},'tables':{'lines':[" rows "]}}"
#define LINE(no, budget) "{'no':" no ",'budget':" budget "}"
#define QUARTER(period, courses)                                                                                       \
    "{'form':'training-quarterly','office':'68000070','period':'" period "','tables':{" courses "}}"
#define COURSE(men, women)                                                                                             \
    "'courses':[{'_row':'a','kind':'cedaw','attendance.m':" men ",'attendance.f':" women "}],'outreach':[]"

struct document_case {
    const char *now, *earlier; /* earlier NULL: there is none */
    const char *findings;      /* "code path" */
};

static const struct document_case document_cases[] = {
    {LINES("113", LINE("1", "2000000") "," LINE("2", "1000000")),
     LINES("112", LINE("2", "1000000") "," LINE("1", "2000000")), ""},
    {LINES("113", LINE("1", "2000000") "," LINE("2", "1000000")),
     LINES("112", LINE("2", "500000") "," LINE("1", "2000000")), "unusual_change tables.lines[2].budget"},
    /* a row that is gone, and the sum that fell with it; a new row is no change */
    {LINES("113", LINE("1", "1000000") "," LINE("3", "10")),
     LINES("112", LINE("1", "1000000") "," LINE("2", "2000000")),
     "unusual_change tables.lines.budget; unusual_change tables.lines[2].budget"},
    {LINES("113", LINE("1", "2000000")), NULL, ""},
    {QUARTER("113Q1", COURSE("200", "10")), QUARTER("112Q1", COURSE("100", "10")),
     "unusual_change tables.courses.attendance.m; unusual_change tables.courses.attendance.m"},
    /* left out: one finding for the table, and for its parts none */
    {QUARTER("113Q1", "'outreach':[]"), QUARTER("112Q1", COURSE("100", "10")), "unusual_change tables.courses"},
    /* a faulty cell says nothing of a change, nor does the sum that it is part of */
    {QUARTER("113Q1", COURSE("-5", "10")), QUARTER("112Q1", COURSE("100", "10")), ""},
    {QUARTER("113Q1", COURSE("{'not_yet':'x'}", "10")), QUARTER("112Q1", COURSE("100", "10")), ""},
};

Test(comparison, documents_are_held_against_each_other)
{
    struct plan *plan = load_plan(taoyuan_plan);

    for (size_t i = 0; i < COUNT(document_cases); i++) {
        const struct document_case *one = &document_cases[i];
        struct judged now = judge_json(plan, parse_quoted(one->now)), earlier = {0};
        struct findings findings = FINDINGS_IN(now.arena);
        char *found;

        if (one->earlier)
            earlier = judge_json(plan, parse_quoted(one->earlier));
        comparison_check(now.document, earlier.document, REFERENCE_LAST_YEAR, &findings);
        found = list_findings(&findings);
        cr_expect_str_eq(found ? found : "", one->findings, "case %zu: %s", i, found);
        expect_whole_messages(&findings);
        cr_expect_eq(findings.error_count, 0);
        free(found);
        comparison_check(now.document, earlier.document, REFERENCE_PREVIOUS, &findings);
        cr_expect_eq(findings.count, *one->findings ? findings.count : 0, "case %zu: the plan judges by last year", i);
        if (one->earlier)
            release_judged(&earlier);
        release_judged(&now);
    }
    plan_free(plan);
}

Test(comparison, figures_of_another_plan_are_found_by_their_codes)
{
    struct plan *plan = load_plan(taoyuan_plan), *other = load_plan("common/plan/plans/taoyuan-116-119.json");
    struct judged earlier = judge_json(plan, parse_quoted(LINES("115", LINE("1", "500000")))),
                  now = judge_json(other, parse_quoted(LINES("116", LINE("1", "1500000"))));
    size_t count;
    struct compared *lines = documents_compare(now.document, earlier.document, REFERENCE_LAST_YEAR, now.arena, &count);
    bool seen = false;

    cr_assert_not_null(lines);
    cr_assert_gt(count, now.document->form->element_count);
    for (size_t i = 0; i < count; i++) {
        if (lines[i].place.row_identity && strcmp(lines[i].place.column, "budget") == 0) {
            seen = true;
            cr_expect_str_eq(lines[i].percent, "200.00");
            cr_expect_eq(lines[i].unusual, UNUSUAL_ROSE);
        }
    }
    cr_expect(seen);
    release_judged(&now);
    release_judged(&earlier);
    plan_free(other);
    plan_free(plan);
}

Test(comparison, a_table_of_many_rows_has_an_end)
{
    enum { ROWS = 7000 };
    struct plan *plan = load_plan(taoyuan_plan);
    json_t *json = parse_quoted(LINES("113", "")), *rows = json_object_get(json_object_get(json, "tables"), "lines");
    struct judged now;
    size_t count;

    for (int i = 0; i < ROWS; i++)
        json_array_append_new(rows, json_pack("{si si si si}", "no", i, "budget", 2, "gender_budget", 1, "x", 0));
    for (int i = 0; i < ROWS; i++)
        json_object_del(json_array_get(rows, (size_t)i), "x");
    now = judge_json(plan, json);
    cr_assert_not_null(documents_compare(now.document, now.document, REFERENCE_LAST_YEAR, now.arena, &count));
    cr_expect_eq(count, now.document->form->element_count + 2 * ROWS);
    cr_expect_lt(count, now.document->form->element_count + MOST_COMPARED_CELLS);
    release_judged(&now);
    plan_free(plan);
}
