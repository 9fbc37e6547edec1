/* paper.h: a paper (會議資料, minutes) as a neutral model: a head, then blocks in reading order. Writers turn it into ODT,
 * PDF, ODS and JSON (write.h). It knows no database, no plan and no rule: whoever fills it has decided what stands in it.
 *
 * A paper and all it holds lie in one arena. Texts handed in are copied as XML and a page can hold them: UTF-8, no control
 * characters but line breaks, no marks that turn the direction of writing, at most WORKBOOK_MOST_TEXT characters. Nothing
 * returned need be checked: what memory or a limit refused makes paper_is_sound() false and every writer fail. */
#ifndef TRIBUTARY_PAPER_PAPER_H
#define TRIBUTARY_PAPER_PAPER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "plan/plan.h"

enum {
    PAPER_MOST_BLOCKS = 4000,
    PAPER_MOST_COLUMNS = 32,
    PAPER_MOST_ROWS = 20 * 1000, /* of all tables together */
    PAPER_MOST_NOTES = 32,       /* under one table or chart */
    PAPER_MOST_RUNS = 64,
    PAPER_MOST_LINES = 32, /* of a cover or a box */
    PAPER_MOST_SERIES = 6,
    PAPER_MOST_POINTS = 120, /* of one series */
    PAPER_MOST_LEVEL = 3,    /* of headings */
    PAPER_MOST_ITEM_LEVEL = 4,
};

/* What the paper is. Any text but the title may be NULL. */
struct paper_head {
    const char *title, *subtitle;
    const char *organisation; /* whose paper it is; its author */
    const char *date;         /* as people read it: "民國114年9月12日" */
    const char *identifier;
    const char *moment; /* RFC 3339: as of when the figures are, and the document's date of creation */
    const char *sample; /* said on every page: of figures that are no real ones "合成樣本資料", of a draft "草案" */
    enum language language;
};

enum paper_kind {
    PAPER_COVER,
    PAPER_CONTENTS,
    PAPER_HEADING,
    PAPER_PARAGRAPH,
    PAPER_ITEM,
    PAPER_TABLE,
    PAPER_CHART,
    PAPER_BREAK,
    PAPER_BOX,
    PAPER_KIND_COUNT
};

enum paper_style {
    PAPER_BODY,
    PAPER_LEAD, /* as the body, but never parted from what follows */
    PAPER_CENTRED,
    PAPER_SMALL,
    PAPER_TITLE, /* the title of a paper that has no cover */
};

/* A piece of a paragraph. */
struct paper_run {
    const char *text;
    bool bold;
};

/* A line of two halves: "地點" "桃園區公所四樓會議室". */
struct paper_line {
    const char *label, *text;
};

enum paper_holding {
    PAPER_WORDS,
    PAPER_NUMBER, /* an exact decimal: "-1234.5", shown as "-1,234.5"; any other text stands as it is */
    PAPER_RATE,   /* in percent, without its sign: "92.49", shown as "92.49%" */
};

enum paper_align { PAPER_AS_HELD, PAPER_START, PAPER_CENTRE, PAPER_END }; /* AS_HELD: words start, numbers end */

struct paper_column {
    const char *heading;
    const char *group; /* neighbours of the same group stand under one heading of that text; NULL: none */
    enum paper_holding holding;
    enum paper_align align;
    unsigned share; /* of the width, in halves of a Chinese character, stretched to the page with the others; 0: as
                       its texts need */
};

enum paper_row_kind {
    PAPER_ROW_PLAIN,
    PAPER_ROW_GROUP, /* its first text heads the rows below it, over all columns */
    PAPER_ROW_TOTAL,
};

struct paper_row {
    enum paper_row_kind kind;
    const char **texts; /* as many as columns, never NULL; of a group row one */
};

struct paper_table {
    const char *caption;  /* numbered by itself: "表 3" */
    const char *key;      /* by which the same table is found in another paper; NULL: its caption */
    unsigned key_columns; /* how many of the first columns say what a row is about, below its group row; at least 1 */
    struct paper_column *columns;
    size_t column_count;
    bool wide; /* stands on a landscape page */
    unsigned number;
    struct paper_row *rows;
    size_t row_count, row_capacity;
    const char **notes; /* coverage, basis, moment */
    size_t note_count, note_capacity;
    struct paper *paper;
};

enum chart_kind {
    CHART_BARS,      /* a bar for each point of one series, against its target, with its remark (the gap in people) */
    CHART_LINES,     /* series over years */
    CHART_INTERVALS, /* each point with the interval in which it lies */
    CHART_FUNNEL,    /* points by how many people they stand for, between the limits of chance */
};

enum chart_standing { STANDING_NONE, STANDING_MET, STANDING_BELOW };

