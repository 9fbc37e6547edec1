/* returned_file.c: the file is read back as an office's would be, so that each returned place is found at its cell. */
#include "api/returned_file.h"

#include "api/annotated.h"
#include "api/common.h"
#include "form/document.h"
#include "review/progress.h"
#include "review/ticket.h"
#include "sheet/grid.h"

/* The document that the file holds and where its cells stand; its own findings aren't what is asked for. NULL if it can't
 * be read. */
static struct document *read_back(struct request *request, const struct plan *plan, struct cell_places **ret_places)
{
    static const struct identity nothing = {.base = -1};
    struct findings ignored = FINDINGS_IN(request->arena);
    struct grid grid;
    json_t *json = grid_read_file(request->reply.body, request->reply.length, &ignored, &grid)
                       ? grid_to_document(plan, &grid, &nothing, &ignored, ret_places)
                       : NULL;

    return json ? document_judge(plan, json, &ignored) : NULL;
}

static void mark(struct request *request, const struct plan *plan, const json_t *ticket)
{
    struct findings findings = FINDINGS_IN(request->arena);
    struct cell_places *places = NULL;
    struct document *document = read_back(request, plan, &places);

    if (document && places) {
        ticket_tell(ticket, document, &findings);
        findings_locate(&findings, places);
    }
    if (!document || !places || findings.out_of_memory)
        reply_problem(request, PROBLEM_internal, NULL);
    else
        reply_annotated_file(request, request->reply.body, request->reply.length, &findings);
    document_release(document);
}

void mark_returned(struct request *request, struct db *db, const struct plan *plan, const struct revision *revision)
{
    json_t *ticket = NULL;
    enum db_status status;

    if (request->reply.status != 200)
        return;
    status = ticket_read(db, revision->id, &ticket);
    if (status != DB_OK)
        reply_db_failure(request, db, (int)status, "ticket_failed");
    else if (ticket)
        mark(request, plan, ticket);
    json_decref(ticket);
}
