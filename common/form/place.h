/* place.h: paths of cells, rows and tables (api.md, "A document") read back; place_path() in findings.h writes them. */
#ifndef TRIBUTARY_FORM_PLACE_H
#define TRIBUTARY_FORM_PLACE_H

#include <stdbool.h>

#include "base/arena.h"
#include "form/findings.h"
#include "plan/plan.h"

/* Reads "fields.total_budget", "tables.courses", "tables.courses[a1]", "tables.courses[a1].hours" or a column as a whole,
 * "tables.courses.hours", against a form. The codes point into the form; the row's identity is copied into `arena`. False
 * if the form has no such place, or without memory. */
bool place_parse(const struct form *form, const char *path, struct arena *arena, struct place *ret_place);

/* What the place is called: its field, its column, or its table. NULL: the form has no such place. */
const struct name *place_label(const struct form *form, const struct place *place);

#endif
