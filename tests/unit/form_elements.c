/* form_elements.c: what a document adds to the figures (the rules of adding up: api.md). */
#include "unit/common_support.h"

#define VISITS "'form':'care-quarterly','office':'yl-01','period':'113Q2'"
#define BUDGET "'form':'budget-execution','office':'68000070','period':'113'"

struct measure {
    const char *document, *element;
    enum cell_state state;
    const char *value;
};

static void expect_measures(const char *plan_path, const struct measure *measures, size_t count)
{
    struct plan *plan = load_plan(plan_path);

    for (size_t i = 0; i < count; i++) {
        struct judged judged = judge_json(plan, parse_quoted(measures[i].document));
        struct element_value *values = document_elements(judged.document, judged.arena);
        const struct element *element = form_element(judged.document->form, measures[i].element);
        char text[DECIMAL_TEXT_SIZE];

        cr_assert_not_null(element, "%s", measures[i].element);
        decimal_format(values[element->index].value, text);
        cr_expect_eq(values[element->index].state, measures[i].state, "%s of %s", measures[i].element,
                     measures[i].document);
        if (measures[i].value)
            cr_expect_str_eq(text, measures[i].value, "%s of %s is %s", measures[i].element, measures[i].document,
                             text);
        release_judged(&judged);
    }
    plan_free(plan);
}

Test(elements, a_fields_element_is_its_cell)
{
    static const struct measure measures[] = {
        {"{" VISITS ",'fields':{'volunteers.m':7}}", "volunteers.m", CELL_VALUE, "7"},
        {"{" VISITS ",'fields':{'volunteers.m':0}}", "volunteers.m", CELL_VALUE, "0"},
        {"{" VISITS ",'fields':{'volunteers.m':null}}", "volunteers.m", CELL_BLANK, NULL},
        {"{" VISITS "}", "volunteers.m", CELL_BLANK, NULL},
        {"{" VISITS ",'fields':{'volunteers.m':{'not_yet':'x'}}}", "volunteers.m", CELL_NOT_YET, NULL},
        {"{" VISITS ",'fields':{'volunteers.m':{'not_applicable':'x'}}}", "volunteers.m", CELL_NOT_APPLICABLE, NULL},
    };

    cr_assert_geq(COUNT(measures), 6);
    expect_measures(yunling_plan, measures, COUNT(measures));
}

Test(elements, a_table_left_out_is_blank_and_an_empty_one_is_zero)
{
    static const struct measure measures[] = {
        {"{" VISITS "}", "visits.count", CELL_BLANK, NULL},
        {"{" VISITS "}", "visits.length", CELL_BLANK, NULL},
        {"{" VISITS ",'tables':{'visits':null}}", "visits.count", CELL_BLANK, NULL},
        {"{" VISITS ",'tables':{'visits':[]}}", "visits.count", CELL_VALUE, "0"},
        {"{" VISITS ",'tables':{'visits':[]}}", "visits.length", CELL_VALUE, "0"},
        {"{" VISITS ",'tables':{'visits':[{},{}]}}", "visits.count", CELL_VALUE, "2"},
    };

    cr_assert_geq(COUNT(measures), 6);
    expect_measures(yunling_plan, measures, COUNT(measures));
}

Test(elements, a_column_sum_knows_what_it_does_not_know)
{
    static const struct measure measures[] = {
        {"{" VISITS ",'tables':{'visits':[{'length':'1.5'},{'length':'2.25'},{'length':'0.5'}]}}", "visits.length",
         CELL_VALUE, "4.25"},
        {"{" VISITS ",'tables':{'visits':[{'length':'1.5'},{}]}}", "visits.length", CELL_VALUE, "1.5"},
        {"{" VISITS ",'tables':{'visits':[{'length':'1.5'},{'length':{'not_applicable':'x'}}]}}", "visits.length",
         CELL_VALUE, "1.5"},
        {"{" VISITS ",'tables':{'visits':[{'length':'1.5'},{'length':{'not_yet':'x'}}]}}", "visits.length",
         CELL_NOT_YET, NULL},
        {"{" VISITS ",'tables':{'visits':[{},{'title':'a'}]}}", "visits.length", CELL_BLANK, NULL},
        {"{" VISITS ",'tables':{'visits':[{'length':{'not_applicable':'x'}},{'length':{'not_applicable':'y'}}]}}",
         "visits.length", CELL_NOT_APPLICABLE, NULL},
        {"{" VISITS ",'tables':{'visits':[{'length':{'not_applicable':'x'}},{}]}}", "visits.length", CELL_BLANK, NULL},
        {"{" VISITS ",'tables':{'visits':[{'cost':9007199254740992},{'cost':9007199254740992}]}}", "visits.cost",
         CELL_VALUE, "18014398509481984"},
    };

    cr_assert_geq(COUNT(measures), 8);
    expect_measures(yunling_plan, measures, COUNT(measures));
}

Test(elements, a_condition_picks_its_rows_only)
{
    static const struct measure village[] = {
        {"{" VISITS
         ",'tables':{'visits':[{'length':'1','setting':'village'},{'length':'2','setting':'hall'},{'length':'4'}]}}",
         "visits.village.length", CELL_VALUE, "1"},
        {"{" VISITS ",'tables':{'visits':[{'length':'2','setting':'hall'}]}}", "visits.village.length", CELL_VALUE,
         "0"},
        {"{" VISITS
         ",'tables':{'visits':[{'length':{'not_yet':'x'},'setting':'hall'},{'length':'2','setting':'village'}]}}",
         "visits.village.length", CELL_VALUE, "2"},
    };
    static const struct measure settled[] = {
        {"{" BUDGET
         ",'tables':{'lines':[{'no':1,'executed':5,'settled':true},{'no':2,'executed':7,'settled':false},{'no':3,'executed':9}]}}",
         "lines.settled.executed", CELL_VALUE, "5"},
        {"{" BUDGET
         ",'tables':{'lines':[{'no':1,'executed':5,'settled':'yes'},{'no':2,'executed':7,'settled':'no'},{'no':3,'executed':9}]}}",
         "lines.settled.executed", CELL_VALUE, "5"},
        {"{" BUDGET
         ",'tables':{'lines':[{'no':1,'executed':5,'settled':'yes'},{'no':2,'executed':7,'settled':'no'},{'no':3,'executed':9}]}}",
         "lines.unsettled.executed", CELL_VALUE, "7"},
        {"{" BUDGET ",'tables':{'lines':[{'no':1,'executed':5,'settled':{'not_yet':'x'}}]}}", "lines.settled.executed",
         CELL_VALUE, "0"},
    };

    cr_assert_geq(COUNT(village) + COUNT(settled), 7);
    expect_measures(yunling_plan, village, COUNT(village));
    expect_measures(taoyuan_plan, settled, COUNT(settled));
}
