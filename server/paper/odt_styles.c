/* odt_styles.c: the styles.xml of a paper: named styles of paragraphs, the numbering of headings and lists, pages. */
#include <stdio.h>
#include <string.h>

#include "paper/odt.h"
#include "sheet/sound_text.h"

const char odt_namespaces[] = " xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\""
                              " xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\""
                              " xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\""
                              " xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\""
                              " xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\""
                              " xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\""
                              " xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\""
                              " xmlns:xlink=\"http://www.w3.org/1999/xlink\" office:version=\"1.3\"";

void odt_append_fonts(const struct odt *odt)
{
    buffer_append_text(odt->out,
                       "<office:font-face-decls>"
                       "<style:font-face style:name=\"script\" svg:font-family=\"標楷體, 'DFKai-SB', BiauKai, 'TW-Kai',"
                       " 'AR PL UKai TW', 'Noto Serif CJK TC'\" style:font-family-generic=\"script\"/>"
                       "<style:font-face style:name=\"latin\" svg:font-family=\"'Times New Roman', 'Liberation Serif'\""
                       " style:font-family-generic=\"roman\"/></office:font-face-decls>");
}

/* A paragraph style. Lengths in points; `line` in percent; `also` are further properties of paragraphs. */
struct paragraph_style {
    const char *name, *shown, *parent;
    const char *next; /* the style of the paragraph behind it; NULL: the same */
    double size;
    int line; /* fixed, in hundredths of the size, as on the PDF's pages; 0: as high as what stands in it */
    double above, below;
    const char *align;
    bool bold, keeps;
    const char *also;
};

static const struct paragraph_style paragraph_styles[] = {
    {"Text_20_body", "Text body", "Standard", NULL, 12, 160, 0, 4, "start", false, false, ""},
    {"Lead", "Lead", "Text_20_body", "Text_20_body", 12, 160, 0, 4, "start", false, true, ""},
    {"Centred", "Centred", "Text_20_body", NULL, 12, 160, 0, 4, "center", false, false, ""},
    {"Title_20_Line", "Title Line", "Title", "Text_20_body", 18, 140, 0, 8, "center", true, true, ""},
    {"Small", "Small", "Text_20_body", NULL, 9.5, 140, 0, 4, "start", false, false, ""},
    {"Item", "Item", "Text_20_body", NULL, 12, 160, 0, 3, "start", false, false, ""},
    {"Item_20_Lead", "Item Lead", "Item", "Item", 12, 160, 0, 3, "start", false, true, ""},
    {"Heading_20_1", "Heading 1", "Standard", "Text_20_body", 16, 140, 14, 6, "start", true, true, ""},
    {"Heading_20_2", "Heading 2", "Standard", "Text_20_body", 14, 140, 10, 5, "start", true, true, ""},
    {"Heading_20_3", "Heading 3", "Standard", "Text_20_body", 12.5, 140, 8, 4, "start", true, true, ""},
    {"Organisation", "Organisation", "Standard", NULL, 18, 140, 90, 0, "center", false, false, ""},
    {"Title", "Title", "Standard", "Subtitle", 24, 140, 26, 0, "center", true, false, ""},
    {"Subtitle", "Subtitle", "Standard", NULL, 18, 140, 14, 0, "center", false, false, ""},
    {"Cover_20_Date", "Cover Date", "Standard", NULL, 15, 140, 26, 70, "center", false, false, ""},
    {"Cover_20_Line", "Cover Line", "Standard", NULL, 13, 150, 0, 4, "start", false, false,
     " fo:margin-left=\"5.2cm\" fo:text-indent=\"-3.8cm\""},
    {"Cover_20_Sample", "Cover Sample", "Standard", NULL, 14, 140, 90, 0, "center", true, false, ""},
    {"Cover_20_Note", "Cover Note", "Standard", NULL, 10.5, 140, 6, 0, "center", false, false, ""},
    {"Contents_20_Heading", "Contents Heading", "Standard", NULL, 18, 140, 0, 14, "center", true, true, ""},
    {"Contents_20_1", "Contents 1", "Standard", NULL, 12, 150, 0, 0, "start", true, false, ""},
    {"Contents_20_2", "Contents 2", "Standard", NULL, 12, 150, 0, 0, "start", false, false,
     " fo:margin-left=\"0.7cm\""},
    {"Table_20_Caption", "Table Caption", "Standard", NULL, 11, 140, 6, 3, "start", true, true, ""},
    {"Table_20_Heading", "Table Heading", "Standard", NULL, 10.5, 130, 0, 0, "center", true, false, ""},
    {"Table_20_Text", "Table Text", "Standard", NULL, 10.5, 130, 0, 0, "start", false, false, ""},
    {"Table_20_Centre", "Table Centre", "Table_20_Text", NULL, 10.5, 130, 0, 0, "center", false, false, ""},
    {"Table_20_Number", "Table Number", "Table_20_Text", NULL, 10.5, 130, 0, 0, "end", false, false, ""},
    {"Dense_20_Heading", "Dense Heading", "Table_20_Heading", NULL, 9, 130, 0, 0, "center", true, false, ""},
    {"Dense_20_Text", "Dense Text", "Table_20_Text", NULL, 9, 130, 0, 0, "start", false, false, ""},
    {"Dense_20_Centre", "Dense Centre", "Table_20_Text", NULL, 9, 130, 0, 0, "center", false, false, ""},
    {"Dense_20_Number", "Dense Number", "Table_20_Text", NULL, 9, 130, 0, 0, "end", false, false, ""},
    {"Note", "Note", "Standard", NULL, 9, 135, 2, 0, "start", false, false,
     " fo:margin-left=\"0.64cm\" fo:text-indent=\"-0.64cm\""},
    {"Note_20_Lead", "Note with more notes", "Note", "Note", 9, 135, 2, 0, "start", false, true,
     " fo:margin-left=\"0.64cm\" fo:text-indent=\"-0.64cm\""},
    {"Figure", "Figure", "Standard", NULL, 9, 0, 6, 2, "center", false, true, ""},
    {"Figure_20_Caption", "Figure Caption", "Standard", NULL, 11, 140, 0, 6, "center", true, false, ""},
    {"Figure_20_Lead", "Figure Caption with notes", "Figure_20_Caption", "Note", 11, 140, 0, 2, "center", true, true,
     ""},
    {"Spacer", "Spacer", "Standard", NULL, 6, 100, 0, 0, "start", false, false, ""},
    {"Header", "Header", "Standard", NULL, 9, 130, 0, 0, "start", false, false,
     " fo:border-bottom=\"0.5pt solid #000000\" fo:padding-bottom=\"0.08cm\""},
    {"Footer", "Footer", "Standard", NULL, 9, 130, 0, 0, "center", false, false, ""},
};

