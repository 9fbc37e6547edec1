/* prepared.h: the way of a hand-in that one prepares and another releases. Private to api/. */
#ifndef TRIBUTARY_API_PREPARED_H
#define TRIBUTARY_API_PREPARED_H

#include "form/document.h"
#include "http/request.h"
#include "revisions/prepared.h"

/* Keeps what was judged sound until somebody else releases it; answers 202. The document is released here; the findings lie
 * in the request's arena. STEP_WAITING: all three are the writer's. */
enum step_result prepare_submission(struct request *request, struct document *document,
                                    const struct findings *findings);

/* submit.c: hands in what was prepared, whose bytes stand in the request as if they came now. */
enum step_result submit_prepared(struct request *request, struct db *db, const struct prepared *prepared);

#endif
