/* marks.h: the words that give a table file its shape: marks of blocks, keys of identity lines, heads of columns.
 * Private to sheet/. */
#ifndef TRIBUTARY_SHEET_MARKS_H
#define TRIBUTARY_SHEET_MARKS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/problem.h"
#include "plan/plan.h"

/* "#table,courses" and "#fields" open blocks; "#note,PATH,TEXT" explains what has no note column of its own. */
#define MARK_TABLE  "#table"
#define MARK_FIELDS "#fields"
#define MARK_NOTE   "#note"

/* "#none" in a block of a table: with no rows below, the table is left out unless a cell of this row says NONE_WORD. */
#define MARK_NONE "#none"
#define NONE_WORD "無"

/* A row that begins so is a remark, wherever it stands. */
#define MARK_REMARK "##"

#define COLUMN_ROW "_row"

/* The columns of a block of fields. */
/* unit and hint are for the person who fills in; they are passed over. */
enum field_column { FIELD_CODE, FIELD_LABEL, FIELD_VALUE, FIELD_NOTE, FIELD_UNIT, FIELD_HINT, FIELD_COLUMN_COUNT };

/* The column that a heading means, FIELD_COLUMN_COUNT if none. */
enum field_column field_column_find(const char *heading);
const char *field_column_name(enum field_column column);

/* The heading of a table's column: its label if that leads back to the column, else its code. */
const char *column_heading(const struct table *table, size_t column, enum language language);

/* Whether a sheet of that name explains the others (instructions, lists of codes). */
bool is_guide_name(const char *name);

#endif
