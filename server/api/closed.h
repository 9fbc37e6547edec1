/* closed.h: what is said where a period is closed. Private to api/. */
#ifndef TRIBUTARY_API_CLOSED_H
#define TRIBUTARY_API_CLOSED_H

#include "form/document.h"
#include "http/request.h"
#include "ledger/act.h"

/* Replies that the period is closed, since when and why, by the id of the closing that refused. */
enum step_result reply_period_closed(struct request *request, struct db *db, const char *closing_id);

/* Whether an act was refused because of a closing, whose id it then bears. */
bool is_period_closed(const struct act *act);

/* Adds an error if the document's period is closed now: it would be refused. False: a problem is replied. */
bool judge_closed(struct request *request, struct db *db, const struct document *document, struct findings *findings);

#endif
