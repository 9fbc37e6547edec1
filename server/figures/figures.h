/* figures.h: the city's figures: roll-ups and indicators by office, group and city, now or as of a past moment. Sums are
 * made in the database, exactly; rates here, from whole sums, never from rates (domain.md 6). */
#ifndef TRIBUTARY_FIGURES_FIGURES_H
#define TRIBUTARY_FIGURES_FIGURES_H

#include <jansson.h>
#include <stdbool.h>

#include "db/db.h"
#include "plans/shelf.h"

struct figures_question {
    const struct plan_version *version;
    const char *level;       /* "office", "group" or "city"; "all": all three together, one after the other */
    const char *basis;       /* "latest" or "official" */
    const timestamp *as_of;  /* NULL: now */
    const struct form *form; /* indicators of this form only; NULL: all */
    bool all_elements;       /* a roll-up holds also those elements that the plan keeps out of roll-ups */
};

/* Whether a roll-up of the form can be asked for the period: its own kind, or a year of a quarterly form. */
bool figures_accepts_period(const struct plan *plan, const struct form *form, struct period period);

/* The roll-up of a form over a period (a year asked of a quarterly form adds its quarters), as of api.md. Runs inside a
 * snapshot. The caller owns *ret_rollup. */
enum db_status figures_rollup(struct db *db, const struct figures_question *question, const struct form *form,
                              struct period period, json_t **ret_rollup);

/* Every indicator of the plan in a ROC year, as of api.md. Runs inside a snapshot. The caller owns *ret_indicators. */
enum db_status figures_indicators(struct db *db, const struct figures_question *question, int year,
                                  json_t **ret_indicators);

/* Waits until every write that may still be recorded at or before `as_of` is durable, so that the figure is final. Runs
 * outside a transaction. */
enum db_status figures_settle(struct db *db, const char *jurisdiction, timestamp as_of);

#endif
