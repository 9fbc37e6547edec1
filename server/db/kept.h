/* kept.h: answers kept while a snapshot stands. */
#ifndef TRIBUTARY_DB_KEPT_H
#define TRIBUTARY_DB_KEPT_H

#include "db/db.h"

struct kept;

/* NULL without memory. */
struct kept *kept_new(void);
void kept_free(struct kept *kept);

/* A copy of what was answered, which the caller clears; NULL: not kept, or no memory for the copy. */
PGresult *kept_find(const struct kept *kept, const struct db_statement *statement, const char *const *parameters);
/* Keeps a copy where there is room. */
void kept_add(struct kept *kept, const struct db_statement *statement, const char *const *parameters,
              const PGresult *answer);

#endif
