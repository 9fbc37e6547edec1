/* obligations_question.h: what a request asks about obligations. Private to api/. */
#ifndef TRIBUTARY_API_OBLIGATIONS_QUESTION_H
#define TRIBUTARY_API_OBLIGATIONS_QUESTION_H

#include "http/request.h"
#include "obligations/obligations.h"

struct asked_obligations {
    struct obligations_question question;
    timestamp as_of;
};

/* Reads year, office, form and as_of, and finds the plan version of that moment. Without a year it is every year of the
 * plan if `whole_plan`, otherwise the one it is. An office may name no other office. False: a problem is replied. */
bool read_obligations_question(struct request *request, struct db *db, bool whole_plan,
                               struct asked_obligations *asked);

#endif
