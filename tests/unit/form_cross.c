/* form_cross.c: a document against what the office's other documents hold, without a database. */
#include "form/neighbours.h"
#include "unit/common_support.h"

#define HEAD(form, period) "'form':'" form "','office':'68000070','period':'" period "'"
#define REPORT             HEAD("annual-report", "113")
#define EXECUTION          HEAD("budget-execution", "113")
#define ANNUAL             HEAD("training-annual", "113")
#define MEETING            HEAD("task-group-meeting", "113")

/* Documents that stand already, in the order they were recorded. */
#define ROSTER_112                                                                                                     \
    "{" HEAD("task-group-roster",                                                                                      \
             "112") ",'fields':{'effective_from':'2023-03-01'},'tables':{'members':["                                  \
                    "{'_row':'a','sex':'m','role':'convener'},{'_row':'b','sex':'f','role':'deputy'}]}}"
#define ROSTER_113                                                                                                     \
    "{" HEAD(                                                                                                          \
        "task-group-roster",                                                                                           \
        "113") ",'fields':{'effective_from':'2024-02-01'},'tables':{'members':["                                       \
               "{'_row':'a','sex':'m','role':'convener'},{'_row':'b','sex':'f','role':'deputy'},{'_row':'c','sex':'f','role':'internal'}]}}"
#define ROSTER_JULY                                                                                                                        \
    "{" HEAD(                                                                                                                              \
        "task-group-roster",                                                                                                               \
        "113") ",'fields':{'effective_from':'2024-07-01'},'tables':{'members':["                                                           \
               "{'_row':'a','sex':'m','role':'convener'},{'_row':'b','sex':'f','role':'deputy'},{'_row':'c','sex':'f','role':'internal'}," \
               "{'_row':'d','sex':'f','role':'external'}]}}"
#define PLANNED                                                                                                        \
    "{" HEAD(                                                                                                          \
        "budget-plan",                                                                                                 \
        "113") ",'fields':{'total_budget':900},'tables':{'lines':["                                                    \
               "{'no':1,'category':'plan','name':'a','budget':100,'gender_budget':50},{'no':2,'category':'law','budget':80,'gender_budget':80}]}}"
#define QUARTER(number, men, women)                                                                                    \
    "{" HEAD("training-quarterly",                                                                                     \
             "113Q" number) ",'tables':{'courses':[{'_row':'a','kind':'cedaw','attendance.m':" men                     \
                            ",'attendance.f':" women "}],'outreach':[]}}"
#define MET(kind) "{" HEAD("task-group-meeting", "113") ",'fields':{'date':'2024-05-05','kind':" kind "}}"
#define PAGE      "{" HEAD("webpage", "113") ",'fields':{'url':'https://a.example.org','updates':{'not_yet':'x'}}}"

struct crossing_case {
    const char *document;
    const char *others[6];
    const char *findings; /* "code path", "" if there are none */
    const char *expected, *found;
    enum severity severity;
};

static struct neighbours read_neighbours(const struct plan *plan, struct arena *arena, const char *const *others)
{
    struct neighbours neighbours = NEIGHBOURS_IN(arena);

    for (size_t i = 0; i < 6 && others[i]; i++)
        cr_assert(neighbours_add(&neighbours, plan, parse_quoted(others[i])));
    return neighbours;
}

static void expect_case(const struct plan *plan, const struct crossing_case *one)
{
    struct judged judged = judge_json(plan, parse_quoted(one->document));
    struct neighbours neighbours = read_neighbours(plan, judged.arena, one->others);
    struct findings across = FINDINGS_IN(judged.arena);

    cross_check(judged.document, &neighbours, &across);
    cr_assert_not(across.out_of_memory);

    char *found = list_findings(&across);

    cr_expect_str_eq(found, one->findings, "%s\n  found    %s\n  expected %s", one->document, found, one->findings);
    if (across.count > 0) {
        const struct finding *first = &across.items[0];

        if (one->expected)
            cr_expect_str_eq(first->expected, one->expected, "%s: %s", one->document, first->expected);
        if (one->found)
            cr_expect_str_eq(first->found, one->found, "%s: %s", one->document, first->found);
        cr_expect_eq(first->severity, one->severity, "%s", one->document);
    }
    expect_whole_messages(&across);
    free(found);
    neighbours_release(&neighbours);
    release_judged(&judged);
}

static void expect_cases(const struct crossing_case *cases, size_t count)
{
    struct plan *plan = load_plan(taoyuan_plan);

    for (size_t i = 0; i < count; i++)
        expect_case(plan, &cases[i]);
    plan_free(plan);
}

