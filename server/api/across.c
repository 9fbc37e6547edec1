/* across.c: reads the neighbours of a document in one snapshot and lets the form judge. */
#include "api/across.h"

#include "api/common.h"
#include "revisions/neighbours_read.h"

enum { FORMS_LIMIT = 64 * 1024 };

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

/* The codes of the forms that it looks at, each once. NULL without memory. */
static const char *list_forms(struct arena *arena, const struct document *document)
{
    struct buffer text = BUFFER_WITH_LIMIT(FORMS_LIMIT);
    size_t count, i, k;
    const struct wanted *wanted = neighbours_wanted(document->plan, document->form, document->period, arena, &count);
    const char *list = NULL;

    buffer_append_char(&text, '{');
    for (i = 0; wanted && i < count; i++) {
        for (k = 0; wanted[k].form != wanted[i].form;)
            k++;
        if (k == i)
            buffer_append_format(&text, "%s\"%s\"", i ? "," : "", wanted[i].form->code);
    }
    buffer_append_char(&text, '}');
    if (wanted && !text.failed)
        list = arena_copy(arena, text.data, text.length);
    buffer_free(&text);
    return list;
}

bool judge_across(struct request *request, struct db *db, const struct document *document, struct findings *findings,
                  struct beside *ret_beside)
{
    struct beside beside = {0};
    bool good;

    *ret_beside = beside;
    if (!can_judge(document))
        return true;
    beside.forms = list_forms(request->arena, document);
    if (!beside.forms) {
        reply_problem(request, PROBLEM_internal, NULL);
        return false;
    }
    good = begin_snapshot(request, db) && judge_across_inside(request, db, document, findings);
    db_snapshot_end(db);
    beside.data_version = request->data_version;
    *ret_beside = beside;
    return good;
}

struct beside beside_of(struct request *request, const struct document *document)
{
    return can_judge(document) ? (struct beside){list_forms(request->arena, document), request->data_version}
                               : (struct beside){0};
}
