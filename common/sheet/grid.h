/* grid.h: the one shape every table file is read into: sheets of rows of cells, each with the address its owner sees. */
#ifndef TRIBUTARY_SHEET_GRID_H
#define TRIBUTARY_SHEET_GRID_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "form/findings.h"
#include "plan/plan.h"

/* What a cell holds, as far as the file tells it; a CSV file knows texts only. */
enum grid_kind {
    GRID_TEXT,
    GRID_NUMBER,  /* "1234.5": neither exponent nor separators */
    GRID_PERCENT, /* "12.5%" */
    GRID_DATE,    /* "2024-04-30" or "2024-04-30 12:00:00" */
    GRID_BOOLEAN, /* "TRUE" or "FALSE" */
    GRID_ERROR,   /* a formula's error, "#REF!" */
    GRID_FORMULA, /* a formula of which the file has no result: "=SUM(A1:A9)" */
};

struct grid_cell {
    const char *text; /* UTF-8, never NULL; "" if empty */
    enum grid_kind kind;
};

/* A row that isn't blank; blank ones are left out. */
struct grid_row {
    struct grid_cell *cells;
    size_t cell_count;
    size_t number; /* as a spreadsheet shows it, from 1 */
};

struct grid_sheet {
    const char *name; /* NULL for a file that has no sheets */
    struct grid_row *rows;
    size_t row_count;
    bool hidden;
};

struct grid {
    struct grid_sheet *sheets;
    size_t sheet_count;
};

/* What an upload says beside the file; each may be NULL. `base` is -1 if not given. */
struct identity {
    const char *form, *office, *period, *event;
    long long base;
};

/* Where the cells of a document stood in the file. Opaque. */
struct cell_places;

/* Reads CSV bytes (UTF-8 with or without BOM, or CP950; RFC 4180). A byte that can't be decoded is a finding, and
 * the grid is still read around it; so is a quote that is never closed, behind which nothing is read, and a file beyond
 * the limits (8 MiB, 100,000 rows, 1,024 columns). The grid lies in findings->arena. False when memory is short. */
bool grid_read_csv(const char *bytes, size_t length, struct findings *findings, struct grid *ret_grid);

/* What a file is, by its content; a name may say anything. */
enum grid_file { GRID_FILE_CSV, GRID_FILE_ODS, GRID_FILE_XLSX, GRID_FILE_OTHER };
enum grid_file grid_file_kind(const char *bytes, size_t length);

/* Reads an ODS (packed or flat), XLSX or CSV file, whichever it is. What the file is no good for is a finding
 * (unreadable_file, at its cell where there is one): damaged, encrypted or beyond the limits (8 MiB; unpacked 64 MiB a
 * part and 96 MiB in all; 100,000 rows, 1,024 columns, 256 sheets). The grid lies in findings->arena and doesn't need
 * the bytes any more. False when memory is short. */
bool grid_read_file(const char *bytes, size_t length, struct findings *findings, struct grid *ret_grid);

/* Turns a grid into a document (JSON as of api.md) of the plan's form, folding the habits of domain.md 9 (full-width
 * digits, thousands separators, ROC dates, N/A words, labels in either language for codes). What can't be read is a
 * finding with its cell and is left out of the document, so that nothing is said about it twice; a code or key that is
 * sound as a text is left for document_judge(). What is given must not differ from what the file says, but a base given
 * takes the place of a spreadsheet's, which isn't easily changed there. The caller owns the result; NULL when the form can't be told (there is a
 * finding) or without memory. *ret_places lies in findings->arena; NULL with the result. The given texts are UTF-8. */
json_t *grid_to_document(const struct plan *plan, const struct grid *grid, const struct identity *given,
                         struct findings *findings, struct cell_places **ret_places);

/* What the identity lines of the file say, as it stands there; members that aren't said stay as they are. False without
 * memory. */
bool grid_says(struct arena *arena, const struct grid *grid, struct identity *identity);

/* Gives each finding the cell of the file it is about. */
void findings_locate(struct findings *findings, const struct cell_places *places);

#endif