Test(cross, a_field_agrees_with_the_form_it_comes_from)
{
    static const struct crossing_case cases[] = {
        {"{" REPORT ",'fields':{'budget.total':900,'budget.lines':2,'budget.gender_budget':130}}",
         {PLANNED},
         "",
         NULL,
         NULL,
         0},
        {"{" REPORT ",'fields':{'budget.total':901,'budget.lines':2,'budget.gender_budget':130}}",
         {PLANNED},
         "differs_from_other_form fields.budget.total",
         "900",
         "901",
         SEVERITY_ERROR},
        {"{" REPORT ",'fields':{'budget.total':900,'budget.lines':{'not_yet':'x'},'budget.gender_budget':130}}",
         {PLANNED},
         "blank_beside_other_form fields.budget.lines",
         "2",
         NULL,
         SEVERITY_WARNING},
        {"{" REPORT ",'fields':{'budget.total':900}}",
         {NULL},
         "other_form_missing fields.budget.total",
         NULL,
         NULL,
         SEVERITY_WARNING},
        /* a zero claims nothing */
        {"{" REPORT ",'fields':{'budget.total':0}}", {NULL}, "", NULL, NULL, 0},
        /* a faulty cell has its own finding */
        {"{" REPORT ",'fields':{'budget.total':'900','budget.lines':2,'budget.gender_budget':130}}",
         {PLANNED},
         "",
         NULL,
         NULL,
         0},
        {"{" REPORT ",'fields':{'webpage.url':'https://b.example.org','webpage.updates':3}}",
         {PAGE},
         "differs_from_other_form fields.webpage.url",
         "https://a.example.org",
         "https://b.example.org",
         SEVERITY_ERROR},
    };

    cr_assert_geq(COUNT(cases), 7);
    expect_cases(cases, COUNT(cases));
}

Test(cross, quarters_are_known_together_or_not_at_all)
{
    static const struct crossing_case cases[] = {
        {"{" REPORT ",'fields':{'training.courses':3}}",
         {QUARTER("1", "1", "1"), QUARTER("2", "1", "1"), QUARTER("3", "1", "1")},
         "",
         NULL,
         NULL,
         0},
        {"{" ANNUAL ",'fields':{'general.cedaw1h.m':3,'supervisor.cedaw1h.m':2}}",
         {QUARTER("1", "1", "1"), QUARTER("2", "1", "1"), QUARTER("3", "1", "1"), QUARTER("4", "1", "1")},
         "exceeds_other_form fields.general.cedaw1h.m",
         "4",
         "5",
         SEVERITY_EXPLAIN},
        {"{" ANNUAL ",'fields':{'general.cedaw1h.m':3,'supervisor.cedaw1h.m':1}}",
         {QUARTER("1", "1", "1"), QUARTER("2", "1", "1"), QUARTER("3", "1", "1"), QUARTER("4", "1", "1")},
         "",
         NULL,
         NULL,
         0},
        {"{" ANNUAL ",'fields':{'general.cedaw1h.m':3,'supervisor.cedaw1h.m':2}}",
         {QUARTER("1", "1", "1"), QUARTER("2", "1", "1"), QUARTER("4", "1", "1")},
         "",
         NULL,
         NULL,
         0},
        {"{" ANNUAL ",'fields':{'general.cedaw1h.m':3,'supervisor.cedaw1h.m':2}}",
         {QUARTER("1", "1", "1"), QUARTER("2", "{'not_yet':'x'}", "1"), QUARTER("3", "1", "1"), QUARTER("4", "1", "1")},
         "",
         NULL,
         NULL,
         0},
        {"{" ANNUAL ",'fields':{'general.cedaw1h.m':9}}",
         {QUARTER("1", "1", "1"), QUARTER("2", "1", "1"), QUARTER("3", "1", "1"), QUARTER("4", "1", "1")},
         "",
         NULL,
         NULL,
         0},
        {"{" ANNUAL
         ",'fields':{'general.cedaw1h.m':3,'supervisor.cedaw1h.m':2},'notes':{'general.cedaw1h.m':'trained elsewhere'}}",
         {QUARTER("1", "1", "1"), QUARTER("2", "1", "1"), QUARTER("3", "1", "1"), QUARTER("4", "1", "1")},
         "",
         NULL,
         NULL,
         0},
    };

    cr_assert_geq(COUNT(cases), 7);
    expect_cases(cases, COUNT(cases));
}