/* The right edge, where page numbers and the header's right half stand. */
static const char *tab_stops(const struct paragraph_style *style)
{
    static const char header[] = "Header", contents[] = "Contents_20_", cover[] = "Cover_20_Line";

    if (strcmp(style->name, header) == 0)
        return "<style:tab-stops><style:tab-stop style:position=\"16.6cm\" style:type=\"right\"/></style:tab-stops>";
    if (strcmp(style->name, cover) == 0)
        return "<style:tab-stops><style:tab-stop style:position=\"0cm\"/></style:tab-stops>";
    if (strncmp(style->name, contents, sizeof contents - 1) == 0 && style->size < 13)
        return style->name[sizeof contents - 1] == '1'
                   ? "<style:tab-stops><style:tab-stop style:position=\"16.6cm\" style:type=\"right\""
                     " style:leader-style=\"dotted\" style:leader-text=\".\"/></style:tab-stops>"
                   : "<style:tab-stops><style:tab-stop style:position=\"15.9cm\" style:type=\"right\""
                     " style:leader-style=\"dotted\" style:leader-text=\".\"/></style:tab-stops>";
    return "";
}

static void write_paragraph_style(struct buffer *out, const struct paragraph_style *style)
{
    char height[16];

    snprintf(height, sizeof height, "%.1fpt", style->size * style->line / 100);
    buffer_append_format(out,
                         "<style:style style:name=\"%s\" style:display-name=\"%s\" style:family=\"paragraph\""
                         " style:parent-style-name=\"%s\"",
                         style->name, style->shown, style->parent);
    if (style->next)
        buffer_append_format(out, " style:next-style-name=\"%s\"", style->next);
    if (strncmp(style->name, "Heading_20_", 11) == 0)
        buffer_append_format(out, " style:default-outline-level=\"%c\"", style->name[11]);
    buffer_append_format(out,
                         " style:class=\"text\"><style:paragraph-properties fo:line-height=\"%s\""
                         " fo:margin-top=\"%.1fpt\" fo:margin-bottom=\"%.1fpt\" fo:text-align=\"%s\"%s%s>%s"
                         "</style:paragraph-properties><style:text-properties fo:font-size=\"%.1fpt\""
                         " style:font-size-asian=\"%.1fpt\" style:font-size-complex=\"%.1fpt\"",
                         style->line ? height : "100%", style->above, style->below, style->align,
                         style->keeps ? " fo:keep-with-next=\"always\"" : "", style->also, tab_stops(style),
                         style->size, style->size, style->size);
    buffer_append_format(out, " fo:font-weight=\"%s\" style:font-weight-asian=\"%s\"/></style:style>",
                         style->bold ? "bold" : "normal", style->bold ? "bold" : "normal");
}

