/* lock.c: the newest reviewed revision of a submission beside a new document. */
#include "review/lock.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "review/chain.h"
#include "review/ticket.h"
#include "revisions/diff.h"
#include "revisions/revisions.h"

/* As tributary.review_lock() says: what was said of the newest revision that somebody reviewed, and of the one whose cells
 * are held. */
struct anchor {
    char id[40], held[40];                        /* held: empty if nothing is */
    json_t *ticket, *held_ticket, *left_standing; /* owned */
    int64_t moved_at;
};

/* A member in JSON; *ret_good turns false where it can't be read. */
static json_t *read_json(const PGresult *rows, int column, bool *ret_good)
{
    const char *text = result_text(rows, 0, column);
    json_t *json = text ? json_loads(text, 0, NULL) : NULL;

    if (text && !json)
        *ret_good = false;
    return json;
}

static enum db_status read_anchor(struct db *db, const struct document *document, struct anchor *ret_anchor,
                                  bool *ret_found)
{
    static const struct db_statement read = {
        "review_lock",
        "select anchor, ticket, held, held_ticket, to_jsonb(left_standing), moved_at"
        " from tributary.review_lock($1, $2, $3, $4, $5::uuid)",
        5};
    PGresult *rows = NULL;
    enum db_status status =
        db_run(db, &read,
               (const char *const[]){document->plan->code, document->form->code, document->office->code,
                                     document->period_text, document->event},
               &rows);

    *ret_found = status == DB_OK && PQntuples(rows) == 1;
    if (*ret_found) {
        const char *held = result_text(rows, 0, 2);
        bool good = true;

        *ret_anchor = (struct anchor){.ticket = read_json(rows, 1, &good),
                                      .held_ticket = read_json(rows, 3, &good),
                                      .left_standing = read_json(rows, 4, &good),
                                      .moved_at = result_int64(rows, 0, 5)};
        snprintf(ret_anchor->id, sizeof ret_anchor->id, "%s", PQgetvalue(rows, 0, 0));
        snprintf(ret_anchor->held, sizeof ret_anchor->held, "%s", held ? held : "");
        if (!good || !ret_anchor->left_standing)
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

/* A revision beside a new document. */
struct earlier {
    struct revision revision;
    json_t *document, *changes; /* owned */
};

static enum db_status compare(struct db *db, const struct document *document, const char *id, struct arena *arena,
                              struct earlier *ret_earlier)
{
    bool found = false;
    enum db_status status = revision_find(db, id, arena, &found, &ret_earlier->revision);

    if (status == DB_OK)
        status = found ? revision_document(db, &ret_earlier->revision, &ret_earlier->document) : DB_FAILED;
    if (status == DB_OK &&
        !(ret_earlier->changes = documents_diff(document->plan, ret_earlier->document, document->json, arena)))
        status = DB_FAILED;
    return status;
}

static void release(struct earlier *earlier)
{
    json_decref(earlier->changes);
    json_decref(earlier->document);
    *earlier = (struct earlier){.document = NULL};
}

static void hold(const struct document *document, const struct anchor *anchor, const struct earlier *held,
                 struct findings *findings, struct review_lock *lock)
{
    if (held->revision.provisional || is_change(document, held->document))
        return;
    ticket_check(anchor->held_ticket, held->changes, document, findings);
    lock->passed = chain_begun(document->form, anchor->left_standing);
}

static enum db_status judge_changes(struct db *db, const struct document *document, const struct anchor *anchor,
                                    struct findings *findings, struct review_lock *lock)
{
    struct earlier earlier = {.document = NULL};
    enum db_status status = DB_OK;

    if (anchor->held[0]) {
        status = compare(db, document, anchor->held, findings->arena, &earlier);
        if (status == DB_OK)
            hold(document, anchor, &earlier, findings, lock);
    }
    if (status == DB_OK && strcmp(anchor->held, anchor->id) != 0) {
        release(&earlier);
        status = compare(db, document, anchor->id, findings->arena, &earlier);
    }
    if (status == DB_OK)
        ticket_remind(anchor->ticket, earlier.changes, document, findings);
    release(&earlier);
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
    json_decref(anchor.held_ticket);
    json_decref(anchor.left_standing);
    return status;
}