Test(cross, meetings_are_counted_by_their_kind)
{
    static const struct crossing_case cases[] = {
        {"{" REPORT ",'fields':{'meetings.regular':2,'meetings.ad_hoc':1}}",
         {MET("'regular'"), MET("'ad_hoc'"), MET("'regular'")},
         "",
         NULL,
         NULL,
         0},
        {"{" REPORT ",'fields':{'meetings.regular':3,'meetings.ad_hoc':1}}",
         {MET("'regular'"), MET("'ad_hoc'"), MET("'regular'")},
         "differs_from_other_form fields.meetings.regular",
         "2",
         "3",
         SEVERITY_ERROR},
        {"{" REPORT ",'fields':{'meetings.regular':1,'meetings.ad_hoc':0}}", {MET("'regular'")}, "", NULL, NULL, 0},
        {"{" REPORT ",'fields':{'meetings.regular':7,'meetings.ad_hoc':7}}",
         {MET("'regular'"), MET("{'not_yet':'x'}")},
         "",
         NULL,
         NULL,
         0},
    };

    cr_assert_geq(COUNT(cases), 4);
    expect_cases(cases, COUNT(cases));
}

#define SAT(date, members) "{" MEETING ",'fields':{'date':'" date "','kind':'regular','members':" members "}}"

Test(cross, a_meeting_is_held_against_the_roster_in_force_on_its_day)
{
    static const struct crossing_case cases[] = {
        {SAT("2024-01-31", "2"), {ROSTER_113, ROSTER_JULY, ROSTER_112}, "", NULL, NULL, 0},
        {SAT("2024-02-01", "3"), {ROSTER_113, ROSTER_JULY, ROSTER_112}, "", NULL, NULL, 0},
        {SAT("2024-06-30", "4"),
         {ROSTER_113, ROSTER_JULY, ROSTER_112},
         "differs_from_other_form fields.members",
         "3",
         "4",
         SEVERITY_EXPLAIN},
        {SAT("2024-07-01", "4"), {ROSTER_113, ROSTER_JULY, ROSTER_112}, "", NULL, NULL, 0},
        /* before any roster held */
        {SAT("2023-02-28", "4"),
         {ROSTER_113, ROSTER_112},
         "other_form_missing fields.members",
         NULL,
         NULL,
         SEVERITY_WARNING},
        /* without a date nothing can be said */
        {"{" MEETING ",'fields':{'kind':'regular','members':9}}", {ROSTER_113}, "", NULL, NULL, 0},
        /* recorded last: it holds from February, and corrects the one that was said to hold from July */
        {SAT("2024-12-31", "3"), {ROSTER_JULY, ROSTER_113}, "", NULL, NULL, 0},
        {"{" MEETING ",'fields':{'date':'2024-03-03','kind':'regular','members':3,'present.m':2,'present.f':1}}",
         {ROSTER_113},
         "exceeds_other_form fields.present.m",
         "1",
         "2",
         SEVERITY_EXPLAIN},
        {"{" REPORT ",'fields':{'committee.m':1,'committee.f':3,'committee.external':1}}",
         {ROSTER_113, ROSTER_JULY, ROSTER_112},
         "",
         NULL,
         NULL,
         0},
    };

    cr_assert_geq(COUNT(cases), 9);
    expect_cases(cases, COUNT(cases));
}

#define LINE_1 "{'no':1,'category':'plan','name':'a','budget':100,'gender_budget':50}"
#define LINE_2 "{'no':'2','category':'law','budget':80,'gender_budget':80}"

