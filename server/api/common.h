/* common.h: what several handlers do alike. Private to api/. */
#ifndef TRIBUTARY_API_COMMON_H
#define TRIBUTARY_API_COMMON_H

#include "db/db.h"
#include "http/request.h"
#include "plans/shelf.h"

struct body;

/* The version of the plan in the address that is in force at `moment` (NULL: now), looked up afresh if it isn't known
 * yet. NULL: a problem is replied. */
const struct plan_version *find_plan(struct request *request, struct db *db, const timestamp *moment);

/* Begins the read-only snapshot of a request and notes its data version. False: a problem is replied. End it with
 * db_snapshot_end() in both cases. */
bool begin_snapshot(struct request *request, struct db *db);

/* Replies a bad parameter by its name. */
enum step_result reply_bad_parameter(struct request *request, const char *name, const char *expected);

/* The same for a value that names nothing of the plan. */
enum step_result reply_unknown_value(struct request *request, const char *name, const char *found);

/* Whether a unit (NULL: none is asked for) is, or was in another version or plan, one of a body's, or (NULL) of any body's: what
 * it once met for and decided remains. False: a problem is replied. */
bool knows_unit(struct request *request, const char *body, const char *unit);

/* Reads the parameter as_of into `moment`; *ret_as_of is NULL without one. False: a problem is replied. */
bool read_as_of(struct request *request, timestamp *moment, const timestamp **ret_as_of);

/* The same for any parameter that is a moment. */
bool read_optional_moment(struct request *request, const char *name, timestamp *moment, const timestamp **ret_moment);

/* Reads a parameter that is a moment; *ret_given: whether it is there. False: a problem is replied. */
bool read_moment_parameter(struct request *request, const char *name, timestamp *ret_moment, bool *ret_given);

/* A moment just past is answered only once every write that began before it is durable. `as_of` NULL: at once. False: a
 * problem is replied. */
bool settle(struct request *request, struct db *db, const timestamp *as_of);

/* Whether `text` is among the words; NULL ends them. */
bool is_one_of(const char *text, const char *const *words);

/* The words in the reader's language; they may be a format. */
const char *bilingual(const struct request *request, const char *zh, const char *en)
    __attribute__((format_arg(2), format_arg(3)));

/* In the reader's language: a ROC year of the plan, and a unit of the body. */
const char *year_wanted(struct request *request, const struct plan *plan);
const char *unit_wanted(const struct request *request, const struct body *body);

/* The body as JSON, strictly read; the caller owns it. NULL: a problem is replied. */
json_t *read_json_body(struct request *request);

/* Cells of a table from members of an answer, in the arena or owned by it: a plain value, a list of texts, and "name" in
 * the reader's language. NULL: an empty cell. */
const char *json_cell_text(struct arena *arena, const json_t *value);
const char *json_list_text(struct arena *arena, const json_t *list);
const char *json_name_text(const struct request *request, const json_t *holder);

/* Replies a table as CSV: takes over `out`. */
enum step_result reply_csv(struct request *request, struct buffer *out);

#endif
