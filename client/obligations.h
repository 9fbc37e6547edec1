/* obligations.h: asking who owes what, and saying how it stands. */
#ifndef TRIBUTARY_CLIENT_OBLIGATIONS_H
#define TRIBUTARY_CLIENT_OBLIGATIONS_H

#include <jansson.h>

#include "client.h"
#include "plan_cache.h"

/* Asks plan/`rest` with a year (NULL: none) and, if they are given, --office, --form and --as-of, and `by` (NULL: none).
 * On EXIT_DONE the caller decrefs the answer; any other status has been explained. */
enum exit_status obligations_ask(struct client *client, const struct plan *plan, const char *rest, const char *year,
                                 const char *by, json_t **ret_answer);

/* How one obligation stands, in one word: the first that applies of received (in which way), provisional, and how its due
 * date stands. */
enum standing {
    STANDING_ON_TIME,
    STANDING_EXCUSED,
    STANDING_LATE,
    STANDING_OVERDUE,
    STANDING_DUE_SOON,
    STANDING_PROVISIONAL,
    STANDING_NOT_DUE,
    STANDING_COUNT
};
enum standing obligation_standing(const json_t *obligation);

/* Its word, and its sign of one or two columns for a matrix. */
const char *standing_word(struct client *client, enum standing standing);
const char *standing_sign(struct client *client, enum standing standing);

/* Days from the day it is where the plan is at home (or was, at --as-of) to a date of the contract's form; negative if it
 * is past. */
int days_until(struct client *client, const struct plan *plan, const char *date);

#endif