static void write_defaults(const struct odt *odt)
{
    bool chinese = odt->language == LANGUAGE_ZH;

    buffer_append_format(
        odt->out,
        "<style:default-style style:family=\"paragraph\"><style:paragraph-properties fo:orphans=\"2\" fo:widows=\"2\""
        " style:text-autospace=\"ideograph-alpha\" style:punctuation-wrap=\"hanging\" style:line-break=\"strict\""
        " style:writing-mode=\"lr-tb\"/><style:text-properties style:font-name=\"latin\""
        " style:font-name-asian=\"script\" style:font-name-complex=\"latin\" fo:font-size=\"12pt\""
        " style:font-size-asian=\"12pt\" style:font-size-complex=\"12pt\" fo:language=\"en\" fo:country=\"%s\""
        " style:language-asian=\"zh\" style:country-asian=\"TW\"/></style:default-style>",
        chinese ? "US" : "GB");
    buffer_append_text(odt->out,
                       "<style:default-style style:family=\"table\"><style:table-properties"
                       " table:border-model=\"collapsing\"/></style:default-style>"
                       "<style:style style:name=\"Standard\" style:family=\"paragraph\" style:class=\"text\"/>"
                       "<style:style style:name=\"Strong_20_Emphasis\" style:display-name=\"Strong Emphasis\""
                       " style:family=\"text\"><style:text-properties fo:font-weight=\"bold\""
                       " style:font-weight-asian=\"bold\"/></style:style>"
                       "<style:style style:name=\"Index_20_Link\" style:display-name=\"Index Link\""
                       " style:family=\"text\"/>"
                       "<style:style style:name=\"Graphics\" style:family=\"graphic\"><style:graphic-properties"
                       " style:vertical-pos=\"top\" style:vertical-rel=\"baseline\" fo:border=\"none\""
                       " fo:padding=\"0cm\"/></style:style>");
}

/* ---- numbers ------------------------------------------------------------------------------------------------------------ */

static const char plain_chinese[] = "一, 二, 三, ...", formal_chinese[] = "壹, 貳, 參, ...";

static void write_outline_level(struct buffer *out, unsigned level, enum language language)
{
    bool chinese = language == LANGUAGE_ZH;

    buffer_append_format(out, "<text:outline-level-style text:level=\"%u\"", level);
    if (level > PAPER_MOST_LEVEL)
        buffer_append_text(out, " style:num-format=\"\"");
    else if (!chinese)
        buffer_append_format(out, " style:num-format=\"1\" text:display-levels=\"%u\" style:num-suffix=\"  \"", level);
    else if (level == 3)
        buffer_append_format(out, " style:num-format=\"%s\" style:num-prefix=\"（\" style:num-suffix=\"）\"",
                             plain_chinese);
    else
        buffer_append_format(out, " style:num-format=\"%s\" style:num-suffix=\"、\"",
                             level == 1 ? formal_chinese : plain_chinese);
    buffer_append_text(out, "><style:list-level-properties text:list-level-position-and-space-mode=\"label-alignment\">"
                            "<style:list-level-label-alignment text:label-followed-by=\"nothing\"/>"
                            "</style:list-level-properties></text:outline-level-style>");
}

static void write_item_level(struct buffer *out, unsigned level, enum language language)
{
    static const struct {
        const char *format, *prefix, *suffix;
        double hang;         /* in points */
        const char *follows; /* a full-width sign needs no gap, and 十一、 must not push its text to the next tab */
    } levels[2][PAPER_MOST_ITEM_LEVEL] = {{{plain_chinese, "", "、", 24, "nothing"},
                                           {plain_chinese, "（", "）", 36, "nothing"},
                                           {"1", "", ".", 15, "listtab"},
                                           {"1", "（", "）", 30, "nothing"}},
                                          {{"1", "", ".", 19.2, "listtab"},
                                           {"a", "(", ")", 19.2, "listtab"},
                                           {"i", "", ".", 19.2, "listtab"},
                                           {"1", "(", ")", 19.2, "listtab"}}};
    bool english = language == LANGUAGE_EN;
    double hang = levels[english][level - 1].hang, left = (level - 1) * (english ? 19.2 : 24) + hang;

    buffer_append_format(out,
                         "<text:list-level-style-number text:level=\"%u\" style:num-format=\"%s\""
                         " style:num-prefix=\"%s\" style:num-suffix=\"%s\"><style:list-level-properties"
                         " text:list-level-position-and-space-mode=\"label-alignment\">"
                         "<style:list-level-label-alignment text:label-followed-by=\"%s\""
                         " text:list-tab-stop-position=\"%.1fpt\" fo:margin-left=\"%.1fpt\""
                         " fo:text-indent=\"-%.1fpt\"/></style:list-level-properties></text:list-level-style-number>",
                         level, levels[english][level - 1].format, levels[english][level - 1].prefix,
                         levels[english][level - 1].suffix, levels[english][level - 1].follows, left, left, hang);
}

