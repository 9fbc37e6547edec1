/* sheet_annotate_ods.c: marks in content.xml: the cell meant, and no other byte. */
#include "unit/annotate_support.h"

#define HEAD                                                                                                           \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document-content "                                            \
    "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" "                                               \
    "xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" "                                                 \
    "xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" "                                                   \
    "xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" "                                                 \
    "xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\">"
#define STYLES                                                                                                         \
    "<office:automatic-styles><style:style style:name=\"ce1\" style:family=\"table-cell\" "                            \
    "style:data-style-name=\"N2\"><style:table-cell-properties fo:border=\"1pt\" fo:background-color=\"#ffffff\"/>"    \
    "<style:text-properties fo:color=\"#000000\"/></style:style>"
#define BODY "</office:automatic-styles><office:body><office:spreadsheet>"
#define TAIL "</office:spreadsheet></office:body></office:document-content>"

/* The comment of one finding "2178, 2151". */
#define COMMENT                                                                                                        \
    "<office:annotation office:display=\"false\" "                                                                     \
    "xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\" svg:width=\"80mm\" svg:height=\"14mm\" "   \
    "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:creator>Tributary 匯流</dc:creator><text:p>" SIGN "</text:p>"   \
    "<text:p>錯誤：填 2178，應為 2151</text:p></office:annotation>"

static const struct given one = {SEVERITY_ERROR, "宣導", "B2", "2178", "2151"};

static struct made_file make_ods(const char *content)
{
    const struct made_member members[] = {{"mimetype", "application/vnd.oasis.opendocument.spreadsheet", 0},
                                          {"content.xml", content, 0},
                                          {"styles.xml", "<styles/>", 0}};

    return make_archive(members, COUNT(members));
}

/* content.xml after annotation, to be freed. */
static char *annotated_content(const char *content, const struct given *given, size_t count)
{
    struct made_file file = make_ods(content), out = annotate_bytes(file.bytes, file.length, given, count);
    char *text = member_of(&out, "content.xml");

    free(file.bytes);
    free(out.bytes);
    return text;
}

/* What comes out for a sheet; `styles` is what is added to the styles. */
static void expect_sheet(const char *sheet, struct given given, const char *styles, const char *expected)
{
    struct arena *arena = arena_new(JUDGED_MEMORY);
    char *text = annotated_content(arena_format(arena, "%s%s%s", HEAD STYLES BODY, sheet, TAIL), &given, 1);

    cr_assert_str_eq(text, arena_format(arena, "%s%s%s%s%s", HEAD STYLES, styles, BODY, expected, TAIL));
    free(text);
    arena_free(arena);
}

#define NEW_STYLE(number, colour)                                                                                      \
    "<style:style style:name=\"mark" number "-ce1\" style:family=\"table-cell\" style:data-style-name=\"N2\">"         \
    "<style:table-cell-properties fo:border=\"1pt\" fo:background-color=\"#" colour "\"/>"                             \
    "<style:text-properties fo:color=\"#000000\"/></style:style>"
#define PLAIN_STYLE(colour)                                                                                            \
    "<style:style style:name=\"mark0-\" style:family=\"table-cell\" style:parent-style-name=\"Default\">"              \
    "<style:table-cell-properties fo:background-color=\"#" colour "\"/></style:style>"
#define TABLE(rows) "<table:table table:name=\"宣導\">" rows "</table:table>"
#define ROW(cells)  "<table:table-row>" cells "</table:table-row>"

Test(annotate_ods, a_cell_keeps_its_style_but_for_the_background)
{
    expect_sheet(
        TABLE(ROW("<table:table-cell/>") ROW("<table:table-cell/><table:table-cell table:style-name=\"ce1\" "
                                             "office:value=\"2178\"><text:p>2178</text:p></table:table-cell>")),
        one, NEW_STYLE("0", "FFC7CE"),
        TABLE(ROW("<table:table-cell/>")
                  ROW("<table:table-cell/><table:table-cell table:style-name=\"mark0-ce1\" "
                      "office:value=\"2178\">" COMMENT "<text:p>2178</text:p></table:table-cell>")));
}

