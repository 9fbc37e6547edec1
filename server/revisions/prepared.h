/* prepared.h: hand-ins that one of an office prepared and another is to release (核章). Row-level security shows an office its
 * own only. */
#ifndef TRIBUTARY_REVISIONS_PREPARED_H
#define TRIBUTARY_REVISIONS_PREPARED_H

#include <jansson.h>

#include "base/arena.h"
#include "db/db.h"

/* One of them; texts and bytes in the arena. */
struct prepared {
    const char *id, *plan, *form, *office, *period, *content_type, *query, *preparer;
    const char *bytes; /* NULL once it is released or rejected */
    size_t length;
    const char *shown; /* what an answer says of it, JSON */
};

/* Inside a snapshot. */
enum db_status prepared_find(struct db *db, const char *id, struct arena *arena, bool *ret_found,
                             struct prepared *ret_prepared);

/* Those of a plan, by their ids; one more than the limit, if there is one. `state` says which: "waiting", "open" (also what
 * was given back and neither prepared again nor handed in since) or "all". The caller decrefs them. */
enum db_status prepared_list(struct db *db, const char *plan, const char *state, const char *after, int limit,
                             json_t **ret_list);

/* Adds who prepared a revision, if somebody did, as `prepared_by`. */
enum db_status prepared_add_preparer(struct db *db, const char *revision, json_t *json);

/* Acts (ledger/act.h); the parameters are those of functions_prepared.sql, in order. */
extern const struct db_statement record_preparation, record_prepared_rejection;

#endif