static void write_numbering(const struct odt *odt)
{
    enum { OUTLINE_LEVELS = 10 };

    buffer_append_text(odt->out, "<text:outline-style style:name=\"Outline\">");
    for (unsigned level = 1; level <= OUTLINE_LEVELS; level++)
        write_outline_level(odt->out, level, odt->language);
    buffer_append_text(odt->out, "</text:outline-style><text:list-style style:name=\"Items\">");
    for (unsigned level = 1; level <= PAPER_MOST_ITEM_LEVEL; level++)
        write_item_level(odt->out, level, odt->language);
    buffer_append_text(odt->out, "</text:list-style>");
}

/* ---- pages -------------------------------------------------------------------------------------------------------------- */

static void write_layout(struct buffer *out, const char *name, bool landscape, bool bare)
{
    buffer_append_format(
        out,
        "<style:page-layout style:name=\"%s\"><style:page-layout-properties fo:page-width=\"%s\" fo:page-height=\"%s\""
        " style:print-orientation=\"%s\" fo:margin-left=\"2.2cm\" fo:margin-right=\"2.2cm\" fo:margin-top=\"%s\""
        " fo:margin-bottom=\"%s\"/>",
        name, landscape ? "29.7cm" : "21cm", landscape ? "21cm" : "29.7cm", landscape ? "landscape" : "portrait",
        bare ? "2.4cm" : "1.4cm", bare ? "2.2cm" : "1.1cm");
    buffer_append_text(out, bare ? "<style:header-style/><style:footer-style/>"
                                 : "<style:header-style><style:header-footer-properties fo:min-height=\"0.9cm\""
                                   " fo:margin-bottom=\"0.4cm\"/></style:header-style><style:footer-style>"
                                   "<style:header-footer-properties fo:min-height=\"0.9cm\" fo:margin-top=\"0.4cm\"/>"
                                   "</style:footer-style>");
    buffer_append_text(out, "</style:page-layout>");
}

static void write_master(const struct odt *odt, const char *name, const char *layout, const char *header)
{
    const struct paper_head *head = &odt->paper->head;
    struct buffer *out = odt->out;
    bool chinese = odt->language == LANGUAGE_ZH;

    buffer_append_format(out,
                         "<style:master-page style:name=\"%s\" style:page-layout-name=\"%s\"><style:header>"
                         "<text:p text:style-name=\"%s\">",
                         name, layout, header);
    xml_append(out, head->title);
    buffer_append_text(out, "<text:tab/>");
    xml_append(out, head->sample ? head->sample : "");
    buffer_append_text(out, "</text:p></style:header><style:footer><text:p text:style-name=\"Footer\">");
    buffer_append_text(out, chinese ? "第 <text:page-number text:select-page=\"current\">1</text:page-number> 頁，共 "
                                      "<text:page-count>1</text:page-count> 頁"
                                    : "Page <text:page-number text:select-page=\"current\">1</text:page-number> of "
                                      "<text:page-count>1</text:page-count>");
    buffer_append_text(out, "</text:p></style:footer></style:master-page>");
}

static void write_pages(const struct odt *odt)
{
    struct buffer *out = odt->out;

    buffer_append_text(out, "<office:automatic-styles>"
                            "<style:style style:name=\"Header-wide\" style:family=\"paragraph\""
                            " style:parent-style-name=\"Header\"><style:paragraph-properties><style:tab-stops>"
                            "<style:tab-stop style:position=\"25.3cm\" style:type=\"right\"/></style:tab-stops>"
                            "</style:paragraph-properties></style:style>");
    write_layout(out, "layout-cover", false, true);
    write_layout(out, "layout-portrait", false, false);
    write_layout(out, "layout-landscape", true, false);
    buffer_append_text(out, "</office:automatic-styles><office:master-styles>");
    write_master(odt, "Standard", "layout-portrait", "Header");
    write_master(odt, "Landscape", "layout-landscape", "Header-wide");
    buffer_append_text(out, "<style:master-page style:name=\"Cover\" style:page-layout-name=\"layout-cover\""
                            " style:next-style-name=\"Standard\"/></office:master-styles>");
}

void odt_write_styles(const struct odt *odt)
{
    buffer_append_text(odt->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document-styles");
    buffer_append_text(odt->out, odt_namespaces);
    buffer_append_text(odt->out, ">");
    odt_append_fonts(odt);
    buffer_append_text(odt->out, "<office:styles>");
    write_defaults(odt);
    for (size_t i = 0; i < sizeof paragraph_styles / sizeof *paragraph_styles; i++)
        write_paragraph_style(odt->out, &paragraph_styles[i]);
    write_numbering(odt);
    buffer_append_text(odt->out, "</office:styles>");
    write_pages(odt);
    buffer_append_text(odt->out, "</office:document-styles>");
}
