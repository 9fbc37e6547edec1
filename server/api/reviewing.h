/* reviewing.h: a review while it is on its way, and what a submission says of its own. Private to api/. */
#ifndef TRIBUTARY_API_REVIEWING_H
#define TRIBUTARY_API_REVIEWING_H

#include "api/across.h"
#include "api/revision_of.h"
#include "http/request.h"
#include "ledger/act.h"
#include "review/progress.h"
#include "revisions/revisions.h"

struct reviewing {
    struct revision revision;
    const struct plan *plan; /* in force now */
    const struct form *form; /* of the plan version that judged the revision: it keeps that chain */
    struct progress progress;
    const struct stage *stage;
    int place; /* of the stage in the form's chain, from 1 */
    const char *outcome, *reason, *cells, *meeting_asked;
    const char *meeting, *meeting_record; /* by their ids; NULL: none */
    bool break_glass;
    int64_t seen_at; /* the newest review that the reviewer saw, by If-Match; -1: not said */
    struct beside beside;
    struct act *act;
};

/* Opens a snapshot and finds the revision of the address, its form and how far its review has come. False: a problem is
 * replied. End it with db_snapshot_end() in both cases. */
bool reviewing_begin(struct request *request, struct db *db, struct reviewing *reviewing);

/* What must hold before a stage's word counts: If-Match, a meeting of the body with its quorum, and, where it is accepted,
 * that everything that is to be explained is. Inside the snapshot. False: a problem is replied. */
bool reviewing_check(struct request *request, struct db *db, struct reviewing *reviewing);

/* "review" of a submission's answer, inside a snapshot. The caller owns it; NULL: a problem is replied. */
json_t *submission_review(struct request *request, struct db *db, const struct revision *revision,
                          const struct form *form);

/* The stages at which the caller may say something now, and what: "may.review" of a submission. */
json_t *submission_may_review(const struct request *request, const struct revision *revision, const struct form *form,
                              const struct progress *progress);

/* Sets an entity tag that stands for the state of the submission's review, so that If-Match can be held against it in any
 * language and format. */
void set_state_tag(struct request *request, const struct revision *revision, const struct progress *progress);

#endif
