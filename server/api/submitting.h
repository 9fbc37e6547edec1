/* submitting.h: a hand-in while it is on its way, and the steps that files of their own hold. Private to api/. */
#ifndef TRIBUTARY_API_SUBMITTING_H
#define TRIBUTARY_API_SUBMITTING_H

#include "form/document.h"
#include "http/request.h"
#include "ledger/hand_in.h"
#include "sheet/grid.h"

struct submitting {
    const struct plan_version *version;
    struct findings findings;
    struct document *document;
    struct hand_in hand_in;
    struct cell_places *places;      /* of a file's cells; NULL: JSON */
    size_t own_findings, own_errors; /* those that other documents have no part in */
    int judged;                      /* how often */
};

/* Adds what the document's history says, which doesn't change with what stands beside it, and judges it beside the office's
 * other documents; in a dry run beside its reviews too (otherwise only where something is wrong anyway: a submission that
 * nobody reviewed costs no look, since the store tells). False: a reply is set. */
bool submitting_judge(struct request *request, struct db *db, struct submitting *submitting, bool dry_run);

/* The same once more after something beside it changed, its reviews included; what was found before in that way is
 * forgotten. False: a reply is set. */
bool submitting_judge_again(struct request *request, struct db *db, struct submitting *submitting);

/* What handing in would come to, against a read snapshot. */
enum step_result submitting_answer_dry_run(struct request *request, struct db *db, struct submitting *submitting);

#endif
