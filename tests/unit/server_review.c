/* server_review.c: the rules of reviews that need no database: stages and whose they are, what may change, quorums. */
#include "review/chain.h"
#include "meeting/records.h"
#include "review/reviews.h"
#include "review/ticket.h"
#include "revisions/diff.h"
#include "unit/common_support.h"

static struct plan *plan;

static void open_plan(void)
{
    plan = load_plan(taoyuan_plan);
}

static void close_plan(void)
{
    plan_free(plan);
}

TestSuite(review, .init = open_plan, .fini = close_plan);

static struct principal principal_of(enum role role, const char *office)
{
    struct principal principal = {.role = role};

    snprintf(principal.office, sizeof principal.office, "%s", office);
    return principal;
}

/* ---- the chain -------------------------------------------------------------------------------------------------- */

Test(review, stages_are_found_by_code_and_by_place)
{
    const struct form *form = plan_form(plan, "annual-report");
    static const char *const chain[] = {"task-group", "geo", "promotion-group", "council"};

    cr_assert_eq(form->stage_count, COUNT(chain));
    for (int place = 1; place <= (int)COUNT(chain); place++) {
        cr_expect_eq(chain_place(form, chain[place - 1]), place);
        cr_expect_str_eq(chain_stage(form, place)->code, chain[place - 1]);
    }
    cr_expect_eq(chain_place(form, "dbas"), 0);
    cr_expect_eq(chain_place(form, ""), 0);
    cr_expect_null(chain_stage(form, 0));
    cr_expect_null(chain_stage(form, -1));
    cr_expect_null(chain_stage(form, 5));
    cr_expect_eq(chain_official_place(form), 2);
}

Test(review, a_form_that_nobody_reviews_has_no_stage)
{
    struct plan *small = load_plan(small_plan);
    json_t *left = parse_quoted("['task-group']");

    cr_expect_null(chain_stage(&small->forms[0], 1));
    cr_expect_eq(chain_official_place(&small->forms[0]), 0);
    cr_expect_eq(chain_begun(&small->forms[0], left), 0);
    json_decref(left);
    plan_free(small);
}

Test(review, a_correction_begins_with_the_stages_that_were_left_standing_but_never_past_the_official_one)
{
    static const struct {
        const char *form, *left;
        int begun;
    } cases[] = {
        {"budget-plan", "[]", 0},
        {"budget-plan", "['task-group']", 1},
        {"budget-plan", "['promotion-group']", 0},
        {"budget-plan", "['task-group','promotion-group']", 1},
        {"budget-plan", "['task-group','dbas','promotion-group']", 1}, /* the chain was another one then */
        {"annual-report", "['geo','task-group']", 1},
        {"training-annual", "['geo']", 0},
        {"training-annual", "['nothing']", 0},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        json_t *left = parse_quoted(cases[i].left);

        cr_expect_eq(chain_begun(plan_form(plan, cases[i].form), left), cases[i].begun, "%s %s", cases[i].form,
                     cases[i].left);
        json_decref(left);
    }
}

Test(review, each_stage_is_its_role_s_and_an_own_body_s_also_the_office_s)
{
    static const struct {
        const char *stage;
        enum role role;
        const char *office;
        bool accepts, returns;
    } cases[] = {
        {"task-group", ROLE_GEO, "", true, true},
        {"task-group", ROLE_OFFICE, "68000070", true, false},
        {"task-group", ROLE_OFFICE, "68000020", false, false},
        {"task-group", ROLE_DBAS, "", false, false},
        {"task-group", ROLE_ADMIN, "", false, false},
        {"dbas", ROLE_DBAS, "", true, true},
        {"dbas", ROLE_GEO, "", false, false},
        {"dbas", ROLE_OFFICE, "68000070", false, false},
        {"promotion-group", ROLE_GEO, "", true, true},
        {"promotion-group", ROLE_OFFICE, "68000070", false, false},
        {"promotion-group", ROLE_SUPERVISION, "", false, false},
        {"promotion-group", ROLE_AUDITOR, "", false, false},
    };
    const struct form *form = plan_form(plan, "budget-plan");

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct principal who = principal_of(cases[i].role, cases[i].office);
        const struct stage *stage = chain_stage(form, chain_place(form, cases[i].stage));

        cr_expect_eq(chain_may_accept(stage, &who, "68000070"), cases[i].accepts, "case %zu accepts", i);
        cr_expect_eq(chain_may_return(stage, &who), cases[i].returns, "case %zu returns", i);
    }
}

