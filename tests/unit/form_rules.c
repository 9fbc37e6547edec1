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

#define ROSTER  "'form':'task-group-roster','office':'68000070','period':'113'"
#define MEETING "'form':'task-group-meeting','office':'68000070','period':'113'"
#define CONTACT "'form':'liaison-contacts','office':'68000070','period':'113'"
#define MAN     "{'sex':'m','role':'internal'}"
#define WOMAN   "{'sex':'f','role':'internal'}"
#define HEADS   "{'sex':'m','role':'convener'},{'sex':'f','role':'deputy'}"

Test(rules, what_is_needed_may_be_said_to_come_later_but_not_be_left_out)
{
    static const struct ruling rulings[] = {
        {"{" MEETING ",'fields':{'kind':'regular'}}", "value_missing fields.date", NULL, NULL, SEVERITY_ERROR},
        {"{" MEETING ",'fields':{'date':null,'kind':''}}", "value_missing fields.date; value_missing fields.kind", NULL,
         NULL, SEVERITY_ERROR},
        {"{" MEETING ",'fields':{'date':'2024-05-01','kind':{'not_yet':'x'}}}", "", NULL, NULL, 0},
        {"{" MEETING ",'fields':{'date':'2024-05-01','kind':'weekly'}}", "unknown_code fields.kind", NULL, "weekly",
         SEVERITY_ERROR},
        {"{" ROSTER ",'fields':{'effective_from':'2024-01-01'},'tables':{'members':[" HEADS
         ",{'_row':'x','role':'internal'}," WOMAN "," MAN "]}}",
         "value_missing tables.members[x].sex", NULL, NULL, SEVERITY_EXPLAIN},
        {"{" ROSTER ",'fields':{'effective_from':'2024-01-01'},'tables':{'members':[" HEADS
         ",{'_row':'x','role':'internal'}," WOMAN "," MAN "]},'notes':{'tables.members[x].sex':'not told'}}",
         "", NULL, NULL, 0},
    };

    cr_assert_geq(COUNT(rulings), 6);
    expect_rulings(taoyuan_plan, rulings, COUNT(rulings));
}

#define NAMED "'effective_from':'2024-01-01','liaison.name':'x','liaison.title':'y','deputy.name':'z'"

Test(rules, a_value_is_held_against_the_one_expected)
{
    static const struct ruling rulings[] = {
        {"{" CONTACT ",'fields':{" NAMED ",'liaison.section_chief':true}}", "", NULL, NULL, 0},
        {"{" CONTACT ",'fields':{" NAMED ",'liaison.section_chief':'yes'}}", "", NULL, NULL, 0},
        {"{" CONTACT ",'fields':{" NAMED "}}", "", NULL, NULL, 0},
        {"{" CONTACT ",'fields':{" NAMED ",'liaison.section_chief':false}}",
         "value_unexpected fields.liaison.section_chief", "true", "false", SEVERITY_EXPLAIN},
        {"{" CONTACT ",'fields':{" NAMED ",'liaison.section_chief':'no'},'notes':{'liaison.section_chief':' '}}",
         "value_unexpected fields.liaison.section_chief", NULL, "no", SEVERITY_EXPLAIN},
        {"{" CONTACT ",'fields':{" NAMED ",'liaison.section_chief':'no'},'notes':{'liaison.section_chief':'vacant'}}",
         "", NULL, NULL, 0},
        {"{" CONTACT ",'fields':{" NAMED ",'liaison.phone':'03-3322101 Ext. 12'}}", "", NULL, NULL, 0},
        {"{" CONTACT ",'fields':{" NAMED ",'liaison.phone':'03-332210x','deputy.phone':'分機'}}",
         "bad_address fields.liaison.phone; bad_address fields.deputy.phone", "phone", "03-332210x", SEVERITY_ERROR},
        {"{" CONTACT ",'fields':{" NAMED ",'liaison.phone':'03-3322101#12','liaison.email':'a@b'}}",
         "bad_address fields.liaison.email", "email", "a@b", SEVERITY_ERROR},
    };

    cr_assert_geq(COUNT(rulings), 9);
    expect_rulings(taoyuan_plan, rulings, COUNT(rulings));
}

