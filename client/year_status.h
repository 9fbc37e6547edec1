/* year_status.h: a year at a glance: offices by forms, and totals by group and city. */
#ifndef TRIBUTARY_CLIENT_YEAR_STATUS_H
#define TRIBUTARY_CLIENT_YEAR_STATUS_H

#include "client.h"
#include "outbox.h"

/* Asks the server and shows the matrix of a ROC year, or prints the answers with --json; `waiting` is how many documents
 * of this machine are on no way yet. */
enum exit_status year_status_show(struct client *client, const char *year, size_t waiting);

#endif