Test(review, an_office_speaks_for_its_own_body_only_where_its_meetings_are_on_record)
{
    json_t *json = parse_project_file(taoyuan_plan), *faults = NULL;
    struct principal office = principal_of(ROLE_OFFICE, "68000070"), geo = principal_of(ROLE_GEO, "");

    json_object_del(json_array_get(json_object_get(json, "review_stages"), 0), "meetings");
    json_object_del(json, "bodies"); /* these count on them */
    json_object_del(json, "duties");
    struct plan *without = plan_load(json, &faults);
    const struct stage *stage = chain_stage(plan_form(without, "budget-plan"), 1);

    cr_expect_not(chain_may_accept(stage, &office, "68000070"));
    cr_expect(chain_may_accept(stage, &geo, "68000070"));
    plan_free(without);
    json_decref(json);
}

/* ---- what may change -------------------------------------------------------------------------------------------- */

static const char courses[] =
    "{'form':'training-quarterly','office':'68000070','period':'113Q2','tables':{'outreach':[],'courses':["
    "{'_row':'a1','name':'A','date_from':'2024-05-02','date_to':'2024-05-02','hours':'3','kind':'cedaw','method':"
    "'lecture','audience':['general'],'attendance.m':12,'attendance.f':20,'attendance.total':32},"
    "{'_row':'a2','name':'B','date_from':'2024-05-03','date_to':'2024-05-03','hours':'2','kind':'cedaw','method':"
    "'lecture','audience':['general'],'attendance.m':1,'attendance.f':2,'attendance.total':3}]}}";

static json_t *cell_of(const char *value)
{
    char text[240];

    snprintf(text, sizeof text, "[%s]", value);

    json_t *list = parse_quoted(text), *cell = json_incref(json_array_get(list, 0));

    json_decref(list);
    return cell;
}

/* What `edit` makes of the courses above: "row column=value" parted by ';', or "-row" for one that goes; JSON with '. */
static json_t *edited(const char *edit)
{
    json_t *json = parse_quoted(courses), *rows = json_object_get(json_object_get(json, "tables"), "courses"), *row;
    char *copy = strdup(edit), *state = NULL;
    size_t i;

    for (char *one = strtok_r(copy, ";", &state); one; one = strtok_r(NULL, ";", &state)) {
        bool goes = *one == '-';
        char *rest = NULL, *name = strtok_r(one + goes, " ", &rest), *column = goes ? NULL : strtok_r(NULL, "=", &rest),
             *value = goes ? NULL : strtok_r(NULL, "", &rest);

        cr_assert(name && (goes || (column && value)));
        json_array_foreach(rows, i, row) {
            if (strcmp(json_text_member(row, "_row"), name) != 0)
                continue;
            if (goes)
                json_array_remove(rows, i);
            else
                json_object_set_new(row, column, cell_of(value));
            break;
        }
    }
    free(copy);
    return json;
}

enum question { KEPT, UNANSWERED };

/* The cells whose change a ticket doesn't allow, or those of it that still say the same, as "path path"; the caller frees it. */
static char *held_against(const char *ticket_text, const char *edit, enum question question)
{
    struct arena *arena = arena_new(JUDGED_MEMORY);
    struct findings findings = FINDINGS_IN(arena);
    json_t *before = parse_quoted(courses), *after = edited(edit), *ticket = parse_quoted(ticket_text);
    json_t *changes = documents_diff(plan, before, after, arena);
    struct judged judged = judge_json(plan, json_incref(after));
    struct buffer text = BUFFER_WITH_LIMIT(65536);

    cr_assert_not_null(changes);
    (question == KEPT ? ticket_check : ticket_remind)(json_is_object(ticket) ? ticket : NULL, changes, judged.document,
                                                      &findings);
    cr_assert_not(findings.out_of_memory);
    for (size_t i = 0; i < findings.count; i++) {
        cr_expect_eq(findings.items[i].code, question == KEPT ? FINDING_cell_not_returned : FINDING_cell_returned);
        buffer_append_format(&text, "%s%s", i ? " " : "", findings.items[i].path);
    }
    buffer_append_text(&text, "");
    json_decref(changes);
    json_decref(before);
    json_decref(after);
    json_decref(ticket);
    release_judged(&judged);
    arena_free(arena);
    return text.length ? buffer_take(&text, NULL) : strdup("");
}

