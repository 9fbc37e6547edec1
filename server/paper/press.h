/* press.h: pages of a PDF in the making. The blocks are set twice: first without drawing, to learn on which page each
 * heading comes to stand and how many pages there are, then drawn. Private to paper/. Lengths are in points, y runs
 * downwards. */
#ifndef TRIBUTARY_PAPER_PRESS_H
#define TRIBUTARY_PAPER_PRESS_H

#include <cairo-pdf.h>

#include "paper/type.h"
#include "paper/wording.h"

/* What was measured of a table, once for all passes over the pages: its texts are set for nothing else as often. */
struct press_measured {
    const struct paper_table *table;
    double width;                       /* of the page it was measured for */
    double first_height, second_height; /* of the heading's rows; the first is 0 without groups */
    double captions[2];                 /* how high the caption is, and the one where the table goes on */
    double notes;
    const double *texts; /* how high the text of each row is */
    struct press_measured *next;
};

struct press {
    const struct paper *paper;
    enum language language;
    struct type type;
    struct arena *arena;      /* for texts made on the way */
    cairo_surface_t *surface; /* NULL while pages are only counted */
    cairo_t *cairo;
    int page, pages; /* the current one, from 1; how many there are, 0 while they are counted */
    bool open, landscape, bare;
    double y;
    int *heading_pages;              /* by block */
    struct press_measured *measured; /* of all tables so far */
    int outline[PAPER_MOST_LEVEL + 1];
};

/* Sizes of type. */
#define PRESS_TITLE 18.0
#define PRESS_BODY  12.0
#define PRESS_TABLE 10.5
#define PRESS_SMALL 9.0

#define PRESS_SIDE   62.0 /* margins */
#define PRESS_TOP    68.0
#define PRESS_BOTTOM 62.0
#define PRESS_GAP    6.0 /* between blocks */

double press_width(const struct press *press);  /* of the page, between the margins */
double press_height(const struct press *press); /* the same, downwards */
double press_left(const struct press *press);   /* how much of the page's height is free */

/* Goes on to another page; ends the current one. A bare page has neither header nor footer. */
void press_new_page(struct press *press, bool landscape, bool bare);
void press_end_page(struct press *press);

/* Another page if there is less than that height left on this one, and the height would fit there. */
void press_need(struct press *press, double height);

/* Structure for those who hear the page; nothing while pages are counted. `attributes` as cairo_tag_begin() wants. */
void press_tag(struct press *press, const char *tag, const char *attributes);
void press_untag(struct press *press, const char *tag);

/* Draws a text at a place, keeps the place; unrefs the layout. The height it takes. */
double press_put(struct press *press, PangoLayout *layout, double x, double y);

/* Sets a text from the current place on, over pages if need be, leaving no single line behind or ahead; unrefs it. */
void press_flow(struct press *press, PangoLayout *layout, double x, const char *tag);

/* The blocks. Each draws from the current place and moves it down. */
void press_cover(struct press *press, const struct paper_block *block);
void press_contents(struct press *press);
void press_table(struct press *press, const struct paper_table *table);
void press_chart(struct press *press, const struct paper_chart *chart);
void press_notes(struct press *press, const char *const *notes, size_t count);

/* The least that must stand together at the beginning of each. */
double press_table_start(struct press *press, const struct paper_table *table);
double press_chart_height(struct press *press, const struct paper_chart *chart);
double press_notes_height(struct press *press, const char *const *notes, size_t count);

/* All blocks, one after the other; closes the structure that the caller has opened as "Document". */
void press_blocks(struct press *press);

#endif
