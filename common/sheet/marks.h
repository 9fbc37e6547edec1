/* marks.h: the words that give a table file its shape: marks of blocks, keys of identity lines, heads of columns.
 * Private to sheet/. */
#ifndef TRIBUTARY_SHEET_MARKS_H
#define TRIBUTARY_SHEET_MARKS_H

#include "base/problem.h"

/* "#table,courses" and "#fields" open blocks; "#note,PATH,TEXT" explains what has no note column of its own. */
#define MARK_TABLE  "#table"
#define MARK_FIELDS "#fields"
#define MARK_NOTE   "#note"

#define COLUMN_ROW "_row"

/* The columns of a block of fields. */
enum field_column { FIELD_CODE, FIELD_LABEL, FIELD_VALUE, FIELD_NOTE, FIELD_COLUMN_COUNT };

/* The column that a heading means, FIELD_COLUMN_COUNT if none. */
enum field_column field_column_find(const char *heading);
const char *field_column_name(enum field_column column);

#endif
