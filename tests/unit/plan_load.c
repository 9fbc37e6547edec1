/* plan_load.c: sound plans load whole, faulty ones are refused with every fault named by its path. */
#include "unit/common_support.h"

static json_t *load_faults(json_t *json)
{
    json_t *faults = NULL;
    struct plan *plan = plan_load(json, &faults);

    cr_assert_null(plan);
    cr_assert_not_null(faults, "faults, not want of memory");
    return faults;
}

static bool has_fault(const json_t *faults, const char *path)
{
    const json_t *fault;
    size_t i;

    json_array_foreach(faults, i, fault)
        if (strcmp(json_text_member(fault, "path"), path) == 0)
            return true;
    return false;
}

/* Every path of a fault once, in order, for a message. */
static void expect_exactly(const char *name, const json_t *faults, const json_t *expected)
{
    char *found = json_dumps(faults, 0);
    const json_t *item;
    size_t i;

    json_array_foreach(expected, i, item)
        cr_expect(has_fault(faults, json_string_value(item)), "%s: %s isn't named in %s", name, json_string_value(item),
                  found);
    json_array_foreach(faults, i, item) {
        const char *path = json_text_member(item, "path");
        bool known = false;
        const json_t *one;
        size_t k;

        json_array_foreach(expected, k, one)
            known = known || strcmp(json_string_value(one), path) == 0;
        cr_expect(known, "%s: %s is named but sound in %s", name, path, found);
        cr_expect(*json_text_member(item, "message") != '\0');
    }
    free(found);
}

Test(plan, every_faulty_plan_is_refused_with_exactly_its_faults)
{
    json_t *all = parse_project_file("tests/support/plans/faulty-expected.json"), *expected;
    const char *name;
    size_t plans = 0;

    json_object_foreach(all, name, expected) {
        char path[256];

        snprintf(path, sizeof path, "tests/support/plans/faulty/%s", name);
        json_t *json = parse_project_file(path), *faults = load_faults(json);

        expect_exactly(name, faults, expected);
        json_decref(faults);
        json_decref(json);
        plans++;
    }
    cr_assert_geq(plans, 17);
    json_decref(all);
}

Test(plan, faults_of_all_parts_are_named_at_once)
{
    static const char *const paths[] = {"$.offices[0].name",
                                        "$.groups[0].members[0].office",
                                        "$.forms[0].fields[0].type",
                                        "$.forms[0].rules[0].source",
                                        "$.indicators[0].form",
                                        "$.calendar",
                                        "$.extra",
                                        "$.format"};
    json_t *json = parse_project_file(small_plan), *faults;

    json_object_set_new(json, "extra", json_true());
    json_object_set_new(json, "format", json_integer(2));
    json_object_del(json, "calendar");
    json_object_del(json_array_get(json_object_get(json, "offices"), 0), "name");
    json_object_set_new(
        json_array_get(json_object_get(json_array_get(json_object_get(json, "groups"), 0), "members"), 0), "office",
        json_string("x"));

    json_t *form = json_array_get(json_object_get(json, "forms"), 0);

    json_object_set_new(json_array_get(json_object_get(form, "fields"), 0), "type", json_string("number"));
    json_object_del(json_array_get(json_object_get(form, "rules"), 0), "source");
    json_object_set_new(json_array_get(json_object_get(json, "indicators"), 0), "form", json_string("x"));
    faults = load_faults(json);
    cr_assert_geq(COUNT(paths), 8);
    for (size_t i = 0; i < COUNT(paths); i++)
        cr_expect(has_fault(faults, paths[i]), "%s in %s", paths[i], json_dumps(faults, 0));
    json_decref(faults);
    json_decref(json);
}