Test(annotate_ods, a_style_comes_from_the_row_or_column_where_the_cell_names_none)
{
    expect_sheet(TABLE("<table:table-column/><table:table-column table:default-cell-style-name=\"ce1\"/>" ROW("")
                           ROW("<table:table-cell/><table:table-cell/>")),
                 one, NEW_STYLE("0", "FFC7CE"),
                 TABLE("<table:table-column/><table:table-column table:default-cell-style-name=\"ce1\"/>" ROW("")
                           ROW("<table:table-cell/><table:table-cell table:style-name=\"mark0-ce1\">" COMMENT
                               "</table:table-cell>")));
    expect_sheet(TABLE(ROW("") "<table:table-row table:default-cell-style-name=\"ce1\"/>"), one,
                 NEW_STYLE("0", "FFC7CE"),
                 TABLE(ROW("") "<table:table-row table:default-cell-style-name=\"ce1\"><table:table-cell/>"
                               "<table:table-cell table:style-name=\"mark0-ce1\">" COMMENT
                               "</table:table-cell></table:table-row>"));
}

Test(annotate_ods, of_repeated_rows_and_cells_only_the_one_meant_changes)
{
    struct given far = {SEVERITY_ERROR, "宣導", "C3", "2178", "2151"};

    expect_sheet(TABLE("<table:table-row table:number-rows-repeated=\"5\"><table:table-cell "
                       "table:number-columns-repeated=\"9\"><text:p>x</text:p></table:table-cell></table:table-row>"),
                 far, PLAIN_STYLE("FFC7CE"),
                 TABLE("<table:table-row table:number-rows-repeated=\"2\"><table:table-cell "
                       "table:number-columns-repeated=\"9\"><text:p>x</text:p></table:table-cell></table:table-row>"
                       "<table:table-row><table:table-cell table:number-columns-repeated=\"2\"><text:p>x</text:p>"
                       "</table:table-cell><table:table-cell table:style-name=\"mark0-\">" COMMENT "<text:p>x</text:p>"
                       "</table:table-cell><table:table-cell table:number-columns-repeated=\"6\"><text:p>x</text:p>"
                       "</table:table-cell></table:table-row>"
                       "<table:table-row table:number-rows-repeated=\"2\"><table:table-cell "
                       "table:number-columns-repeated=\"9\"><text:p>x</text:p></table:table-cell></table:table-row>"));
}

Test(annotate_ods, rows_and_cells_that_are_not_there_are_made)
{
    struct given far = {SEVERITY_ERROR, "宣導", "C4", "2178", "2151"};
    const char *made = ROW("<table:table-cell table:number-columns-repeated=\"2\"/><table:table-cell "
                           "table:style-name=\"mark0-\">" COMMENT "</table:table-cell>");
    struct arena *arena = arena_new(JUDGED_MEMORY);

    expect_sheet(
        TABLE(ROW("<table:table-cell/>") "<table:named-expressions/>"), far, PLAIN_STYLE("FFC7CE"),
        arena_format(
            arena, "%s%s%s",
            "<table:table table:name=\"宣導\">" ROW(
                "<table:table-cell/>") "<table:table-row "
                                       "table:number-rows-repeated=\"2\"><table:table-cell/></table:table-row>",
            made, "<table:named-expressions/></table:table>"));
    arena_free(arena);
}

Test(annotate_ods, a_finding_inside_a_merged_area_stands_at_its_first_cell)
{
    const char *cells = "<table:table-cell table:number-columns-spanned=\"2\" table:number-rows-spanned=\"2\">";

    struct arena *arena = arena_new(JUDGED_MEMORY);
    const char *rest = "<text:p>x</text:p></table:table-cell><table:covered-table-cell/></table:table-row>"
                       "<table:table-row><table:covered-table-cell table:number-columns-repeated=\"2\"/>"
                       "</table:table-row></table:table>",
               *start = "<table:table table:name=\"宣導\"><table:table-row>";

    expect_sheet(arena_format(arena, "%s%s%s", start, cells, rest), one, PLAIN_STYLE("FFC7CE"),
                 arena_format(arena, "%s%s%s%s", start,
                              "<table:table-cell table:number-columns-spanned=\"2\" table:number-rows-spanned=\"2\" "
                              "table:style-name=\"mark0-\">",
                              COMMENT, rest));
    arena_free(arena);
}

#define PERSONAL                                                                                                       \
    "<office:annotation office:display=\"true\"><dc:date xmlns:dc=\"x\">2024</dc:date><text:p>問會計</text:p>"      \
    "</office:annotation>"

