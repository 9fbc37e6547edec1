/* odt_content.c: the content.xml of a paper: its blocks in their order. */
#include <string.h>

#include "paper/chart.h"
#include "paper/odt.h"
#include "sheet/sound_text.h"

/* ---- text --------------------------------------------------------------------------------------------------------------- */

void odt_append(const struct odt *odt, const char *text)
{
    bool blank_before = true;

    for (; *text; text++) {
        char character[2] = {*text, '\0'};

        if (*text == '\n')
            buffer_append_text(odt->out, "<text:line-break/>");
        else if (*text == ' ' && blank_before)
            buffer_append_text(odt->out, "<text:s/>");
        else if (strchr("&<>\"", *text))
            xml_append(odt->out, character);
        else
            buffer_append_char(odt->out, *text);
        blank_before = *text == ' ' || *text == '\n';
    }
}

static const char turn_signs[TURN_COUNT] = {'-', 'B', 'P', 'L'};

void odt_open_paragraph(const struct odt *odt, const char *style, enum odt_turn turn)
{
    buffer_append_format(odt->out, "<text:p text:style-name=\"%s", style);
    if (turn != TURN_NONE)
        buffer_append_format(odt->out, "-%c", turn_signs[turn]);
    buffer_append_text(odt->out, "\">");
}

static void put_paragraph(const struct odt *odt, const char *style, enum odt_turn turn, const char *text)
{
    odt_open_paragraph(odt, style, turn);
    odt_append(odt, text ? text : "");
    buffer_append_text(odt->out, "</text:p>");
}

static void put_runs(const struct odt *odt, const struct paper_block *block)
{
    for (size_t i = 0; i < block->run_count; i++) {
        if (block->runs[i].bold)
            buffer_append_text(odt->out, "<text:span text:style-name=\"Strong_20_Emphasis\">");
        odt_append(odt, block->runs[i].text);
        if (block->runs[i].bold)
            buffer_append_text(odt->out, "</text:span>");
    }
}

void odt_caption(const struct odt *odt, bool of_table, unsigned number, const char *caption)
{
    static const char *const words[2][2] = {{"圖 ", "Figure "}, {"表 ", "Table "}};
    const char *sequence = of_table ? "Table" : "Figure";

    buffer_append_text(odt->out, words[of_table][odt->language]);
    buffer_append_format(odt->out,
                         "<text:sequence text:ref-name=\"ref%s%u\" text:name=\"%s\" text:formula=\"ooow:%s+1\""
                         " style:num-format=\"1\">%u</text:sequence>",
                         sequence, number, sequence, sequence, number);
    buffer_append_text(odt->out, odt->language == LANGUAGE_ZH ? "　" : ". ");
    odt_append(odt, caption);
}

/* ---- automatic styles ----------------------------------------------------------------------------------------------------- */

/* The styles that can begin a page. */
static const char *const turning_styles[] = {
    "Text_20_body", "Item_20_Lead", "Lead",         "Centred",          "Small",  "Item",   "Heading_20_1",
    "Heading_20_2", "Heading_20_3", "Organisation", "Table_20_Caption", "Figure", "Spacer", "Contents_20_Heading",
    "Title_20_Line"};

static void write_turning_styles(const struct odt *odt)
{
    static const char *const masters[TURN_COUNT] = {NULL, NULL, "Standard", "Landscape"};

    for (size_t i = 0; i < sizeof turning_styles / sizeof *turning_styles; i++) {
        for (int turn = TURN_PAGE; turn < TURN_COUNT; turn++) {
            buffer_append_format(odt->out,
                                 "<style:style style:name=\"%s-%c\" style:family=\"paragraph\""
                                 " style:parent-style-name=\"%s\"",
                                 turning_styles[i], turn_signs[turn], turning_styles[i]);
            if (masters[turn])
                buffer_append_format(odt->out, " style:master-page-name=\"%s\"/>", masters[turn]);
            else
                buffer_append_text(odt->out, "><style:paragraph-properties fo:break-before=\"page\"/></style:style>");
        }
    }
}

