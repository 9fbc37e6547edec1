/* extensions.h: due dates that were put off: who granted it, until when, and why. */
#ifndef TRIBUTARY_OBLIGATIONS_EXTENSIONS_H
#define TRIBUTARY_OBLIGATIONS_EXTENSIONS_H

#include <jansson.h>

#include "db/db.h"

/* Records an extension, or its end: see tributary.record_extension(). For an act (ledger/act.h); its parameters: id, plan,
 * office, form, period, until, reason, granted_by, clock, token, key, digest of the request. */
extern const struct db_statement extension_record;
enum { EXTENSION_PARAMETERS = 12 };

struct extension_filter {
    const char *id;                   /* one by its id, or NULL */
    const char *plan, *office, *form; /* all but plan may be NULL */
    int year;                         /* of the period; 0: all */
    const char *plan_period_year;     /* the year that the plan's own period lies in */
    const timestamp *as_of;           /* NULL: as it stands */
};

/* Every extension the caller may see, with those that newer ones replaced, the oldest first; "current" marks those that
 * hold. Runs inside a snapshot. The caller owns *ret_list. */
enum db_status extensions_list(struct db *db, const struct extension_filter *filter, json_t **ret_list);

#endif
