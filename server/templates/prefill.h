/* prefill.h: what the server already knows of a form that somebody is about to fill in. */
#ifndef TRIBUTARY_TEMPLATES_PREFILL_H
#define TRIBUTARY_TEMPLATES_PREFILL_H

#include <jansson.h>

#include "base/arena.h"
#include "db/db.h"
#include "plan/plan.h"

struct prefill {
    const struct plan *plan;
    const struct form *form;
    const struct office *office;
    struct period period;
    const char *event; /* NULL: none */
};

/* Collects it, inside a snapshot: the submission's current revision with its number as `base`; or else, base 0 (or, of a
 * withdrawn submission, the number of the revision that withdrew it), what the plan carries over from the latest earlier period (`carry_over`) and what the office's other documents hold (`from`,
 * `same_lines`). *ret_document is JSON of api.md without its head; the caller owns it. */
enum db_status template_prefill(struct db *db, const struct prefill *prefill, struct arena *arena,
                                json_t **ret_document);

#endif
