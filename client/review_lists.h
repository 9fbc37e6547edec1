/* review_lists.h: what was said, what waits, and how one submission stands. */
#ifndef TRIBUTARY_CLIENT_REVIEW_LISTS_H
#define TRIBUTARY_CLIENT_REVIEW_LISTS_H

#include "client.h"
#include "plan/plan.h"

enum exit_status review_list(struct client *client, const struct plan *plan);
enum exit_status review_waiting(struct client *client, const struct plan *plan);
enum exit_status review_show_one(struct client *client, const struct plan *plan);

#endif