static void write_cell_style(const struct odt *odt, const char *name, const char *paper, const char *border)
{
    buffer_append_format(
        odt->out,
        "<style:style style:name=\"%s\" style:family=\"table-cell\"><style:table-cell-properties"
        " fo:border=\"%s\" fo:padding-top=\"0.9mm\" fo:padding-bottom=\"0.9mm\" fo:padding-left=\"1.5mm\" fo:padding-right=\"1.5mm\" style:vertical-align=\"middle\"%s/></style:style>",
        name, border, paper);
}

static void write_automatic_styles(const struct odt *odt)
{
    static const char thin[] = "0.5pt solid #737373";
    size_t tables = 0;

    buffer_append_text(odt->out, "<office:automatic-styles>"
                                 "<style:style style:name=\"Cover-first\" style:family=\"paragraph\""
                                 " style:parent-style-name=\"Organisation\" style:master-page-name=\"Cover\"/>"
                                 "<style:style style:name=\"row\" style:family=\"table-row\">"
                                 "<style:table-row-properties fo:keep-together=\"always\"/></style:style>"
                                 "<style:style style:name=\"row-long\" style:family=\"table-row\">"
                                 "<style:table-row-properties fo:keep-together=\"auto\"/></style:style>"
                                 "<style:style style:name=\"row-box\" style:family=\"table-row\">"
                                 "<style:table-row-properties style:min-row-height=\"26mm\""
                                 " fo:keep-together=\"always\"/></style:style>"
                                 "<style:style style:name=\"box\" style:family=\"table\"><style:table-properties"
                                 " style:width=\"166mm\" table:align=\"left\"/></style:style>"
                                 "<style:style style:name=\"box.0\" style:family=\"table-column\">"
                                 "<style:table-column-properties style:column-width=\"166mm\"/></style:style>"
                                 "<style:style style:name=\"contents\" style:family=\"section\"/>");
    write_cell_style(odt, "cell", "", thin);
    write_cell_style(odt, "cell-heading", " fo:background-color=\"#e6e6e6\"", thin);
    write_cell_style(odt, "cell-strong", " fo:background-color=\"#f2f2f2\"", thin);
    buffer_append_text(odt->out, "<style:style style:name=\"cell-box\" style:family=\"table-cell\">"
                                 "<style:table-cell-properties fo:border=\"0.9pt solid #000000\" fo:padding=\"2mm\""
                                 " style:vertical-align=\"top\"/></style:style>");
    write_turning_styles(odt);
    for (size_t i = 0; i < odt->paper->block_count; i++)
        if (odt->paper->blocks[i].kind == PAPER_TABLE)
            odt_table_styles(odt, odt->paper->blocks[i].table, ++tables);
    buffer_append_text(odt->out, "</office:automatic-styles>");
}

/* ---- blocks ---------------------------------------------------------------------------------------------------------------- */

static void put_cover(const struct odt *odt, const struct paper_block *block)
{
    const struct paper_head *head = &odt->paper->head;
    const char *colon = odt->language == LANGUAGE_ZH ? "：" : ": ";

    buffer_append_text(odt->out, "<text:p text:style-name=\"Cover-first\">");
    odt_append(odt, head->organisation ? head->organisation : "");
    buffer_append_text(odt->out, "</text:p>");
    put_paragraph(odt, "Title", TURN_NONE, head->title);
    put_paragraph(odt, "Subtitle", TURN_NONE, head->subtitle);
    put_paragraph(odt, "Cover_20_Date", TURN_NONE, head->date);
    for (size_t i = 0; i < block->line_count; i++) {
        odt_open_paragraph(odt, "Cover_20_Line", TURN_NONE);
        odt_append(odt, block->lines[i].label);
        buffer_append_text(odt->out, odt->language == LANGUAGE_ZH ? "：<text:tab/>" : ":<text:tab/>");
        odt_append(odt, block->lines[i].text);
        buffer_append_text(odt->out, "</text:p>");
    }
    put_paragraph(odt, "Cover_20_Sample", TURN_NONE, head->sample);
    if (head->identifier)
        put_paragraph(
            odt, "Cover_20_Note", TURN_NONE,
            arena_format(odt->arena, "%s%s%s", paper_word(WORD_IDENTIFIER, odt->language), colon, head->identifier));
    if (head->moment)
        put_paragraph(odt, "Cover_20_Note", TURN_NONE,
                      arena_format(odt->arena, "%s%s%s", paper_word(WORD_AS_OF, odt->language), colon,
                                   shown_moment(odt->arena, head->moment, odt->language)));
}

