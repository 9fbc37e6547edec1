/* withdrawal.c: the document of a revision that withdraws its submission. */
#include "standing/withdrawal.h"

#include <stdio.h>

#include "base/json.h"

enum { WITHDRAWAL_LIMIT = 64 * 1024 };

enum db_status withdrawal_allowed(struct db *db, const struct revision *revision, bool *ret_allowed)
{
    static const struct db_statement lock = {"withdrawal_lock",
                                             "select 1 from tributary.review_lock($1, $2, $3, $4, $5::uuid) l"
                                             " where l.held is not null",
                                             5};
    PGresult *rows = NULL;
    enum db_status status = db_run(
        db, &lock,
        (const char *const[]){revision->plan, revision->form, revision->office, revision->period, revision->event},
        &rows);

    *ret_allowed = status == DB_OK && PQntuples(rows) == 0 && !revision->withdrawn;
    PQclear(rows);
    return status;
}

bool withdrawal_set(struct hand_in *hand_in, const struct revision *revision, const char *reason, struct arena *arena)
{
    json_t *document = json_pack("{ss ss ss ss* ss}", "form", revision->form, "office", revision->office, "period",
                                 revision->period, "event", revision->event, "withdrawn", reason);
    struct buffer text = BUFFER_WITH_LIMIT(WITHDRAWAL_LIMIT);
    bool good = document && json_write_canonical(document, &text);

    hand_in->plan = revision->plan;
    hand_in->plan_version = revision->plan_version;
    hand_in->form = revision->form;
    hand_in->office = revision->office;
    hand_in->period = revision->period;
    snprintf(hand_in->event, sizeof hand_in->event, "%s", revision->event ? revision->event : "");
    hand_in->base = revision->number;
    hand_in->passed = -1;
    hand_in->element_state = "";
    hand_in->element_value = "{}";
    hand_in->withdrawn = reason;
    uuid_make(hand_in->id);
    if (good) {
        hand_in->document_sha256 = hand_in->stored_sha256 = digest_of(text.data, text.length);
        hand_in->document = arena_copy(arena, text.data, text.length);
        good = hand_in->document != NULL;
    }
    json_decref(document);
    buffer_free(&text);
    return good;
}
