/* sheet_annotate_xlsx.c: marks in an XLSX file: sheet, styles, comments, drawing, and nothing else. */
#include "unit/annotate_support.h"

#define MAIN      "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define RELATIONS "http://schemas.openxmlformats.org/package/2006/relationships"
#define OFFICE    "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define SHEET(columns, rows, rest)                                                                                     \
    "<worksheet xmlns=\"" MAIN "\">" columns "<sheetData>" rows "</sheetData>" rest "</worksheet>"
#define RELATION(id, type, target) "<Relationship Id=\"" id "\" Type=\"" OFFICE "/" type "\" Target=\"" target "\"/>"

enum { MOST_MEMBERS = 12 };

static const struct given one = {SEVERITY_ERROR, "宣導", "B2", "2178", "2151"};

/* A workbook with an empty sheet 「說明」 and the sheet given, called 「宣導」. Further members follow. */
static struct made_file make_xlsx(const char *sheet, const struct made_member *more, size_t count)
{
    struct made_member members[MOST_MEMBERS] = {
        {"[Content_Types].xml", "<Types xmlns=\"types\"></Types>", 0},
        {"_rels/.rels",
         "<Relationships xmlns=\"" RELATIONS
         "\">" RELATION("r1", "officeDocument", "xl/workbook.xml") "</Relationships>",
         0},
        {"xl/workbook.xml",
         "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" OFFICE "\"><sheets><sheet name=\"說明\" sheetId=\"1\" r:id=\"r1\"/>"
         "<sheet name=\"宣導\" sheetId=\"2\" r:id=\"r2\"/></sheets></workbook>",
         0},
        {"xl/_rels/workbook.xml.rels",
         "<Relationships xmlns=\"" RELATIONS "\">" RELATION("r1", "worksheet", "worksheets/sheet1.xml") RELATION(
             "r2", "worksheet", "/xl/worksheets/sheet2.xml") RELATION("r3", "styles", "styles.xml") "</Relationships>",
         0},
        {"xl/styles.xml",
         "<styleSheet xmlns=\"" MAIN "\"><fills count=\"2\"><fill/><fill/></fills><cellXfs count=\"2\">"
         "<xf fillId=\"0\"/><xf numFmtId=\"14\" fillId=\"1\"><protection locked=\"0\"/></xf></cellXfs></styleSheet>",
         0},
        {"xl/worksheets/sheet1.xml", SHEET("", "", ""), 0},
        {"xl/worksheets/sheet2.xml", sheet, 0}};
    size_t base = 7;

    for (size_t i = 0; i < count; i++)
        members[base + i] = more[i];
    return make_archive(members, base + count);
}

static struct made_file annotated(const char *sheet, const struct given *given, size_t count)
{
    struct made_file file = make_xlsx(sheet, NULL, 0), out = annotate_bytes(file.bytes, file.length, given, count);

    free(file.bytes);
    return out;
}

#define DRAWING "<legacyDrawing xmlns:tributary=\"" OFFICE "\" tributary:id=\"tributaryDrawing\"/>"

/* What becomes of the sheet's XML. */
static void expect_sheet(const char *sheet, struct given given, const char *expected)
{
    struct made_file out = annotated(sheet, &given, 1);
    char *text = member_of(&out, "xl/worksheets/sheet2.xml");

    cr_assert_str_eq(text, expected);
    free(text);
    free(out.bytes);
}

