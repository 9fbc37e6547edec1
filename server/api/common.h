/* common.h: what several handlers do alike. Private to api/. */
#ifndef TRIBUTARY_API_COMMON_H
#define TRIBUTARY_API_COMMON_H

#include "db/db.h"
#include "http/request.h"
#include "plans/shelf.h"

/* The version of the plan in the address that is in force at `moment` (NULL: now), looked up afresh if it isn't known
 * yet. NULL: a problem is replied. */
const struct plan_version *find_plan(struct request *request, struct db *db, const timestamp *moment);

/* Begins the read-only snapshot of a request and notes its data version. False: a problem is replied. End it with
 * db_snapshot_end() in both cases. */
bool begin_snapshot(struct request *request, struct db *db);

/* Replies a bad parameter by its name. */
enum step_result reply_bad_parameter(struct request *request, const char *name, const char *expected);

/* Replies a table as CSV: takes over `out`. */
enum step_result reply_csv(struct request *request, struct buffer *out);

#endif
