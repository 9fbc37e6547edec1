/* sheet_habits.c: cells as people write them (domain.md 9): what each is read as, or which finding it gets and that it is
 * the only one. */
#include "unit/sheet_support.h"

#define VISITS_HEAD "#form,care-quarterly\n#office,yl-01\n#period,113Q2\n"

struct habit {
    const char *column, *cell, *json; /* json: NULL means the cell is blank, "!" that it can't be read */
    enum finding_code finding;
};

static void expect_habit(const struct plan *plan, const struct habit *habit)
{
    struct buffer csv = BUFFER_WITH_LIMIT(10000);
    json_t *expected =
        parse_quoted("{'form':'care-quarterly','office':'yl-01','period':'113Q2','tables':{'visits':[{'_row':'r1'}]}}");

    buffer_append_format(&csv, VISITS_HEAD "#table,visits\n_row,%s\nr1,\"%s\"\n", habit->column, habit->cell);
    struct read_file file = read_csv_text(plan, csv.data);
    const struct finding *finding = file.findings.count ? &file.findings.items[0] : NULL;

    if (habit->json && strcmp(habit->json, "!") != 0) {
        json_t *row = json_array_get(json_object_get(json_object_get(expected, "tables"), "visits"), 0);

        json_object_set_new(row, habit->column, parse_quoted(habit->json));
    }
    char *a = canonical_text(file.json), *b = canonical_text(expected);

    cr_expect_str_eq(a, b, "'%s' in %s\n  read     %s\n  expected %s", habit->cell, habit->column, a, b);
    cr_expect_eq(finding ? finding->code : FINDING_NONE, habit->finding, "'%s' in %s: %s", habit->cell, habit->column,
                 finding ? finding_entry(finding->code)->code : "nothing found");
    if (finding && habit->finding != FINDING_nothing_reported) {
        cr_expect_eq(file.findings.count, 1, "one finding for one cell: '%s' in %s", habit->cell, habit->column);
        cr_expect_str_eq(finding->ref ? finding->ref : "-", "B6", "'%s' in %s", habit->cell, habit->column);
        cr_expect_eq(strncmp(finding->path, "tables.visits[r1].", 18), 0, "%s", finding->path);
    }
    expect_whole_messages(&file.findings);
    free(a);
    free(b);
    json_decref(expected);
    release_file(&file);
    buffer_free(&csv);
}

static void expect_habits(const struct habit *habits, size_t count)
{
    struct plan *plan = load_plan(yunling_plan);

    for (size_t i = 0; i < count; i++)
        expect_habit(plan, &habits[i]);
    plan_free(plan);
}

