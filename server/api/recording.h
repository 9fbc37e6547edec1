/* recording.h: what handlers that record something do alike. Private to api/. */
#ifndef TRIBUTARY_API_RECORDING_H
#define TRIBUTARY_API_RECORDING_H

#include "http/request.h"
#include "ledger/act.h"

/* Reads a parameter that is true or false (false if left out). False: a problem is replied. */
bool read_flag(struct request *request, const char *name, bool *ret_flag);

/* Sets for whom a job runs, the feeder's clock on a sample database (header Tributary-Sample-Clock; refused elsewhere)
 * and its Idempotency-Key with what it stands for. The job lies in the request's arena. False: a problem is replied. */
bool job_prepare(struct request *request, struct job *job, const struct job_kind *kind);

/* What time it is for what is being recorded: the feeder's clock on a sample database, where it names one. */
timestamp recording_clock(const struct request *request);

/* Hands a prepared job to the writer; `answer` goes on with the request on a worker when it is durable or refused. */
enum step_result job_queue(struct request *request, struct job *job, step_fn *answer);

/* A prepared act: its entry's kind, its statement and its parameters (texts in the request's arena, or NULL) but the last
 * four, which are the same for every act and added here: the feeder's clock, the token, the Idempotency-Key, and the
 * digest of the request. NULL: a problem is replied. */
enum { ACT_OWN_PARAMETERS = 4 };
struct act *act_prepare(struct request *request, const char *kind, const struct db_statement *statement,
                        const char *const *parameters);

/* Why the database refused an act, and what that is to the one who asked. A table of them ends with a NULL reason. */
struct refusal {
    const char *reason;
    enum problem problem;
    const char *detail; /* or NULL; of bad_member the member, or several ("begins, ends") that don't go together */
};

/* True if the act is recorded, unchanged or a replay, so that the thing can be shown; otherwise a problem is replied.
 * Frees the entry in both cases and makes sure that this daemon shows what it recorded. */
bool act_succeeded(struct request *request, struct act *act, const struct refusal *refusals);

#endif