#define SAT(members, men, women)                                                                                       \
    "{" MEETING ",'fields':{'date':'2024-05-01','kind':'regular','members':" members ",'present.m':" men               \
    ",'present.f':" women "}}"

Test(rules, a_meeting_counts_when_more_than_half_of_its_members_attend)
{
    static const struct ruling rulings[] = {
        {SAT("12", "4", "3"), "", NULL, NULL, 0},
        {SAT("12", "3", "3"), "half_not_exceeded fields.members", "12", "6", SEVERITY_EXPLAIN},
        {SAT("13", "3", "4"), "", NULL, NULL, 0},
        {SAT("13", "3", "3"), "half_not_exceeded fields.members", "13", "6", SEVERITY_EXPLAIN},
        {SAT("12", "6", "6"), "", NULL, NULL, 0},
        {SAT("12", "6", "7"), "sum_exceeds_whole fields.members", "12", "13", SEVERITY_ERROR},
        {SAT("12", "1", "null"), "", NULL, NULL, 0},
        {SAT("12", "{'not_yet':'x'}", "20"), "", NULL, NULL, 0},
        {SAT("9007199254740992", "9007199254740992", "9007199254740992"), "sum_exceeds_whole fields.members",
         "9007199254740992", "18014398509481984", SEVERITY_ERROR},
    };

    cr_assert_geq(COUNT(rulings), 9);
    expect_rulings(taoyuan_plan, rulings, COUNT(rulings));
}

#define SEATED(rest) "{" ROSTER ",'fields':{'effective_from':'2024-01-01'},'tables':{'members':[" rest "]}}"
#define SIX_MEN      MAN "," MAN "," MAN "," MAN "," MAN "," MAN

Test(rules, neither_sex_is_below_a_third_and_two_fifths_are_hoped_for)
{
    static const struct ruling rulings[] = {
        /* of twelve, the heads a man and a woman: three women, four, five */
        {SEATED(HEADS "," SIX_MEN "," MAN "," MAN "," WOMAN "," WOMAN),
         "share_too_low tables.members; share_too_low tables.members", "1/3", "3/12", SEVERITY_EXPLAIN},
        {SEATED(HEADS "," SIX_MEN "," MAN "," WOMAN "," WOMAN "," WOMAN), "share_too_low tables.members", "2/5", "4/12",
         SEVERITY_WARNING},
        {SEATED(HEADS "," SIX_MEN "," WOMAN "," WOMAN "," WOMAN "," WOMAN), "", NULL, NULL, 0},
        /* the fewer may be the men */
        {SEATED(HEADS "," WOMAN "," WOMAN "," WOMAN), "share_too_low tables.members; share_too_low tables.members",
         "1/3", "1/5", SEVERITY_EXPLAIN},
        {SEATED(HEADS "," WOMAN), "share_too_low tables.members", "2/5", "1/3", SEVERITY_WARNING},
        {"{" ROSTER ",'fields':{'effective_from':'2024-01-01'}}", "", NULL, NULL, 0},
    };

    cr_assert_geq(COUNT(rulings), 6);
    expect_rulings(taoyuan_plan, rulings, COUNT(rulings));
}

Test(rules, so_many_of_a_kind_and_no_more)
{
    static const struct ruling rulings[] = {
        {SEATED(HEADS ",{'sex':'f','role':'external'}," MAN), "", NULL, NULL, 0},
        {SEATED(HEADS ",{'sex':'f','role':'external'},{'sex':'m','role':'external'}"),
         "element_out_of_range tables.members", "0–1", "2", SEVERITY_ERROR},
        {SEATED(MAN "," WOMAN ",{'sex':'m','role':'deputy'},{'sex':'f','role':'deputy'}"),
         "element_out_of_range tables.members; element_out_of_range tables.members", "1", "0", SEVERITY_EXPLAIN},
        {"{'form':'local-programme','office':'68000070','period':'113','tables':{'programmes':[]}}",
         "element_out_of_range tables.programmes", "1–1000", "0", SEVERITY_EXPLAIN},
        {"{'form':'local-programme','office':'68000070','period':'113','tables':{'programmes':[]},'notes':{'tables.programmes':'a typhoon'}}",
         "", NULL, NULL, 0},
    };

    cr_assert_geq(COUNT(rulings), 5);
    expect_rulings(taoyuan_plan, rulings, COUNT(rulings));
}
