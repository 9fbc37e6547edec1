/* migrate.h: bringing the schema up to what this program needs, and checking that it fits. */
#ifndef TRIBUTARY_DB_MIGRATE_H
#define TRIBUTARY_DB_MIGRATE_H

#include <stdbool.h>

#include "db/db.h"

enum {
    PROGRAM_NUMBER = 1,   /* of this release; a database may demand a newer one */
    NEEDED_MIGRATION = 9, /* the last migration this release works with */
};

/* Applies the migrations of `directory` in order, each once and in a transaction of its own, then functions.sql and functions_*.sql.
 * Safe when two run together. Words about each step go to `say` (may be NULL); on failure false with words in
 * ret_fault. */
bool migrate(struct db *db, const char *directory, void (*say)(const char *line), char *ret_fault, size_t fault_size);

/* Marks the database as a synthetic sample. Refused once it holds a revision. */
bool mark_sample(struct db *db, char *ret_fault, size_t fault_size);

enum schema_fit { SCHEMA_FITS, SCHEMA_MISSING, SCHEMA_BEHIND, SCHEMA_TOO_NEW, SCHEMA_UNKNOWN };

/* Whether this program may work with the database. SCHEMA_UNKNOWN: it can't be asked now. */
enum schema_fit schema_fit(struct db *db);

/* Where the migrations are: beside an installed program, or in its source tree. False if nowhere. */
bool find_data_directory(const char *name, char *ret_path, size_t path_size);

#endif
