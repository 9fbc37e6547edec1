/* plan_bodies.c: what a plan file says of bodies and yearly duties; faults are named by their path. */
#include "plan/bodies.h"

#include "unit/common_support.h"

/* The member that "a.b" names, below `root`; its holder in *ret_holder, its key returned. */
static const char *find_holder(json_t *root, const char *path, json_t **ret_holder)
{
    const char *dot;
    char key[64];

    *ret_holder = root;
    while ((dot = strchr(path, '.')) != NULL) {
        snprintf(key, sizeof key, "%.*s", (int)(dot - path), path);
        *ret_holder = json_object_get(*ret_holder, key);
        cr_assert_not_null(*ret_holder, "%s", path);
        path = dot + 1;
    }
    return path;
}

/* Alters one member of one entry of a list of the Taoyuan plan (NULL: leaves it out) and expects exactly one fault. */
static void expect_fault(const char *list, size_t index, const char *member, const char *value, const char *fault_path)
{
    json_t *json = parse_project_file(taoyuan_plan), *faults = NULL, *holder;
    const char *key = find_holder(json_array_get(json_object_get(json, list), index), member, &holder);
    struct plan *plan;

    if (value)
        json_object_set_new(holder, key, json_loads(value, JSON_DECODE_ANY, NULL));
    else
        json_object_del(holder, key);
    plan = plan_load(json, &faults);
    cr_expect_null(plan, "%s[%zu].%s = %s", list, index, member, value ? value : "(none)");
    cr_assert_eq(json_array_size(faults), 1, "%s[%zu].%s: %s", list, index, member, json_dumps(faults, 0));
    cr_expect_str_eq(json_text_member(json_array_get(faults, 0), "path"), fault_path, "%s",
                     json_text_member(json_array_get(faults, 0), "message"));
    plan_free(plan);
    json_decref(faults);
    json_decref(json);
}

enum { OF_OFFICES, OF_GROUPS, OF_BUREAUS, A_DIVISION };

Test(plan_bodies, faults_of_bodies_are_named_by_their_path)
{
    static const struct {
        size_t body;
        const char *member, *value, *path;
    } cases[] = {
        {A_DIVISION, "code", NULL, "$.bodies[3].code"},
        {A_DIVISION, "code", "\"liaison\"", "$.bodies[3].code"},
        {A_DIVISION, "name", NULL, "$.bodies[3].name"},
        {A_DIVISION, "source", NULL, "$.bodies[3].source"},
        {A_DIVISION, "kind", "\"club\"", "$.bodies[3].kind"},
        {A_DIVISION, "per", "\"village\"", "$.bodies[3].per"},
        {A_DIVISION, "stage", "\"geo\"", "$.bodies[3].stage"},
        {A_DIVISION, "stage", "\"task-group\"", "$.bodies[3].stage"},
        {A_DIVISION, "refers_to", "\"nobody\"", "$.bodies[3].refers_to"},
        {A_DIVISION, "secretariat", "\"rotating\"", "$.bodies[3].secretariat"},
        {A_DIVISION, "units", "[]", "$.bodies[3].units"},
        {A_DIVISION, "seat", "{}", "$.bodies[3].seat"},
        {A_DIVISION, "sex.hard", "\"1/2\"", "$.bodies[3].sex.hard"},
        {A_DIVISION, "sex.goal", "\"40 %\"", "$.bodies[3].sex.goal"},
        {A_DIVISION, "sex.goal", "\"0/5\"", "$.bodies[3].sex.goal"},
        {A_DIVISION, "sex.other", "\"1/3\"", "$.bodies[3].sex.other"},
        {A_DIVISION, "quorum", "{\"kind\": \"all\"}", "$.bodies[3].quorum.kind"},
        {A_DIVISION, "seats", "{\"least\": 5, \"most\": 4}", "$.bodies[3].seats.most"},
        {A_DIVISION, "seats", "{\"external_least\": -1}", "$.bodies[3].seats.external_least"},
        {A_DIVISION, "meetings.least", "0", "$.bodies[3].meetings.least"},
        {A_DIVISION, "meetings.months", "[5, 13]", "$.bodies[3].meetings.months[1]"},
        {A_DIVISION, "meetings.by", "\"02-29\"", "$.bodies[3].meetings.by"},
        {OF_GROUPS, "notes_to", "\"nobody\"", "$.bodies[1].notes_to"},
        {OF_GROUPS, "secretariat", "\"somebody\"", "$.bodies[1].secretariat"},
        {OF_GROUPS, "roster",
         "{\"form\":\"task-group-roster\",\"table\":\"members\",\"name\":\"name\",\"sex\":\"sex\",\"role\":\"role\",\"post\":"
         "\"title\",\"members\":\"members.count\",\"men\":\"members.m\",\"women\":\"members.f\",\"conveners\":"
         "\"members.convener\",\"deputies\":\"members.deputy\",\"external\":\"members.external\"}",
         "$.bodies[1].roster"},
        {OF_BUREAUS, "units", NULL, "$.bodies[2].units"},
        {OF_BUREAUS, "units",
         "[{\"code\":\"a\",\"name\":{\"zh\":\"甲\",\"en\":\"A\"}},{\"code\":\"a\",\"name\":{\"zh\":\"乙\",\"en\":\"B\"}}]",
         "$.bodies[2].units[1].code"},
        {OF_OFFICES, "roster.form", "\"nothing\"", "$.bodies[0].roster.form"},
        {OF_OFFICES, "roster.table", "\"nothing\"", "$.bodies[0].roster.table"},
        {OF_OFFICES, "roster.sex", "\"nothing\"", "$.bodies[0].roster.sex"},
        {OF_OFFICES, "roster.women", "\"nothing\"", "$.bodies[0].roster.women"},
        {OF_OFFICES, "roster.external", NULL, "$.bodies[0].roster.external"},
    };

    for (size_t i = 0; i < COUNT(cases); i++)
        expect_fault("bodies", cases[i].body, cases[i].member, cases[i].value, cases[i].path);
}

