/* sitting_in.h: what the handlers about sitting in on meetings share. Private to api/. */
#ifndef TRIBUTARY_API_SITTING_IN_H
#define TRIBUTARY_API_SITTING_IN_H

#include "http/request.h"
#include "secretariat/sitting_in.h"

/* The plan of the address at the question's moment, and its team. False: a problem is replied. */
bool sitting_in_find_team(struct request *request, struct db *db, struct sitting_in_question *question);

/* Replies with the table of a year, as sitting_in_table() made it; adds to it. */
void sitting_in_reply(struct request *request, const struct sitting_in_question *question, int status, json_t *table);

#endif
