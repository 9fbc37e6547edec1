/* wording.h: how a paper's numbers, figures and standing words are written in either language, and how wide its columns
 * are. What all writers must say alike. Private to paper/. */
#ifndef TRIBUTARY_PAPER_WORDING_H
#define TRIBUTARY_PAPER_WORDING_H

#include "paper/paper.h"

/* For texts that memory may have refused. */
static inline const char *text_or_empty(const char *text)
{
    return text ? text : "";
}

/* Whether a block is never parted from the one behind it: a heading, a lead, the matter on which a box is filled in. */
bool block_leads(const struct paper *paper, size_t index);

/* Whether what begins at a block stands on a landscape page: a wide table with what leads to it, and words below one. */
bool block_is_landscape(const struct paper *paper, size_t index);

/* "貳、" "二、" "（二）" or "2", "2.1", "2.1.3", from the counters of all levels. NULL without memory. */
const char *heading_number(struct arena *arena, const unsigned *numbers, unsigned level, enum language language);

/* "二、" "（二）" "2." "（2）" or "2." "(b)" "ii." "(2)". NULL without memory. */
const char *item_number(struct arena *arena, unsigned number, unsigned level, enum language language);

/* A column's alignment, never PAPER_AS_HELD. */
enum paper_align column_align(const struct paper_column *column);

/* "表 3　各區公所…" "Table 3. …"; NULL without memory. */
const char *table_caption(struct arena *arena, const struct paper_table *table, enum language language);
const char *chart_caption(struct arena *arena, const struct paper_chart *chart, enum language language);

/* "註 2：…"; without a number if it is the only one. NULL without memory. */
const char *note_text(struct arena *arena, const char *text, size_t index, size_t count, enum language language);

/* How wide a text is in print, in halves of a Chinese character; its widest line. */
unsigned text_width(const char *text);

/* What a column would like to have, in halves of a Chinese character: short texts unbroken, long ones on several lines. */
unsigned wanted_width(const struct paper_table *table, size_t column);

/* The columns' widths as shares of PAPER_WHOLE, in all exactly that; none is so narrow that nothing could stand in it. */
enum { PAPER_WHOLE = 10000 };
void column_shares(const struct paper_table *table, unsigned ret_shares[static PAPER_MOST_COLUMNS]);

/* A heading that doesn't fit on one line, broken into lines of about the same width: at its bracket if that does, where words
 * end; the room is in halves of a Chinese character. The text itself if it fits. NULL without memory. */
const char *balanced_heading(struct arena *arena, const char *text, unsigned room);

/* Whether the columns have group headings, so that the heading has two rows. */
bool has_groups(const struct paper_table *table);

/* How many columns from `first` stand under its group's heading; 1 for a column without one. */
size_t group_span(const struct paper_table *table, size_t first);

/* Words that stand in every paper. */
enum paper_word {
    WORD_CONTENTS,
    WORD_CONTINUED,
    WORD_AS_OF,
    WORD_IDENTIFIER,
    WORD_EMPTY,
    WORD_MET,
    WORD_BELOW,
    WORD_LIMITS,
    WORD_COUNT
};
const char *paper_word(enum paper_word word, enum language language);

/* "第 3 頁，共 25 頁". NULL without memory. */
const char *page_words(struct arena *arena, int page, int pages, enum language language);

#endif
