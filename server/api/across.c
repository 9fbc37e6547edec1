/* across.c: reads the neighbours of a document in one snapshot and lets the form judge. */
#include "api/across.h"

#include "api/common.h"
#include "revisions/neighbours_read.h"

static bool stands_alone(const struct form *form)
{
    for (size_t i = 0; i < form->field_count; i++)
        if (form->fields[i].origin)
            return false;
    return form->cross_check_count == 0;
}

static bool can_judge(const struct document *document)
{
    return document && document->office && !stands_alone(document->form) &&
           plan_has_period(document->plan, document->form, document->period);
}

bool judge_across_inside(struct request *request, struct db *db, const struct document *document,
                         struct findings *findings)
{
    struct neighbours neighbours = NEIGHBOURS_IN(request->arena);
    enum db_status status;

    if (!can_judge(document))
        return true;
    status = neighbours_read(db, document->plan, document->form, document->office->code, document->period, &neighbours);
    if (status == DB_OK)
        cross_check(document, &neighbours, findings);
    else
        reply_db_failure(request, db, (int)status, "neighbours_failed");
    neighbours_release(&neighbours);
    return status == DB_OK;
}

bool judge_across(struct request *request, struct db *db, const struct document *document, struct findings *findings)
{
    bool good;

    if (!can_judge(document))
        return true;
    good = begin_snapshot(request, db) && judge_across_inside(request, db, document, findings);
    db_snapshot_end(db);
    return good;
}
