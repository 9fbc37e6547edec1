/* closed.c: a closed period, as a problem and as a finding. */
#include "api/closed.h"

#include <string.h>

#include "api/common.h"
#include "standing/closings.h"

/* "113Q2" or "113Q2 training-quarterly", as it was closed. */
static const char *closed_words(struct request *request, const struct closing_in_force *closing)
{
    return closing->form ? arena_format(request->arena, "%s %s", closing->period, closing->form) : closing->period;
}

static enum step_result reply_closing(struct request *request, const struct closing_in_force *closing)
{
    static const char *const words[] = {
        [LANGUAGE_ZH] = "%s 已於 %s 關閉：%s", [LANGUAGE_EN] = "%s was closed at %s: %s"};
    char recorded_at[TIMESTAMP_TEXT_SIZE];

    timestamp_format(closing->recorded_at, recorded_at);
    return reply_problem_with(request, PROBLEM_period_closed,
                              arena_format(request->arena, words[request->language], closed_words(request, closing),
                                           recorded_at, closing->reason),
                              json_pack("{s{ss ss? ss ss}}", "closed", "period", closing->period, "form", closing->form,
                                        "reason", closing->reason, "recorded_at", recorded_at));
}

enum step_result reply_period_closed(struct request *request, struct db *db, const char *closing_id)
{
    struct closing_in_force closing;
    bool found = false;

    if (begin_snapshot(request, db)) {
        enum db_status status = closing_find(db, closing_id, request->arena, &found, &closing);

        if (status != DB_OK || !found)
            reply_db_failure(request, db, (int)status, "closing_find_failed");
        else
            reply_closing(request, &closing);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

bool is_period_closed(const struct act *act)
{
    return act->job.outcome == JOB_REFUSED && strcmp(act->reason, "period_closed") == 0;
}

bool judge_closed(struct request *request, struct db *db, const struct document *document, struct findings *findings)
{
    struct closing_in_force closing;
    char recorded_at[TIMESTAMP_TEXT_SIZE];
    bool found = false, good;

    if (!document || !document->office || !plan_has_period(document->plan, document->form, document->period))
        return true;
    good = begin_snapshot(request, db);
    if (good) {
        enum db_status status = closing_of(db, document->plan->code, document->form->code, document->period_text,
                                           request->arena, &found, &closing);

        good = status == DB_OK;
        if (!good)
            reply_db_failure(request, db, (int)status, "closing_find_failed");
    }
    db_snapshot_end(db);
    if (!good || !found)
        return good;
    timestamp_format(closing.recorded_at, recorded_at);
    findings_add(findings, (struct finding){.code = FINDING_period_closed,
                                            .place = {.member = "period"},
                                            .expected = closing.reason,
                                            .found = arena_format(request->arena, "%s (%s)",
                                                                  closed_words(request, &closing), recorded_at)});
    return true;
}
