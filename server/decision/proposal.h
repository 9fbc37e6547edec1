/* proposal.h: what a meeting resolved and nobody tracks yet, as decisions that might be recorded of it. */
#ifndef TRIBUTARY_DECISION_PROPOSAL_H
#define TRIBUTARY_DECISION_PROPOSAL_H

#include <jansson.h>

#include "base/arena.h"
#include "db/db.h"
#include "plan/bodies.h"

struct proposal_question {
    const struct plan *plan;
    const struct body *body;
    const json_t *meeting; /* as meeting_to_json() tells it */
    timestamp now;
};

/* *ret_list: in the order of the agenda, of the items with a resolution of which no decision of this meeting was recorded:
 *   {"item","place","kind","title","text","owners":[{"office"|"agency"}],"due_on" or null,"asks":{"text"} or null,
 *    "recognised":{"owners":[{"office"|"agency"|"everyone","name","part","at","length"}],"days":[{"day","at","length"}],
 *                  "requests":[{"verb","text","at","length"}],"complete"},"ready"}
 * Places are in characters of the text. ready: it has an owner, so that it can be tracked. Nothing is guessed: of several days
 * none is taken.
 * *ret_corrected: of the decisions that were recorded of its items those on whose item something else is resolved now,
 *   {"decision","number","item","correction"}, as decisions_list() tells them
 * Inside a snapshot. The caller owns both. */
enum db_status decisions_proposed(struct db *db, const struct proposal_question *question, struct arena *arena,
                                  json_t **ret_list, json_t **ret_corrected);

/* Whether a decision of this meeting was recorded of an item, by those that `decided` lists. */
enum db_status meeting_decisions(struct db *db, const struct proposal_question *question, json_t **ret_decided);
bool item_is_decided(const json_t *decided, const char *item);

#endif
