/* places.h: addresses of cells, and which cell of the file each part of a document came from. Private to sheet/. */
#ifndef TRIBUTARY_SHEET_PLACES_H
#define TRIBUTARY_SHEET_PLACES_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "plan/plan.h"

#define NO_COLUMN SIZE_MAX

/* A cell of the file: row from 1 (0: nowhere), column from 0. */
struct spot {
    const char *sheet;
    size_t row, column;
};

/* The parts of a document beside fields and tables that stand in a file. */
enum head_part { HEAD_FORM, HEAD_OFFICE, HEAD_PERIOD, HEAD_EVENT, HEAD_BASE, HEAD_PLAN, HEAD_PART_COUNT };

struct field_spots {
    struct spot value, note;
};

struct table_spots {
    struct spot heading;
    size_t *columns;   /* by column index; NO_COLUMN if the file hasn't got it */
    size_t row_column; /* of `_row` */
    size_t *rows;      /* row numbers by position */
    size_t row_count, row_capacity;
};

struct cell_places {
    const struct form *form;
    struct spot head[HEAD_PART_COUNT];
    struct field_spots *fields; /* by field index */
    struct table_spots *tables; /* by table index */
};

/* "form", "office" … as documents and identity lines call it. */
const char *head_part_name(enum head_part part);

/* "C". NULL without memory. */
const char *column_letters(struct arena *arena, size_t column);

/* "C7". NULL for a spot that is nowhere, or without memory. */
const char *spot_ref(struct arena *arena, struct spot spot);

/* Empty places for a form; NULL without memory. */
struct cell_places *places_new(struct arena *arena, const struct form *form);

#endif
