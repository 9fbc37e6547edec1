/* earlier.c: looks for an earlier document in the plans that have its period. */
#include "api/earlier.h"

#include <string.h>

#include "api/common.h"
#include "api/revision_of.h"

enum { MOST_PLANS = 64 };

/* False: a reply is set. */
static bool look_in(struct request *request, struct db *db, const struct plan *plan, const struct document *document,
                    bool official, struct earlier *earlier)
{
    bool found = false;
    enum db_status status = revision_of_period(db, plan->code, document->form->code, document->office->code,
                                               earlier->period, official, request->arena, &found, &earlier->revision);

    if (status != DB_OK) {
        reply_db_failure(request, db, (int)status, "earlier_revision_failed");
        return false;
    }
    if (found && earlier->revision.reported)
        earlier->document = judged_document_of(request, db, &earlier->revision);
    return !found || !earlier->revision.reported || earlier->document;
}

static bool has_period(const struct plan *plan, const char *form_code, struct period period)
{
    const struct form *form = plan_form(plan, form_code);

    return form && !form->event && plan_has_period(plan, form, period);
}

bool earlier_find(struct request *request, struct db *db, const struct document *document, enum reference reference,
                  bool official, struct earlier *ret_earlier)
{
    const struct plan_version *versions[MOST_PLANS];
    struct earlier earlier = {.reference = reference};
    struct period period;
    bool good = true;

    *ret_earlier = earlier;
    if (!reference_period(document->form, document->period, reference, &period))
        return true;
    period_format(period, earlier.period);
    if (plan_has_period(document->plan, document->form, period)) {
        good = look_in(request, db, document->plan, document, official, &earlier);
    } else {
        size_t count = shelf_list(request->service->shelf, request->principal.jurisdiction, versions, MOST_PLANS);

        for (size_t i = 0; good && !earlier.document && i < count; i++)
            if (has_period(versions[i]->plan, document->form->code, period))
                good = look_in(request, db, versions[i]->plan, document, official, &earlier);
    }
    *ret_earlier = earlier;
    return good;
}