static void put_entry_template(const struct odt *odt, unsigned level)
{
    buffer_append_format(odt->out,
                         "<text:table-of-content-entry-template text:outline-level=\"%u\""
                         " text:style-name=\"Contents_20_%u\">"
                         "<text:index-entry-link-start text:style-name=\"Index_20_Link\"/><text:index-entry-chapter/>"
                         "<text:index-entry-text/><text:index-entry-tab-stop style:type=\"right\""
                         " style:leader-char=\".\"/><text:index-entry-page-number/><text:index-entry-link-end/>"
                         "</text:table-of-content-entry-template>",
                         level, level);
}

/* An entry as it would be generated. Its page number is a field, so that whatever program lays the pages out says where
 * the heading stands there; what stands in the file is the PDF's page. */
static void put_entry(const struct odt *odt, size_t index)
{
    const struct paper_block *block = &odt->paper->blocks[index];

    buffer_append_format(odt->out,
                         "<text:p text:style-name=\"Contents_20_%u\"><text:a xlink:type=\"simple\""
                         " xlink:href=\"#h%zu\" text:style-name=\"Index_20_Link\""
                         " text:visited-style-name=\"Index_20_Link\">",
                         block->level, index);
    odt_append(odt, block->number);
    if (odt->language != LANGUAGE_ZH)
        buffer_append_text(odt->out, "  ");
    odt_append(odt, block->text);
    buffer_append_format(odt->out,
                         "<text:tab/><text:bookmark-ref text:reference-format=\"page\" text:ref-name=\"h%zu\">%d"
                         "</text:bookmark-ref></text:a></text:p>",
                         index, odt->heading_pages[index]);
}

static void put_contents(const struct odt *odt, enum odt_turn turn)
{
    const struct paper *paper = odt->paper;
    const char *title = paper_word(WORD_CONTENTS, odt->language);

    buffer_append_format(odt->out,
                         "<text:table-of-content text:style-name=\"contents\" text:name=\"contents\">"
                         "<text:table-of-content-source text:outline-level=\"2\" text:use-outline-level=\"true\">"
                         "<text:index-title-template text:style-name=\"Contents_20_Heading\">%s"
                         "</text:index-title-template>",
                         title);
    put_entry_template(odt, 1);
    put_entry_template(odt, 2);
    buffer_append_text(odt->out, "</text:table-of-content-source><text:index-body>"
                                 "<text:index-title text:style-name=\"contents\" text:name=\"contents-title\">");
    put_paragraph(odt, "Contents_20_Heading", turn, title);
    buffer_append_text(odt->out, "</text:index-title>");
    for (size_t i = 0; i < paper->block_count; i++)
        if (paper->blocks[i].kind == PAPER_HEADING && paper->blocks[i].level <= 2)
            put_entry(odt, i);
    buffer_append_text(odt->out, "</text:index-body></text:table-of-content>");
}

