/* csv.h: writing CSV: UTF-8 with BOM, RFC 4180, CRLF. */
#ifndef TRIBUTARY_SHEET_CSV_H
#define TRIBUTARY_SHEET_CSV_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buffer.h"
#include "base/problem.h"
#include "plan/plan.h"

/* Appends the BOM; call once first. */
bool csv_begin(struct buffer *out);

/* Appends one row; a NULL text is an empty field. Quotes where needed; a text that a spreadsheet would take for a
 * formula (= + - @ at its beginning, unless it is a number) gets an apostrophe before it. */
bool csv_row(struct buffer *out, const char *const *texts, size_t count);

/* Appends a document (JSON as of api.md, with or without rows) in the form that grid_read_csv() and
 * grid_to_document() read back to an equal document, as far as a table can tell: blank cells come back left out,
 * decimals in their shortest form, blanks around texts and reasons come back only around texts. All fields of the form
 * are listed, tables only if the document has them (null: headings
 * to be filled in below). Headings and codes are in the reader's language where that is
 * unmistakable. False if the form isn't the plan's or the buffer failed. */
bool csv_write_document(const struct plan *plan, const json_t *document, enum language language, struct buffer *out);

#endif
