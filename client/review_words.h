/* review_words.h: how the review of a submission stands, in words. */
#ifndef TRIBUTARY_CLIENT_REVIEW_WORDS_H
#define TRIBUTARY_CLIENT_REVIEW_WORDS_H

#include <jansson.h>

#include "client.h"
#include "plan/plan.h"

/* In all of these `plan` may be NULL; results live as long as the run and are never NULL. */

/* A stage's name; its code where the plan doesn't know it. */
const char *review_stage_name(struct client *client, const struct plan *plan, const char *code);

/* "accept", "return", "note" in words. */
const char *review_outcome_word(struct client *client, const char *outcome);

/* One line: what a submission has come to and whose turn it is. `standing` has "stage", "next" and "ticket", as a
 * submission's review and an obligation have them; `state` is the contract's word. */
const char *review_state_text(struct client *client, const struct plan *plan, const char *state,
                              const json_t *standing);

/* Whose turn it is, and whether a meeting is to be named. */
const char *review_turn_text(struct client *client, const char *state, const json_t *standing);

/* One line: who returned how many cells, and why. "" for no ticket. */
const char *review_ticket_text(struct client *client, const struct plan *plan, const json_t *ticket);

/* What a review said: "第 2 版　性別平等辦公室　退回　時間：事由". */
const char *review_line(struct client *client, const struct plan *plan, const json_t *review);

/* Prints the state, the chain with its marks, what is official meanwhile, what stands returned cell by cell in the form's
 * own words, and what was recorded out of turn. `review` is that of a submission's answer. */
void review_show(struct client *client, const struct plan *plan, const char *form, const json_t *review);

#endif
