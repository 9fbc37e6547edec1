/* workbook.h: a workbook to be written: sheets of styled cells with widths, locks, drop-down lists and print settings.
 * It knows nothing of plans. Rows, columns and sheets count from 0; lengths are in tenths of a millimetre. */
#ifndef TRIBUTARY_SHEET_WORKBOOK_H
#define TRIBUTARY_SHEET_WORKBOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"

enum workbook_format { WORKBOOK_ODS, WORKBOOK_XLSX, WORKBOOK_FORMAT_COUNT };

/* What a cell looks like and how it behaves; looks.c draws them. Only STYLE_INPUT_… can be typed into on a locked sheet. */
enum cell_style {
    STYLE_PLAIN,
    STYLE_TITLE,
    STYLE_SUBTITLE,
    STYLE_NOTE, /* running text, wrapped */
    STYLE_WARNING,
    STYLE_GROUP, /* a heading over several rows */
    STYLE_HEADING,
    STYLE_LABEL,
    STYLE_HINT,
    STYLE_SYSTEM, /* small and grey: what the program reads back */
    STYLE_INPUT_TEXT,
    STYLE_INPUT_INTEGER,
    STYLE_INPUT_MONEY,
    STYLE_INPUT_DECIMAL,
    STYLE_INPUT_DATE,
    STYLE_INPUT_CODE,
    STYLE_TEXT,
    STYLE_INTEGER,
    STYLE_MONEY,
    STYLE_DECIMAL,
    STYLE_DATE,
    STYLE_RATE, /* a percentage without its sign, two decimals */
    STYLE_COUNT
};

enum cell_holding { HOLDS_NOTHING, HOLDS_TEXT, HOLDS_INTEGER, HOLDS_DECIMAL, HOLDS_DATE };

struct workbook_cell {
    enum cell_holding holding;
    enum cell_style style;
    const char *text;                 /* UTF-8; a decimal as "36.5"; a date as "2024-05-02" */
    int64_t integer;                  /* at most 2^53 either way */
    unsigned span_rows, span_columns; /* 0 and 1: no span; what it covers stays empty */
};

struct workbook_row {
    struct workbook_cell *cells;
    size_t cell_count, capacity;
    int height; /* 0: as the text needs */
    bool hidden;
};

struct workbook_column {
    int width; /* 0: the program's own */
    bool hidden;
    enum cell_style style; /* of the rows below the last one: its number format and whether it can be typed into */
};

enum validation_kind { VALIDATION_LIST, VALIDATION_LIST_RANGE, VALIDATION_WHOLE, VALIDATION_DECIMAL, VALIDATION_DATE };

/* What may be typed into a block of cells. It warns and lets the person go on: "N/A: reason" is lawful everywhere. */
struct workbook_validation {
    enum validation_kind kind;
    size_t first_row, last_row, first_column, last_column;
    const char *const *choices; /* of a list; without quotes and commas */
    size_t choice_count;
    const char *source_sheet; /* of a list in cells of another sheet, one column */
    size_t source_column, source_first_row, source_last_row;
    const char *least, *most;           /* dates "2024-04-01"; numbers begin at 0. A date typed as text passes. */
    const char *title, *message, *hint; /* of the warning; `hint` shows beside the chosen cell. May be NULL */
};

struct workbook_sheet {
    const char *name;
    bool hidden, locked, landscape;
    struct workbook_column *columns;
    size_t column_count, column_capacity;
    struct workbook_row *rows;
    size_t row_count, row_capacity;
    size_t frozen_rows, frozen_columns;
    size_t repeated_row, repeated_row_count; /* printed again on every page */
    struct workbook_validation *validations;
    size_t validation_count, validation_capacity;
    struct workbook *workbook;
};

struct workbook {
    struct arena *arena;
    const char *title;
    struct workbook_sheet **sheets;
    size_t sheet_count, sheet_capacity;
    bool refused; /* something didn't fit; workbook_write() fails */
};

enum {
    WORKBOOK_MOST_SHEETS = 64,
    WORKBOOK_MOST_ROWS = 200 * 1000,
    WORKBOOK_MOST_COLUMNS = 256,
    WORKBOOK_MOST_TEXT = 32767, /* what a cell of an XLSX file holds; longer texts are cut and end with "…" */
};

/* An empty workbook; it and all it holds lie in the arena. Texts handed to these functions are not copied. None of them
 * need be checked: what memory or a limit refused makes workbook_write() fail. */
struct workbook *workbook_in(struct arena *arena, const char *title);

/* The name is made lawful: none of []:*?/\ and at most 31 characters, numbered if another sheet bears it. NULL without
 * memory or beyond the limit; the other functions take a NULL sheet and do nothing. */
struct workbook_sheet *workbook_sheet(struct workbook *workbook, const char *name);

/* The row of that number, with all before it. NULL without memory. */
struct workbook_row *sheet_row(struct workbook_sheet *sheet, size_t row);
struct workbook_column *sheet_column(struct workbook_sheet *sheet, size_t column);
void sheet_set_column(struct workbook_sheet *sheet, size_t column, int width, enum cell_style style);

/* Sets one cell; a cell in the way is replaced. */
void sheet_put(struct workbook_sheet *sheet, size_t row, size_t column, struct workbook_cell cell);
/* A NULL text is an empty cell of that style. */
void sheet_put_text(struct workbook_sheet *sheet, size_t row, size_t column, enum cell_style style, const char *text);
void sheet_put_integer(struct workbook_sheet *sheet, size_t row, size_t column, enum cell_style style, int64_t integer);
/* An exact decimal as text. */
void sheet_put_decimal(struct workbook_sheet *sheet, size_t row, size_t column, enum cell_style style,
                       const char *decimal);
/* An ISO date; any other text stays a text. */
void sheet_put_date(struct workbook_sheet *sheet, size_t row, size_t column, enum cell_style style, const char *date);
/* A text over several columns, all of that style. */
void sheet_put_wide(struct workbook_sheet *sheet, size_t row, size_t column, unsigned columns, enum cell_style style,
                    const char *text);

void sheet_validate(struct workbook_sheet *sheet, struct workbook_validation validation);

/* Writes the file. The same workbook gives the same bytes. False if anything was refused or memory is short. */
bool workbook_write(const struct workbook *workbook, enum workbook_format format, struct buffer *out);

/* "ods", "xlsx", and their media types. */
const char *workbook_format_name(enum workbook_format format);
const char *workbook_media_type(enum workbook_format format);

#endif
