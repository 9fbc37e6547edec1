/* decision_answer.h: what the handlers of decisions share. Private to api/. */
#ifndef TRIBUTARY_API_DECISION_ANSWER_H
#define TRIBUTARY_API_DECISION_ANSWER_H

#include "decision/decision.h"
#include "http/request.h"
#include "ledger/act.h"

/* A new decision as it is asked for; texts in the request's arena. */
struct deciding {
    const char *item, *kind, *title, *text, *due_on, *asks_form, *asks_period, *asks, *owners;
    struct decision_place place;
    const struct body *body;
};

/* Reads its members but the place. False: a problem is replied. */
bool decision_read_new(struct request *request, const struct plan *plan, const json_t *json, struct deciding *deciding);

/* The meeting of the address and its plan. NULL: a problem is replied. */
const struct plan *decision_find_place(struct request *request, struct db *db, struct deciding *deciding);

/* The act that records it, by decision_record or decision_take_over. NULL: a problem is replied. */
struct act *decision_prepare(struct request *request, const struct plan *plan, const struct db_statement *statement,
                             const struct deciding *deciding);

/* A plan of the person's jurisdiction as it stands; NULL: there is none of that code, or no code. */
const struct plan *decision_plan_of(struct request *request, const char *code);

/* The plan of a decision by its id, inside a snapshot. NULL: a problem is replied. */
const struct plan *decision_plan(struct request *request, struct db *db, const char *id);

/* One decision as it stood (as_of NULL: as it stands), inside a snapshot. The caller owns it. NULL: a problem is replied. */
json_t *decision_read(struct request *request, struct db *db, const struct plan *plan, const char *id,
                      const timestamp *as_of);

/* The writer is done with an act whose id is a decision's: shows the decision as it stands. */
enum step_result answer_decision(struct request *request, struct db *db);

/* A day in any habit, as the contract writes it; NULL without one. False: a problem is replied. */
bool decision_day(struct request *request, const json_t *json, const char *name, const char **ret_day);

/* JSON as a text in the arena; NULL, with a problem replied, without memory. */
const char *decision_json_text(struct request *request, const json_t *json);

#endif
