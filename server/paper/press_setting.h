/* press_setting.h: how a table is to be set: its columns, its type, how high its rows are, and what of it must stand on one
 * page. Private to paper/. */
#ifndef TRIBUTARY_PAPER_PRESS_SETTING_H
#define TRIBUTARY_PAPER_PRESS_SETTING_H

#include "paper/press.h"

#define SETTING_LINE 1.3 /* the height of its lines, in sizes of its type */

/* A table being set. */
struct setting {
    struct press *press;
    const struct paper_table *table;
    double left[PAPER_MOST_COLUMNS + 1]; /* of each column; the last is the table's right edge */
    double size;
    double padding, side; /* above and below a cell's text; beside it */
    const struct press_measured *measured;
    bool begun;
};

/* Measures the table. Its rows stand closer where that lets it end on an earlier page. */
void setting_begin(struct setting *setting, struct press *press, const struct paper_table *table);

double setting_width(const struct setting *setting, size_t first, size_t span);

/* Texts as they are set; the caller unrefs them. */
PangoLayout *setting_cell(const struct setting *setting, const char *text, size_t first, size_t span,
                          enum paper_align align, bool bold);
PangoLayout *setting_heading(const struct setting *setting, const char *text, size_t first, size_t span);
PangoLayout *setting_caption(const struct setting *setting);

/* The texts of a row as they are shown, each as its own lines. Their number. */
size_t setting_lay_row(const struct setting *setting, const struct paper_row *row, PangoLayout **layouts);

/* Of the caption and the heading's rows. */
double setting_heading_height(const struct setting *setting);

double setting_row_height(const struct setting *setting, size_t r);

/* A row with all that must stand on its page below it: the first row of its group, the sum below an office, the last row, the
 * table's notes. The row alone if no page can hold them. */
double setting_kept_height(const struct setting *setting, size_t r);

#endif
