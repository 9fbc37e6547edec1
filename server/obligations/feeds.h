/* feeds.h: secret addresses under which calendar programs read due dates without a token. */
#ifndef TRIBUTARY_OBLIGATIONS_FEEDS_H
#define TRIBUTARY_OBLIGATIONS_FEEDS_H

#include <jansson.h>

#include "base/arena.h"
#include "db/db.h"

/* For acts (ledger/act.h). Making one: id, plan, office, digest of the secret, then what every act adds; taking one back:
 * id, then the same. */
extern const struct db_statement feed_make, feed_revoke;
enum { FEED_MAKE_PARAMETERS = 8, FEED_REVOKE_PARAMETERS = 5 };

/* The feeds the caller may see, the oldest first; `id` NULL: all of the plan (`plan` NULL: of any). Runs inside a
 * snapshot. The caller owns *ret_list. */
enum db_status feeds_list(struct db *db, const char *plan, const char *id, json_t **ret_list);

/* What a secret opens; texts in the arena. */
struct feed {
    const char *jurisdiction, *plan, *office; /* office NULL: all */
};

/* *ret_found is false for a secret that opens nothing (any more). Needs no principal. */
enum db_status feed_find(struct db *db, const char *secret, struct arena *arena, bool *ret_found,
                         struct feed *ret_feed);

#endif
