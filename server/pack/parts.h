/* parts.h: the tables that the plan puts into meeting papers (plan/packs.h). Private to pack/. */
#ifndef TRIBUTARY_PACK_PARTS_H
#define TRIBUTARY_PACK_PARTS_H

#include "pack/figures.h"
#include "plan/packs.h"

/* One table of the plan's for one year. False: the section gives up. */
bool part_of_figures(struct pack_making *making, const struct pack_table *table, int year);
bool part_of_words(struct pack_making *making, const struct pack_table *table, int year);

/* The title with the year in it. */
const char *part_title(const struct pack_making *making, const struct pack_table *table, int year);

/* Whether it stands on a landscape page: it needs one, or a table before it in its part does. */
bool part_is_wide(const struct pack_making *making, const struct pack_table *table);

/* Says that no office has handed in the form, which is due by then. */
void part_is_empty(struct pack_making *making, const struct pack_table *table, int year);

/* A cell of a document in words; "" if it is blank. */
const char *item_text(const struct pack_making *making, const struct item *item, const json_t *cell);

#endif