Test(sheet, counts_and_money_are_read_as_people_write_them)
{
    static const struct habit habits[] = {
        {"people.m", "12", "12", 0},
        {"people.m", " 12 ", "12", 0},
        {"people.m", "12　", "12", 0},
        {"people.m",
         "\xc2\xa0"
         "12",
         "12", 0},
        {"people.m", "１２３", "123", 0},
        {"people.m", "1,234", "1234", 0},
        {"people.m", "1，234，567", "1234567", 0},
        {"people.m", "12.0", "12", 0},
        {"people.m", "12.00", "12", 0},
        {"people.m", "0", "0", 0},
        {"people.m", "007", "7", 0},
        {"people.m", "9007199254740992", "9007199254740992", 0},
        {"people.m", "9007199254740993", "!", FINDING_number_too_large},
        {"people.m", "99999999999999999999999", "!", FINDING_number_too_large},
        {"people.m", "99999999999999999999999999999999999999999999", "!", FINDING_unreadable_cell},
        {"people.m", "-5", "-5", FINDING_negative},
        {"people.m", "－5", "-5", FINDING_negative},
        {"people.m", "-99999999999999999999", "!", FINDING_negative},
        {"people.m", "12.5", "!", FINDING_not_an_integer},
        {"people.m", "1,23", "!", FINDING_unreadable_cell},
        {"people.m", "1234,567", "!", FINDING_unreadable_cell},
        {"people.m", ",123", "!", FINDING_unreadable_cell},
        {"people.m", "1,234,", "!", FINDING_unreadable_cell},
        {"people.m", "約12", "!", FINDING_unreadable_cell},
        {"people.m", "12人", "!", FINDING_unreadable_cell},
        {"people.m", "12元", "!", FINDING_unreadable_cell},
        {"people.m", "1e3", "!", FINDING_unreadable_cell},
        {"people.m", "十二", "!", FINDING_unreadable_cell},
        {"people.m", "=1+2", "!", FINDING_unreadable_cell},
        {"people.m", "#REF!", "!", FINDING_unreadable_cell},
        {"people.m", "1 234", "!", FINDING_unreadable_cell},
        {"cost", "1,234,000元", "1234000", 0},
        {"cost", "1,234 元整", "1234", 0},
        {"cost", "NT$1,234", "1234", 0},
        {"cost", "＄1,234", "1234", 0},
        {"cost", "NT$ 500 元", "500", 0},
        {"cost", "1234.00", "1234", 0},
        {"cost", "元", "!", FINDING_unreadable_cell},
        {"cost", "3萬元", "!", FINDING_unreadable_cell},
        {"cost", "12.50", "!", FINDING_not_an_integer},
    };

    cr_assert_geq(COUNT(habits), 40);
    expect_habits(habits, COUNT(habits));
}

Test(sheet, decimals_dates_codes_and_yes_or_no_are_read_as_people_write_them)
{
    static const struct habit habits[] = {
        {"length", "1.5", "'1.5'", 0},
        {"length", "1.50", "'1.5'", 0},
        {"length", "３", "'3'", 0},
        {"length", "2.0", "'2'", 0},
        {"length", "1,200.25", "'1200.25'", 0},
        {"length", "1.3", "'1.3'", FINDING_bad_step},
        {"length", "-1", "'-1'", FINDING_negative},
        {"length", "1時30分", "!", FINDING_unreadable_cell},
        {"length", "1/2", "!", FINDING_unreadable_cell},
        {"length", "1.0000000001", "!", FINDING_unreadable_cell},
        {"held_on", "113/5/2", "'2024-05-02'", 0},
        {"held_on", "１１３．５．２", "'2024-05-02'", 0},
        {"held_on", "1130502", "'2024-05-02'", 0},
        {"held_on", "113年5月2日", "'2024-05-02'", 0},
        {"held_on", " 民國113年5月2日", "'2024-05-02'", 0},
        {"held_on", "2024-05-02", "'2024-05-02'", 0},
        {"held_on", "2024/5/2", "'2024-05-02'", 0},
        {"held_on", "113/2/30", "!", FINDING_unreadable_cell},
        {"held_on", "五月二日", "!", FINDING_unreadable_cell},
        {"held_on", "113/7/2", "'2024-07-02'", FINDING_date_outside_period},
        {"setting", "hall", "'hall'", 0},
        {"setting", "會館", "'hall'", 0},
        {"setting", " Village ", "'village'", 0},
        {"setting", "HALL", "'hall'", 0},
        {"setting", "公園", "'公園'", FINDING_unknown_code},
        {"topics", "care", "['care']", 0},
        {"topics", "照顧、安全", "['care','safety']", 0},
        {"topics", "照顧；work", "['care','work']", 0},
        {"topics", "care,safety|work", "['care','safety','work']", 0},
        {"topics", "Care / Work", "['care','work']", 0},
        {"topics", "照顧\n安全\n", "['care','safety']", 0},
        {"topics", "照顧，，安全，", "['care','safety']", 0},
        {"topics", "照顧、其他", "['care','其他']", FINDING_unknown_code},
        {"followed_up", "是", "true", 0},
        {"followed_up", "否", "false", 0},
        {"followed_up", "Yes", "true", 0},
        {"followed_up", "NO", "false", 0},
        {"followed_up", "TRUE", "true", 0},
        {"followed_up", "ｆａｌｓｅ", "false", 0},
        {"followed_up", "y", "true", 0},
        {"followed_up", "0", "false", 0},
        {"followed_up", "有", "!", FINDING_unreadable_cell},
        {"title", "  社區 宣導 ", "'社區 宣導'", 0},
        {"title", "第一行\n第二行", "'第一行\\n第二行'", 0},
        {"contact", "a@b.tw ", "'a@b.tw'", 0},
        {"contact", "a at b", "'a at b'", FINDING_bad_address},
        {"page", "https://x.tw/?a=1,2", "'https://x.tw/?a=1,2'", 0},
    };

    cr_assert_geq(COUNT(habits), 47);
    expect_habits(habits, COUNT(habits));
}

