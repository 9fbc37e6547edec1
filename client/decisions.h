/* decisions.h: what the commands about decisions share. */
#ifndef TRIBUTARY_CLIENT_DECISIONS_H
#define TRIBUTARY_CLIENT_DECISIONS_H

#include <jansson.h>

#include "client.h"
#include "plan/plan.h"
#include "url.h"

/* "/v1/plans/PLAN/…" with its parameters. NULL without memory. */
const char *decisions_path(struct client *client, const struct plan *plan, const char *rest,
                           const struct url_parameter *parameters, size_t count);

/* "/v1/decisions/ID" and what follows. NULL without memory. */
const char *decision_path(struct client *client, const json_t *decision, const char *rest);

/* A decision by its number (113-group-1-03) or its id; the caller decrefs it. Otherwise the reason has been said. */
enum exit_status decision_find(struct client *client, const struct plan *plan, const char *asked,
                               json_t **ret_decision);

/* An owner of a decision by its place, its office's code or name, or its own name; 0: there is none. */
int decision_owner(const struct plan *plan, const json_t *decision, const char *asked);

/* A date option in any habit, as the contract writes it; *ret_date NULL without one. False, having said so, if it is none. */
bool decision_date(struct client *client, const char *option, const char **ret_date);

/* The code of what is proposed or ruled, named in words; what is none as it is, and NULL as NULL. */
const char *decision_outcome_meant(const char *given);

/* The code of a state that is named in words; what is none as it is, for the server to judge, and NULL as NULL. */
const char *decision_state_meant(const char *given);

/* "列管中", "解除列管", "自行列管", "已撤回"; "" for a word it doesn't know. */
const char *decision_state_word(struct client *client, const char *state);

/* 繼續列管, 解除列管, 自行列管, of what is proposed or ruled. */
const char *decision_outcome_word(struct client *client, const char *outcome);

/* Days left or past of a due day, and "" for none. */
const char *decision_left(struct client *client, const struct plan *plan, const char *due_on);

/* The same of an open decision or one of its open owners, as the server tells them: days overdue are the server's; who has
 * proposed to be done with it waits for the meeting's ruling, and a decision waits when all of its open owners do. */
const char *decision_lateness(struct client *client, const struct plan *plan, const json_t *one);

/* Of decisions that were taken over from a meeting those on whose item something else is resolved now ("corrected" of the
 * proposal). */
void decisions_tell_corrected(struct client *client, const json_t *corrected);

/* Prints one decision with everything that became of it. */
void decision_show(struct client *client, const struct plan *plan, const json_t *decision);

/* A meeting by its id, or its day among those of --body; otherwise the reason has been said. */
enum exit_status decision_find_meeting(struct client *client, const struct plan *plan, const char *asked,
                                       const char **ret_id);

/* The subcommands that record something. */
enum exit_status decision_take_over(struct client *client, const struct plan *plan);
enum exit_status decision_add(struct client *client, const struct plan *plan);
enum exit_status decision_report(struct client *client, const struct plan *plan);
enum exit_status decision_rule(struct client *client, const struct plan *plan);
enum exit_status decision_refer(struct client *client, const struct plan *plan);
enum exit_status decision_conclude(struct client *client, const struct plan *plan);
enum exit_status decision_withdraw(struct client *client, const struct plan *plan);

#endif
