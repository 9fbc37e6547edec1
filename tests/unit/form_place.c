/* form_place.c: paths read back, against a form and a document. */
#include "form/place.h"
#include "unit/common_support.h"

#define QUARTER                                                                                                        \
    "{'form':'training-quarterly','office':'68000070','period':'113Q2','tables':{'courses':["                          \
    "{'_row':'a1','name':'x'},{'_row':'a.2','name':'y'},{'_row':'#1','name':'z'}]}}"
#define LINES                                                                                                          \
    "{'form':'budget-plan','office':'68000070','period':'113','tables':{'lines':["                                     \
    "{'no':1,'name':'x'},{'no':'x].budget','name':'y'}]}}"
#define YEAR "{'form':'training-annual','office':'68000070','period':'113','fields':{'general.staff.m':1}}"

struct path_case {
    const char *document, *path;
    bool parsed, found;
    size_t row;
};

static const struct path_case path_cases[] = {
    {YEAR, "fields.general.staff.m", true, true, 0},
    {YEAR, "fields.general.staff", false, false, 0},
    {YEAR, "fields.", false, false, 0},
    {YEAR, "fields", false, false, 0},
    {YEAR, "", false, false, 0},
    {YEAR, "general.staff.m", false, false, 0},
    {YEAR, "fields.general.staff.m ", false, false, 0},
    {YEAR, "tables.courses", false, false, 0},
    {YEAR, "period", false, false, 0},
    {QUARTER, "tables.courses", true, true, 0},
    {QUARTER, "tables.courses.hours", true, true, 0},
    {QUARTER, "tables.courses[a1]", true, true, 1},
    {QUARTER, "tables.courses[a.2].hours", true, true, 2},
    {QUARTER, "tables.courses[#1].attendance.total", true, true, 3},
    {QUARTER, "tables.courses[#2].hours", true, false, 0},
    {QUARTER, "tables.outreach[a1]", true, false, 0},
    {QUARTER, "tables.courses[]", false, false, 0},
    {QUARTER, "tables.courses[a1", false, false, 0},
    {QUARTER, "tables.courses[a1]hours", false, false, 0},
    {QUARTER, "tables.courses[a1].", false, false, 0},
    {QUARTER, "tables.courses[a1].none", false, false, 0},
    {QUARTER, "tables.courses[a1]._row", false, false, 0},
    {QUARTER, "tables.coursesx", false, false, 0},
    {QUARTER, "tables.", false, false, 0},
    {LINES, "tables.lines[1].budget", true, true, 1},
    /* an identity ends at the last bracket */
    {LINES, "tables.lines[x].budget]", true, true, 2},
    {LINES, "tables.lines[x].budget].name", true, true, 2},
    {LINES, "tables.lines[x].budget", true, false, 0},
};

Test(place, a_path_is_read_against_the_form_and_found_in_the_document)
{
    struct plan *plan = load_plan(taoyuan_plan);

    for (size_t i = 0; i < COUNT(path_cases); i++) {
        const struct path_case *one = &path_cases[i];
        struct judged judged = judge_json(plan, parse_quoted(one->document));
        struct place place = {.member = "untouched"};
        bool parsed = place_parse(judged.document->form, one->path, judged.arena, &place);

        cr_expect_eq(parsed, one->parsed, "%s", one->path);
        if (parsed) {
            cr_expect_str_eq(place_path(judged.arena, place), one->path);
            cr_expect_eq(place_find(judged.document, judged.arena, &place), one->found, "%s", one->path);
            cr_expect_eq(place.row, one->row, "%s: row %zu", one->path, place.row);
        } else {
            cr_expect_str_eq(place.member, "untouched", "%s", one->path);
        }
        release_judged(&judged);
    }
    plan_free(plan);
}

Test(place, it_has_the_plan_s_words)
{
    static const struct {
        const char *form, *path, *zh, *en;
    } cases[] = {
        {"training-annual", "fields.general.staff.m", "一般公務人員總人數（男）", NULL},
        {"budget-plan", "tables.lines", NULL, NULL},
        {"budget-plan", "tables.lines[3].budget", NULL, NULL},
    };
    struct plan *plan = load_plan(taoyuan_plan);
    struct arena *arena = arena_new(1024 * 1024);
    struct place place;

    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct form *form = plan_form(plan, cases[i].form);
        const char *words;

        cr_assert(place_parse(form, cases[i].path, arena, &place));
        words = place_words(arena, form, &place, LANGUAGE_ZH);
        cr_expect(words && *words && !strchr(words, '['), "%s: %s", cases[i].path, words);
        cr_expect(!place.row_identity || strstr(words, " 3 "), "%s: %s", cases[i].path, words);
        if (cases[i].zh)
            cr_expect_str_eq(words, cases[i].zh);
        cr_expect_not_null(place_words(arena, form, &place, LANGUAGE_EN));
    }
    arena_free(arena);
    plan_free(plan);
}