Test(sheet, cell_words_say_that_there_is_nothing_or_nothing_yet)
{
    static const struct habit habits[] = {
        {"people.m", "不適用：本季未辦理", "{'not_applicable':'本季未辦理'}", FINDING_nothing_reported},
        {"people.m", "不適用: 本季未辦理 ", "{'not_applicable':'本季未辦理'}", FINDING_nothing_reported},
        {"people.m", "N/A：none held", "{'not_applicable':'none held'}", FINDING_nothing_reported},
        {"people.m", "n/a:none held", "{'not_applicable':'none held'}", FINDING_nothing_reported},
        {"people.m", "－：無", "{'not_applicable':'無'}", FINDING_nothing_reported},
        {"people.m", "-:無", "{'not_applicable':'無'}", FINDING_nothing_reported},
        {"people.m", "Ｎ／Ａ：無", "{'not_applicable':'無'}", FINDING_nothing_reported},
        {"people.m", "未到：7月結算", "{'not_yet':'7月結算'}", FINDING_nothing_reported},
        {"people.m", "tbd: July", "{'not_yet':'July'}", FINDING_nothing_reported},
        {"people.m", "不適用", "{'not_applicable':''}", FINDING_reason_empty},
        {"people.m", "不適用：", "{'not_applicable':''}", FINDING_reason_empty},
        {"people.m", "－", "{'not_applicable':''}", FINDING_reason_empty},
        {"people.m", "N/A", "{'not_applicable':''}", FINDING_reason_empty},
        {"people.m", "-", "{'not_applicable':''}", FINDING_reason_empty},
        {"people.m", "未到", "{'not_yet':'未到'}", FINDING_nothing_reported},
        {"people.m", " 未到 ", "{'not_yet':'未到'}", FINDING_nothing_reported},
        {"people.m", "未到：", "{'not_yet':'未到'}", FINDING_nothing_reported},
        {"people.m", "TBD", "{'not_yet':'TBD'}", FINDING_nothing_reported},
        {"people.m", "ｔｂｄ", "{'not_yet':'TBD'}", FINDING_nothing_reported},
        {"held_on", "TBD: ", "{'not_yet':'TBD'}", FINDING_nothing_reported},
        {"title", "未到", "{'not_yet':'未到'}", FINDING_nothing_reported},
        {"title", "未到者另計", "'未到者另計'", 0},
        {"held_on", "未到：10:30 才知道", "{'not_yet':'10:30 才知道'}", FINDING_nothing_reported},
        {"title", "不適用：無", "{'not_applicable':'無'}", FINDING_nothing_reported},
        {"title", "不適用者另計", "'不適用者另計'", 0},
        {"title", "'不適用：無", "'不適用：無'", 0},
        {"title", "主題：健康", "'主題：健康'", 0},
        {"title", "-5", "'-5'", 0},
        {"people.m", "", NULL, FINDING_nothing_reported},
        {"people.m", " 　", NULL, FINDING_nothing_reported},
        {"title", "", NULL, FINDING_nothing_reported},
    };

    cr_assert_geq(COUNT(habits), 31);
    expect_habits(habits, COUNT(habits));
}
