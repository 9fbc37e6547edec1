/* decision_tracking.h: what recording progress, rulings and referrals share. Private to api/. */
#ifndef TRIBUTARY_API_DECISION_TRACKING_H
#define TRIBUTARY_API_DECISION_TRACKING_H

#include "api/decision_answer.h"

/* The most characters of a text that is reported or ruled, and of a code or a day. */
enum { LONGEST_TRACKING_TEXT = 20000, LONGEST_TRACKING_CODE = 100 };

/* What may become of an owner's part, and the same as one text for a refusal. */
extern const char *const tracking_outcomes[];
extern const char tracking_outcome_words[];

/* A decision while something is recorded of it. */
struct tracking {
    const struct plan *plan;
    json_t *decision; /* as it stands */
    const struct body *body;
    const char *unit;
};

/* Reads the decision and its body, inside a snapshot. False: a problem is replied. Free with
 * json_decref(tracking->decision) in any case. */
bool tracking_find(struct request *request, struct db *db, const char *id, struct tracking *tracking);

/* The place of an owner, told by it, by an office's code or by a name; 0: there is none. */
int tracking_owner(const json_t *decision, const json_t *asked);

/* The meeting that `asked` names, by its id or day, of a unit's body. Inside a snapshot. False: a problem is replied. */
bool tracking_find_meeting(struct request *request, struct db *db, const struct tracking *tracking,
                           const struct body *body, const char *unit, const char *asked,
                           struct decision_place *ret_place);

/* Hands an act to the writer; the answer shows the decision. Without one a problem has been replied. */
enum step_result tracking_queue(struct request *request, struct act *act);

/* A new identifier in the request's arena; NULL without memory. */
const char *tracking_new_id(struct request *request);

#endif