enum { MEETINGS, OUTREACH, PART = 4, EVERYONE };

#define FOUR      "\"outreach.count\", \"outreach.count\", \"outreach.count\", \"outreach.count\", "
#define SEVENTEEN "[" FOUR FOUR FOUR FOUR "\"outreach.count\"]"

Test(plan_bodies, faults_of_duties_are_named_by_their_path)
{
    static const struct {
        size_t duty;
        const char *member, *value, *path;
    } cases[] = {
        {OUTREACH, "code", "\"regular-meeting\"", "$.duties[1].code"},
        {OUTREACH, "name.en", NULL, "$.duties[1].name.en"},
        {OUTREACH, "source", NULL, "$.duties[1].source"},
        {OUTREACH, "kind", "\"often\"", "$.duties[1].kind"},
        {OUTREACH, "form", "\"nothing\"", "$.duties[1].form"},
        {OUTREACH, "elements", "[]", "$.duties[1].elements"},
        {OUTREACH, "elements", "[\"outreach.count\", \"nothing\"]", "$.duties[1].elements[1]"},
        {OUTREACH, "elements", SEVENTEEN, "$.duties[1]"},
        {OUTREACH, "least", "0", "$.duties[1].least"},
        {OUTREACH, "most", "5", "$.duties[1].most"},
        {MEETINGS, "body", "\"nobody\"", "$.duties[0].body"},
        {MEETINGS, "body", "\"council\"", "$.duties[0].body"},
        {MEETINGS, "where.field", "\"nothing\"", "$.duties[0].where.field"},
        {MEETINGS, "where.equals", "\"nothing\"", "$.duties[0].where.equals"},
        {MEETINGS, "due.day", "32", "$.duties[0].due.day"},
        {MEETINGS, "due.year_offset", NULL, "$.duties[0].due.year_offset"},
        {PART, "field", "\"liaison_meeting.date\"", "$.duties[4].field"},
        {PART, "field", NULL, "$.duties[4].field"},
        {EVERYONE, "numerator", NULL, "$.duties[5].numerator"},
        {EVERYONE, "denominator", "[5]", "$.duties[5].denominator[0]"},
    };

    for (size_t i = 0; i < COUNT(cases); i++)
        expect_fault("duties", cases[i].duty, cases[i].member, cases[i].value, cases[i].path);
}

Test(plan_bodies, both_plans_of_the_city_name_the_same_bodies_and_a_plan_may_name_none)
{
    struct plan *now = load_plan(taoyuan_plan), *next = load_plan("common/plan/plans/taoyuan-116-119.json"),
                *other = load_plan(yunling_plan);

    cr_assert_eq(now->bodies->body_count, 12);
    cr_assert_eq(next->bodies->body_count, 12);
    cr_expect_eq(now->bodies->duty_count, 10);
    for (size_t i = 0; i < now->bodies->body_count; i++)
        cr_expect_str_eq(now->bodies->bodies[i].code, next->bodies->bodies[i].code);
    cr_expect_eq(other->bodies->body_count, 0);
    cr_expect_null(plan_body(other, "council"));
    cr_expect_null(plan_duty(other, "regular-meeting"));
    plan_free(now);
    plan_free(next);
    plan_free(other);
}