Test(annotate_xlsx, a_cell_gets_a_format_that_differs_in_the_fill_alone)
{
    struct made_file out = annotated(SHEET("", "<row r=\"2\"><c r=\"B2\" s=\"1\"><v>2178</v></c></row>", ""), &one, 1);
    char *sheet = member_of(&out, "xl/worksheets/sheet2.xml"), *styles = member_of(&out, "xl/styles.xml"),
         *comments = member_of(&out, "xl/comments1.xml"), *drawing = member_of(&out, "xl/drawings/vmlDrawing1.vml"),
         *types = member_of(&out, "[Content_Types].xml"),
         *relations = member_of(&out, "xl/worksheets/_rels/sheet2.xml.rels");

    cr_assert_str_eq(sheet, SHEET("", "<row r=\"2\"><c r=\"B2\" s=\"2\"><v>2178</v></c></row>", DRAWING));
    cr_assert_not_null(strstr(styles, "<fills count=\"3\"><fill/><fill/><fill><patternFill patternType=\"solid\">"
                                      "<fgColor rgb=\"FFFFC7CE\"/>"));
    cr_assert_not_null(strstr(styles, "<cellXfs count=\"3\">"));
    cr_assert_not_null(strstr(styles, "<xf numFmtId=\"14\" fillId=\"2\" applyFill=\"1\"><protection locked=\"0\"/></xf>"
                                      "</cellXfs>"));
    cr_assert_not_null(strstr(comments, "<comment ref=\"B2\" authorId=\"0\">"));
    cr_assert_not_null(strstr(comments, SIGN "\n錯誤：填 2178，應為 2151</t>"));
    cr_assert_not_null(strstr(drawing, "<x:Row>1</x:Row><x:Column>1</x:Column>"));
    cr_assert_not_null(strstr(types, "PartName=\"/xl/comments1.xml\""));
    cr_assert_not_null(strstr(types, "Extension=\"vml\""));
    cr_assert_eq(count_of(relations, "<Relationship "), 2);
    char *texts[] = {sheet, styles, comments, drawing, types, relations, out.bytes};

    for (size_t i = 0; i < COUNT(texts); i++)
        free(texts[i]);
}

Test(annotate_xlsx, rows_and_cells_that_are_not_there_are_made_in_their_order)
{
    expect_sheet(SHEET("", "<row r=\"1\"/><row r=\"3\"/>", ""), one,
                 SHEET("", "<row r=\"1\"/><row r=\"2\"><c r=\"B2\" s=\"2\"/></row><row r=\"3\"/>", DRAWING));
    expect_sheet(SHEET("", "<row r=\"2\" spans=\"1:1\"><c r=\"A2\"/><c r=\"C2\"/></row>", ""), one,
                 SHEET("", "<row r=\"2\"><c r=\"A2\"/><c r=\"B2\" s=\"2\"/><c r=\"C2\"/></row>", DRAWING));
    expect_sheet(SHEET("", "<row/><row><c/><c><v>1</v></c></row>", ""), one,
                 SHEET("", "<row/><row><c/><c s=\"2\"><v>1</v></c></row>", DRAWING));
    expect_sheet("<worksheet xmlns=\"" MAIN "\"><sheetData/></worksheet>", one,
                 "<worksheet xmlns=\"" MAIN "\"><sheetData><row r=\"2\"><c r=\"B2\" s=\"2\"/></row></sheetData>" DRAWING
                 "</worksheet>");
}

Test(annotate_xlsx, a_format_comes_from_the_row_or_column_where_there_is_no_cell)
{
    const char *sheets[] = {SHEET("<cols><col min=\"2\" max=\"3\" style=\"1\"/></cols>", "", ""),
                            SHEET("", "<row r=\"2\" s=\"1\" customFormat=\"1\"/>", "")};

    for (size_t i = 0; i < COUNT(sheets); i++) {
        struct made_file out = annotated(sheets[i], &one, 1);
        char *styles = member_of(&out, "xl/styles.xml");

        cr_assert_not_null(strstr(styles, "<xf numFmtId=\"14\" fillId=\"2\" applyFill=\"1\">"));
        free(styles);
        free(out.bytes);
    }
}

Test(annotate_xlsx, the_drawing_stands_where_the_schema_wants_it)
{
    expect_sheet(SHEET("", "<row r=\"2\"><c r=\"B2\"/></row>",
                       "<pageMargins/><drawing id=\"x\"/><mc:x xmlns:mc=\"y\"/><tableParts/><extLst/>"),
                 one,
                 SHEET("", "<row r=\"2\"><c r=\"B2\" s=\"2\"/></row>",
                       "<pageMargins/><drawing id=\"x\"/>" DRAWING "<mc:x xmlns:mc=\"y\"/><tableParts/><extLst/>"));
}

