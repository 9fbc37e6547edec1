/* sheet_xlsx.c: an XLSX file's cells as their owner sees them. */
#include "unit/grid_support.h"

static const char styles[] =
    "<numFmts><numFmt numFmtId='170' formatCode='[$-404]e/m/d'/><numFmt numFmtId='171' "
    "formatCode='[$-404]e&quot;年&quot;m&quot;月&quot;'/>"
    "<numFmt numFmtId='172' formatCode='[h]:mm'/><numFmt numFmtId='173' formatCode='0.0%'/>"
    "<numFmt numFmtId='174' formatCode='&quot;day&quot;0;[Red]d'/><numFmt numFmtId='175' formatCode='0.00E+00'/>"
    "<numFmt numFmtId='176' formatCode='G/通用格式&quot;人&quot;'/></numFmts>"
    "<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>"
    "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='170'/><xf numFmtId='171'/><xf numFmtId='172'/>"
    "<xf numFmtId='173'/><xf numFmtId='174'/><xf numFmtId='175'/><xf numFmtId='176'/><xf numFmtId='22'/>"
    "<xf numFmtId='58'/><xf numFmtId='9'/></cellXfs>";
static const char strings[] =
    "<si><t>a</t></si><si><r><t>桃</t></r><r><t xml:space='preserve'>園 </t></r><rPh><t>ㄊㄠ</t></rPh></si>"
    "<si><t>b_x000D_c_x005F_x0041_</t></si><si/>";

struct reading {
    const char *row, *cells;
};

static void expect_rows(const struct reading *readings, size_t count, const char *properties)
{
    for (size_t i = 0; i < count; i++)
        expect_grid(
            make_xlsx((struct xlsx_parts){
                .workbook_properties = properties, .sheet = readings[i].row, .strings = strings, .styles = styles}),
            readings[i].cells, "", readings[i].row);
}

#define NUMBER(style, value) "<row><c s='" style "'><v>" value "</v></c></row>"

Test(xlsx, numbers_are_what_was_seen)
{
    static const struct reading readings[] = {
        {NUMBER("0", "12"), "A1=12:n"},
        {NUMBER("0", "2.2999999999999998"), "A1=2.3:n"},
        {NUMBER("0", "1.2E+3"), "A1=1200:n"},
        {NUMBER("5", "0.125"), "A1=12.5%:p"},
        {NUMBER("11", "0.07"), "A1=7%:p"},
        {NUMBER("6", "5"), "A1=5:n"},
        {NUMBER("7", "5"), "A1=5:n"},
        {NUMBER("8", "5"), "A1=5:n"},
        {NUMBER("99", "45412"), "A1=45412:n"},
        {NUMBER("0", "x"), "A1=x"},
        {NUMBER("0", ""), ""},
    };

    expect_rows(readings, COUNT(readings), NULL);
}

Test(xlsx, dates_are_told_by_the_format_and_counted_from_1900)
{
    static const struct reading readings[] = {
        {NUMBER("1", "45412"), "A1=2024-04-30:d"},
        {NUMBER("2", "45412"), "A1=2024-04-30:d"},
        {NUMBER("3", "45412"), "A1=2024-04-30:d"},
        {NUMBER("10", "45412"), "A1=2024-04-30:d"},
        {NUMBER("9", "45412.5"), "A1=2024-04-30 12:00:00:d"},
        {NUMBER("9", "45412.999988425926"), "A1=2024-04-30 23:59:59:d"},
        {NUMBER("1", "1"), "A1=1900-01-01:d"},
        {NUMBER("1", "59"), "A1=1900-02-28:d"},
        {NUMBER("1", "60"), "A1=60:n"}, /* a day that never was */
        {NUMBER("1", "61"), "A1=1900-03-01:d"},
        {NUMBER("1", "2958465"), "A1=9999-12-31:d"},
        {NUMBER("1", "2958466"), "A1=2958466:n"},
        {NUMBER("1", "-1"), "A1=-1:n"},
        {NUMBER("9", "0.5"), "A1=12:00:00"},
        {NUMBER("4", "1.5"), "A1=36:00"},
        {"<row><c t='d'><v>2024-04-30T00:00:00Z</v></c></row>", "A1=2024-04-30:d"},
    };

    expect_rows(readings, COUNT(readings), NULL);
}

