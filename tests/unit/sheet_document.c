/* sheet_document.c: a CSV as people fill it in becomes the document they meant, and what can't be read is named with
 * its cell and nothing else is said about it. */
#include "unit/sheet_support.h"

#define TALLY_HEAD "#form,tally\n#office,s1\n#period,112\n"

static void expect_json(const struct read_file *file, const char *quoted, const char *csv)
{
    cr_assert_not_null(file->json, "%s", csv);
    json_t *expected = parse_quoted(quoted);
    char *a = canonical_text(file->json), *b = canonical_text(expected);

    cr_expect_str_eq(a, b, "%s\n  read     %s\n  expected %s", csv, a, b);
    free(a);
    free(b);
    json_decref(expected);
}

static void expect_cells(const struct read_file *file, const char *expected, const char *csv)
{
    char *found = list_cells(&file->findings);

    cr_expect_str_eq(found, expected, "%s\n  found    %s\n  expected %s", csv, found, expected);
    expect_whole_messages(&file->findings);
    free(found);
}

Test(sheet, a_form_with_fields_and_a_table_is_read_block_by_block)
{
    struct plan *plan = load_plan(small_plan);
    static const char csv[] =
        "#form,tally,,\r\n#office,s1,,\r\n#period,112,,\r\n#base,3,,\r\n# 請填寫,,,\r\n#fields,,,\r\ncode,label,value,note\r\n"
        "people.m,男,\"1,234\",約略\r\npeople.f,女,０,\r\n,,,\r\n#table,items,,\r\n編號,金額,顏色,備註\r\n1,\"2,500元\",紅, 很好 \r\n"
        "A-2,NT$300,blue,\r\n,,,\r\n,,,\r\n";
    struct read_file file = read_csv_text(plan, csv);

    expect_json(
        &file,
        "{'form':'tally','office':'s1','period':'112','base':3,'fields':{'people.m':1234,'people.f':0},'notes':{'fields.people.m':'約略'},"
        "'tables':{'items':[{'no':1,'amount':2500,'shade':'red','remark':'很好'},{'no':'A-2','amount':300,'shade':'blue'}]}}",
        csv);
    expect_cells(&file, "", csv);
    release_file(&file);
    plan_free(plan);
}

Test(sheet, columns_come_in_any_order_by_code_or_label_in_either_language)
{
    struct plan *plan = load_plan(small_plan);
    static const char *const files[] = {
        TALLY_HEAD "#fields\nvalue,code\n5,people.m\n#table,items\nshade,no,amount,remark\nred,1,7,x\n",
        TALLY_HEAD "#FIELDS\n值,欄位\n5,男\n#table,項目\n顏色,編號,金額,備註\n紅,1,7,x\n",
        TALLY_HEAD "#fields\nnote,Value,Label\n,5,Men\n#Table,Items\ncolour,No.,Amount,Remark\nRED,1,7,x\n",
        TALLY_HEAD
        "#table,items\n金 額,備註,no,Colour\n7,x,1,Red\n#fields\ncode,label,value,note\npeople.m,whatever it is called,5,\n",
        "#period,１１２\n#office, 一所 \n#form,統計表\n#fields\ncode,value\npeople.m,5\n\n\n#table,items\nno,amount,shade,remark\n1,7,red,x\n",
    };

    cr_assert_geq(COUNT(files), 5);
    for (size_t i = 0; i < COUNT(files); i++) {
        struct read_file file = read_csv_text(plan, files[i]);

        expect_json(&file,
                    "{'form':'tally','office':'s1','period':'112','fields':{'people.m':5},"
                    "'tables':{'items':[{'no':1,'amount':7,'shade':'red','remark':'x'}]}}",
                    files[i]);
        expect_cells(&file, "", files[i]);
        release_file(&file);
    }
    plan_free(plan);
}

