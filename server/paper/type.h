/* type.h: text set with Pango: Chinese in one family, Latin letters in another, lines of even height. Private to paper/.
 * Lengths are in points. */
#ifndef TRIBUTARY_PAPER_TYPE_H
#define TRIBUTARY_PAPER_TYPE_H

#include <pango/pangocairo.h>

#include "paper/write.h"

/* The families that are asked for where none are named, the best first. */
extern const char type_usual_script[], type_usual_latin[];

struct type {
    PangoContext *context;
    const char *script, *latin;
    char first[512]; /* what is asked first for a character */
};

struct type_look {
    double size, width;  /* width 0: never broken */
    double line, indent; /* line: height of a line in sizes; indent: of all lines but the first */
    enum paper_align align;
    bool bold;
};

void type_open(struct type *type, const struct paper_fonts *fonts, enum language language);
void type_close(struct type *type);

/* The text as lines. The caller unrefs it. */
PangoLayout *type_runs(const struct type *type, const struct paper_run *runs, size_t count,
                       const struct type_look *look);
PangoLayout *type_text(const struct type *type, const char *text, const struct type_look *look);

double type_height(PangoLayout *layout);
double type_width(PangoLayout *layout);

/* How many lines from `first` on are at most `height` high in all; *ret_height is how high those are. */
int type_lines_within(PangoLayout *layout, int first, double height, double *ret_height);

/* Draws lines [first, first + count), the first one's top at y. */
void type_draw(cairo_t *cairo, PangoLayout *layout, double x, double y, int first, int count);

#endif
