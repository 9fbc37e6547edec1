/* diff.h: what changed between two documents, cell by cell, rows matched by identity. */
#ifndef TRIBUTARY_REVISIONS_DIFF_H
#define TRIBUTARY_REVISIONS_DIFF_H

#include <jansson.h>

#include "base/arena.h"
#include "plan/plan.h"

/* A list of {"path","change":"added"|"removed"|"changed","before","after"}; a cell that is absent on one side is null
 * there. `plan` judges both, so that rows have their identities. The caller owns it; NULL without memory. */
json_t *documents_diff(const struct plan *plan, const json_t *before, const json_t *after, struct arena *arena);

#endif
