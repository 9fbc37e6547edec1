/* duty.h: whether an office did what it has to do each year, judged on the figures it handed in. */
#ifndef TRIBUTARY_BODY_DUTY_H
#define TRIBUTARY_BODY_DUTY_H

#include <stdbool.h>

#include "plan/bodies.h"

/* One revision that counts: its elements in the order of duty_elements(), those without a value NULL. */
struct duty_fact {
    const char **values; /* decimal texts */
    const char *says;    /* the duty's field as text: a code, "true" or "false"; NULL: blank */
};

struct duty_figures {
    bool known;                            /* every figure that is needed was reported */
    struct decimal numerator, denominator; /* of DUTY_EVERYONE; otherwise what was counted, and how much is asked */
    bool done;
};

/* The elements that a duty's facts hold: the numerator's, then the denominator's; of meetings, how many members there
 * were, then who was present. Returns how many. */
size_t duty_elements(const struct yearly_duty *duty, const struct element *ret_elements[static DUTY_ELEMENTS_MOST]);

/* Adds an office's facts of a year up. A meeting counts if more than half the members were present. Where there is
 * nobody to train, everyone is trained. */
struct duty_figures duty_judge(const struct yearly_duty *duty, const struct duty_fact *facts, size_t count);

enum duty_state { DUTY_NOT_YET_DUE, DUTY_OPEN, DUTY_DONE, DUTY_MISSED };

/* done, whenever; otherwise missed once its day has ended, open from the first day of its year on. */
enum duty_state duty_state_at(const struct plan *plan, int year, timestamp due_end, bool done, timestamp now);

/* not_yet_due, open, done, missed */
const char *duty_state_word(enum duty_state state);

#endif