Test(annotate_xlsx, a_finding_inside_a_merged_area_stands_at_its_first_cell)
{
    struct given inside = {SEVERITY_WARNING, "宣導", "C4", "1", "2"};

    expect_sheet(SHEET("", "<row r=\"3\"><c r=\"B3\"/></row>", "<mergeCells><mergeCell ref=\"B3:D5\"/></mergeCells>"),
                 inside,
                 SHEET("", "<row r=\"3\"><c r=\"B3\" s=\"2\"/></row>",
                       "<mergeCells><mergeCell ref=\"B3:D5\"/></mergeCells>" DRAWING));
}

Test(annotate_xlsx, what_belongs_to_no_cell_stands_at_the_first_one_a_reader_sees)
{
    const struct given whole = {SEVERITY_ERROR, NULL, NULL, "1", "2"};
    struct made_file file = make_xlsx(SHEET("", "", ""), NULL, 0);
    struct made_file out = annotate_bytes(file.bytes, file.length, &whole, 1);
    char *sheet = member_of(&out, "xl/worksheets/sheet1.xml");

    cr_assert_not_null(strstr(sheet, "<row r=\"1\"><c r=\"A1\" s=\"2\"/></row>"));
    free(sheet);
    free(out.bytes);
    free(file.bytes);
}

Test(annotate_xlsx, a_finding_in_a_cell_that_is_hidden_stands_where_it_is_seen)
{
    const struct given hidden[] = {{SEVERITY_ERROR, "宣導", "B1", "1", "2"}, {SEVERITY_ERROR, "宣導", "A3", "3", "4"}};
    struct made_file out = annotated(SHEET("<cols><col min=\"1\" max=\"1\" hidden=\"true\"/></cols>",
                                           "<row r=\"1\" hidden=\"1\"><c r=\"B1\"/></row><row r=\"3\"/>", ""),
                                     hidden, COUNT(hidden));
    char *sheet = member_of(&out, "xl/worksheets/sheet2.xml"), *comments = member_of(&out, "xl/comments1.xml");

    cr_assert_not_null(strstr(sheet, "<c r=\"B1\"/></row><row r=\"2\"><c r=\"B2\" s=\"2\"/></row><row r=\"3\"/>"));
    cr_assert_not_null(
        strstr(comments, "1. （隱藏的 B1 格）錯誤：填 1，應為 2\n2. （隱藏的 A3 格）錯誤：填 3，應為 4"));
    free(sheet);
    free(comments);
    free(out.bytes);
}

/* A sheet with a person's comment at B2, its drawing and relations. */
static struct made_file make_commented(void)
{
    static const struct made_member more[] = {
        {"xl/worksheets/_rels/sheet2.xml.rels",
         "<Relationships xmlns=\"" RELATIONS "\">" RELATION("v", "vmlDrawing", "../drawings/a.vml")
             RELATION("c", "comments", "../comments7.xml") "</Relationships>",
         0},
        {"xl/comments7.xml",
         "<comments xmlns=\"" MAIN "\"><authors><author>王</author></authors><commentList><comment ref=\"B2\" "
         "authorId=\"0\"><text><t>問會計</t></text></comment></commentList></comments>",
         0},
        {"xl/drawings/a.vml",
         "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><v:shape "
         "id=\"_x0000_s1025\"><br><x:ClientData><x:Row>1</x:Row><x:Column>1</x:Column></x:ClientData></v:shape></xml>",
         0}};

    return make_xlsx(SHEET("", "<row r=\"2\"><c r=\"B2\" s=\"1\"/><c r=\"C2\"/></row>",
                           "<legacyDrawing xmlns:r=\"" OFFICE "\" r:id=\"v\"/>"),
                     more, COUNT(more));
}

