/* form_judge.c: what a document is refused for, warned about, or left in peace with: each finding by code and path. */
#include "unit/common_support.h"

struct verdict {
    const char *document, *findings; /* "code path; code path", "" if there are none */
};

#define TALLY   "'form':'tally','office':'s1','period':'112'"
#define VISITS  "'form':'care-quarterly','office':'yl-01','period':'113Q2'"
#define YEARLY  "'form':'workforce-yearly','office':'yl-01','period':'113'"
#define SITTING "'form':'board-sitting','office':'yl-01','period':'113'"

static void expect_verdicts(const char *plan_path, const struct verdict *verdicts, size_t count)
{
    struct plan *plan = load_plan(plan_path);

    for (size_t i = 0; i < count; i++) {
        struct judged judged = judge_json(plan, parse_quoted(verdicts[i].document));
        char *found = list_findings(&judged.findings);

        cr_expect_str_eq(found, verdicts[i].findings, "%s\n  found    %s\n  expected %s", verdicts[i].document, found,
                         verdicts[i].findings);
        expect_whole_messages(&judged.findings);
        free(found);
        release_judged(&judged);
    }
    plan_free(plan);
}

Test(judging, a_head_that_does_not_fit_is_named_member_by_member)
{
    static const struct verdict verdicts[] = {
        {"{" TALLY ",'fields':{'people.m':1}}", ""},
        {"{" TALLY ",'plan':'small-112-113','base':0,'event':null,'fields':{'people.m':1}}", ""},
        {"[]", "wrong_type "},
        {"'text'", "wrong_type "},
        {"{}", "identity_missing form"},
        {"{'form':7}", "wrong_type form"},
        {"{'form':'nothing','office':'s1','period':'112'}", "unknown_form form"},
        {"{'form':'tally'}", "identity_missing period; identity_missing office"},
        {"{'form':'tally','office':'s9','period':'112Q1','fields':{}}", "bad_period period; unknown_office office"},
        {"{'form':'tally','office':8,'period':112}", "wrong_type period; wrong_type office"},
        {"{'form':'tally','office':'s1','period':'114','fields':{'people.m':1}}", "period_outside_plan period"},
        {"{'form':'tally','office':'s1','period':'0112','fields':{'people.m':1}}", "bad_period period"},
        {"{" TALLY ",'plan':'other','fields':{'people.m':1}}", "identity_differs plan"},
        {"{" TALLY ",'base':-1,'fields':{'people.m':1}}", "bad_base base"},
        {"{" TALLY ",'base':'1','fields':{'people.m':1}}", "bad_base base"},
        {"{" TALLY ",'base':4294967296,'fields':{'people.m':1}}", "bad_base base"},
        {"{" TALLY ",'event':'a','fields':{'people.m':1}}", "bad_event event"},
        {"{" TALLY ",'remarks':1,'fields':{'people.m':1}}", "unknown_member remarks"},
        {"{" TALLY "}", "nothing_reported "},
        {"{" TALLY ",'fields':{'people.m':null,'people.f':{'not_yet':'soon'}}}", "nothing_reported "},
        {"{" TALLY ",'fields':{'people.m':'','people.f':' \\t　'}}", "nothing_reported "},
        {"{" TALLY ",'tables':{'items':[]}}", ""},
        {"{" TALLY ",'fields':[1]}", "wrong_type fields"},
        {"{" TALLY ",'tables':7,'notes':[]}", "wrong_type tables; wrong_type notes"},
    };

    cr_assert_geq(COUNT(verdicts), 24);
    expect_verdicts(small_plan, verdicts, COUNT(verdicts));
}

