/* builder.h: a grid that grows cell by cell, within the limits of every table file. Private to sheet/. */
#ifndef TRIBUTARY_SHEET_BUILDER_H
#define TRIBUTARY_SHEET_BUILDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "sheet/grid.h"
#include "sheet/places.h"

enum { MOST_BYTES = 8 * 1024 * 1024, MOST_COLUMNS = 1024, MOST_ROWS = 100 * 1000, MOST_CELLS = 1024 * 1024 };
enum { SHARED_TEXTS = 4096, MOST_CELL_TEXT = 4 * 32767 };

struct grid_builder {
    struct findings *findings;
    struct grid_sheet *sheets;
    size_t sheet_count, sheet_capacity;
    size_t row_count, row_capacity, cell_count, text_size; /* rows and cells of all sheets */
    size_t filled;                                         /* cells of this row up to the last that isn't blank */
    struct grid_cell cells[MOST_COLUMNS];
    const char *shared[SHARED_TEXTS]; /* texts seen lately: people repeat themselves */
    struct spot spot;                 /* where reading is; for findings */
    bool stopped;                     /* by a finding or for want of memory */
};

/* In findings->arena; NULL, noted in the findings, without memory. */
struct grid_builder *builder_new(struct findings *findings);

/* Refuses the file, at the place where reading is, and stops. Always false. */
bool builder_refuse(struct grid_builder *builder, const struct name *words);
bool builder_run_out_of_memory(struct grid_builder *builder);

/* The functions below are false once the builder has stopped. */

/* Begins a sheet; its rows follow. `name` lives in the findings' arena. */
bool builder_begin_sheet(struct grid_builder *builder, const char *name, bool hidden);

/* Begins a row of that number, from 1. */
bool builder_begin_row(struct grid_builder *builder, size_t number);

/* Fills `repeat` cells from `column` on; blank ones cost nothing. The text lives in the findings' arena. */
bool builder_fill(struct grid_builder *builder, size_t column, size_t repeat, struct grid_cell cell);

/* Ends the row, which stands `repeat` times; a blank one costs nothing. */
bool builder_end_row(struct grid_builder *builder, size_t repeat);

/* The text in the findings' arena, the same for equal ones as far as possible; NULL when the builder has stopped. */
const char *builder_text(struct grid_builder *builder, const char *bytes, size_t length);

/* Stops because a cell's text didn't fit into its buffer, or into memory. Always false. */
bool builder_lose_text(struct grid_builder *builder, const struct buffer *text);

/* The grid so far. False when memory was short. */
bool builder_finish(struct grid_builder *builder, struct grid *ret_grid);

#endif