Test(xlsx, a_workbook_may_count_from_1904)
{
    static const struct reading readings[] = {
        {NUMBER("1", "43950"), "A1=2024-04-30:d"},
        {NUMBER("1", "0"), "A1=1904-01-01:d"},
    };

    expect_rows(readings, COUNT(readings), "<workbookPr date1904='1'/>");
    expect_rows(readings, COUNT(readings), "<workbookPr date1904='true'/>");
}

Test(xlsx, texts_errors_booleans_and_formulas_are_told_apart)
{
    static const struct reading readings[] = {
        {"<row><c t='s'><v>0</v></c><c t='s'><v>1</v></c><c t='s'><v>2</v></c><c t='s'><v>3</v></c></row>",
         "A1=a B1=桃園  C1=bc_x0041_"},
        {"<row><c t='inlineStr'><is><r><t>x</t></r><r><t>y</t></r></is></c></row>", "A1=xy"},
        {"<row><c t='str'><f>A2</f><v>x</v></c><c t='str'><f>A3</f><v></v></c></row>", "A1=x"},
        {"<row><c t='b'><v>1</v></c><c t='b'><v>0</v></c></row>", "A1=TRUE:b B1=FALSE:b"},
        {"<row><c t='e'><f>1/0</f><v>#DIV/0!</v></c><c t='e'><v>#N/A</v></c></row>", "A1=#DIV/0!:e B1=#N/A:e"},
        {"<row><c><f>SUM(B1:C1)</f><v>3</v></c><c><f>A1</f></c><c><f t='shared' si='0'/><v></v></c></row>",
         "A1=3:n B1==A1:f C1==:f"},
    };

    expect_rows(readings, COUNT(readings), NULL);
}

Test(xlsx, cells_are_where_they_say_or_behind_the_last)
{
    static const struct reading readings[] = {
        {"<row r='3'><c r='B3'><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>", "B3=1:n C3=2:n A4=3:n"},
        {"<row r='1048576'><c r='A1048576'><v>1</v></c></row>", "A1048576=1:n"},
        {"<row/><row><c/><c s='1'/><c><v>1</v></c></row>", "C2=1:n"},
        {"<row><c r='XFD1' s='1'/></row>", ""},
        {"<row><c r='C1'><v>3</v></c><c r='A1'><v>1</v></c></row>", "A1=1:n C1=3:n"},
    };

    expect_rows(readings, COUNT(readings), NULL);
}

Test(xlsx, what_points_nowhere_is_refused_at_its_cell)
{
    static const struct reading readings[] = {
        {"<row><c t='s'><v>4</v></c></row>", "unreadable_file A1"},
        {"<row><c/><c t='s'><v>4294967296</v></c></row>", "unreadable_file B1"},
        {"<row><c t='s'><v>-1</v></c></row>", "unreadable_file A1"},
        {"<row r='1048577'/>", "unreadable_file -"},
        {"<row r='0'/>", "unreadable_file -"},
        {"<row><c r='XFE1'/></row>", "unreadable_file A1"},
        {"<row><c r='7'/></row>", "unreadable_file A1"},
        {"<row><c r='AMK1'><v>1</v></c></row>", "unreadable_file AMK1"},
    };

    for (size_t i = 0; i < COUNT(readings); i++)
        expect_grid(make_xlsx((struct xlsx_parts){.sheet = readings[i].row, .strings = strings}), "", readings[i].cells,
                    readings[i].row);
}

Test(xlsx, sheets_come_in_order_with_the_hidden_ones_told)
{
    expect_grid(
        make_xlsx((struct xlsx_parts){.sheet = "<row><c><v>1</v></c></row>",
                                      .second = "<sheetData><row hidden='1'><c><v>2</v></c></row></sheetData>"}),
        "A1=1:n / ~ A1=2:n", "", "two sheets");
}

Test(xlsx, other_packages_of_the_same_family_are_refused_in_words)
{
    expect_grid(
        make_archive((struct made_member[]){{"[Content_Types].xml", "<Types/>", 0}, {"word/document.xml", "<w/>", 0}},
                     2),
        "", "unreadable_file -", "a text document");
    expect_grid(make_archive((struct made_member[]){{"a.txt", "x", 0}}, 1), "", "unreadable_file -", "any zip file");
    expect_grid(make_archive((struct made_member[]){{"[Content_Types].xml", "<Types/>", 0},
                                                    {"xl/workbook.xml", "<!DOCTYPE a><a/>", 0}},
                             2),
                "", "unreadable_file -", "a declaration");
}

/* --- from a file to a document ------------------------------------------------------------------------------------- */