Test(cross, lines_are_the_plans_lines)
{
    static const struct crossing_case cases[] = {
        {"{" EXECUTION ",'tables':{'lines':[" LINE_2 "," LINE_1 "]}}", {PLANNED}, "", NULL, NULL, 0},
        {"{" EXECUTION ",'tables':{'lines':[" LINE_1 "," LINE_2 ",{'no':3}]}}",
         {PLANNED},
         "line_not_planned tables.lines[3].no",
         NULL,
         "3",
         SEVERITY_EXPLAIN},
        {"{" EXECUTION ",'tables':{'lines':[" LINE_2 "]}}",
         {PLANNED},
         "line_missing tables.lines",
         "1",
         NULL,
         SEVERITY_EXPLAIN},
        {"{" EXECUTION ",'tables':{'lines':[" LINE_1 ",{'no':2,'category':'tool','name':'new','budget':80}]}}",
         {PLANNED},
         "differs_from_other_form tables.lines[2].category",
         "law",
         "tool",
         SEVERITY_EXPLAIN},
        {"{" EXECUTION ",'tables':{'lines':[" LINE_1 "," LINE_2 ",{'no':3}]},'notes':{'tables.lines[3]':'new'}}",
         {PLANNED},
         "",
         NULL,
         NULL,
         0},
        {"{" EXECUTION ",'tables':{'lines':[" LINE_1 "," LINE_2 ",{'no':3}]},'notes':{'tables.lines[3]':' '}}",
         {PLANNED},
         "line_not_planned tables.lines[3].no",
         NULL,
         "3",
         SEVERITY_EXPLAIN},
        {"{" EXECUTION ",'tables':{'lines':[]}}",
         {PLANNED},
         "line_missing tables.lines; line_missing tables.lines",
         "1",
         NULL,
         SEVERITY_EXPLAIN},
        {"{" EXECUTION "}", {PLANNED}, "", NULL, NULL, 0},
        {"{" EXECUTION ",'tables':{'lines':[{'no':3}]}}", {NULL}, "", NULL, NULL, 0},
        /* a line without its number has a finding of its own */
        {"{" EXECUTION ",'tables':{'lines':[{'budget':1}," LINE_1 ",{}," LINE_2 "]}}", {PLANNED}, "", NULL, NULL, 0},
    };

    cr_assert_geq(COUNT(cases), 10);
    expect_cases(cases, COUNT(cases));
}

Test(cross, only_documents_of_the_year_and_of_rosters_those_before_are_wanted)
{
    struct plan *plan = load_plan(taoyuan_plan);
    struct arena *arena = arena_new(JUDGED_MEMORY);
    struct period year = {PERIOD_YEAR, 114, 0};
    size_t count, rosters = 0, quarters = 0;
    struct wanted *wanted = neighbours_wanted(plan, plan_form(plan, "annual-report"), year, arena, &count);

    for (size_t i = 0; i < count; i++) {
        bool roster = strcmp(wanted[i].form->code, "task-group-roster") == 0;

        rosters += roster;
        quarters += wanted[i].period.kind == PERIOD_QUARTER;
        cr_expect_eq(wanted[i].every_revision, wanted[i].form->effective_from != NULL);
        cr_expect(roster || wanted[i].every_revision || wanted[i].period.year == 114, "%s", wanted[i].form->code);
    }
    cr_expect_eq(rosters, 3);
    cr_expect_eq(quarters, 4);
    cr_assert_not_null(neighbours_wanted(plan, plan_form(plan, "webpage"), year, arena, &count));
    cr_expect_eq(count, 0);
    arena_free(arena);
    plan_free(plan);
}

Test(cross, an_empty_report_is_filled_with_what_then_agrees)
{
    static const char *const others[6] = {PLANNED, ROSTER_113, ROSTER_JULY, MET("'regular'"), PAGE};
    struct plan *plan = load_plan(taoyuan_plan);
    struct arena *arena = arena_new(JUDGED_MEMORY);
    struct neighbours neighbours = read_neighbours(plan, arena, others);
    struct period year = {PERIOD_YEAR, 113, 0};
    json_t *report = parse_quoted("{" REPORT "}"), *lines = parse_quoted("{" EXECUTION "}");

    cr_assert(neighbours_prefill(&neighbours, plan, plan_form(plan, "annual-report"), year, report));
    char *text = canonical_text(json_object_get(report, "fields"));

    cr_expect_str_eq(
        text,
        "{\"budget.gender_budget\":130,\"budget.lines\":2,\"budget.total\":900,\"committee.external\":1,"
        "\"committee.f\":3,\"committee.m\":1,\"meetings.ad_hoc\":0,\"meetings.regular\":1,\"webpage.url\":\"https://a.example.org\"}");
    free(text);
    cr_assert(neighbours_prefill(&neighbours, plan, plan_form(plan, "budget-execution"), year, lines));
    cr_expect_eq(json_array_size(json_object_get(json_object_get(lines, "tables"), "lines")), 2);

    struct judged judged = judge_json(plan, report), execution = judge_json(plan, lines);
    struct findings across = FINDINGS_IN(arena);

    cross_check(judged.document, &neighbours, &across);
    cross_check(execution.document, &neighbours, &across);
    cr_expect_eq(across.count, 0, "%s", list_findings(&across));
    release_judged(&execution);
    release_judged(&judged);
    neighbours_release(&neighbours);
    arena_free(arena);
    plan_free(plan);
}