Test(sheet, blocks_need_no_mark_where_only_one_is_possible)
{
    struct plan *small = load_plan(small_plan), *taoyuan = load_plan(taoyuan_plan);
    static const struct {
        bool taoyuan;
        const char *csv, *json, *findings;
    } files[] = {
        {true, "#form,training-annual\n#office,68000070\n#period,113\ncode,value\ngeneral.staff.m,61\n",
         "{'form':'training-annual','office':'68000070','period':'113','fields':{'general.staff.m':61}}", ""},
        {true, "#form,budget-execution\n#office,68000070\n#period,113\nno,name,settled\n1,x,是\n",
         "{'form':'budget-execution','office':'68000070','period':'113','tables':{'lines':[{'no':1,'name':'x','settled':true}]}}",
         ""},
        {false, TALLY_HEAD "no,amount\n1,5\n",
         "{'form':'tally','office':'s1','period':'112','tables':{'items':[{'no':1,'amount':5}]}}", ""},
        {false, TALLY_HEAD "code,value\npeople.m,5\n",
         "{'form':'tally','office':'s1','period':'112','fields':{'people.m':5}}", ""},
        {false, TALLY_HEAD "這是說明\n1,5\n", "{'form':'tally','office':'s1','period':'112'}", "unreadable_file A4"},
        {true, "#form,training-quarterly\n#office,68000070\n#period,113Q2\n活動\nx\n",
         "{'form':'training-quarterly','office':'68000070','period':'113Q2'}", "unreadable_file A4"},
    };

    cr_assert_geq(COUNT(files), 6);
    for (size_t i = 0; i < COUNT(files); i++) {
        struct read_file file = read_csv_text(files[i].taoyuan ? taoyuan : small, files[i].csv);

        expect_json(&file, files[i].json, files[i].csv);
        expect_cells(&file, files[i].findings, files[i].csv);
        release_file(&file);
    }
    plan_free(small);
    plan_free(taoyuan);
}

Test(sheet, a_block_without_rows_declares_that_there_was_none)
{
    struct plan *plan = load_plan(small_plan);
    static const char *const files[] = {TALLY_HEAD "#table,items\n", TALLY_HEAD "#table,items\nno,amount\n",
                                        TALLY_HEAD "#table,items\nno,amount\n,,,\n,\n", TALLY_HEAD "#table,items"};

    cr_assert_geq(COUNT(files), 4);
    for (size_t i = 0; i < COUNT(files); i++) {
        struct read_file file = read_csv_text(plan, files[i]);

        expect_json(&file, "{'form':'tally','office':'s1','period':'112','tables':{'items':[]}}", files[i]);
        expect_cells(&file, "", files[i]);
        release_file(&file);
    }
    plan_free(plan);
}

struct complaint {
    const char *csv, *cells; /* "code REF; code REF" */
};

static void expect_complaints(const char *plan_path, const struct complaint *complaints, size_t count)
{
    struct plan *plan = load_plan(plan_path);

    for (size_t i = 0; i < count; i++) {
        struct read_file file = read_csv_text(plan, complaints[i].csv);

        expect_cells(&file, complaints[i].cells, complaints[i].csv);
        release_file(&file);
    }
    plan_free(plan);
}

Test(sheet, whatever_the_form_does_not_know_is_named_with_its_cell)
{
    static const struct complaint complaints[] = {
        {"", "unreadable_file -"},
        {",,,\n , \n", "unreadable_file -"},
        {"people.m,5\n", "identity_missing -"},
        {"#form,nothing\n", "unknown_form B1"},
        {"#form\n", "identity_missing -"},
        {"#form,tally\n", "identity_missing -; identity_missing -"},
        {"#form,tally\n#office,s9\n#period,112Q1\ncode,value\n", "bad_period B3; unknown_office B2"},
        {TALLY_HEAD "#base,x\n#fields\ncode,value\npeople.m,1\n", "bad_base B4"},
        {TALLY_HEAD "#colour,red\n#fields\ncode,value\npeople.m,1\n", "unknown_member A4"},
        {TALLY_HEAD "#office,s2\n#fields\ncode,value\npeople.m,1\n", "identity_differs B4"},
        {TALLY_HEAD "#office,s1\n#fields\ncode,value\npeople.m,1\n", ""},
        {TALLY_HEAD "#fields\ncode,value\npeople.m,1\npeople.x,1\n,2\n", "unknown_field A7; unknown_field A8"},
        {TALLY_HEAD "#fields\ncode,value\npeople.m,1\npeople.m,2\n", "row_identity_repeated A7"},
        {TALLY_HEAD "#fields\ncode,value,size,value\npeople.m,1\n", "unknown_column C5; row_identity_repeated D5"},
        {TALLY_HEAD "#fields\ncode,value\npeople.m,1,,stray\n", "unknown_column D6"},
        {TALLY_HEAD "#fields\ncode\npeople.m,1\n", "unreadable_file A5"},
        {TALLY_HEAD "#fields\nlabel,value\n總人數,1\n男,2\n", "unknown_field A6"},
        {TALLY_HEAD "#table,things\nno\n1\n#table,items\nno\n1\n", "unknown_table B4"},
        {TALLY_HEAD "#table\nno\n1\n", "unknown_table B4"},
        {TALLY_HEAD "#table,items\nno\n1\n#table,items\nno\n2\n", "row_identity_repeated B7"},
        {TALLY_HEAD "#table,items\nno,size,,no\n1,2,3,4\n",
         "unknown_column B5; row_identity_repeated D5; unknown_column C6"},
        {TALLY_HEAD "#table,items\nno,amount\n1,5\n,7\n1,8\n", "row_identity_missing A7; row_identity_repeated A8"},
        {TALLY_HEAD "#table,items\nno\n1\n2,stray\n", "unknown_column B7"},
    };

    cr_assert_geq(COUNT(complaints), 23);
    expect_complaints(small_plan, complaints, COUNT(complaints));
}