#define T(text) "<c t='inlineStr'><is><t>" text "</t></is></c>"
#define TALLY                                                                                                          \
    "<row>" T("#form") T("tally") "</row><row>" T("#office")                                                           \
        T("s1") "</row><row>" T("#period") "<c><v>112</v></c></row>"

struct told {
    const char *sheet, *second, *json, *findings;
};

static void expect_documents(const struct told *wholes, size_t count)
{
    struct plan *plan = load_plan(small_plan);

    for (size_t i = 0; i < count; i++) {
        struct read_file file = read_made_file(
            plan,
            make_xlsx((struct xlsx_parts){
                .sheet = wholes[i].sheet, .second = wholes[i].second, .strings = strings, .styles = styles}),
            NOT_GIVEN);
        json_t *expected = parse_quoted(wholes[i].json);
        char *read = canonical_text(file.json), *wanted = canonical_text(expected), *found = list_cells(&file.findings);

        cr_expect_str_eq(read, wanted, "%s\n  read     %s\n  expected %s", wholes[i].sheet, read, wanted);
        cr_expect_str_eq(found, wholes[i].findings, "%s\n  found    %s\n  expected %s", wholes[i].sheet, found,
                         wholes[i].findings);
        json_decref(expected);
        free(read);
        free(wanted);
        free(found);
        release_file(&file);
    }
    plan_free(plan);
}

#define TALLY_SAYS "'form':'tally','office':'s1','period':'112'"
#define ITEMS      "<row>" T("#table") T("items") "</row>"

Test(sheets, typed_cells_become_what_their_items_want)
{
    static const struct told wholes[] = {
        {TALLY ITEMS "<row>" T("編號") T("金額（元）") T("顏色")
             T("備註") "</row><row><c><v>1.0</v></c><c><v>2500</v></c>" T("紅") "<c><v>7</v></c></row>",
         NULL, "{" TALLY_SAYS ",'tables':{'items':[{'no':1,'amount':2500,'shade':'red','remark':'7'}]}}", ""},
        {TALLY ITEMS "<row>" T("no") T("amount") "</row><row><c><v>1</v></c><c t='e'><v>#REF!</v></c></row>", NULL,
         "{" TALLY_SAYS ",'tables':{'items':[{'no':1}]}}", "unreadable_cell B6"},
        {TALLY ITEMS "<row>" T("no") T("amount") "</row><row><c><v>1</v></c><c><f>A1</f></c></row>", NULL,
         "{" TALLY_SAYS ",'tables':{'items':[{'no':1}]}}", "unreadable_cell B6"},
        {TALLY ITEMS "<row>" T("no") T("金額（千元）") "</row><row><c><v>1</v></c><c><v>5</v></c></row>", NULL,
         "{" TALLY_SAYS ",'tables':{'items':[{'no':1}]}}", "unknown_column B5"},
        {TALLY ITEMS "<row>" T("no") T("odd") T("amount") "</row><row><c><v>1</v></c><c/><c><v>5</v></c></row>", NULL,
         "{" TALLY_SAYS ",'tables':{'items':[{'no':1,'amount':5}]}}", ""},
    };

    expect_documents(wholes, COUNT(wholes));
}

Test(sheets, titles_remarks_hints_and_hidden_lists_are_passed_over)
{
    static const struct told wholes[] = {
        {"<row>" T("統計表") "</row><row>" T("請填寫") "</row>" TALLY "<row>" T("#fields") "</row><row>" T(
             "## 人數") "</row><row>" T("代碼") T("欄位") T("填報值") T("單位") T("說明")
             T("填寫提示") "</row><row>" T("## 甲") T("乙") "</row><row>" T("people.m")
                 T("男") "<c><v>5</v></c>" T("人") T("約略") T("整數") "</row>",
         "<sheetData><row>" T("紅") T("藍") "</row></sheetData>",
         "{" TALLY_SAYS ",'fields':{'people.m':5},'notes':{'fields.people.m':'約略'}}", ""},
        {"<row>" T("標題") "</row>" TALLY,
         "<sheetData>" ITEMS "<row>" T("no") "</row><row><c><v>1</v></c></row></sheetData>",
         "{" TALLY_SAYS ",'tables':{'items':[{'no':1}]}}", ""},
        {TALLY "<row>" T("人數統計") "</row><row/><row>" T("項目")
             T("數值") "</row><row>" T("男") "<c><v>5</v></c></row>",
         NULL, "{" TALLY_SAYS ",'fields':{'people.m':5}}", ""},
    };

    expect_documents(wholes, COUNT(wholes));
}
