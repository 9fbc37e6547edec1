/* form_rules.c: the rules of forms, with real cases of domain.md 10. */
#include "unit/common_support.h"

#define QUARTERLY "'form':'training-quarterly','office':'68000070','period':'113Q2'"
#define ANNUAL    "'form':'training-annual','office':'68000070','period':'113'"
#define BUDGET    "'form':'budget-execution','office':'68000070','period':'113'"

struct ruling {
    const char *document;
    const char *findings; /* "code path", "" if there are none */
    const char *expected, *found;
    enum severity severity;
};

static void expect_rulings(const char *plan_path, const struct ruling *rulings, size_t count)
{
    struct plan *plan = load_plan(plan_path);

    for (size_t i = 0; i < count; i++) {
        struct judged judged = judge_json(plan, parse_quoted(rulings[i].document));
        char *found = list_findings(&judged.findings);
        const struct finding *first = judged.findings.count ? &judged.findings.items[0] : NULL;

        cr_expect_str_eq(found, rulings[i].findings, "%s\n  found    %s\n  expected %s", rulings[i].document, found,
                         rulings[i].findings);
        if (first && rulings[i].expected)
            cr_expect_str_eq(first->expected, rulings[i].expected, "%s: %s", rulings[i].document, first->expected);
        if (first && rulings[i].found)
            cr_expect_str_eq(first->found, rulings[i].found, "%s: %s", rulings[i].document, first->found);
        cr_expect(!first || first->severity == rulings[i].severity);
        expect_whole_messages(&judged.findings);
        free(found);
        release_judged(&judged);
    }
    plan_free(plan);
}

Test(rules, a_sum_that_does_not_add_up_names_its_cell_and_both_figures)
{
    static const struct ruling rulings[] = {
        {"{" QUARTERLY
         ",'tables':{'outreach':[{'_row':'b7','attendance.m':393,'attendance.f':1758,'attendance.o':0,'attendance.total':2178}]}}",
         "sum_mismatch tables.outreach[b7].attendance.total", "2151", "2178", SEVERITY_ERROR},
        {"{" QUARTERLY
         ",'tables':{'outreach':[{'_row':'a','attendance.m':5727,'attendance.f':10878,'attendance.o':0,'attendance.total':16605}]}}",
         "", NULL, NULL, 0},
        {"{" QUARTERLY
         ",'tables':{'outreach':[{'_row':'a','attendance.m':10431,'attendance.f':14615,'attendance.o':0,'attendance.total':25046}]}}",
         "", NULL, NULL, 0},
        {"{" QUARTERLY
         ",'tables':{'courses':[{'_row':'a','attendance.m':802,'attendance.f':1834,'attendance.total':2636}]}}",
         "", NULL, NULL, 0},
        {"{" QUARTERLY
         ",'tables':{'courses':[{'_row':'a','attendance.m':2620,'attendance.f':896,'attendance.total':3515}]}}",
         "sum_mismatch tables.courses[a].attendance.total", "3516", "3515", SEVERITY_ERROR},
        /* a blank or unknown part may still come: only too much already is wrong */
        {"{" QUARTERLY ",'tables':{'outreach':[{'_row':'a','attendance.m':5,'attendance.f':5,'attendance.total':12}]}}",
         "", NULL, NULL, 0},
        {"{" QUARTERLY ",'tables':{'outreach':[{'_row':'a','attendance.m':5,'attendance.f':8,'attendance.total':12}]}}",
         "sum_mismatch tables.outreach[a].attendance.total", "13", "12", SEVERITY_ERROR},
        {"{" QUARTERLY
         ",'tables':{'outreach':[{'_row':'a','attendance.m':5,'attendance.f':{'not_yet':'x'},'attendance.o':0,'attendance.total':12}]}}",
         "", NULL, NULL, 0},
        {"{" QUARTERLY
         ",'tables':{'outreach':[{'_row':'a','attendance.m':5,'attendance.f':6,'attendance.o':{'not_applicable':'x'},'attendance.total':12}]}}",
         "sum_mismatch tables.outreach[a].attendance.total", "11", "12", SEVERITY_ERROR},
        {"{" QUARTERLY ",'tables':{'outreach':[{'_row':'a','attendance.m':5,'attendance.f':6,'attendance.o':0}]}}", "",
         NULL, NULL, 0},
        {"{" QUARTERLY ",'tables':{'outreach':[{'_row':'a','attendance.total':12}]}}", "", NULL, NULL, 0},
        /* a faulty part has its own finding */
        {"{" QUARTERLY
         ",'tables':{'outreach':[{'_row':'a','attendance.m':'5','attendance.f':6,'attendance.o':0,'attendance.total':12}]}}",
         "wrong_type tables.outreach[a].attendance.m", NULL, NULL, SEVERITY_ERROR},
    };

    cr_assert_geq(COUNT(rulings), 12);
    expect_rulings(taoyuan_plan, rulings, COUNT(rulings));
}