Test(annotate_xlsx, a_persons_comment_stays_and_ours_below_it_goes_when_the_cell_is_sound)
{
    const struct given both[] = {{SEVERITY_ERROR, "宣導", "B2", "2178", "2151"},
                                 {SEVERITY_ERROR, "宣導", "C2", "1", "2"}};
    struct made_file file = make_commented(), first = annotate_bytes(file.bytes, file.length, both, 2),
                     second = annotate_bytes(first.bytes, first.length, both + 1, 1),
                     clean = annotate_bytes(second.bytes, second.length, NULL, 0);
    char *with = member_of(&first, "xl/comments7.xml"), *half = member_of(&second, "xl/comments7.xml"),
         *without = member_of(&clean, "xl/comments7.xml"), *drawing = member_of(&first, "xl/drawings/a.vml"),
         *last_drawing = member_of(&clean, "xl/drawings/a.vml"), *sheet = member_of(&clean, "xl/worksheets/sheet2.xml");

    cr_assert_not_null(strstr(with, "<text><r><t>問會計</t></r><r>"));
    cr_assert_not_null(strstr(with, "\n────────\n" SIGN "\n錯誤：填 2178，應為 2151</t></r></text>"));
    cr_assert_not_null(strstr(with, "<comment ref=\"C2\" authorId=\"1\">"));
    cr_assert_eq(count_of(drawing, "<v:shape "), 2);
    cr_assert_not_null(strstr(drawing, "id=\"_x0000_s1026\""));
    cr_assert_eq(count_of(half, SIGN), 1);
    cr_assert_not_null(strstr(half, "<text><r><t>問會計</t></r></text>"));
    cr_assert_eq(count_of(without, SIGN), 0);
    cr_assert_eq(count_of(without, "<comment "), 1);
    cr_assert_eq(count_of(last_drawing, "<v:shape "), 1);
    cr_assert_not_null(strstr(sheet, "<c r=\"B2\" s=\"1\"/><c r=\"C2\" s=\"0\"/>")); /* the formats of before */
    cr_assert_eq(count_of(with, "<author>"), 2);
    char *texts[] = {with,  half,       without,     drawing,      last_drawing,
                     sheet, file.bytes, first.bytes, second.bytes, clean.bytes};

    for (size_t i = 0; i < COUNT(texts); i++)
        free(texts[i]);
}

Test(annotate_xlsx, our_part_is_found_though_a_program_cut_it_into_runs)
{
    static const struct made_member more[] = {
        {"xl/worksheets/_rels/sheet2.xml.rels",
         "<Relationships xmlns=\"" RELATIONS "\">" RELATION("c", "comments", "../comments7.xml") "</Relationships>", 0},
        {"xl/comments7.xml",
         "<comments xmlns=\"" MAIN "\"><authors/><commentList><comment ref=\"B2\" authorId=\"0\"><text>"
         "<r><t>問會計</t></r><r><t>\n──</t></r><r><t>──────\n【</t></r><r><t>Tributary </t></r><r><t>匯流】檢核結果</t></r>"
         "</text></comment></commentList></comments>",
         0}};
    struct made_file file = make_xlsx(SHEET("", "", ""), more, COUNT(more));
    struct made_file out = annotate_bytes(file.bytes, file.length, NULL, 0);
    char *comments = member_of(&out, "xl/comments7.xml");

    cr_assert_not_null(strstr(comments, "<text><r><t>問會計</t></r></text></comment>"));
    free(comments);
    free(file.bytes);
    free(out.bytes);
}

Test(annotate_xlsx, names_of_other_prefixes_are_the_same)
{
    struct made_file out = annotated("<x:worksheet xmlns:x=\"" MAIN "\"><x:sheetData><x:row r=\"2\"><x:c r=\"A2\"/>"
                                     "</x:row></x:sheetData></x:worksheet>",
                                     &one, 1);
    char *text = member_of(&out, "xl/worksheets/sheet2.xml");

    cr_assert_not_null(strstr(text, "<x:c r=\"A2\"/><x:c r=\"B2\" s=\"2\"/></x:row>"));
    cr_assert_not_null(strstr(text, "<x:legacyDrawing "));
    free(text);
    free(out.bytes);
}
