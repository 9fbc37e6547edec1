/* watch.h: the rule watch: of each body on a day, which rules hold, since when or by when they last held, and what would
 * mend them; and of each office and year, which of its duties are done. */
#ifndef TRIBUTARY_BODY_WATCH_H
#define TRIBUTARY_BODY_WATCH_H

#include <jansson.h>

#include "base/arena.h"
#include "db/db.h"
#include "plan/bodies.h"
#include "plans/shelf.h"

struct watch_question {
    const struct plan_version *version;
    const struct body *body; /* NULL: all */
    const char *unit;        /* NULL: all */
    const char *office;      /* only bodies that this office has part in; NULL: all */
    struct date day;
    const timestamp *as_of; /* only what was recorded by then; NULL: all */
};

/* The ROC year whose groups and offices hold on a day, kept within the plan's. */
int watch_year(const struct plan *plan, struct date day);

/* Whether a question is about this unit of a body. */
bool watch_covers(const struct watch_question *question, const struct body *body, const char *unit);

/* A list of objects, one for each unit and rule. Inside a snapshot. The caller owns *ret_list. */
enum db_status watch_rules(struct db *db, const struct watch_question *question, struct arena *arena,
                           json_t **ret_list);

/* What a plan says of a body, with its units that the question covers. NULL without memory. */
json_t *body_to_json(const struct watch_question *question, const struct body *body);

/* Who sits on a unit's body on the day, by what source, and in which numbers. Inside a snapshot. The caller owns it. */
enum db_status body_seats(struct db *db, const struct watch_question *question, struct arena *arena,
                          json_t **ret_seats);

struct duties_question {
    const struct plan_version *version;
    int year;
    const char *office; /* NULL: all */
    const char *basis;  /* "latest" or "official" */
    timestamp now;
    const timestamp *as_of; /* only what was recorded by then; NULL: all */
};

/* A list of objects, one for each office and duty, with the figures and the revisions behind them. Inside a snapshot. The
 * caller owns *ret_list. */
enum db_status watch_duties(struct db *db, const struct duties_question *question, struct arena *arena,
                            json_t **ret_list);

#endif
