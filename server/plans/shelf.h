/* shelf.h: every version of every plan, loaded once and kept: a past figure is computed by the plan of its time. */
#ifndef TRIBUTARY_PLANS_SHELF_H
#define TRIBUTARY_PLANS_SHELF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/digest.h"
#include "base/period.h"
#include "db/db.h"
#include "plan/plan.h"

/* Immutable; lives as long as the shelf. The plan's elements carry the store's positions. */
struct plan_version {
    const char *jurisdiction;
    const struct plan *plan;
    int version;
    timestamp recorded_at;
    struct digest sha256;
};

struct shelf;

struct shelf *shelf_new(void);
void shelf_free(struct shelf *shelf);

/* Loads what the database has and the shelf hasn't. Thread-safe, as all of these. */
enum db_status shelf_refresh(struct shelf *shelf, struct db *db);

/* How many versions it holds. Never waits; a reply made by the plans is filed under it. */
size_t shelf_count(const struct shelf *shelf);

/* The version in force at a moment (the first one if there was none yet); `moment` NULL: the newest. NULL if the
 * jurisdiction has no such plan. */
const struct plan_version *shelf_find(struct shelf *shelf, const char *jurisdiction, const char *plan,
                                      const timestamp *moment);

/* One given version, or NULL. */
const struct plan_version *shelf_version(struct shelf *shelf, const char *jurisdiction, const char *plan, int version);

/* The newest version of each plan of a jurisdiction, by code; at most `most` are written. Returns how many. */
size_t shelf_list(struct shelf *shelf, const char *jurisdiction, const struct plan_version **ret_versions, size_t most);

/* Whether something holds of some version of some plan of a jurisdiction. `holds` is called under the shelf's lock. */
bool shelf_some(struct shelf *shelf, const char *jurisdiction,
                bool (*holds)(const struct plan_version *version, const void *what), const void *what);

#endif
