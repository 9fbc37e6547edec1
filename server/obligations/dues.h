/* dues.h: every form and period of some years with its due date, as lists for the database. Private to obligations/. */
#ifndef TRIBUTARY_OBLIGATIONS_DUES_H
#define TRIBUTARY_OBLIGATIONS_DUES_H

#include "base/buffer.h"
#include "obligations/obligations.h"

struct due_item {
    const struct form *form;
    struct period period;
    int year;
    struct due_date due;
};

enum { DUE_ARRAYS = 7, DUE_TEXT_SIZE = 24 };

/* Items in the order of the plan's forms, then periods; in the arena. */
struct dues {
    struct due_item *items;
    size_t count;
    struct buffer arrays[DUE_ARRAYS]; /* forms, periods, years, dates, fields, equals, least: array literals */
    char version[DUE_TEXT_SIZE], offset[DUE_TEXT_SIZE];
};

/* False without memory. Free with dues_free() in any case. */
bool dues_collect(struct dues *dues, const struct obligations_question *question, struct arena *arena);
void dues_free(struct dues *dues);

#endif