Test(annotate_ods, a_persons_comment_stays_and_ours_below_it_goes_when_the_cell_is_sound)
{
    const char *content = HEAD STYLES BODY TABLE(ROW("") ROW("<table:table-cell/><table:table-cell "
                                                             "table:style-name=\"ce1\">" PERSONAL
                                                             "<text:p>5</text:p></table:table-cell>")) TAIL;
    struct given other = {SEVERITY_WARNING, "宣導", "B2", "9", "8"};
    char *first = annotated_content(content, &one, 1), *second = annotated_content(first, &other, 1),
         *clean = annotated_content(second, NULL, 0);

    cr_assert_not_null(strstr(first, "<text:p>問會計</text:p><text:p>────────</text:p><text:p>" SIGN
                                     "</text:p><text:p>錯誤：填 2178，應為 2151</text:p></office:annotation>"));
    cr_assert_eq(count_of(second, SIGN), 1);
    cr_assert_eq(count_of(second, "2178"), 0);
    cr_assert_not_null(strstr(second, "table:style-name=\"mark2-ce1\""));
    cr_assert_not_null(strstr(clean, "table:style-name=\"ce1\">" PERSONAL "<text:p>5</text:p>"));
    cr_assert_eq(count_of(clean, "匯流"), 0);
    free(first);
    free(second);
    free(clean);
}

Test(annotate_ods, several_findings_share_a_comment_and_the_worst_gives_the_colour)
{
    const struct given several[] = {{SEVERITY_WARNING, "宣導", "A1", "1", "2"},
                                    {SEVERITY_ERROR, "宣導", "A1", "3", "4"},
                                    {SEVERITY_EXPLAIN, "宣導", "B1", "<5>", "6"},
                                    {SEVERITY_WARNING, NULL, NULL, "7", "8"},
                                    {SEVERITY_WARNING, "沒有這張", "C9", "9", "10"}};
    char *text = annotated_content(HEAD "<office:body><office:spreadsheet><table:table table:name=\"宣導\">"
                                        "<table:table-row/></table:table>" TAIL,
                                   several, COUNT(several));

    cr_assert_not_null(strstr(text, "<text:p>1. 提醒：填 1，應為 2</text:p><text:p>2. 錯誤：填 3，應為 4</text:p>"));
    cr_assert_not_null(strstr(text, "<text:p>3. 提醒：填 7，應為 8</text:p><text:p>4. 提醒：填 9，應為 10</text:p>"));
    cr_assert_not_null(strstr(text, "<text:p>待說明：填 &lt;5&gt;，應為 6</text:p>"));
    cr_assert_eq(count_of(text, "table:style-name=\"mark0-\""), 1);
    cr_assert_eq(count_of(text, "table:style-name=\"mark1-\""), 1);
    cr_assert_not_null(strstr(text, "</office:automatic-styles><office:body>"));
    free(text);
}

Test(annotate_ods, what_belongs_to_no_cell_stands_where_a_reader_sees_it)
{
    const struct given whole = {SEVERITY_ERROR, NULL, NULL, "2178", "2151"};

    expect_sheet(
        TABLE("<table:table-column table:visibility=\"collapse\"/><table:table-row "
              "table:visibility=\"collapse\"/>" ROW("<table:table-cell/>")),
        whole, PLAIN_STYLE("FFC7CE"),
        TABLE("<table:table-column table:visibility=\"collapse\"/><table:table-row "
              "table:visibility=\"collapse\"/>" ROW("<table:table-cell/><table:table-cell "
                                                    "table:style-name=\"mark0-\">" COMMENT "</table:table-cell>")));
}

Test(annotate_ods, a_finding_in_a_cell_that_is_hidden_stands_where_it_is_seen)
{
    const struct given hidden[] = {{SEVERITY_ERROR, "宣導", "B1", "1", "2"}, {SEVERITY_ERROR, "宣導", "A3", "3", "4"}};
    char *text = annotated_content(
        HEAD STYLES BODY TABLE("<table:table-column table:visibility=\"collapse\"/><table:table-column/>"
                               "<table:table-row table:visibility=\"collapse\"/>" ROW("") ROW("")) TAIL,
        hidden, COUNT(hidden));

    cr_assert_eq(count_of(text, SIGN), 1);
    cr_assert_not_null(strstr(text, "<text:p>1. （隱藏的 B1 格）錯誤：填 1，應為 2</text:p>"
                                    "<text:p>2. （隱藏的 A3 格）錯誤：填 3，應為 4</text:p>"));
    cr_assert_not_null(
        strstr(text, "<table:table-row><table:table-cell/><table:table-cell table:style-name=\"mark0-\">"));
    free(text);
}