static void put_heading(const struct odt *odt, size_t index, enum odt_turn turn)
{
    const struct paper_block *block = &odt->paper->blocks[index];

    buffer_append_format(odt->out, "<text:h text:style-name=\"Heading_20_%u", block->level);
    if (turn != TURN_NONE)
        buffer_append_format(odt->out, "-%c", turn_signs[turn]);
    buffer_append_format(odt->out, "\" text:outline-level=\"%u\"><text:bookmark-start text:name=\"h%zu\"/>",
                         block->level, index);
    odt_append(odt, block->text);
    buffer_append_format(odt->out, "<text:bookmark-end text:name=\"h%zu\"/></text:h>", index);
}

static void close_lists(struct odt *odt, unsigned depth)
{
    for (; odt->list_depth > depth; odt->list_depth--)
        buffer_append_text(odt->out, "</text:list-item></text:list>");
}

static void put_item(struct odt *odt, const struct paper_block *block, const char *style, enum odt_turn turn)
{
    if (block->restarts)
        close_lists(odt, 0);
    close_lists(odt, block->level);
    if (odt->list_depth == block->level)
        buffer_append_text(odt->out, "</text:list-item><text:list-item>");
    for (; odt->list_depth < block->level; odt->list_depth++)
        buffer_append_text(odt->out, odt->list_depth ? "<text:list><text:list-item>"
                                     : block->restarts
                                         ? "<text:list text:style-name=\"Items\"><text:list-item>"
                                         : "<text:list text:style-name=\"Items\" text:continue-numbering=\"true\">"
                                           "<text:list-item>");
    odt_open_paragraph(odt, style, turn);
    put_runs(odt, block);
    buffer_append_text(odt->out, "</text:p>");
}

static void put_chart(const struct odt *odt, const struct paper_chart *chart, enum odt_turn turn)
{
    const char *words = chart_words(odt->arena, chart, odt->language);
    int height = (int)(chart_height(chart) * 2540 / 72);

    odt_open_paragraph(odt, "Figure", turn);
    buffer_append_format(odt->out,
                         "<draw:frame draw:style-name=\"Graphics\" draw:name=\"Figure %u\" text:anchor-type=\"as-char\""
                         " svg:width=\"%d.%02dmm\" svg:height=\"%d.%02dmm\"><draw:image"
                         " xlink:href=\"Pictures/chart-%u.png\" xlink:type=\"simple\" xlink:show=\"embed\""
                         " xlink:actuate=\"onLoad\"/><svg:title>",
                         chart->number, ODT_PORTRAIT / 100, ODT_PORTRAIT % 100, height / 100, height % 100,
                         chart->number);
    xml_append(odt->out, chart->caption);
    buffer_append_text(odt->out, "</svg:title><svg:desc>");
    xml_append(odt->out, words ? words : "");
    buffer_append_text(odt->out, "</svg:desc></draw:frame></text:p>");
    odt_open_paragraph(odt, chart->note_count ? "Figure_20_Lead" : "Figure_20_Caption", TURN_NONE);
    odt_caption(odt, false, chart->number, chart->caption);
    buffer_append_text(odt->out, "</text:p>");
    for (size_t i = 0; i < chart->note_count; i++)
        put_paragraph(odt, "Note", TURN_NONE,
                      note_text(odt->arena, chart->notes[i], i, chart->note_count, odt->language));
}

static void put_box(struct odt *odt, const struct paper_block *block, enum odt_turn turn)
{
    if (turn != TURN_NONE)
        put_paragraph(odt, "Spacer", turn, "");
    buffer_append_format(odt->out,
                         "<table:table table:name=\"Box%zu\" table:style-name=\"box\"><table:table-column"
                         " table:style-name=\"box.0\"/><table:table-row table:style-name=\"row-box\">"
                         "<table:table-cell table:style-name=\"cell-box\" office:value-type=\"string\">"
                         "<text:p text:style-name=\"Text_20_body\"><text:span text:style-name=\"Strong_20_Emphasis\">",
                         ++odt->boxes);
    odt_append(odt, block->text);
    buffer_append_text(odt->out, "</text:span></text:p>");
    for (size_t i = 0; i < block->line_count; i++) {
        odt_open_paragraph(odt, "Text_20_body", TURN_NONE);
        odt_append(odt, block->lines[i].label);
        buffer_append_text(odt->out, odt->language == LANGUAGE_ZH ? "：" : ": ");
        odt_append(odt, *block->lines[i].text ? block->lines[i].text : "＿＿＿＿＿＿＿＿＿＿＿＿");
        buffer_append_text(odt->out, "</text:p>");
    }
    buffer_append_text(odt->out, "</table:table-cell></table:table-row></table:table>");
    put_paragraph(odt, "Spacer", TURN_NONE, "");
}

