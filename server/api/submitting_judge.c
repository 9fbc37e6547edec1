/* submitting_judge.c: a hand-in held against what stands beside it: the office's other documents and its own reviews. */
#include "api/across.h"
#include "api/common.h"
#include "api/hints.h"
#include "api/submitting.h"
#include "review/lock.h"

/* Holds a document against what the reviews of its submission leave open to change. False: a reply is set. */
static bool judge_reviewed(struct request *request, struct db *db, struct submitting *submitting)
{
    const struct document *document = submitting->document;
    struct review_lock lock = {.passed = -1};
    enum db_status status = DB_OK;

    if (!document || !document->office || !plan_has_period(document->plan, document->form, document->period))
        return true;
    if (begin_snapshot(request, db)) {
        status = lock_judge(db, document, &submitting->findings, &lock);
        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "review_lock_failed");
    } else {
        status = DB_FAILED;
    }
    db_snapshot_end(db);
    submitting->hand_in.reviewed_at = lock.reviewed_at;
    submitting->hand_in.passed = lock.passed;
    return status == DB_OK;
}

/* Judges the document beside the office's others as they stand now, and (`reviewed`) beside its reviews; what was found
 * before in that way is forgotten. A submission that nobody reviewed costs no look: the store tells. False: a reply is
 * set. */
static bool judge_beside(struct request *request, struct db *db, struct submitting *submitting, bool reviewed)
{
    struct findings *findings = &submitting->findings;
    struct beside beside;

    findings->count = submitting->own_findings;
    findings->error_count = submitting->own_errors;
    submitting->judged++;
    if (!judge_across(request, db, submitting->document, findings, &beside))
        return false;
    submitting->hand_in.beside_forms = beside.forms;
    submitting->hand_in.judged_at = beside.data_version;
    if ((reviewed || findings->error_count > 0) && !judge_reviewed(request, db, submitting))
        return false;
    if (submitting->places)
        findings_locate(findings, submitting->places);
    return true;
}

bool submitting_judge(struct request *request, struct db *db, struct submitting *submitting, bool dry_run)
{
    if (!add_hints(request, db, submitting->document, dry_run ? HINTS_ALL : HINTS_OF_CHANGES, &submitting->findings))
        return false;
    submitting->own_findings = submitting->findings.count;
    submitting->own_errors = submitting->findings.error_count;
    return judge_beside(request, db, submitting, dry_run);
}

bool submitting_judge_again(struct request *request, struct db *db, struct submitting *submitting)
{
    return judge_beside(request, db, submitting, true);
}
