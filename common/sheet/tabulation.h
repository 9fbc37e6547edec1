/* tabulation.h: an answer as a table: what stands above it, its columns, its rows. One model, made once, written as CSV,
 * as a workbook or as JSON. It says nothing of plans. */
#ifndef TRIBUTARY_SHEET_TABULATION_H
#define TRIBUTARY_SHEET_TABULATION_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/problem.h"
#include "plan/plan.h"
#include "sheet/workbook.h"

enum column_kind {
    COLUMN_TEXT,
    COLUMN_CODE,    /* a short text that isn't broken over lines */
    COLUMN_INTEGER, /* "-12", at most 2^53 either way; anything else stays a text */
    COLUMN_NUMBER,  /* an exact decimal, "36.5" */
    COLUMN_RATE,    /* in percent, "92.49" */
    COLUMN_DATE,    /* "2024-05-02" */
    COLUMN_MOMENT,  /* RFC 3339 */
    COLUMN_TRUTH,   /* "true" or "false" */
};

struct tabulation_column {
    const char *code; /* the heading of a CSV file, the key in JSON: it never changes */
    enum column_kind kind;
    struct name heading; /* the heading of a workbook */
    struct name meaning; /* a sentence for those who read it elsewhere; may be NULL */
    bool for_people;     /* a name beside its code: only a workbook has it */
    const char *in;      /* "zh" or "en": words of one language, hidden in a workbook of the other; NULL: for all */
};

/* A line above the table: "基準" "最新版". */
struct tabulation_note {
    const char *label, *text;
};

enum { TABULATION_MOST_ROWS = 150 * 1000, TABULATION_CSV_LIMIT = 64 * 1024 * 1024 };

struct tabulation {
    struct arena *arena;
    const struct tabulation_column *columns;
    size_t column_count;
    const char *title;   /* NULL: it can be written as CSV and JSON only */
    const char *warning; /* said before all else (figures that are no real ones); NULL: none */
    struct tabulation_note *notes;
    size_t note_count, note_capacity;
    const char ***rows; /* each of column_count texts; NULL is an empty cell */
    size_t row_count, row_capacity;
    bool refused; /* memory or a limit; whatever is written of it fails */
};

/* An empty table of these columns, which must live as long. NULL without memory. */
struct tabulation *tabulation_in(struct arena *arena, const struct tabulation_column *columns, size_t column_count);

/* Adds a line above the table. Its texts aren't copied; a NULL text adds nothing. */
void tabulation_note(struct tabulation *tabulation, const char *label, const char *text);

/* Adds a row of as many texts as there are columns. The texts aren't copied. */
void tabulation_row(struct tabulation *tabulation, const char *const *texts);

/* A moment (RFC 3339) as people in Taiwan write it, to the second: "113-05-02 11:04:05", in English with the year AD. The
 * text itself if it is none. */
const char *tabulation_moment(struct arena *arena, const char *text, enum language language);

/* Codes as the heading, then the rows; what stands above the table isn't said, so that a program reads the first line. */
bool tabulation_write_csv(const struct tabulation *tabulation, struct buffer *out);

/* The table as a workbook in the reader's language: a title with the notes in a line below it and in full on a sheet of
 * their own, headings that stay in sight and are printed on every page, numbers as numbers. It lies in the table's arena.
 * NULL when it can't be made. */
struct workbook *tabulation_to_workbook(const struct tabulation *tabulation, enum language language);

/* The rows as objects by column code: whole numbers and truths as such, everything else as text, empty cells as null.
 * The caller owns the list. NULL if it can't be made. */
json_t *tabulation_to_json(const struct tabulation *tabulation);

#endif
