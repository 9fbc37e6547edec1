/* closings.h: periods that are closed: until they are opened again nothing of them is handed in, withdrawn or attached. */
#ifndef TRIBUTARY_STANDING_CLOSINGS_H
#define TRIBUTARY_STANDING_CLOSINGS_H

#include <jansson.h>

#include "base/arena.h"
#include "db/db.h"

/* Closes a period or opens it again: see tributary.record_closing(). For an act (ledger/act.h); its parameters: id, plan,
 * period, form (NULL: every form), closed, reason, by, clock, token, key, digest of the request. */
extern const struct db_statement closing_record;
enum { CLOSING_PARAMETERS = 11 };

/* Under which closing nothing is handed in; texts in the arena. */
struct closing_in_force {
    const char *period, *form; /* what was closed: the year around a quarter, perhaps; form NULL: every form */
    const char *reason;
    timestamp recorded_at;
};

/* All of these run inside a snapshot. *ret_found false: there is none. */

/* The closing by its id. */
enum db_status closing_find(struct db *db, const char *id, struct arena *arena, bool *ret_found,
                            struct closing_in_force *ret_closing);

/* The one that holds for a form and a period. */
enum db_status closing_of(struct db *db, const char *plan, const char *form, const char *period, struct arena *arena,
                          bool *ret_found, struct closing_in_force *ret_closing);

struct closing_filter {
    const char *id; /* one by its id, or NULL */
    const char *plan;
    const timestamp *as_of; /* NULL: as it stands */
};

/* Every closing and opening of a plan, the oldest first; "current" marks those under which something is closed. The caller
 * owns *ret_list. */
enum db_status closings_list(struct db *db, const struct closing_filter *filter, json_t **ret_list);

#endif