Test(rules, trained_persons_never_exceed_the_staff_of_their_category)
{
    static const struct ruling rulings[] = {
        {"{" ANNUAL ",'fields':{'general.staff.m':61,'general.gm2h.m':61}}", "", NULL, NULL, 0},
        {"{" ANNUAL ",'fields':{'general.staff.m':61,'general.gm2h.m':62}}", "exceeds_whole fields.general.gm2h.m",
         "61", "62", SEVERITY_ERROR},
        {"{" ANNUAL ",'fields':{'general.gm2h.m':62}}", "", NULL, NULL, 0},
        {"{" ANNUAL ",'fields':{'general.staff.m':{'not_yet':'x'},'general.gm2h.m':62}}", "", NULL, NULL, 0},
        {"{" ANNUAL ",'fields':{'general.cedaw1h.f':3,'general.cedaw2h.f':4}}",
         "exceeds_whole fields.general.cedaw2h.f", "3", "4", SEVERITY_ERROR},
        {"{" ANNUAL
         ",'fields':{'business.staff.f':3,'business.ge10h.f':4,'supervisor.staff.m':0,'supervisor.gm2h.m':1}}",
         "exceeds_whole fields.supervisor.gm2h.m; exceeds_whole fields.business.ge10h.f", "0", "1", SEVERITY_ERROR},
    };

    cr_assert_geq(COUNT(rulings), 6);
    expect_rulings(taoyuan_plan, rulings, COUNT(rulings));
}

Test(rules, whoever_is_left_out_needs_a_reason)
{
    static const struct ruling rulings[] = {
        {"{" ANNUAL ",'fields':{'general.excluded':2}}", "reason_missing fields.excluded_reason", NULL, NULL,
         SEVERITY_ERROR},
        {"{" ANNUAL ",'fields':{'general.excluded':0,'business.excluded':0}}", "", NULL, NULL, 0},
        {"{" ANNUAL ",'fields':{'general.excluded':0,'business.excluded':1,'excluded_reason':'on leave'}}", "", NULL,
         NULL, 0},
        {"{" ANNUAL ",'fields':{'general.excluded':2,'excluded_reason':''}}", "reason_missing fields.excluded_reason",
         NULL, NULL, SEVERITY_ERROR},
        {"{" ANNUAL ",'fields':{'general.excluded':2},'notes':{'fields.excluded_reason':'on leave'}}", "", NULL, NULL,
         0},
    };

    cr_assert_geq(COUNT(rulings), 5);
    expect_rulings(taoyuan_plan, rulings, COUNT(rulings));
}

Test(rules, dates_lie_in_their_quarter_and_in_order)
{
    static const struct ruling rulings[] = {
        {"{" QUARTERLY ",'tables':{'courses':[{'_row':'a','date_from':'2024-04-01','date_to':'2024-06-30'}]}}", "",
         NULL, NULL, 0},
        {"{" QUARTERLY ",'tables':{'courses':[{'_row':'a','date_from':'2024-03-31','date_to':'2024-04-01'}]}}",
         "date_outside_period tables.courses[a].date_from", "2024-04-01–2024-06-30", "2024-03-31", SEVERITY_ERROR},
        {"{" QUARTERLY ",'tables':{'courses':[{'_row':'a','date_from':'2024-06-30','date_to':'2024-07-01'}]}}",
         "date_outside_period tables.courses[a].date_to", NULL, "2024-07-01", SEVERITY_ERROR},
        {"{" QUARTERLY ",'tables':{'courses':[{'_row':'a','date_from':'2024-05-03','date_to':'2024-05-02'}]}}",
         "date_order tables.courses[a].date_to", "2024-05-03", "2024-05-02", SEVERITY_ERROR},
        {"{" QUARTERLY ",'tables':{'courses':[{'_row':'a','date_to':'2024-05-02'}]}}", "", NULL, NULL, 0},
    };

    cr_assert_geq(COUNT(rulings), 5);
    expect_rulings(taoyuan_plan, rulings, COUNT(rulings));
}

Test(rules, cedaw_counts_in_person_only)
{
    static const struct ruling rulings[] = {
        {"{" QUARTERLY ",'tables':{'courses':[{'_row':'a','kind':'cedaw','method':'online'}]}}",
         "combination_refused tables.courses[a].method", NULL, "online", SEVERITY_ERROR},
        {"{" QUARTERLY ",'tables':{'courses':[{'_row':'a','kind':'cedaw','method':'lecture'}]}}", "", NULL, NULL, 0},
        {"{" QUARTERLY ",'tables':{'courses':[{'_row':'a','kind':'cedaw_intro','method':'online'}]}}", "", NULL, NULL,
         0},
    };

    cr_assert_geq(COUNT(rulings), 3);
    expect_rulings(taoyuan_plan, rulings, COUNT(rulings));
}