/* One figure of a chart. Numbers are exact decimals as text; NULL: not known, and left out of the drawing. */
struct chart_point {
    const char *label; /* the unit, the year */
    const char *value, *low, *high, *target;
    const char *size;             /* how many people: the horizontal place in a funnel */
    const char *remark;           /* beside the mark: "差 12 人" */
    enum chart_standing standing; /* decided by whoever fills the paper, on the exact fraction */
    bool small; /* an office so small that its figure says little: outlined with dashes, named in the legend */
};

struct chart_series {
    const char *name;
    struct chart_point *points;
    size_t point_count;
};

struct paper_chart {
    enum chart_kind kind;
    const char *caption;     /* numbered by itself: "圖 2" */
    const char *description; /* what it shows, for those who don't see it; NULL: the caption */
    const char *unit;        /* of the values: "%" */
    const char *size_name;   /* of a funnel's horizontal axis: "參訓人數" */
    const char *target_name; /* "目標" */
    const char *small_name;  /* "員額較少之機關"; NULL: none is marked */
    struct chart_series *series;
    size_t series_count;
    struct chart_point *limits; /* of a funnel: size, low, high; value is the middle */
    size_t limit_count;
    unsigned number;
    const char **notes;
    size_t note_count, note_capacity;
    struct paper *paper;
};

struct paper_block {
    enum paper_kind kind;
    enum paper_style style;
    unsigned level;           /* of a heading or an item, from 1 */
    bool restarts;            /* an item: its list begins here */
    const char *number;       /* of a heading or an item, as written: "（二）" */
    const char *text;         /* of a heading, of a box's top line */
    struct paper_run *runs;   /* of a paragraph or an item */
    struct paper_line *lines; /* of a cover or a box */
    size_t run_count, line_count;
    struct paper_table *table;
    struct paper_chart *chart;
};

struct paper {
    struct arena *arena;
    struct paper_head head;
    struct paper_block *blocks;
    size_t block_count, block_capacity, row_count;
    unsigned table_count, chart_count;
    unsigned heading_numbers[PAPER_MOST_LEVEL], item_numbers[PAPER_MOST_ITEM_LEVEL];
    bool refused;
};

/* An empty paper. NULL without memory; the other functions take a NULL paper, table or chart and do nothing. */
struct paper *paper_in(struct arena *arena, const struct paper_head *head);

/* Whether all that was handed in stands in it. */
bool paper_is_sound(const struct paper *paper);

/* The first page: the head, then the lines (time, place, chair). */
void paper_cover(struct paper *paper, const struct paper_line *lines, size_t count);

/* The contents, made from the headings of levels 1 and 2. */
void paper_contents(struct paper *paper);

/* Headings are numbered by themselves: 壹、一、（一） in Chinese (文書處理手冊), 1, 1.1, 1.1.1 in English. */
void paper_heading(struct paper *paper, unsigned level, const char *text);

void paper_paragraph(struct paper *paper, enum paper_style style, const struct paper_run *runs, size_t count);
void paper_say(struct paper *paper, enum paper_style style, const char *text);

/* An item of a numbered list: 一、（一）1.（1） in Chinese, 1. (a) i. (1) in English, by level. A list goes on over tables and
 * paragraphs until a heading, or paper_new_list(), begins another. */
void paper_item(struct paper *paper, unsigned level, const struct paper_run *runs, size_t count);
void paper_list(struct paper *paper, unsigned level, const char *text);
void paper_new_list(struct paper *paper);

/* A table of these columns, which are copied. */
struct paper_table *paper_table(struct paper *paper, const char *caption, const struct paper_column *columns,
                                size_t count, bool wide);
/* As many texts as columns (one, for a group row); NULL is an empty cell. */
void paper_row(struct paper_table *table, enum paper_row_kind kind, const char *const *texts);
void paper_note(struct paper_table *table, const char *text);
/* How the table and its rows are found again in another paper (struct paper_table). */
void paper_key(struct paper_table *table, const char *key, unsigned key_columns);

/* A chart; `chart` gives all but series, limits and notes. */
struct paper_chart *paper_chart(struct paper *paper, const struct paper_chart *chart);
void chart_series(struct paper_chart *chart, const char *name, const struct chart_point *points, size_t count);
void chart_limits(struct paper_chart *chart, const struct chart_point *points, size_t count);
void chart_note(struct paper_chart *chart, const char *text);

void paper_break(struct paper *paper);

/* A box to be filled in by hand, kept with the paragraph or item before it: "決議：", or the lines that are signed ("主席" ""). */
void paper_box(struct paper *paper, const char *text, const struct paper_line *lines, size_t count);

/* A moment (RFC 3339) as people in Taiwan read it: "民國114年9月1日 10:30" "2025-09-01 10:30 (Taipei)". The text itself if it
 * is none; NULL without memory. */
const char *shown_moment(struct arena *arena, const char *moment, enum language language);

/* A cell's text as people read it: separators of thousands, the sign of percent. NULL without memory. */
const char *shown_text(struct arena *arena, enum paper_holding holding, const char *text);

#endif