Test(review, only_what_is_returned_may_change_and_a_sum_with_its_parts)
{
    static const struct {
        const char *ticket, *edit, *kept;
    } cases[] = {
        {"[]", "", ""},
        {"[]", "a1 hours='4'", "tables.courses[a1].hours"},
        {"{'cells':[]}", "a1 hours='4'", "tables.courses[a1].hours"},
        {"{'whole':true,'cells':[]}", "a1 hours='4';-a2", ""},
        {"{'cells':['tables.courses[a1].hours']}", "a1 hours='4'", ""},
        {"{'cells':['tables.courses[a1].hours']}", "a2 hours='4'", "tables.courses[a2].hours"},
        {"{'cells':['tables.courses[a1].hours']}", "a1 hours='4';a1 name='C'", "tables.courses[a1].name"},
        {"{'cells':['tables.courses[a1]']}", "a1 hours='4';a1 name='C'", ""},
        {"{'cells':['tables.courses.hours']}", "a1 hours='4';a2 hours='5'", ""},
        {"{'cells':['tables.courses.hours']}", "a1 hours='4';a2 name='5'", "tables.courses[a2].name"},
        {"{'cells':['tables.courses']}", "a1 hours='4';a2 name='5'", ""},
        {"{'cells':['tables.outreach']}", "a1 hours='4'", "tables.courses[a1].hours"},
        {"{'cells':['tables.courses[a1].attendance.m']}", "a1 attendance.m=13;a1 attendance.total=33", ""},
        {"{'cells':['tables.courses[a1].attendance.m']}", "a1 attendance.m=13;a2 attendance.total=33",
         "tables.courses[a2].attendance.total"},
        {"{'cells':['tables.courses[a1].attendance.total']}", "a1 attendance.m=13;a1 attendance.total=33",
         "tables.courses[a1].attendance.m"},
        {"{'cells':['tables.courses.attendance.f']}", "a1 attendance.f=21;a1 attendance.total=33", ""},
        {"{'cells':['tables.courses[gone].hours','tables.nothing','fields.x','']}", "a1 hours='4'",
         "tables.courses[a1].hours"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        char *kept = held_against(cases[i].ticket, cases[i].edit, KEPT);

        cr_expect_str_eq(kept, cases[i].kept, "%s, %s: \"%s\"", cases[i].ticket, cases[i].edit, kept);
        free(kept);
    }
}

Test(review, a_row_goes_only_where_the_row_is_returned)
{
    char *kept = held_against("{'cells':['tables.courses[a2].hours']}", "-a2", KEPT);

    cr_expect_null(strstr(kept, "[a2].hours"), "%s", kept);
    cr_expect_not_null(strstr(kept, "tables.courses[a2].name"), "%s", kept);
    free(kept);
    kept = held_against("{'cells':['tables.courses[a2]']}", "-a2", KEPT);
    cr_expect_str_eq(kept, "");
    free(kept);
}

Test(review, what_is_returned_and_still_says_the_same_is_asked_for_again)
{
    static const struct {
        const char *cells, *edit, *asked;
    } cases[] = {
        {"'tables.courses[a1].hours','tables.courses[a2].hours'", "",
         "tables.courses[a1].hours tables.courses[a2].hours"},
        {"'tables.courses[a1].hours','tables.courses[a2].hours'", "a1 hours='4'", "tables.courses[a2].hours"},
        {"'tables.courses[a1]'", "a1 name='C'", ""},
        {"'tables.courses[a1].attendance.m'", "a1 attendance.total=33", "tables.courses[a1].attendance.m"},
        {"'tables.nothing'", "", ""},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        char ticket[400];

        snprintf(ticket, sizeof ticket, "{'reason':'x','cells':[%s],'returns':[{'reason':'y','cells':[%s]}]}",
                 cases[i].cells, cases[i].cells);

        char *asked = held_against(ticket, cases[i].edit, UNANSWERED);

        cr_expect_str_eq(asked, cases[i].asked, "%s, %s: \"%s\"", cases[i].cells, cases[i].edit, asked);
        free(asked);
    }
}

/* ---- the quorum ------------------------------------------------------------------------------------------------- */

Test(review, a_meeting_counts_when_more_than_half_of_the_members_came)
{
    static const struct {
        const char *members, *men, *women;
        enum quorum quorum;
    } cases[] = {
        {"12", "3", "3", QUORUM_MISSED},
        {"12", "4", "3", QUORUM_REACHED},
        {"13", "3", "3", QUORUM_MISSED},
        {"13", "7", "0", QUORUM_REACHED},
        {"1", "0", "1", QUORUM_REACHED},
        {"0", "0", "0", QUORUM_MISSED},
        {"9007199254740991", "4503599627370495", "0", QUORUM_MISSED},
        {"9007199254740991", "4503599627370495", "1", QUORUM_REACHED},
        {"null", "4", "4", QUORUM_UNKNOWN},
        {"12", "null", "12", QUORUM_UNKNOWN},
        {"12", "{'not_yet':'x'}", "12", QUORUM_UNKNOWN},
        {"{'not_applicable':'x'}", "1", "1", QUORUM_UNKNOWN},
    };
    const struct stage *stage = chain_stage(plan_form(plan, "budget-plan"), 1);

    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[600];

        snprintf(text, sizeof text,
                 "{'form':'task-group-meeting','office':'68000070','period':'113','fields':{'date':'2024-04-18',"
                 "'kind':'regular','members':%s,'present.m':%s,'present.f':%s}}",
                 cases[i].members, cases[i].men, cases[i].women);

        struct judged record = judge_json(plan, parse_quoted(text));

        cr_assert_not_null(record.document);
        cr_expect_eq(meeting_quorum(stage, record.document), cases[i].quorum, "%s: %s + %s", cases[i].members,
                     cases[i].men, cases[i].women);
        release_judged(&record);
    }
}