Test(sheet, findings_of_the_document_are_put_at_the_cell_the_person_sees)
{
    static const struct complaint complaints[] = {
        {"#form,training-quarterly\n#office,68000070\n#period,113Q2\n#table,outreach\nname,attendance.m,attendance.f,attendance.o,attendance.total\n"
         "\"市集\n第二場\",393,1758,0,2178\n\n演講,1,1,0,3\n",
         "sum_mismatch E6; sum_mismatch E8"},
        {"#form,training-annual\n#office,68000070\n#period,113\ncode,label,value,note\ngeneral.gm2h.m,,62,\ngeneral.staff.m,,61,\n",
         "exceeds_whole C5"},
        {"#form,training-annual\n#office,68000070\n#period,113\ncode,label,value,note\ngeneral.excluded,,2,\nexcluded_reason\n",
         "reason_missing C6"},
        {"#form,training-annual\n#office,68000070\n#period,113\ncode,label,value,note\ngeneral.excluded,,2,\nexcluded_reason,,,病假\n",
         ""},
        {"#form,training-annual\n#office,68000070\n#period,113\ncode,label,value,note\ngeneral.excluded,,2,\n",
         "reason_missing -"},
        {"#form,training-quarterly\n#office,68000070\n#period,113Q2\n#table,courses\n課程類別,辦理方式,_row\nCEDAW 實體課程,網絡研習,x\n",
         "combination_refused B6"},
        {"#form,budget-execution\n#office,68000070\n#period,113\nno,gender_budget,executed,variance_reason\n1,20000,23700,\n",
         "ratio_unexplained D5"},
        {"#form,training-quarterly\n#office,68000070\n#period,113Q2\n#table,courses\nname,_row\na,x\nb,x\nc,y]\n",
         "row_identity_repeated B7; wrong_type B8"},
    };

    cr_assert_geq(COUNT(complaints), 8);
    expect_complaints(taoyuan_plan, complaints, COUNT(complaints));
}

Test(sheet, what_the_upload_says_must_not_differ_from_the_file)
{
    struct plan *plan = load_plan(small_plan);
    static const struct {
        const char *csv;
        struct identity given;
        const char *cells;
    } cases[] = {
        {"code,value\npeople.m,5\n", {"tally", "s1", "112", NULL, -1}, ""},
        {"code,value\npeople.m,5\n", {"tally", "s1", "112", NULL, 0}, ""},
        {TALLY_HEAD "code,value\npeople.m,5\n", {"tally", "s1", "112", NULL, 4}, ""},
        {TALLY_HEAD "#base,4\ncode,value\npeople.m,5\n", {"tally", "s1", "112", NULL, 4}, ""},
        {TALLY_HEAD "#base,4\ncode,value\npeople.m,5\n",
         {"tally", "s2", "113", NULL, 3},
         "identity_differs B2; identity_differs B3; identity_differs B4"},
        {TALLY_HEAD "code,value\npeople.m,5\n", {"other", NULL, NULL, NULL, -1}, "identity_differs B1"},
        {"code,value\npeople.m,5\n", {"other", NULL, NULL, NULL, -1}, "unknown_form -"},
        {"code,value\npeople.m,5\n", {"tally", "s1", "112", "not-a-uuid", -1}, "bad_event -"},
    };

    cr_assert_geq(COUNT(cases), 8);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct read_file file = read_csv_bytes(plan, cases[i].csv, strlen(cases[i].csv), cases[i].given);

        expect_cells(&file, cases[i].cells, cases[i].csv);
        release_file(&file);
    }
    plan_free(plan);
}