Test(judging, whole_numbers_are_whole_not_negative_and_exact)
{
    static const struct verdict verdicts[] = {
        {"{" TALLY ",'fields':{'people.m':0}}", ""},
        {"{" TALLY ",'fields':{'people.m':9007199254740992}}", ""},
        {"{" TALLY ",'fields':{'people.m':9007199254740993}}", "number_too_large fields.people.m"},
        {"{" TALLY ",'fields':{'people.m':9223372036854775808,'people.f':1e400}}",
         "number_too_large fields.people.m; number_too_large fields.people.f"},
        {"{" TALLY ",'fields':{'people.m':-9223372036854775809,'people.f':1.5}}",
         "negative fields.people.m; not_an_integer fields.people.f"},
        {"{" TALLY ",'base':9223372036854775808,'fields':{'people.m':1}}", "bad_base base"},
        {"{" TALLY ",'tables':{'items':[{'no':9223372036854775808}]}}", "number_too_large tables.items[#1].no"},
        {"{" TALLY ",'fields':{'people.m':-1}}", "negative fields.people.m"},
        {"{" TALLY ",'fields':{'people.m':1.5}}", "not_an_integer fields.people.m"},
        {"{" TALLY ",'fields':{'people.m':1.0}}", "not_an_integer fields.people.m"},
        {"{" TALLY ",'fields':{'people.m':'12'}}", "wrong_type fields.people.m"},
        {"{" TALLY ",'fields':{'people.m':true}}", "wrong_type fields.people.m"},
        {"{" TALLY ",'fields':{'people.m':[]}}", "wrong_type fields.people.m"},
        {"{" TALLY ",'fields':{'people.m':[12]}}", "wrong_type fields.people.m"},
        {"{" TALLY ",'fields':{'people.m':{}}}", "wrong_type fields.people.m"},
        {"{" TALLY ",'fields':{'people.m':{'not_yet':7}}}", "wrong_type fields.people.m"},
        {"{" TALLY ",'fields':{'people.m':{'not_yet':'a','not_applicable':'b'}}}", "wrong_type fields.people.m"},
        {"{" TALLY ",'fields':{'people.m':{'not_yet':''}}}", "reason_empty fields.people.m"},
        {"{" TALLY ",'fields':{'people.m':{'not_applicable':'  '},'people.f':2}}", "reason_empty fields.people.m"},
        {"{" TALLY ",'fields':{'people.m':{'not_applicable':'　'},'people.f':2}}", "reason_empty fields.people.m"},
        {"{" TALLY ",'fields':{'people.x':1,'people.m':1}}", "unknown_field fields.people.x"},
    };

    cr_assert_geq(COUNT(verdicts), 16);
    expect_verdicts(small_plan, verdicts, COUNT(verdicts));
}

