/* annotate.h: a person's own file given back with each finding at its cell. */
#ifndef TRIBUTARY_SHEET_ANNOTATE_H
#define TRIBUTARY_SHEET_ANNOTATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "form/findings.h"

/* The most an annotated file may come to; for the buffer that takes it. */
enum { ANNOTATED_LIMIT = 64 * 1024 * 1024 };

/* Appends the file (ODS, packed or flat, XLSX or CSV, told by its content) to `out` with its findings in it, in that language.
 *
 * ODS and XLSX: the cell is coloured (red an error, orange to be explained, yellow a warning; the worst counts) and has a
 * comment that says what is wrong and what was expected. A person's own comment stays and ours follows below it. Findings
 * without a cell stand at the first cell of the first sheet. What isn't concerned keeps its bytes: other members of the
 * archive, other sheets, other cells.
 * CSV: a comment line ("##…") below each row concerned, above the first row for findings without a cell; every other byte
 * as it is, the words in the file's own encoding.
 *
 * What an earlier annotation left is taken away first, so that a corrected file comes back clean; the file can be handed
 * in as it is, because comments and comment lines are no content. *ret_cells is how many cells are marked, that of findings
 * without a cell among them. With nothing to say or take away the bytes come back unchanged.
 *
 * False, with nothing appended, when the file is of no such kind, damaged or beyond the limits (*ret_refusal says why) or
 * when memory is short (*ret_refusal is NULL). */
bool annotate_file(const char *bytes, size_t length, const struct findings *findings, enum language language,
                   struct buffer *out, size_t *ret_cells, const struct name **ret_refusal);

#endif