Test(plan, the_plans_at_hand_load)
{
    static const struct {
        const char *path, *code;
        size_t offices, groups, forms, indicators;
        int from, to;
    } plans[] = {
        {taoyuan_plan, "taoyuan-112-115", 13, 2, 12, 7, 112, 115},
        {"tests/support/plans/taoyuan-112-115-amended.json", "taoyuan-112-115", 13, 2, 12, 7, 112, 115},
        {yunling_plan, "yunling-113-116", 5, 2, 3, 2, 113, 116},
        {small_plan, "small-112-113", 3, 2, 1, 1, 112, 113},
    };

    cr_assert_geq(COUNT(plans), 4);
    for (size_t i = 0; i < COUNT(plans); i++) {
        struct plan *plan = load_plan(plans[i].path);

        cr_expect_str_eq(plan->code, plans[i].code);
        cr_expect_geq(plan->office_count, plans[i].offices);
        cr_expect_geq(plan->group_count, plans[i].groups);
        cr_expect_geq(plan->form_count, plans[i].forms);
        cr_expect_geq(plan->indicator_count, plans[i].indicators);
        cr_expect(plan->from == plans[i].from && plan->to == plans[i].to);
        plan_free(plan);
    }
}

Test(plan, anything_but_an_object_is_refused)
{
    static const char *const texts[] = {"[]", "null", "\"plan\"", "1", "{}"};

    for (size_t i = 0; i < COUNT(texts); i++) {
        json_t *json = parse_json(texts[i]), *faults = load_faults(json);

        cr_expect_gt(json_array_size(faults), 0, "%s", texts[i]);
        json_decref(faults);
        json_decref(json);
    }
}

Test(plan, a_fault_in_a_very_long_word_is_still_a_fault)
{
    json_t *json = parse_project_file(small_plan), *faults;
    char *word = malloc(3 * 400 + 1);

    for (size_t i = 0; i < 400; i++)
        memcpy(word + 3 * i, "龜", 3);
    word[1200] = '\0';
    json_object_set_new(json, word, json_true());
    json_object_set_new(json, "plan", json_string(word));
    json_object_set_new(json_array_get(json_object_get(json, "indicators"), 0), "form", json_string(word));
    faults = load_faults(json);
    cr_assert_geq(json_array_size(faults), 3);
    json_decref(faults);
    json_decref(json);
    free(word);
}

Test(plan, things_are_found_by_code)
{
    struct plan *plan = load_plan(taoyuan_plan);
    const struct form *form = plan_form(plan, "training-quarterly");
    const struct table *table = form_table(form, "courses");

    cr_assert_str_eq(plan_office(plan, "68000070")->name.text[LANGUAGE_ZH], "龜山區公所");
    cr_assert_null(plan_office(plan, "68000071"));
    cr_assert_null(plan_form(plan, ""));
    cr_assert_eq(table_column(table, "hours")->type, ITEM_DECIMAL);
    cr_assert_null(table_column(table, "nothing"));
    cr_assert_not_null(form_element(form, "outreach.attendance.total"));
    cr_assert_null(form_field(form, "courses"));
    cr_assert_not_null(plan_indicator(plan, "gm-general"));
    cr_assert_str_eq(item_type_name(ITEM_CODES), "codes");
    plan_free(plan);
}

Test(plan, periods_fit_the_form_and_the_years)
{
    struct plan *plan = load_plan(taoyuan_plan);
    static const struct {
        const char *form, *period;
        bool fits;
    } cases[] = {
        {"training-annual", "112", true},     {"training-annual", "115", true},
        {"training-annual", "111", false},    {"training-annual", "116", false},
        {"training-annual", "113Q1", false},  {"training-quarterly", "113Q1", true},
        {"training-quarterly", "113", false}, {"training-quarterly", "111Q4", false},
        {"training-annual", "plan", false},
    };

    cr_assert_geq(COUNT(cases), 9);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct period period;

        cr_assert(period_parse(cases[i].period, &period));
        cr_expect_eq(plan_has_period(plan, plan_form(plan, cases[i].form), period), cases[i].fits, "%s %s",
                     cases[i].form, cases[i].period);
    }
    cr_assert_eq(plan_period_year(plan, (struct period){.kind = PERIOD_PLAN}), 112);
    cr_assert_eq(plan_period_year(plan, (struct period){PERIOD_QUARTER, 114, 2}), 114);
    plan_free(plan);
}