static void put_block(struct odt *odt, size_t index, enum odt_turn turn, size_t *tables)
{
    static const char *const styles[] = {"Text_20_body", "Lead", "Centred", "Small", "Title_20_Line"};
    const struct paper_block *block = &odt->paper->blocks[index];

    if (block->kind != PAPER_ITEM)
        close_lists(odt, 0);
    switch (block->kind) {
    case PAPER_COVER: put_cover(odt, block); break;
    case PAPER_CONTENTS: put_contents(odt, turn); break;
    case PAPER_HEADING: put_heading(odt, index, turn); break;
    case PAPER_PARAGRAPH:
        odt_open_paragraph(odt, block_leads(odt->paper, index) ? "Lead" : styles[block->style], turn);
        put_runs(odt, block);
        buffer_append_text(odt->out, "</text:p>");
        break;
    case PAPER_ITEM: put_item(odt, block, block_leads(odt->paper, index) ? "Item_20_Lead" : "Item", turn); break;
    case PAPER_TABLE: odt_table(odt, block->table, ++*tables, turn); break;
    case PAPER_CHART: put_chart(odt, block->chart, turn); break;
    case PAPER_BOX: put_box(odt, block, turn); break;
    default: break;
    }
}

/* Goes through the blocks and keeps count of what page each begins on, as the PDF does. */
static void put_blocks(struct odt *odt)
{
    const struct paper *paper = odt->paper;
    bool landscape = false, fresh = false;
    size_t tables = 0;

    for (size_t i = 0; i < paper->block_count; i++) {
        enum paper_kind kind = paper->blocks[i].kind;
        bool led = i > 0 && block_leads(paper, i - 1), wide = led ? landscape : block_is_landscape(paper, i);
        enum odt_turn turn = TURN_NONE;

        if (kind == PAPER_BREAK) {
            fresh = true;
            continue;
        }
        if (kind == PAPER_COVER || kind == PAPER_CONTENTS)
            wide = false;
        if (wide != landscape || (i > 0 && fresh && paper->blocks[i - 1].kind == PAPER_COVER))
            turn = wide ? TURN_LANDSCAPE : TURN_PORTRAIT;
        else if (i > 0 && (fresh || kind == PAPER_CONTENTS))
            turn = TURN_PAGE;
        put_block(odt, i, turn, &tables);
        landscape = wide;
        fresh = kind == PAPER_COVER || kind == PAPER_CONTENTS;
    }
    close_lists(odt, 0);
}

void odt_write_content(struct odt *odt)
{
    buffer_append_text(odt->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document-content");
    buffer_append_text(odt->out, odt_namespaces);
    buffer_append_text(odt->out, ">");
    odt_append_fonts(odt);
    write_automatic_styles(odt);
    buffer_append_text(odt->out, "<office:body><office:text><text:sequence-decls>"
                                 "<text:sequence-decl text:display-outline-level=\"0\" text:name=\"Table\"/>"
                                 "<text:sequence-decl text:display-outline-level=\"0\" text:name=\"Figure\"/>"
                                 "</text:sequence-decls>");
    put_blocks(odt);
    buffer_append_text(odt->out, "</office:text></office:body></office:document-content>");
}
