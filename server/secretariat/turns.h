/* turns.h: the recorded turns of a rotating secretariat, and what they tell of a year. */
#ifndef TRIBUTARY_SECRETARIAT_TURNS_H
#define TRIBUTARY_SECRETARIAT_TURNS_H

#include <jansson.h>

#include "db/db.h"
#include "plans/shelf.h"
#include "secretariat/rotation.h"

/* Acts (ledger/act.h). A turn: id, plan, body, unit, year, office, reason; then the last four. An exchange: id, plan, body,
 * unit, year, office that it has from now on, the other turn's id, year and office, reason, newest_turn() that was looked
 * at, why not (or NULL); then the last four. */
extern const struct db_statement secretariat_turn_record, secretariat_swap_record;
enum { SECRETARIAT_TURN_PARAMETERS = 11, SECRETARIAT_SWAP_PARAMETERS = 16 };

struct secretariat_question {
    const struct plan_version *version;
    const struct body *body; /* a rotating one */
    const char *unit;        /* a group; NULL: all */
    const char *office;      /* only groups that this office is in in that year; NULL: all */
    int year;                /* ROC */
    int assume_from;         /* ROC; as in struct rotation */
    const timestamp *as_of;  /* NULL: now */
};

/* The plan's first body whose secretariat rotates; NULL: none does. */
const struct body *secretariat_body(const struct plan *plan);

/* Whether a question is about this group. */
bool secretariat_covers(const struct secretariat_question *question, const struct group *group);

/* The turns of one group up to the question's moment, those of earlier plans too, and the meetings held by then. Inside a
 * snapshot. */
enum db_status secretariat_rotation(struct db *db, const struct secretariat_question *question,
                                    const struct group *group, struct arena *arena, struct rotation *ret_rotation);

/* newest_turn() of a rotation: the greatest sequence of its plan's turns; 0: none. */
int64_t rotation_newest(const struct rotation *rotation);

/* Of each group that the question covers: whose turn that year and the next one are, as recorded or else as suggested,
 * the history, and what is unfair in it. Inside a snapshot. The caller owns *ret_units, a list. */
enum db_status secretariat_units(struct db *db, const struct secretariat_question *question, struct arena *arena,
                                 json_t **ret_units);

/* A turn, and a list of what is unfair or late in a rotation. The caller owns them; NULL without memory. */
json_t *turn_to_json(const struct rotation *rotation, const struct turn *turn);
json_t *rotation_findings(const struct rotation *rotation);

#endif