Test(plan, an_office_has_its_own_target_or_everyones)
{
    json_t *json = parse_project_file(small_plan), *faults = NULL;
    json_t *indicator = json_array_get(json_object_get(json, "indicators"), 0);

    json_object_set_new(indicator, "office_targets", json_pack("{s{ss}}", "s2", "113", "70"));
    struct plan *plan = plan_load(json, &faults);
    const struct indicator *share = plan_indicator(plan, "share-trained");

    cr_assert_str_eq(indicator_target(share, plan_office(plan, "s1"), 113)->text, "60.5");
    cr_assert_str_eq(indicator_target(share, plan_office(plan, "s2"), 113)->text, "70");
    cr_assert_str_eq(indicator_target(share, plan_office(plan, "s2"), 112)->text, "50");
    cr_assert_str_eq(indicator_target(share, NULL, 113)->text, "60.5");
    cr_assert_null(indicator_target(share, NULL, 114));
    plan_free(plan);
    json_decref(json);
}

/* Of the first stage of the Taoyuan plan, its task group: what tells which of its meetings count. */
/* The Taoyuan plan without what counts on the records of meetings. */
static json_t *plan_without_bodies(void)
{
    json_t *json = parse_project_file(taoyuan_plan);

    json_object_del(json, "bodies");
    json_object_del(json, "duties");
    return json;
}

Test(plan, meetings_that_cannot_be_found_are_named_each_by_its_path)
{
    static const struct {
        const char *meetings, *paths;
    } cases[] = {
        {"{'form':'task-group-meeting','date':'date','members':'members','present':['present.m','present.f']}", "[]"},
        {"{'form':'task-group-meeting','date':'date','members':'members','present':[]}", "[]"},
        {"{}", "['.form']"},
        {"[]", "['']"},
        {"'task-group-meeting'", "['']"},
        {"{'form':'nothing','date':'date','members':'members','present':[]}", "['.form']"},
        {"{'form':'training-annual','date':'counted_on','members':'general.staff.m','present':[]}", "['.form']"},
        {"{'form':7,'date':'date','members':'members','present':[]}", "['.form']"},
        {"{'form':'task-group-meeting'}", "['.date','.members','.present']"},
        {"{'form':'task-group-meeting','date':'day','members':'seats','present':['came']}",
         "['.date','.members','.present']"},
        {"{'form':'task-group-meeting','date':'chair','members':'date','present':['kind','present.m']}",
         "['.date','.members','.present']"},
        {"{'form':'task-group-meeting','date':'date','members':'members','present':'present.m'}", "['.present']"},
        {"{'form':'task-group-meeting','date':'date','members':'members','present':[1]}", "['.present']"},
        {"{'form':'task-group-meeting','date':'date','members':'members','present':[],'quorum':'1/2'}", "['.quorum']"},
        {"{'form':'task-group-meeting','date':'date','members':'members','present':[],'source':7}", "['.source']"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        json_t *json = plan_without_bodies(), *faults = NULL, *paths = json_array(), *tail;
        json_t *meetings = parse_quoted(cases[i].meetings), *tails = parse_quoted(cases[i].paths);
        size_t k;

        json_array_foreach(tails, k, tail)
            json_array_append_new(paths, json_sprintf("$.review_stages[0].meetings%s", json_string_value(tail)));
        json_object_set_new(json_array_get(json_object_get(json, "review_stages"), 0), "meetings", meetings);

        struct plan *plan = plan_load(json, &faults);

        cr_expect_eq(plan != NULL, json_array_size(tails) == 0, "%s", cases[i].meetings);
        expect_exactly(cases[i].meetings, faults, paths);
        plan_free(plan);
        json_decref(faults);
        json_decref(paths);
        json_decref(tails);
        json_decref(json);
    }
}

Test(plan, only_an_offices_own_body_records_its_meetings_on_a_form)
{
    static const struct {
        bool body, own;
    } cases[] = {{false, false}, {true, false}, {false, true}};

    for (size_t i = 0; i < COUNT(cases); i++) {
        json_t *json = plan_without_bodies();
        json_t *stage = json_array_get(json_object_get(json, "review_stages"), 0), *faults;

        json_object_set_new(stage, "body", json_boolean(cases[i].body));
        json_object_set_new(stage, "own", json_boolean(cases[i].own));
        faults = load_faults(json);
        cr_expect(has_fault(faults, "$.review_stages[0].meetings"), "case %zu", i);
        cr_expect_eq(json_array_size(faults), 1);
        json_decref(faults);
        json_decref(json);
    }
}