Test(rules, an_unusual_execution_rate_is_to_be_explained_and_never_refused)
{
    static const struct ruling rulings[] = {
        {"{" BUDGET ",'tables':{'lines':[{'no':1,'gender_budget':20000,'executed':23700}]}}",
         "ratio_unexplained tables.lines[1].variance_reason", "80–100%", "118.50", SEVERITY_EXPLAIN},
        {"{" BUDGET ",'tables':{'lines':[{'no':1,'gender_budget':20000,'executed':0,'settled':false}]}}",
         "ratio_unexplained tables.lines[1].variance_reason", NULL, "0.00", SEVERITY_EXPLAIN},
        {"{" BUDGET
         ",'tables':{'lines':[{'no':1,'gender_budget':20000,'executed':23700,'variance_reason':'more came'}]}}",
         "", NULL, NULL, 0},
        {"{" BUDGET
         ",'tables':{'lines':[{'no':1,'gender_budget':20000,'executed':23700}]},'notes':{'tables.lines[1]':'more came'}}",
         "", NULL, NULL, 0},
        {"{" BUDGET ",'tables':{'lines':[{'no':1,'gender_budget':20000,'executed':16000}]}}", "", NULL, NULL, 0},
        {"{" BUDGET ",'tables':{'lines':[{'no':1,'gender_budget':20000,'executed':15999}]}}",
         "ratio_unexplained tables.lines[1].variance_reason", NULL, "80.00", SEVERITY_EXPLAIN},
        {"{" BUDGET ",'tables':{'lines':[{'no':1,'gender_budget':20000,'executed':20000}]}}", "", NULL, NULL, 0},
        {"{" BUDGET ",'tables':{'lines':[{'no':1,'gender_budget':3000000,'executed':3000001}]}}",
         "ratio_unexplained tables.lines[1].variance_reason", NULL, "100.00", SEVERITY_EXPLAIN},
        {"{" BUDGET ",'tables':{'lines':[{'no':1,'gender_budget':0,'executed':0}]}}", "", NULL, NULL, 0},
        {"{" BUDGET ",'tables':{'lines':[{'no':1,'gender_budget':20000,'executed':{'not_yet':'April'}}]}}", "", NULL,
         NULL, 0},
    };

    cr_assert_geq(COUNT(rulings), 10);
    expect_rulings(taoyuan_plan, rulings, COUNT(rulings));
}

Test(rules, a_plan_decides_how_grave_a_rule_is)
{
    static const struct ruling rulings[] = {
        {"{'form':'care-quarterly','office':'yl-01','period':'113Q2','tables':{'visits':[{'_row':'a','held_on':'2024-05-02','ended_on':'2024-05-01'}]}}",
         "date_order tables.visits[a].ended_on", NULL, NULL, SEVERITY_WARNING},
        {"{'form':'workforce-yearly','office':'yl-01','period':'113','tables':{'measures':[{'id':1,'year_part':1,'planned':300,'spent':200}]}}",
         "ratio_unexplained tables.measures[1/1].why", "66.67–110%", "66.67", SEVERITY_EXPLAIN},
        {"{'form':'workforce-yearly','office':'yl-01','period':'113','tables':{'measures':[{'id':1,'year_part':1,'planned':300,'spent':330}]}}",
         "", NULL, NULL, 0},
        {"{'form':'board-sitting','office':'yl-01','period':'113','fields':{'sat_on':'2023-12-31','seats':5,'present.m':6}}",
         "date_outside_period fields.sat_on; exceeds_whole fields.present.m", NULL, NULL, SEVERITY_ERROR},
    };

    cr_assert_geq(COUNT(rulings), 4);
    expect_rulings(yunling_plan, rulings, COUNT(rulings));
}

Test(rules, a_blank_part_counts_as_nothing_only_where_the_plan_says_so)
{
    json_t *json = parse_project_file(yunling_plan), *faults = NULL;
    json_t *rule = json_array_get(json_object_get(json_array_get(json_object_get(json, "forms"), 0), "rules"), 0);
    static const char *const document =
        "{'form':'care-quarterly','office':'yl-01','period':'113Q2','tables':{'visits':[{'_row':'a','people.m':5,'people.f':6,'people.all':12}]}}";

    for (int is_zero = 0; is_zero < 2; is_zero++) {
        json_object_set_new(rule, "blank_part_is_zero", json_boolean(is_zero));
        struct plan *plan = plan_load(json, &faults);

        cr_assert_not_null(plan);
        struct judged judged = judge_json(plan, parse_quoted(document));

        cr_expect_eq(judged.findings.count, (size_t)is_zero);
        release_judged(&judged);
        plan_free(plan);
    }
    json_decref(json);
}
