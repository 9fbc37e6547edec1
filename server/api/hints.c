/* hints.c: what was remarked, and what changed out of proportion, comes back at its cells when a document is judged. */
#include "api/hints.h"

#include "api/common.h"
#include "api/earlier.h"
#include "base/json.h"
#include "form/place.h"
#include "remarks/remarks.h"

/* Where a thread stands in the document as it is now. */
static struct place find_place(const struct document *document, const char *path, struct arena *arena)
{
    struct place place = {0};

    if (place_parse(document->form, path, arena, &place) && !place_find(document, arena, &place))
        return (struct place){.table = place.table};
    return place;
}

static void add_thread(const struct document *document, const json_t *thread, struct findings *findings)
{
    const char *path = json_text_member(thread, "path"), *text = json_text_member(thread, "text");

    if (!text) /* erased */
        return;
    findings_add(findings, (struct finding){.severity = SEVERITY_WARNING,
                                            .code = FINDING_remark_open,
                                            .place = find_place(document, path, findings->arena),
                                            .found = arena_text(findings->arena, text)});
}

static bool add_remarks(struct request *request, struct db *db, const struct document *document,
                        struct findings *findings)
{
    json_t *threads = NULL, *thread;
    enum db_status status = remark_open_threads(db, document->plan->code, document->form->code, document->office->code,
                                                document->period_text, document->event, &threads);
    size_t i;

    json_array_foreach(threads, i, thread)
        add_thread(document, thread, findings);
    json_decref(threads);
    if (status != DB_OK)
        reply_db_failure(request, db, (int)status, "open_threads_failed");
    return status == DB_OK;
}

/* Whether it says whose it is and when. */
static bool has_history(const struct document *document)
{
    return document && document->office && document->period_text &&
           (!document->event || uuid_is_well_formed(document->event)) &&
           plan_has_period(document->plan, document->form, document->period);
}

static bool has_rules(const struct form *form, enum reference reference)
{
    for (size_t i = 0; i < form->unusual_count; i++)
        if (reference == REFERENCE_PREVIOUS ? form->unusual[i].previous : form->unusual[i].last_year)
            return true;
    return false;
}

static bool add_changes(struct request *request, struct db *db, const struct document *document,
                        struct findings *findings)
{
    static const enum reference references[] = {REFERENCE_LAST_YEAR, REFERENCE_PREVIOUS};

    for (size_t i = 0; i < sizeof references / sizeof *references; i++) {
        struct earlier earlier = {0};

        if (!has_rules(document->form, references[i]))
            continue;
        if (!earlier_find(request, db, document, references[i], false, &earlier))
            return false;
        if (earlier.document)
            comparison_check(document, earlier.document, references[i], findings);
        document_release(earlier.document);
    }
    return true;
}

bool add_hints_inside(struct request *request, struct db *db, const struct document *document, enum hints hints,
                      struct findings *findings)
{
    if (!has_history(document))
        return true;
    return (!(hints & HINTS_OF_CHANGES) || add_changes(request, db, document, findings)) &&
           (!(hints & HINTS_OF_REMARKS) || add_remarks(request, db, document, findings));
}

bool add_hints(struct request *request, struct db *db, const struct document *document, enum hints hints,
               struct findings *findings)
{
    bool good;

    if (!has_history(document) || (hints == HINTS_OF_CHANGES && document->form->unusual_count == 0))
        return true;
    good = begin_snapshot(request, db) && add_hints_inside(request, db, document, hints, findings);
    db_snapshot_end(db);
    return good;
}
