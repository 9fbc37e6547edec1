/* revision_of.c: from an address to a revision, its plan and its document. */
#include "api/revision_of.h"

#include "api/common.h"
#include "form/document.h"

bool find_revision(struct request *request, struct db *db, const char *id, struct revision *ret_revision)
{
    bool found = false;
    enum db_status status = revision_find(db, id, request->arena, &found, ret_revision);

    if (status != DB_OK)
        reply_db_failure(request, db, (int)status, "revision_find_failed");
    else if (!found)
        reply_problem(request, PROBLEM_not_found, NULL);
    return status == DB_OK && found;
}

enum step_result with_revision(struct request *request, struct db *db,
                               void (*inside)(struct request *, struct db *, const struct revision *))
{
    struct revision revision;

    if (begin_snapshot(request, db) && find_revision(request, db, request->path_parameters[0], &revision))
        inside(request, db, &revision);
    db_snapshot_end(db);
    return STEP_DONE;
}

const struct plan_version *version_of(struct request *request, struct db *db, const struct revision *revision)
{
    struct shelf *shelf = request->service->shelf;
    const struct plan_version *version =
        shelf_version(shelf, request->principal.jurisdiction, revision->plan, revision->plan_version);

    if (!version && shelf_refresh(shelf, db) == DB_OK)
        version = shelf_version(shelf, request->principal.jurisdiction, revision->plan, revision->plan_version);
    return version;
}

struct document *judged_document_of(struct request *request, struct db *db, const struct revision *revision)
{
    struct findings ignored = FINDINGS_IN(request->arena);
    const struct plan_version *version = version_of(request, db, revision);
    json_t *json = NULL;
    enum db_status status = version ? revision_document(db, revision, &json) : DB_FAILED;
    struct document *document;

    if (status != DB_OK) {
        reply_db_failure(request, db, (int)status, "document_failed");
        return NULL;
    }
    document_drop_erased(json);
    document = document_judge(version->plan, json, &ignored);
    if (!document)
        reply_problem(request, PROBLEM_internal, NULL);
    return document;
}
