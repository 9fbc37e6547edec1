/* sitting_in.h: 列席分配: which member of the supervision team sits in on which meeting of a year. */
#ifndef TRIBUTARY_SECRETARIAT_SITTING_IN_H
#define TRIBUTARY_SECRETARIAT_SITTING_IN_H

#include <jansson.h>

#include "base/arena.h"
#include "db/db.h"
#include "plan/bodies.h"
#include "plans/shelf.h"

/* An act (ledger/act.h): ids, team, meetings, members, given, reason, sitting_in_state() that was looked at (or NULL); then the
 * last four. */
extern const struct db_statement sitting_in_record;
enum { SITTING_IN_PARAMETERS = 11 };

struct sitting_in_question {
    const struct plan_version *version;
    const struct body *team;
    int year;               /* ROC, of the meetings' days */
    const timestamp *as_of; /* NULL: now */
};

/* The plan's team; NULL: it names none. */
const struct body *sitting_in_team(const struct plan *plan);

/* The year's meetings by their day with who sits in, the members with their load, what clashes, and the meetings that nobody
 * sits in on: {"meetings","members","clashes","uncovered"}. The team's own meetings aren't among them. Inside a snapshot. The
 * caller owns *ret_table. */
enum db_status sitting_in_table(struct db *db, const struct sitting_in_question *question, struct arena *arena,
                                json_t **ret_table);

/* A fair choice for the meetings to come that nobody sits in on. */
struct sitting_in_proposal {
    json_t *json;                   /* {"proposal","unfilled","loads","digest"}; the caller owns it */
    const char *meetings, *members; /* as arrays of the store, place by place; in the arena */
    size_t count;
    const char *digest, *state; /* of what is proposed, and sitting_in_state(); in the arena */
};

/* Inside a snapshot. */
enum db_status sitting_in_propose(struct db *db, const struct sitting_in_question *question, struct arena *arena,
                                  struct sitting_in_proposal *ret_proposal);

/* Of which plan a meeting is, and the ROC year of its day; *ret_plan NULL: the caller sees none. Inside a snapshot. */
enum db_status sitting_in_place(struct db *db, const char *meeting, struct arena *arena, const char **ret_plan,
                                int *ret_year);

#endif