Test(annotate_ods, prefixes_may_be_any)
{
    const char *content = "<o:document-content xmlns:o=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" "
                          "xmlns=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" "
                          "xmlns:x=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" "
                          "xmlns:s=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\"><o:body><o:spreadsheet>"
                          "<table name=\"宣導\"><table-row/><table-row><table-cell/><table-cell><x:p>1</x:p>"
                          "</table-cell></table-row></table></o:spreadsheet></o:body></o:document-content>";
    char *text = annotated_content(content, &one, 1);

    cr_assert_not_null(strstr(text, "<table-cell/><table-cell><o:annotation o:display=\"false\""));
    cr_assert_not_null(strstr(text, "<x:p>錯誤：填 2178，應為 2151</x:p></o:annotation><x:p>1</x:p></table-cell>"));
    free(text);
}

Test(annotate_ods, with_nothing_to_say_the_bytes_come_back)
{
    struct made_file file = make_ods(HEAD STYLES BODY TABLE(ROW("<table:table-cell/>")) TAIL);
    struct made_file out = annotate_bytes(file.bytes, file.length, NULL, 0);

    cr_assert_eq(out.length, file.length);
    cr_assert_eq(memcmp(out.bytes, file.bytes, file.length), 0);
    free(file.bytes);
    free(out.bytes);
}

/* When most of an archive stays, libzip writes behind it. */
Test(annotate_ods, the_callers_bytes_stay_the_callers_however_much_of_them_stays)
{
    char large[4096];
    struct arena *arena = arena_new(JUDGED_MEMORY);

    unsigned number = 1;

    for (size_t i = 0; i < sizeof large - 1; i++) { /* nothing that deflates well */
        number = number * 1103515245u + 12345u;
        large[i] = (char)('!' + (number >> 16) % 90);
    }
    large[sizeof large - 1] = '\0';
    const struct made_member members[] = {
        {"large.txt", large, 0},
        {"content.xml", arena_format(arena, "%s", HEAD STYLES BODY TABLE(ROW("<table:table-cell/>")) TAIL), 0}};
    struct made_file file = make_archive(members, COUNT(members));
    char *before = malloc(file.length);

    memcpy(before, file.bytes, file.length);
    struct made_file out = annotate_bytes(file.bytes, file.length, &one, 1);
    char *text = member_of(&out, "large.txt");

    cr_assert_eq(memcmp(before, file.bytes, file.length), 0);
    cr_assert_str_eq(text, large);
    free(text);
    free(before);
    free(out.bytes);
    free(file.bytes);
    arena_free(arena);
}

static void expect_refusal(struct made_file file, const char *words)
{
    struct arena *arena = arena_new(JUDGED_MEMORY);
    struct findings findings = findings_of(arena, &one, 1);
    struct buffer out = BUFFER_WITH_LIMIT(ANNOTATED_LIMIT);
    const struct name *refusal = NULL;
    size_t cells;

    cr_assert_not(annotate_file(file.bytes, file.length, &findings, LANGUAGE_ZH, &out, &cells, &refusal));
    cr_assert_not_null(refusal);
    cr_assert_not_null(strstr(refusal->text[LANGUAGE_EN], words), "%s", refusal->text[LANGUAGE_EN]);
    cr_assert_eq(out.length, 0);
    buffer_free(&out);
    free(file.bytes);
    arena_free(arena);
}

Test(annotate_ods, what_cannot_be_annotated_says_why)
{
    const struct made_member bomb[] = {{"content.xml", NULL, 60 * 1024 * 1024}}, other[] = {{"a.txt", "x", 0}};

    expect_refusal(make_ods("<a/>"), "no spreadsheet");
    expect_refusal(make_ods(HEAD STYLES BODY "<table:table table:name=\"宣導\"><table:table-row>"), "not sound");
    expect_refusal(make_ods("<!DOCTYPE a [<!ENTITY b \"c\">]>" HEAD STYLES BODY TABLE(ROW("<table:table-cell/>")) TAIL),
                   "not sound");
    expect_refusal(make_archive(bomb, 1), "too large");
    expect_refusal(make_archive(other, 1), ".ods, .xlsx or CSV");
    struct made_file cut = make_ods(HEAD STYLES BODY TABLE(ROW("")) TAIL);

    cut.length /= 2;
    expect_refusal(cut, "file");
}
