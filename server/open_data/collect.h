/* collect.h: the figures of a year, asked of server/figures, and the same figures as cells to be protected. Private to
 * open_data/. */
#ifndef TRIBUTARY_OPEN_DATA_COLLECT_H
#define TRIBUTARY_OPEN_DATA_COLLECT_H

#include <jansson.h>

#include "db/db.h"
#include "open_data/protect.h"
#include "open_data/release.h"

enum { LEVEL_COUNT = 3, MOST_PARTS = 4 };

/* A form's figures in a year. Parts are the periods in which it is reported: the year itself, or its quarters; where there
 * are several, the sum over them stands at `parts`[part_count]. */
struct collected_form {
    const struct form *form;
    size_t part_count;
    struct period periods[MOST_PARTS + 1];
    json_t *rollups[MOST_PARTS + 1][LEVEL_COUNT]; /* as of api.md */
    size_t first_column, first_period;            /* of its first part in the protection */
};

struct collection {
    const struct release *release;
    struct arena *arena;
    struct collected_form *forms;
    size_t form_count;
    json_t *indicators[LEVEL_COUNT];
    const struct office **offices; /* of the year, in the plan's order: those of the protection */
    const char **unit_codes;       /* groups, then wholes: the units of the protection */
    struct column *columns;        /* those of the protection */
    bool *indicator_is_hidden;     /* counts persons in a way that the protection doesn't see */
    struct protection protection;
};

/* Asks for everything. Runs inside a snapshot; ends with collection_release() in any case. */
enum db_status collect_figures(struct db *db, const struct release *release, struct arena *arena,
                               struct collection *ret_collection);
void collection_release(struct collection *collection);

/* Fills the protection from the figures. False when memory is short. */
bool collect_cells(struct collection *collection);
/* Fills its relations from the plan's rules. False when memory is short. */
bool collect_relations(struct collection *collection);

/* "office", "group", "city". */
extern const char *const level_names[LEVEL_COUNT];

/* The column of an element in a part. */
size_t column_of(const struct collected_form *form, size_t part, const struct element *element);

#endif
