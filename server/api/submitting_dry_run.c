/* submitting_dry_run.c: what handing in would come to. */
#include <string.h>

#include "api/common.h"
#include "api/submitting.h"
#include "revisions/revisions.h"

enum step_result submitting_answer_dry_run(struct request *request, struct db *db, struct submitting *submitting)
{
    const struct document *document = submitting->document;
    bool sound = document && document->office && submitting->findings.error_count == 0, found = false;
    struct buffer canonical = BUFFER_WITH_LIMIT(4 * BODY_LIMIT);
    const char *outcome = "refused";
    struct revision current = {0};
    char digest_text[DIGEST_TEXT_SIZE];
    json_t *json;

    if (sound && (document->form->event && !document->event)) {
        outcome = "recorded";
    } else if (sound) {
        enum db_status status = DB_FAILED;

        if (!begin_snapshot(request, db)) {
            db_snapshot_end(db);
            return STEP_DONE;
        }
        status = revision_current(db, document->plan->code, document->form->code, document->office->code,
                                  document->period_text, document->event, request->arena, &found, &current);
        db_snapshot_end(db);
        if (status != DB_OK || !document_write_canonical(document, &canonical)) {
            buffer_free(&canonical);
            return reply_db_failure(request, db, (int)status, "dry_run_failed");
        }
        struct digest digest = digest_of(canonical.data, canonical.length);

        if (found && memcmp(digest.bytes, current.document_sha256.bytes, DIGEST_SIZE) == 0)
            outcome = "unchanged";
        else
            outcome = document->base == (found ? current.number : 0) ? "recorded" : "revision_conflict";
        digest_format(&digest, digest_text);
    }
    json = json_pack("{sb ss so ss* so}", "dry_run", 1, "outcome", outcome, "findings",
                     findings_to_json(&submitting->findings, request->language), "document_sha256",
                     canonical.data ? digest_text : NULL, "current", found ? revision_to_json(&current) : json_null());
    if (json && document)
        json_object_set_new(
            json, "counts",
            json_pack("{sI sI}", "fields", (json_int_t)document->value_count, "rows", (json_int_t)document->row_count));
    buffer_free(&canonical);
    return reply_json(request, 200, json);
}
