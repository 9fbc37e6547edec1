/* meeting_acts.h: what the handlers of meetings share. Private to api/. */
#ifndef TRIBUTARY_API_MEETING_ACTS_H
#define TRIBUTARY_API_MEETING_ACTS_H

#include "api/recording.h"
#include "meeting/meeting.h"
#include "plans/shelf.h"

enum { LONGEST_CODE = 80, LONGEST_DOCUMENT_NUMBER = 100, LONGEST_PLACE = 200 };

/* Finds the meeting of the address and whether the caller prepares it; `by_city`: an office may not, even for its own task
 * group. The summary's texts belong to *ret_meeting, which the caller decrefs. NULL: a problem is replied. */
const struct plan_version *meeting_find(struct request *request, struct db *db, bool by_city, json_t **ret_meeting);

/* The same by a summary: whether the caller may prepare the meetings of a unit. */
bool meeting_may_prepare(const struct principal *principal, const char *unit);

/* The writer is done: shows the meeting as it stands. request->state is the act. */
step_fn meeting_answer;

/* Replies with one meeting and what the caller may do with it. False: a problem is replied. */
bool meeting_reply(struct request *request, struct db *db, const char *id, int status, const timestamp *as_of);

/* The members of a step that was asked for, in the request's arena; those left out are NULL. */
struct step_members {
    const char *state, *day, *begins, *ends, *place, *document_number, *reason;
};

/* Reads "reason", which may be left out: NULL then. False: a problem is replied. */
bool meeting_read_reason(struct request *request, const json_t *json, const char **ret_reason);

/* Reads day, begins, ends, place, document_number and reason, each if it is there. False: a problem is replied. */
bool meeting_read_step(struct request *request, const json_t *json, struct step_members *ret_step);

/* The day it is where the plan is at home, for what is being recorded. In the arena; NULL: a problem is replied. */
const char *meeting_today(struct request *request, const struct plan *plan);

/* A fresh id in the arena; NULL: a problem is replied. */
const char *meeting_new_id(struct request *request);

#endif