Test(judging, decimals_dates_texts_codes_and_addresses_fit_their_type)
{
    static const struct verdict verdicts[] = {
        {"{" VISITS
         ",'tables':{'visits':[{'_row':'a','length':'1.25','held_on':'2024-05-02','setting':'hall','topics':['care','work'],"
         "'followed_up':true,'contact':'a@b.tw','page':'https://x.tw/'}]}}",
         ""},
        {"{" VISITS ",'tables':{'visits':[{'_row':'a','followed_up':'yes','title':'','topics':[]}]}}", ""},
        {"{" VISITS ",'tables':{'visits':[{'_row':'a','length':1}]}}", "wrong_type tables.visits[a].length"},
        {"{" VISITS ",'tables':{'visits':[{'_row':'a','length':1.5}]}}", "wrong_type tables.visits[a].length"},
        {"{" VISITS ",'tables':{'visits':[{'_row':'a','length':'1,5'}]}}", "bad_decimal tables.visits[a].length"},
        {"{" VISITS ",'tables':{'visits':[{'_row':'a','length':'-1.5'}]}}", "negative tables.visits[a].length"},
        {"{" VISITS ",'tables':{'visits':[{'_row':'a','length':'1.3'}]}}", "bad_step tables.visits[a].length"},
        {"{" VISITS ",'tables':{'visits':[{'_row':'a','length':'9007199254740993'}]}}",
         "number_too_large tables.visits[a].length"},
        {"{" VISITS ",'tables':{'visits':[{'_row':'a','held_on':'113/5/2'}]}}", "bad_date tables.visits[a].held_on"},
        {"{" VISITS ",'tables':{'visits':[{'_row':'a','held_on':'2024-02-30'}]}}", "bad_date tables.visits[a].held_on"},
        {"{" VISITS ",'tables':{'visits':[{'_row':'a','held_on':20240502}]}}", "wrong_type tables.visits[a].held_on"},
        {"{" VISITS ",'tables':{'visits':[{'_row':'a','title':5}]}}", "wrong_type tables.visits[a].title"},
        {"{" VISITS ",'tables':{'visits':[{'_row':'a','setting':'park'}]}}", "unknown_code tables.visits[a].setting"},
        {"{" VISITS ",'tables':{'visits':[{'_row':'a','setting':['hall']}]}}", "wrong_type tables.visits[a].setting"},
        {"{" VISITS ",'tables':{'visits':[{'_row':'a','topics':'care'}]}}", "wrong_type tables.visits[a].topics"},
        {"{" VISITS ",'tables':{'visits':[{'_row':'a','topics':['care','x',7]}]}}",
         "unknown_code tables.visits[a].topics; wrong_type tables.visits[a].topics"},
        {"{" VISITS ",'tables':{'visits':[{'_row':'a','followed_up':'ja'}]}}",
         "wrong_type tables.visits[a].followed_up"},
        {"{" VISITS ",'tables':{'visits':[{'_row':'a','contact':'a@@b.tw'}]}}", "bad_address tables.visits[a].contact"},
        {"{" VISITS ",'tables':{'visits':[{'_row':'a','contact':'a b@c.tw'}]}}",
         "bad_address tables.visits[a].contact"},
        {"{" VISITS ",'tables':{'visits':[{'_row':'a','page':'ftp://x.tw'}]}}", "bad_address tables.visits[a].page"},
        {"{" VISITS ",'tables':{'visits':[{'_row':'a','page':'javascript:x'}]}}", "bad_address tables.visits[a].page"},
        {"{" SITTING ",'fields':{'phone':'03-3322101轉5412','seats':3}}", ""},
        {"{" SITTING ",'fields':{'phone':'none','seats':3}}", "bad_address fields.phone"},
        {"{" SITTING ",'event':'0b6f2c0e-5a44-4f3c-9a1d-0123456789ab','fields':{'seats':3}}", ""},
        {"{" SITTING ",'event':'0B6F2C0E-5A44-4F3C-9A1D-0123456789AB','fields':{'seats':3}}", "bad_event event"},
        {"{'form':'care-quarterly','office':'yl-06','period':'113Q2','fields':{'volunteers.m':1}}",
         "office_not_owing office"},
        {"{'form':'care-quarterly','office':'yl-07','period':'114Q4','fields':{'volunteers.m':1}}",
         "office_not_owing office"},
        {"{'form':'care-quarterly','office':'yl-07','period':'115Q1','fields':{'volunteers.m':1}}", ""},
    };

    cr_assert_geq(COUNT(verdicts), 28);
    expect_verdicts(yunling_plan, verdicts, COUNT(verdicts));
}

Test(judging, tables_rows_columns_and_notes_are_named_where_they_are_wrong)
{
    static const struct verdict verdicts[] = {
        {"{" TALLY ",'tables':{'things':[],'items':[{'no':1}]}}", "unknown_table tables.things"},
        {"{" TALLY ",'tables':{'items':{}}}", "wrong_type tables.items"},
        {"{" TALLY ",'tables':{'items':null}}", "nothing_reported "},
        {"{" TALLY ",'tables':{'items':[{'no':1},2,{'no':3},[]]}}",
         "wrong_type tables.items[#2]; wrong_type tables.items[#4]"},
        {"{" TALLY ",'tables':{'items':[{'no':1,'size':2}]}}", "unknown_column tables.items[1].size"},
        {"{" TALLY ",'tables':{'items':[{'amount':5}]}}", "row_identity_missing tables.items[#1].no"},
        {"{" TALLY ",'tables':{'items':[{'no':1},{'no':2},{'no':'1'}]}}", "row_identity_repeated tables.items[1].no"},
        {"{" TALLY ",'tables':{'items':[{'no':1.5}]}}", "wrong_type tables.items[#1].no"},
        {"{" TALLY ",'tables':{'items':[{'no':-1}]}}", "negative tables.items[-1].no"},
        {"{" TALLY
         ",'tables':{'items':[{'no':1,'amount':'x'},{'no':2,'shade':'green','remark':{'not_applicable':''}}]}}",
         "wrong_type tables.items[1].amount; unknown_code tables.items[2].shade; reason_empty tables.items[2].remark"},
        {"{" TALLY
         ",'fields':{'people.m':1},'notes':{'fields.people.m':'a','people.f':'b','document':'c','tables.items':'d'}}",
         ""},
        {"{" TALLY ",'tables':{'items':[{'no':1}]},'notes':{'tables.items[1]':'a','tables.items[1].amount':'b'}}", ""},
        {"{" TALLY ",'fields':{'people.m':1},'notes':{'fields.people.m':7}}", "wrong_type notes.fields.people.m"},
        {"{" TALLY ",'fields':{'people.m':1},'notes':{'fields.x':'a'}}", "note_path_unknown notes.fields.x"},
        {"{" TALLY ",'tables':{'items':[{'no':1}]},'notes':{'tables.items[2]':'a'}}",
         "note_path_unknown notes.tables.items[2]"},
        {"{" TALLY ",'tables':{'items':[{'no':1}]},'notes':{'tables.items[1].size':'a'}}",
         "note_path_unknown notes.tables.items[1].size"},
        {"{" TALLY ",'tables':{'items':[{'no':1}]},'notes':{'tables.items[1':'a'}}",
         "note_path_unknown notes.tables.items[1"},
        {"{" TALLY ",'fields':{'people.m':1},'notes':{'anything':'a'}}", "note_path_unknown notes.anything"},
    };

    cr_assert_geq(COUNT(verdicts), 18);
    expect_verdicts(small_plan, verdicts, COUNT(verdicts));
}

