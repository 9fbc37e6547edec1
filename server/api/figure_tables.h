/* figure_tables.h: roll-ups and indicators as tables. Private to api/. */
#ifndef TRIBUTARY_API_FIGURE_TABLES_H
#define TRIBUTARY_API_FIGURE_TABLES_H

#include "http/request.h"
#include "plan/plan.h"
#include "sheet/tabulation.h"

/* From the JSON answers of server/figures, whose texts must live until the table is written. NULL without memory. */
struct tabulation *tabulate_rollup(struct request *request, const struct plan *plan, const struct form *form,
                                   const json_t *rollup);
struct tabulation *tabulate_indicators(struct request *request, const struct plan *plan, const json_t *indicators);

#endif
