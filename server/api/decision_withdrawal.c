/* decision_withdrawal.c: a decision that was recorded by mistake is withdrawn. */
#include "api/common.h"
#include "api/decision_tracking.h"
#include "api/handlers.h"
#include "api/members.h"
#include "api/recording.h"

enum { LONGEST_REASON = 2000 };

enum step_result post_decision_withdrawal(struct request *request, struct db *db)
{
    static const char *const known[] = {"reason", NULL};
    struct tracking tracking = {0};
    const char *reason = NULL;
    json_t *json = members_read(request, known);
    bool good = json && members_words(request, json, "reason", LONGEST_REASON, true, &reason) &&
                begin_snapshot(request, db) && tracking_find(request, db, request->path_parameters[0], &tracking);

    db_snapshot_end(db);
    json_decref(tracking.decision);
    json_decref(json);
    if (!good)
        return STEP_DONE;
    return tracking_queue(request, act_prepare(request, "decision_withdrawal", &decision_withdrawal_record,
                                               (const char *const[DECISION_WITHDRAWAL_PARAMETERS - ACT_OWN_PARAMETERS]){
                                                   tracking_new_id(request), request->path_parameters[0], reason}));
}