Test(judging, a_row_without_key_columns_keeps_its_given_identity)
{
    static const struct verdict verdicts[] = {
        {"{" VISITS ",'tables':{'visits':[{'_row':'a','cost':1},{'_row':'b','cost':1}]}}", ""},
        {"{" VISITS ",'tables':{'visits':[{'_row':'a','cost':1},{'_row':'a','cost':2}]}}",
         "row_identity_repeated tables.visits[a]._row"},
        {"{" VISITS ",'tables':{'visits':[{'_row':7,'cost':1}]}}", "wrong_type tables.visits[#1]._row"},
        {"{" VISITS ",'tables':{'visits':[{'_row':'','cost':1}]}}", "wrong_type tables.visits[#1]._row"},
        {"{" VISITS ",'tables':{'visits':[{'_row':'a]b','cost':1}]}}", "wrong_type tables.visits[#1]._row"},
        {"{" VISITS ",'tables':{'visits':[{'cost':1},{'cost':1}]}}", ""},
        {"{" YEARLY ",'tables':{'measures':[{'id':'a','year_part':1},{'id':'a','year_part':2}]}}", ""},
        {"{" YEARLY ",'tables':{'measures':[{'id':'a','year_part':1,'spent':-5},{'id':'a','year_part':1}]}}",
         "row_identity_repeated tables.measures[a/1].id; negative tables.measures[a/1].spent"},
        {"{" YEARLY ",'tables':{'measures':[{'id':'a'}]}}", "row_identity_missing tables.measures[#1].year_part"},
        {"{" YEARLY ",'tables':{'measures':[{'id':{'not_yet':'x'},'year_part':1}]}}",
         "row_identity_missing tables.measures[#1].id"},
    };

    cr_assert_geq(COUNT(verdicts), 10);
    expect_verdicts(yunling_plan, verdicts, COUNT(verdicts));
}

Test(judging, a_key_too_long_for_a_path_is_refused_whatever_its_parts)
{
    struct plan *plan = load_plan(yunling_plan);
    char text[600], *found;

    snprintf(text, sizeof text, "{%s,'tables':{'measures':[{'id':'%0198d','year_part':1}]}}", YEARLY, 7);
    struct judged judged = judge_json(plan, parse_quoted(text));

    cr_assert_eq(judged.findings.error_count, 0, "198 and 1 and a stroke are 200");
    release_judged(&judged);
    snprintf(text, sizeof text, "{%s,'tables':{'measures':[{'id':'%0198d','year_part':12}]}}", YEARLY, 7);
    judged = judge_json(plan, parse_quoted(text));
    found = list_findings(&judged.findings);
    cr_assert_str_eq(found, "text_too_long tables.measures[#1].id");
    free(found);
    release_judged(&judged);
    plan_free(plan);
}

