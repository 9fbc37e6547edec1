/* place.h: paths of cells, rows and tables (api.md, "A document") read back; place_path() in findings.h writes them. */
#ifndef TRIBUTARY_FORM_PLACE_H
#define TRIBUTARY_FORM_PLACE_H

#include <stdbool.h>

#include "base/arena.h"
#include "form/document.h"
#include "form/findings.h"
#include "plan/plan.h"

/* Reads "fields.total_budget", "tables.courses", "tables.courses[a1]", "tables.courses[a1].hours" or a column as a whole,
 * "tables.courses.hours", against a form. The codes point into the form; the row's identity is copied into `arena`. False
 * if the form has no such place, or without memory. */
bool place_parse(const struct form *form, const char *path, struct arena *arena, struct place *ret_place);

/* What the place is called: its field, its column, or its table. NULL: the form has no such place. */
const struct name *place_label(const struct form *form, const struct place *place);

/* Whether the place's row is in the document, and then sets its number; what names no row is always there. `arena` is the
 * document's. */
bool place_find(const struct document *document, struct arena *arena, struct place *place);

/* The place in the plan's words: "預算編列 3 預算數". In `arena`; NULL if the form has no such place, or without memory. */
const char *place_words(struct arena *arena, const struct form *form, const struct place *place,
                        enum language language);

#endif
