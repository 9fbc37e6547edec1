/* lock.c: the newest reviewed revision of a submission beside a new document. */
#include "review/lock.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "review/chain.h"
#include "review/ticket.h"
#include "revisions/diff.h"
#include "revisions/revisions.h"

/* The newest revision that somebody reviewed, and what was said of it. */
struct anchor {
    char id[40];
    bool accepted;
    json_t *ticket, *left_standing; /* owned */
    int64_t moved_at;
};

static enum db_status read_anchor(struct db *db, const struct document *document, struct anchor *ret_anchor,
                                  bool *ret_found)
{
    static const struct db_statement read = {
        "review_lock",
        "select anchor, accepted, ticket, to_jsonb(left_standing), moved_at from tributary.review_lock($1, $2, $3, $4, $5::uuid)",
        5};
    PGresult *rows = NULL;
    enum db_status status =
        db_run(db, &read,
               (const char *const[]){document->plan->code, document->form->code, document->office->code,
                                     document->period_text, document->event},
               &rows);

    *ret_found = status == DB_OK && PQntuples(rows) == 1;
    if (*ret_found) {
        const char *ticket = result_text(rows, 0, 2);

        *ret_anchor = (struct anchor){.accepted = result_bool(rows, 0, 1),
                                      .ticket = ticket ? json_loads(ticket, 0, NULL) : NULL,
                                      .left_standing = json_loads(PQgetvalue(rows, 0, 3), 0, NULL),
                                      .moved_at = result_int64(rows, 0, 4)};
        snprintf(ret_anchor->id, sizeof ret_anchor->id, "%s", PQgetvalue(rows, 0, 0));
        if ((ticket && !ret_anchor->ticket) || !ret_anchor->left_standing)
            status = DB_FAILED;
    }
    PQclear(rows);
    return status;
}

/* The text of a field of a document, NULL if it is no text. */
static const char *field_text(const json_t *document, const struct item *field)
{
    return json_text_member(json_object_get(document, "fields"), field->code);
}

/* What comes into force later is no correction of what was in force before. */
static bool is_change(const struct document *document, const json_t *before)
{
    const struct item *field = document->form->effective_from;
    const char *now = field ? field_text(document->json, field) : NULL,
               *then = field ? field_text(before, field) : NULL;

    return now && then && strcmp(now, then) > 0;
}

static enum db_status judge_changes(struct db *db, const struct document *document, const struct anchor *anchor,
                                    struct findings *findings, struct review_lock *lock)
{
    struct revision revision;
    json_t *before = NULL, *changes = NULL;
    bool found = false, free_to_change;
    enum db_status status = revision_find(db, anchor->id, findings->arena, &found, &revision);

    if (status == DB_OK)
        status = found ? revision_document(db, &revision, &before) : DB_FAILED;
    if (status == DB_OK && !(changes = documents_diff(document->plan, before, document->json, findings->arena)))
        status = DB_FAILED;
    if (status == DB_OK) {
        free_to_change = !anchor->accepted || json_is_true(json_object_get(anchor->ticket, "whole")) ||
                         revision.provisional || is_change(document, before);
        if (!free_to_change) {
            ticket_check(anchor->ticket, changes, document, findings);
            lock->passed = chain_begun(document->form, anchor->left_standing);
        }
        ticket_remind(anchor->ticket, changes, document, findings);
    }
    json_decref(changes);
    json_decref(before);
    return status;
}

enum db_status lock_judge(struct db *db, const struct document *document, struct findings *findings,
                          struct review_lock *ret_lock)
{
    struct anchor anchor = {0};
    bool found = false;
    enum db_status status = read_anchor(db, document, &anchor, &found);

    *ret_lock = (struct review_lock){.passed = -1};
    if (status == DB_OK && found) {
        ret_lock->reviewed_at = anchor.moved_at;
        status = judge_changes(db, document, &anchor, findings, ret_lock);
    }
    json_decref(anchor.ticket);
    json_decref(anchor.left_standing);
    return status;
}
