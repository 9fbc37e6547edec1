/* odt.h: the parts of an ODT file. Private to paper/. Styles are named, so that whoever edits the paper changes a style and
 * not a hundred places. */
#ifndef TRIBUTARY_PAPER_ODT_H
#define TRIBUTARY_PAPER_ODT_H

#include "paper/wording.h"
#include "paper/write.h"

/* On which page a block begins. */
enum odt_turn { TURN_NONE, TURN_PAGE, TURN_PORTRAIT, TURN_LANDSCAPE, TURN_COUNT };

/* The paper being written. */
struct odt {
    const struct paper *paper;
    enum language language;
    struct arena *arena;
    struct buffer *out;
    const int *heading_pages;
    unsigned list_depth;
    size_t boxes, plain_tables;
    struct paper_fonts fonts;
};

/* Between the margins, in hundredths of a millimetre. */
enum { ODT_PORTRAIT = 16600, ODT_LANDSCAPE = 25300 };

/* styles.xml. */
void odt_write_styles(const struct odt *odt);

/* content.xml: the declarations and automatic styles of all blocks, then the blocks. */
void odt_write_content(struct odt *odt);

/* The namespaces that both parts declare, and the fonts. */
extern const char odt_namespaces[];
void odt_append_fonts(const struct odt *odt);

/* Appends a text with its line breaks and its blanks. */
void odt_append(const struct odt *odt, const char *text);

/* The automatic styles of a table (its width and columns), and the table with caption and notes. */
void odt_table_styles(const struct odt *odt, const struct paper_table *table, size_t index);
void odt_table(struct odt *odt, const struct paper_table *table, size_t index, enum odt_turn turn);

/* Opens a paragraph of a named style, on the page that `turn` says. */
void odt_open_paragraph(const struct odt *odt, const char *style, enum odt_turn turn);

/* "表 " and a field that counts, then the caption. */
void odt_caption(const struct odt *odt, bool of_table, unsigned number, const char *caption);

/* A chart as PNG, 160 dots to the inch. Appends its bytes. */
bool odt_picture(const struct odt *odt, const struct paper_chart *chart, struct buffer *out);

#endif
