/* units.h: asking tributary.unit_figures(), the one gate to figures. Private to figures/. */
#ifndef TRIBUTARY_FIGURES_UNITS_H
#define TRIBUTARY_FIGURES_UNITS_H

#include "figures/figures.h"
#include "plans/names.h"

/* The periods a figure adds, and the time line they lie on: every period of that kind from the plan's beginning to the
 * last one added, the latest first; the last known denominators are looked for along it. */
struct span {
    struct period periods[4];
    size_t period_count;
    struct period line[21 * 4];
    size_t line_count;
};

/* The span of a period; a year asked of a quarterly form is its quarters. False if it doesn't fit the form. */
bool span_make(const struct plan *plan, const struct form *form, struct period period, struct span *ret_span);

/* Asks for the units of a level. *ret_units is a list of the objects that functions.sql describes; the caller owns it. */
enum db_status units_ask(struct db *db, const struct figures_question *question, const struct form *form,
                         const struct span *span, const json_t *ratios, json_t **ret_units);

/* The level of a unit in an answer: the question's, or that of "all" which has such a unit (their codes differ). */
const char *unit_level(const struct figures_question *question, const char *unit);

/* A sum given as text: whole numbers as JSON integers (as text beyond 2^63), decimals as text; NULL gives null. */
json_t *number_to_json(const char *text, bool whole);

#endif
