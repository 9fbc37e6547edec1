/* sheet_ods.c: an ODS file's cells as their owner sees them. */
#include "unit/grid_support.h"

#define VALUE(type, attribute, value, shown)                                                                           \
    "<t:table-cell o:value-type='" type "' o:" attribute "='" value "'><x:p>" shown "</x:p></t:table-cell>"
#define FLOAT(value) VALUE("float", "value", value, "shown")
#define TEXT(text)   "<t:table-cell o:value-type='string'>" text "</t:table-cell>"

struct reading {
    const char *row, *cells;
};

static void expect_rows(const struct reading *readings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        expect_grid(make_ods_row(readings[i].row), readings[i].cells, "", readings[i].row);
}

Test(ods, numbers_are_what_was_seen_and_never_pass_through_binary)
{
    static const struct reading readings[] = {
        {FLOAT("12"), "A1=12:n"},
        {FLOAT("12.50"), "A1=12.50:n"},
        {FLOAT("1.0"), "A1=1:n"},
        {FLOAT("-0"), "A1=0:n"},
        {FLOAT("1.2E+3"), "A1=1200:n"},
        {FLOAT("1.2E-3"), "A1=0.0012:n"},
        {FLOAT("0.30000000000000004"), "A1=0.3:n"},
        {FLOAT("2.2999999999999998"), "A1=2.3:n"},
        {FLOAT("0.99999999999999989"), "A1=1:n"},
        {FLOAT("123456789012345678"), "A1=123456789012345678:n"},
        {FLOAT("9.00719925474099E+015"), "A1=9007199254740990:n"},
        {FLOAT("1E+999"), "A1=shown"},
        {FLOAT("much"), "A1=shown"},
        {VALUE("currency", "value", "2500", "NT$2,500"), "A1=2500:n"},
        {VALUE("percentage", "value", "0.125", "13%"), "A1=12.5%:p"},
        {VALUE("percentage", "value", "0.07", "7%"), "A1=7%:p"},
    };

    expect_rows(readings, COUNT(readings));
}

Test(ods, dates_times_and_booleans_have_one_form)
{
    static const struct reading readings[] = {
        {VALUE("date", "date-value", "2024-04-30", "113/4/30"), "A1=2024-04-30:d"},
        {VALUE("date", "date-value", "2024-04-30T00:00:00", "113/4/30"), "A1=2024-04-30:d"},
        {VALUE("date", "date-value", "2024-04-30T12:30:00.5", "x"), "A1=2024-04-30 12:30:00:d"},
        {VALUE("time", "time-value", "PT36H30M", "36:30"), "A1=36:30"},
        {VALUE("boolean", "boolean-value", "true", "是"), "A1=TRUE:b"},
        {VALUE("boolean", "boolean-value", "false", "否"), "A1=FALSE:b"},
    };

    expect_rows(readings, COUNT(readings));
}

Test(ods, a_text_is_its_paragraphs_without_remarks_drawings_and_spoken_signs)
{
    static const struct reading readings[] = {
        {TEXT("<x:p>a</x:p><x:p>b</x:p>"), "A1=a\nb"},
        {TEXT("<x:p>a<x:s x:c='2'/>b<x:s/>c<x:tab/>d<x:line-break/>e</x:p>"), "A1=a  b c\td\ne"},
        {TEXT("<x:p>\n  a\n  b </x:p>"), "A1=a b "},
        {TEXT("<x:p>a<x:span>b<x:a>c</x:a></x:span></x:p>"), "A1=abc"},
        {TEXT("<o:annotation><x:p>remark</x:p></o:annotation><x:p>a</x:p>"), "A1=a"},
        {TEXT("<d:frame><d:text-box><x:p>drawn</x:p></d:text-box></d:frame><x:p>a</x:p>"), "A1=a"},
        {TEXT("<x:p><x:ruby><x:ruby-base>桃</x:ruby-base><x:ruby-text>ㄊ</x:ruby-text></x:ruby>園</x:p>"), "A1=桃園"},
        {TEXT("between"), ""},
        {"<t:table-cell><x:p>no type</x:p></t:table-cell>", "A1=no type"},
        {"<t:table-cell o:value-type='string' o:string-value='given'/>", "A1=given"},
        {TEXT("<x:p>&amp;lt; &#x9F9C;</x:p>"), "A1=&lt; 龜"},
    };

    expect_rows(readings, COUNT(readings));
}