Test(judging, a_text_is_measured_in_characters)
{
    struct plan *plan = load_plan(yunling_plan);
    static const struct {
        size_t characters;
        bool fits;
    } lengths[] = {{1, true}, {100, true}, {101, false}, {5000, false}};

    for (size_t i = 0; i < COUNT(lengths); i++) {
        struct buffer text = BUFFER_WITH_LIMIT(100000);

        buffer_append_text(&text, "{" VISITS ",'tables':{'visits':[{'_row':'a','title':'");
        for (size_t c = 0; c < lengths[i].characters; c++)
            buffer_append_text(&text, c % 2 ? "龜" : "😀");
        buffer_append_text(&text, "'}]}}");
        struct judged judged = judge_json(plan, parse_quoted(text.data));

        cr_expect_eq(judged.findings.error_count == 0, lengths[i].fits, "%zu characters", lengths[i].characters);
        release_judged(&judged);
        buffer_free(&text);
    }
    plan_free(plan);
}

Test(judging, what_a_document_holds_is_counted)
{
    static const struct {
        const char *document;
        size_t fields, rows;
        bool reported;
    } cases[] = {
        {"{" TALLY "}", 0, 0, false},
        {"{" TALLY ",'fields':{'people.m':0}}", 1, 0, true},
        {"{" TALLY ",'fields':{'people.m':null,'people.f':''}}", 0, 0, false},
        {"{" TALLY ",'fields':{'people.m':{'not_applicable':'none'}}}", 1, 0, false},
        {"{" TALLY ",'tables':{'items':[]}}", 0, 0, true},
        {"{" TALLY ",'tables':{'items':[{'no':1},{'no':2}]}}", 0, 2, true},
    };
    struct plan *plan = load_plan(small_plan);

    cr_assert_geq(COUNT(cases), 6);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct judged judged = judge_json(plan, parse_quoted(cases[i].document));

        cr_expect_eq(judged.document->value_count, cases[i].fields, "%s", cases[i].document);
        cr_expect_eq(judged.document->row_count, cases[i].rows, "%s", cases[i].document);
        cr_expect_eq(judged.document->reported, cases[i].reported, "%s", cases[i].document);
        release_judged(&judged);
    }
    plan_free(plan);
}

Test(judging, figures_counted_before_the_years_end_are_provisional)
{
    static const struct {
        const char *document;
        bool provisional;
    } cases[] = {
        {"{'form':'training-annual','office':'68000070','period':'113','fields':{'counted_on':'2024-12-30'}}", true},
        {"{'form':'training-annual','office':'68000070','period':'113','fields':{'counted_on':'2024-12-31'}}", false},
        {"{'form':'training-annual','office':'68000070','period':'113','fields':{'counted_on':'2025-01-15'}}", false},
        {"{'form':'training-annual','office':'68000070','period':'113','fields':{'general.staff.m':5}}", false},
        {"{'form':'budget-plan','office':'68000070','period':'113','fields':{'total_budget':5}}", false},
    };
    struct plan *plan = load_plan(taoyuan_plan);

    cr_assert_geq(COUNT(cases), 5);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct judged judged = judge_json(plan, parse_quoted(cases[i].document));

        cr_expect_eq(judged.document->provisional, cases[i].provisional, "%s", cases[i].document);
        release_judged(&judged);
    }
    plan_free(plan);
}

Test(judging, base_is_no_part_of_the_canonical_document)
{
    struct plan *plan = load_plan(small_plan);
    struct judged judged = judge_json(
        plan, parse_quoted("{'period':'112','form':'tally','base':3,'office':'s1','fields':{'people.m':7}}"));
    struct buffer out = BUFFER_WITH_LIMIT(10000);

    cr_assert(judged.document->has_base);
    cr_assert_eq(judged.document->base, 3);
    cr_assert(document_write_canonical(judged.document, &out));
    cr_assert_str_eq(out.data, "{\"fields\":{\"people.m\":7},\"form\":\"tally\",\"office\":\"s1\",\"period\":\"112\"}");
    buffer_free(&out);
    release_judged(&judged);
    plan_free(plan);
}
