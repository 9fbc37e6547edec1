/* packs.h: what a plan says of meeting papers: which of its forms stand in them as tables of figures or of words, and
 * which offices are small. All of it is data: no code of a form or element stands anywhere else. */
#ifndef TRIBUTARY_PLAN_PACKS_H
#define TRIBUTARY_PLAN_PACKS_H

#include <stdbool.h>
#include <stddef.h>

#include "plan/plan.h"

enum { PACK_MOST_COLUMNS = 20, PACK_YEARS_MOST = 2 };

/* A column of a table of figures is an element or an indicator (or a part of one); of a table of words, an item. */
struct pack_column {
    struct name name, group; /* texts NULL: the element's own name; no heading over several columns */
    const struct element *element;
    const struct indicator *indicator;
    const struct ratio_part *part; /* of the indicator; NULL: the whole of it */
    const struct item *item;
    bool ratio; /* of a table of words: the rate that its exception tells of */
};

/* Of a table of words, only the rows that are out of the ordinary. */
struct pack_exception {
    const struct rule *ratio;  /* a ratio outside the bounds of this rule of the form; NULL: no such condition */
    const struct item *column; /* or this column says … */
    const char *equals;        /* … "true", "false" or a code; NULL column: no such condition */
};

struct pack_table {
    struct name title; /* "{year}" in it is the year */
    struct name none;  /* said where there is no row */
    struct name note;  /* texts NULL: none */
    const struct form *form;
    int years[PACK_YEARS_MOST]; /* a table for each: 0 the meeting's year, -1 the one before */
    size_t year_count;
    bool words;                /* rows as the offices wrote them; false: figures by unit */
    const struct table *table; /* of words: NULL: the form's fields */
    struct pack_exception only;
    bool by_quarter; /* of figures: also quarter by quarter */
    bool wholes;     /* of figures: totals also without the offices that a whole leaves out */
    struct pack_column *columns;
    size_t column_count;
};

/* Tables that stand together under one heading. */
struct pack_part {
    struct name title;
    struct pack_table *tables;
    size_t table_count;
};

struct pack_terms {
    int small_below; /* an office with fewer people than that in a denominator is small; 0: none is */
    const char *small_source;
    struct pack_part *parts;
    size_t part_count;
};

#endif