Test(sheet, a_cp950_file_is_read_like_any_other)
{
    /* "#office,一所" and a remark 許功蓋 in CP950 */
    static const char csv[] =
        "#form,tally\r\n#office,\xa4\x40\xa9\xd2\r\n#period,112\r\n#table,items\r\nno,\xb3\xc6\xb5\xf9\r\n1,\xb3\x5c\xa5\x5c\xbb\x5c\r\n2,\xb3\xff\x5c\r\n";
    struct plan *plan = load_plan(small_plan);
    struct read_file file = read_csv_text(plan, csv);
    const json_t *rows = json_object_get(json_object_get(file.json, "tables"), "items");

    cr_assert_str_eq(json_text_member(file.json, "office"), "s1");
    cr_assert_str_eq(json_text_member(json_array_get(rows, 0), "remark"), "許功蓋");
    expect_cells(&file, "undecodable_byte B7; undecodable_byte B7", csv);
    release_file(&file);
    plan_free(plan);
}

Test(sheet, sheets_are_told_apart_by_name_and_findings_say_which)
{
    struct plan *plan = load_plan(small_plan);
    struct grid_cell head[][2] = {{{.text = "#form"}, {.text = "tally"}},
                                  {{.text = "#office"}, {.text = "s1"}},
                                  {{.text = "#period"}, {.text = "112"}},
                                  {{.text = "code"}, {.text = "value"}},
                                  {{.text = "people.m"}, {.text = "x"}}};
    struct grid_cell item[][2] = {{{.text = "no"}, {.text = "amount"}}, {{.text = "1"}, {.text = "-5"}}};
    struct grid_row head_rows[5], item_rows[2];
    struct grid_sheet sheets[] = {{.name = "填報", .rows = head_rows, .row_count = 5},
                                  {.name = "項目", .rows = item_rows, .row_count = 2}};
    struct grid grid = {sheets, 2};
    struct identity given = NOT_GIVEN;
    struct read_file file = {.arena = arena_new(JUDGED_MEMORY)};

    for (size_t i = 0; i < 5; i++)
        head_rows[i] = (struct grid_row){head[i], 2, i + 1};
    for (size_t i = 0; i < 2; i++)
        item_rows[i] = (struct grid_row){item[i], 2, i + 3};
    file.findings = FINDINGS_IN(file.arena);
    file.json = grid_to_document(plan, &grid, &given, &file.findings, &file.places);
    file.document = document_judge(plan, json_deep_copy(file.json), &file.findings);
    findings_locate(&file.findings, file.places);
    expect_cells(&file, "unreadable_cell B5; negative B4", "two sheets");
    cr_assert_str_eq(file.findings.items[0].sheet, "填報");
    cr_assert_str_eq(file.findings.items[1].sheet, "項目");
    release_file(&file);
    plan_free(plan);
}

Test(sheet, cells_far_to_the_right_have_letters_too)
{
    struct plan *plan = load_plan(small_plan);
    struct buffer csv = BUFFER_WITH_LIMIT(10000);
    static const struct {
        int column;
        const char *ref;
    } columns[] = {{3, "D6"}, {25, "Z6"}, {26, "AA6"}, {51, "AZ6"}, {52, "BA6"}, {701, "ZZ6"}, {702, "AAA6"}};

    cr_assert_geq(COUNT(columns), 7);
    for (size_t i = 0; i < COUNT(columns); i++) {
        csv.length = 0;
        buffer_append_text(&csv, TALLY_HEAD "#table,items\nno\n1");
        for (int c = 0; c < columns[i].column; c++)
            buffer_append_char(&csv, ',');
        buffer_append_text(&csv, "x\n");
        struct read_file file = read_csv_text(plan, csv.data);

        cr_assert_eq(file.findings.count, 1);
        cr_expect_str_eq(file.findings.items[0].ref, columns[i].ref);
        release_file(&file);
    }
    buffer_free(&csv);
    plan_free(plan);
}
