/* steps.h: how a body's membership changed, day by day: from the revisions of an office's roster, or its members' dates. */
#ifndef TRIBUTARY_BODY_STEPS_H
#define TRIBUTARY_BODY_STEPS_H

#include "base/arena.h"
#include "body/rules.h"
#include "db/db.h"

/* The members from a day until the day before the next step. */
struct body_step {
    struct date from;
    struct body_counts counts;
    const char *revision; /* of the roster that says so; NULL: members were recorded one by one */
    int number;
};

struct body_steps {
    struct body_step *steps; /* in order; in the arena */
    size_t count;
};

/* Of a unit's body, as the caller may see it. A roster holds from the day it names, else from the first day of its year;
 * of those that hold the newest one does, by year, then revision (form/neighbours.c says the same). `as_of`: only what was
 * recorded by then; NULL: all. Inside a snapshot. */
enum db_status body_steps_read(struct db *db, const struct plan *plan, const struct body *body, const char *unit,
                               const timestamp *as_of, struct arena *arena, struct body_steps *ret_steps);

/* The step that holds on a day; NULL: there were no members yet. */
const struct body_step *body_step_on(const struct body_steps *steps, struct date day);

/* How a rule stands on a day and how it came to. */
struct rule_history {
    enum verdict verdict;
    bool has_since, ever_held;
    struct date since;     /* it has stood so without a break; only if has_since */
    struct date last_held; /* the last day it held, at most that day; only if ever_held */
};

struct rule_history rule_history_on(const struct body *body, enum body_rule rule, const struct body_steps *steps,
                                    struct date day);

#endif
