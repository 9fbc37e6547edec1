/* ods_styles.c: the styles.xml of an ODS file: fonts, number formats, one named style for each enum cell_style, pages. */
#include <stdio.h>
#include <string.h>

#include "sheet/workbook_write.h"

static const char head[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<office:document-styles xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\""
    " xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\""
    " xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\""
    " xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\""
    " xmlns:number=\"urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0\""
    " xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\""
    " xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\" office:version=\"1.3\">"
    "<office:font-face-decls><style:font-face style:name=\"" WORKBOOK_FONT "\" svg:font-family=\"'" WORKBOOK_FONT
    "', 'DFKai-SB', 'BiauKai', 'TW-Kai', 'AR PL UKai TW', 'Noto Sans CJK TC'\" style:font-family-generic=\"script\"/>"
    "</office:font-face-decls>";

/* Dates are shown as 113年4月30日, whatever the program's language is; the cell's value stays the date. */
static const char numbers[] =
    "<number:number-style style:name=\"n-general\"><number:number number:min-integer-digits=\"1\"/></number:number-style>"
    "<number:text-style style:name=\"n-text\"><number:text-content/></number:text-style>"
    "<number:number-style style:name=\"n-grouped\"><number:number number:decimal-places=\"0\""
    " number:min-decimal-places=\"0\" number:min-integer-digits=\"1\" number:grouping=\"true\"/></number:number-style>"
    "<number:date-style style:name=\"n-date\" number:language=\"zh\" number:country=\"TW\">"
    "<number:year number:calendar=\"ROC\"/><number:text>年</number:text><number:month number:calendar=\"ROC\"/>"
    "<number:text>月</number:text><number:day number:calendar=\"ROC\"/><number:text>日</number:text></number:date-style>"
    "<number:number-style style:name=\"n-rate\"><number:number number:decimal-places=\"2\""
    " number:min-decimal-places=\"2\" number:min-integer-digits=\"1\"/></number:number-style>";

static const char *const number_names[NUMBER_LOOK_COUNT] = {
    [NUMBER_GENERAL] = "n-general", [NUMBER_TEXT] = "n-text", [NUMBER_GROUPED] = "n-grouped",
    [NUMBER_DATE] = "n-date",       [NUMBER_RATE] = "n-rate",
};
static const char *const alignments[ALIGNMENT_COUNT] = {
    [ALIGN_START] = "start", [ALIGN_CENTRE] = "center", [ALIGN_END] = "end"};

static void write_cell_properties(struct buffer *out, const struct cell_look *look, bool below)
{
    buffer_append_format(out,
                         "<style:table-cell-properties style:cell-protect=\"%s\" style:vertical-align=\"middle\""
                         " fo:wrap-option=\"%s\"",
                         look->unlocked ? "none" : "protected", look->wrapped ? "wrap" : "no-wrap");
    if (look->bordered && !below)
        buffer_append_text(out, " fo:border=\"0.5pt solid #9db5ad\" fo:padding=\"0.7mm\"");
    if (look->paper != NO_COLOUR && !below)
        buffer_append_format(out, " fo:background-color=\"#%06x\"", (unsigned)look->paper);
    buffer_append_text(out, "/>");
}

/* `below`: for the rows below the last one, which look empty but are formatted and locked in the same way. */
static void write_cell_style(struct buffer *out, const struct cell_look *look, bool below)
{
    buffer_append_format(out,
                         "<style:style style:name=\"%s%s\" style:family=\"table-cell\""
                         " style:parent-style-name=\"Default\" style:data-style-name=\"%s\">",
                         below ? "below-" : "", look->name, number_names[look->number]);
    write_cell_properties(out, look, below);
    buffer_append_format(out, "<style:paragraph-properties fo:text-align=\"%s\"/>", alignments[look->alignment]);
    buffer_append_format(out, "<style:text-properties fo:color=\"#%06x\"", (unsigned)look->ink);
    for (int i = 0; i < 2; i++) {
        static const char *const prefixes[2] = {"fo:", "style:"}, *const suffixes[2] = {"", "-asian"};

        buffer_append_format(out, " %sfont-size%s=\"%dpt\"", prefixes[i], suffixes[i], look->points);
        if (look->bold)
            buffer_append_format(out, " %sfont-weight%s=\"bold\"", prefixes[i], suffixes[i]);
    }
    buffer_append_text(out, "/></style:style>");
}

/* Shrinks a wide sheet so that its columns stand on one page; never below what can be read. */
static int page_scale(const struct workbook_sheet *sheet)
{
    int width = sheet_width(sheet), page = page_width(sheet->landscape);
    int scale = width > page ? page * 100 / width : 100;

    return scale < 40 ? 40 : scale;
}

void ods_page_name(const struct workbook_sheet *sheet, char ret_name[static 32])
{
    snprintf(ret_name, 32, "%s-%d", sheet->landscape ? "landscape" : "portrait", page_scale(sheet));
}

/* Whether a sheet before this one has the same page. */
static bool page_is_known(const struct workbook *workbook, size_t sheet)
{
    char name[32], other[32];

    ods_page_name(workbook->sheets[sheet], name);
    for (size_t s = 0; s < sheet; s++) {
        ods_page_name(workbook->sheets[s], other);
        if (strcmp(name, other) == 0)
            return true;
    }
    return false;
}

static void write_page_layout(struct buffer *out, const struct workbook_sheet *sheet)
{
    char name[32];

    ods_page_name(sheet, name);
    buffer_append_format(
        out,
        "<style:page-layout style:name=\"layout-%s\"><style:page-layout-properties fo:page-width=\"%s\""
        " fo:page-height=\"%s\" style:print-orientation=\"%s\" fo:margin=\"15mm\""
        " style:table-centering=\"horizontal\" style:scale-to=\"%d%%\""
        " style:print=\"objects charts drawings zero-values\"/>"
        "<style:header-style/><style:footer-style><style:header-footer-properties"
        " fo:min-height=\"7mm\" fo:margin-top=\"2mm\"/></style:footer-style></style:page-layout>",
        name, sheet->landscape ? "297mm" : "210mm", sheet->landscape ? "210mm" : "297mm",
        sheet->landscape ? "landscape" : "portrait", page_scale(sheet));
}

static void write_master_page(struct buffer *out, const struct workbook_sheet *sheet)
{
    char name[32];

    ods_page_name(sheet, name);
    buffer_append_format(out,
                         "<style:master-page style:name=\"%s\" style:page-layout-name=\"layout-%s\">"
                         "<style:header style:display=\"false\"/><style:footer><style:region-left><text:p>",
                         name, name);
    buffer_append_text(out, "<text:sheet-name>Sheet</text:sheet-name></text:p></style:region-left>"
                            "<style:region-right><text:p>第 <text:page-number>1</text:page-number> 頁，共 "
                            "<text:page-count>99</text:page-count> 頁</text:p></style:region-right></style:footer>"
                            "</style:master-page>");
}

void ods_write_styles(const struct workbook *workbook, struct buffer *out)
{
    buffer_append_text(out, head);
    buffer_append_text(out, "<office:styles><style:default-style style:family=\"table-cell\">"
                            "<style:text-properties style:font-name=\"" WORKBOOK_FONT
                            "\" style:font-name-asian=\"" WORKBOOK_FONT "\" fo:font-size=\"11pt\""
                            " style:font-size-asian=\"11pt\" fo:language=\"en\" fo:country=\"US\""
                            " style:language-asian=\"zh\" style:country-asian=\"TW\"/></style:default-style>");
    buffer_append_text(out, numbers);
    buffer_append_text(out, "<style:style style:name=\"Default\" style:family=\"table-cell\"/>");
    for (int style = 0; style < STYLE_COUNT; style++) {
        write_cell_style(out, &cell_looks[style], false);
        write_cell_style(out, &cell_looks[style], true);
    }
    buffer_append_text(out, "</office:styles><office:automatic-styles>");
    for (size_t s = 0; s < workbook->sheet_count; s++)
        if (!page_is_known(workbook, s))
            write_page_layout(out, workbook->sheets[s]);
    buffer_append_text(out, "</office:automatic-styles><office:master-styles>");
    for (size_t s = 0; s < workbook->sheet_count; s++)
        if (!page_is_known(workbook, s))
            write_master_page(out, workbook->sheets[s]);
    buffer_append_text(out, "</office:master-styles></office:document-styles>");
}