Test(ods, formulas_have_their_results_or_are_told_to_have_none)
{
    static const struct reading readings[] = {
        {"<t:table-cell t:formula='of:=[.A1]*2' o:value-type='float' o:value='4'><x:p>4</x:p></t:table-cell>",
         "A1=4:n"},
        {"<t:table-cell t:formula='of:=\"\"' o:value-type='string' o:string-value=''/>", ""},
        {"<t:table-cell t:formula='of:=SUM([.A1:.A2])'/>", "A1==SUM([.A1:.A2]):f"},
        {"<t:table-cell t:formula='of:=1/0' o:value-type='string' o:string-value='' "
         "calcext:value-type='error'><x:p>#DIV/0!</x:p></t:table-cell>",
         "A1=#DIV/0!:e"},
        {"<t:table-cell t:formula='of:=X' o:value-type='float' o:value='0'><x:p>Err:502</x:p></t:table-cell>",
         "A1=Err:502:e"},
        {TEXT("<x:p>#REF!</x:p>"), "A1=#REF!"},
    };

    expect_rows(readings, COUNT(readings));
}

Test(ods, what_repeats_is_repeated_and_what_is_merged_or_blank_is_not)
{
    static const struct reading readings[] = {
        {"<t:table-cell t:number-columns-repeated='2' o:value-type='float' o:value='1'/>" FLOAT("2"),
         "A1=1:n B1=1:n C1=2:n"},
        {"<t:table-cell t:number-columns-repeated='16384'/>", ""},
        {"<t:table-cell t:number-columns-repeated='3'/>" FLOAT("2"), "D1=2:n"},
        {FLOAT("1") "<t:covered-table-cell t:number-columns-repeated='2'><x:p>under</x:p></t:covered-table-cell>" FLOAT(
             "2"),
         "A1=1:n D1=2:n"},
        {FLOAT("1") "</t:table-row><t:table-row t:number-rows-repeated='1048000'><t:table-cell/></t:table-row>"
                    "<t:table-row t:number-rows-repeated='2'>" FLOAT("2"),
         "A1=1:n A1048002=2:n A1048003=2:n"},
        {"</t:table-row><t:table-row-group><t:table-header-rows><t:table-row>" FLOAT(
             "1") "</t:table-row></t:table-header-rows></t:table-row-group><t:table-row>",
         "A2=1:n"},
    };

    expect_rows(readings, COUNT(readings));
}

Test(ods, more_than_the_limits_is_refused_at_its_cell)
{
    expect_grid(make_ods_row("</t:table-row><t:table-row t:number-rows-repeated='1000000'>" FLOAT("1")), "",
                "unreadable_file A2", "a million filled rows");
    expect_grid(make_ods_row("<t:table-cell t:number-columns-repeated='99999999999999999999' o:value-type='float' "
                             "o:value='1'/>"),
                "", "unreadable_file A1", "columns without end");
    expect_grid(make_ods_row("<t:table-cell t:number-columns-repeated='1024'/>" FLOAT("1")), "", "unreadable_file AMK1",
                "column 1,025");
}

Test(ods, sheets_are_those_of_the_file_hidden_ones_told_by_their_style)
{
    expect_grid(
        make_ods(
            "<o:automatic-styles><s:style s:name='h' s:family='table'><s:table-properties "
            "t:display='false'/></s:style></o:automatic-styles><o:body><o:spreadsheet>"
            "<t:tracked-changes><t:table-row><t:table-cell><x:p>old</x:p></t:table-cell></t:table-row>"
            "</t:tracked-changes>"
            "<t:table t:name='a'><t:shapes><d:frame><t:table><t:table-row><t:table-cell><x:p>chart</x:p>"
            "</t:table-cell></t:table-row></t:table></d:frame></t:shapes>"
            "<t:table-row>" FLOAT(
                "1") "</t:table-row></t:table>"
                     "<t:table t:name='b' t:style-name='h'><t:table-row>" FLOAT(
                         "2") "</t:table-row></t:table>"
                              "<t:dde-links><t:dde-link><t:table><t:table-row><t:table-cell><x:p>x</x:p></t:table-cell>"
                              "</t:table-row></t:table></t:dde-link></t:dde-links></o:spreadsheet></o:body>"),
        "A1=1:n / ~ A1=2:n", "", "sheets");
}

Test(ods, a_flat_file_is_read_like_a_packed_one)
{
    static const char flat[] =
        ODS_BEGIN "<t:table t:name='S'><t:table-row>" FLOAT("1") "</t:table-row></t:table>" ODS_END;

    expect_grid((struct made_file){memcpy(malloc(sizeof flat), flat, sizeof flat - 1), sizeof flat - 1}, "A1=1:n", "",
                "flat");
}

Test(ods, declarations_depth_and_half_files_are_refused)
{
    static const char *const contents[] = {
        "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
        ODS_BEGIN "<t:table t:name='S'>",
        "<a><b></a>",
        "",
        "<a xmlns:x='y'/><b/>",
    };

    for (size_t i = 0; i < COUNT(contents); i++)
        expect_grid(
            make_archive((struct made_member[]){{"mimetype", "application/vnd.oasis.opendocument.spreadsheet", 0},
                                                {"content.xml", contents[i], 0}},
                         2),
            "", "unreadable_file -", contents[i]);
}
