/* value.h: what a person wrote in one cell, as the JSON value a document holds, and back. Private to sheet/. */
#ifndef TRIBUTARY_SHEET_VALUE_H
#define TRIBUTARY_SHEET_VALUE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buffer.h"
#include "form/findings.h"
#include "plan/plan.h"
#include "sheet/places.h"

/* Where a cell stands: in the document and in the file. */
struct cell_site {
    struct place place;
    struct spot spot;
};

/* Reads a cell for an item (domain.md 9). The caller owns the result. NULL if the cell is blank, if it can't be read
 * (there is a finding) or without memory (findings->out_of_memory). Texts that are sound but not lawful, such as an
 * unknown code, are left to document_judge(). */
json_t *value_read(const struct item *item, const char *text, struct cell_site site, struct findings *findings);

/* Reads a cell that holds a text whatever it says: a note, a row's identity. "" if blank, NULL without memory. */
const char *value_read_text(struct arena *arena, const char *text);

/* Writes a value so that value_read() gives it back. */
bool value_write(const struct item *item, const json_t *json, enum language language, struct buffer *out);

/* Writes a text so that value_read_text() gives it back. */
bool value_write_text(const char *text, struct buffer *out);

#endif
