/* reader.h: turning a grid into a document, part by part. Private to sheet/. */
#ifndef TRIBUTARY_SHEET_READER_H
#define TRIBUTARY_SHEET_READER_H

#include <jansson.h>
#include <stdbool.h>

#include "sheet/grid.h"
#include "sheet/places.h"

struct grid_reader {
    const struct plan *plan;
    const struct form *form; /* known after the identity was read */
    const struct grid *grid;
    struct findings *findings;
    struct cell_places *places;
    json_t *document;
    const struct grid_sheet *sheet; /* being read */
    size_t row;                     /* the next one of it, from 0 */
    size_t text_length;             /* of the rows of tables read so far, in bytes */
};

/* The text of a cell of the current sheet's row, "" where there is none. */
const char *grid_text(const struct grid_row *row, size_t column);

/* The row to be read next, or NULL behind the last. */
const struct grid_row *grid_next(const struct grid_reader *reader);

/* Reads a cell for an item. The caller owns the result; NULL if the cell is blank, if it can't be read (there is a finding)
 * or without memory. */
json_t *grid_value(struct grid_reader *reader, const struct item *item, const struct grid_row *row, size_t column,
                   struct place place);

/* Whether the cell holds something to read, and not an error or a formula without a result; that is a finding then. */
bool grid_has_result(struct grid_reader *reader, const struct grid_row *row, size_t column, const struct name *label,
                     struct place place);

/* Where a cell of that row is. */
struct spot grid_spot(const struct grid_reader *reader, const struct grid_row *row, size_t column);

/* Adds an error at a cell, with the cell's text for "found" if it has none. */
void grid_complain(struct grid_reader *reader, const struct grid_row *row, size_t column, struct finding finding);

/* Adds a member to an object of the document and takes the value over; a NULL value means that memory was short. */
void grid_set(struct grid_reader *reader, json_t *object, const char *key, json_t *value);

/* The object under that key of the document, made if it isn't there. NULL without memory. */
json_t *grid_object(struct grid_reader *reader, const char *key);

/* Whether the row opens a block. */
bool grid_is_mark(const struct grid_row *row);

/* Reads the identity lines of all sheets and what the upload said, and finds the form. False if it can't be told. */
bool read_identity(struct grid_reader *reader, const struct identity *given);

/* The row of the sheet with which its identity lines or, where it has none, its blocks begin, and the row behind the
 * identity lines. A sheet without any mark begins with row 0 if it begins with remarks, else there is no such row: then
 * identity_begin() is the count of rows and identity_end() 0. */
size_t identity_begin(const struct grid_sheet *sheet);
size_t identity_end(const struct grid_sheet *sheet);

/* The grid without rows that are remarks ("## …"); sheets in the arena, rows and cells as far as possible the grid's own.
 * False without memory. */
bool leave_out_remarks(struct arena *arena, const struct grid *grid, struct grid *ret_grid);

/* Makes the sheet the one being read, from the row behind its titles and identity lines. */
void begin_sheet(struct grid_reader *reader, const struct grid_sheet *sheet);

/* Reads rows that no mark opens: the block they are by the sheet's name or their heading, or passes over them. */
void read_unmarked_block(struct grid_reader *reader);

/* The table of that code or name, or NULL. */
const struct table *find_table(const struct grid_reader *reader, const char *text);

/* Passes over the rows up to the next mark. */
void skip_block(struct grid_reader *reader);

/* Reads the heading row and the rows up to the next mark. `opened` is where the block begins. */
void read_fields_block(struct grid_reader *reader);
void read_table_block(struct grid_reader *reader, const struct table *table, struct spot opened);

/* Whether a row could be the heading of such a block: it has what the block needs and nothing it doesn't know. */
bool is_fields_heading(const struct grid_row *row);
bool is_table_heading(const struct table *table, const struct grid_row *row);

/* How many of its cells are headings of such a block; for fields 0 unless there is what the block needs. */
size_t known_field_headings(const struct grid_row *row);
size_t known_table_headings(const struct table *table, const struct grid_row *row);

/* Whether any row from reader->row to the next mark has something in the column. */
bool column_has_content(const struct grid_reader *reader, size_t column);

#endif
