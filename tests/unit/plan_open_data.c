/* plan_open_data.c: the terms of publication as a plan file says them. */
#include "plan/open_data.h"

#include "unit/common_support.h"

Test(open_data, terms_say_who_may_use_what_and_from_when)
{
    struct plan *plan = load_plan(taoyuan_plan);
    const struct open_data_terms *terms = plan->open_data;
    char moment[TIMESTAMP_TEXT_SIZE];

    cr_assert_not_null(terms);
    cr_expect_str_eq(terms->licence, "OGDL-Taiwan-1.0");
    cr_expect_eq(terms->smallest, 5);
    timestamp_format(open_data_moment(terms, 113), moment);
    cr_expect_str_eq(moment, "2025-06-30T15:59:59.999999Z", "the end of 30 June in Taipei");
    plan_free(plan);
}

Test(open_data, only_counts_of_the_named_units_count_persons)
{
    static const struct {
        const char *form, *element;
        bool persons;
    } cases[] = {{"training-annual", "general.staff.m", true},         {"training-annual", "general.excluded", true},
                 {"training-quarterly", "courses.attendance.f", true}, {"training-quarterly", "courses.count", false},
                 {"training-quarterly", "courses.hours", false},       {"budget-plan", "total_budget", false}};
    struct plan *plan = load_plan(taoyuan_plan);

    for (size_t i = 0; i < COUNT(cases); i++)
        cr_expect_eq(
            open_data_counts_persons(plan->open_data, form_element(plan_form(plan, cases[i].form), cases[i].element)),
            cases[i].persons, "%s", cases[i].element);
    plan_free(plan);
}

Test(open_data, a_plan_without_terms_publishes_nothing)
{
    struct plan *plan = load_plan(yunling_plan);

    cr_expect_null(plan->open_data);
    plan_free(plan);
}

Test(open_data, faulty_terms_are_named_by_their_path)
{
    static const struct {
        const char *member, *value, *path; /* the value is JSON; NULL: the member is left out */
    } cases[] = {
        {"title", NULL, "$.open_data.title"},
        {"licence", "\"OGDL-Taiwan-1.0\"", "$.open_data.licence"},
        {"smallest", "1", "$.open_data.smallest"},
        {"smallest", "\"5\"", "$.open_data.smallest"},
        {"basis", "\"newest\"", "$.open_data.basis"},
        {"release", "{\"year_offset\":1,\"month\":2,\"day\":29}", "$.open_data.release.day"},
        {"release", "{\"year_offset\":0,\"month\":2,\"day\":28}", "$.open_data.release.year_offset"},
        {"units", "[5]", "$.open_data.units[0]"},
        {"forms", "[\"none\"]", "$.open_data.forms[0]"},
        {"forms", "[\"implementation-plan\"]", "$.open_data.forms[0]"},
        {"notes", "[{\"text\":{\"zh\":\"說明\"}}]", "$.open_data.notes[0].text.en"},
        {"misspelt", "1", "$.open_data.misspelt"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        json_t *json = parse_project_file(taoyuan_plan), *terms = json_object_get(json, "open_data"), *faults = NULL;
        struct plan *plan;

        if (cases[i].value)
            json_object_set_new(terms, cases[i].member, json_loads(cases[i].value, JSON_DECODE_ANY, NULL));
        else
            json_object_del(terms, cases[i].member);
        plan = plan_load(json, &faults);
        cr_expect_null(plan, "%s %s", cases[i].member, cases[i].value);
        cr_assert_not_null(faults);
        cr_expect_str_eq(json_text_member(json_array_get(faults, 0), "path"), cases[i].path);
        json_decref(faults);
        json_decref(json);
        plan_free(plan);
    }
}
