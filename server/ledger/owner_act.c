/* owner_act.c: lock the log, run the statement, append its entry, commit. */
#include "ledger/owner_act.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/batch.h"

static enum db_status lock_log(struct db *db, struct digest *ret_head)
{
    static const struct db_statement lock = {"lock_log_for_owner", "select head from tributary.lock_log()", 0};
    PGresult *result = NULL;
    enum db_status status = db_run(db, &lock, NULL, &result);

    if (status == DB_OK &&
        (PQntuples(result) != 1 || !bytea_parse(PQgetvalue(result, 0, 0), ret_head->bytes, DIGEST_SIZE)))
        status = DB_FAILED;
    PQclear(result);
    return status;
}

static enum db_status append_entry(struct db *db, const struct signer *signer, const struct owner_act *act,
                                   const PGresult *answer, const struct digest *head)
{
    const char *said = result_text(answer, 0, 4);
    struct act_place place = {.kind = act->kind,
                              .jurisdiction = act->jurisdiction,
                              .actor = ACTOR_NOBODY,
                              .sequence = (uint64_t)result_int64(answer, 0, 3),
                              .recorded_at = result_int64(answer, 0, 2)};
    char *entry = act_entry(&place, said ? said : "{}");
    enum db_status status =
        entry ? batch_close_single(db, signer, act->jurisdiction, place.sequence, head, entry) : DB_FAILED;

    free(entry);
    return status;
}

static enum db_status run_locked(struct db *db, const struct signer *signer, const struct owner_act *act,
                                 struct owner_act_answer *ret_answer, bool *ret_keep)
{
    struct digest head;
    PGresult *answer = NULL;
    enum db_status status = lock_log(db, &head);

    if (status == DB_OK)
        status = db_run(db, act->statement, act->parameters, &answer);
    if (status == DB_OK && PQntuples(answer) != 1)
        status = DB_FAILED;
    if (status == DB_OK) {
        const char *id = result_text(answer, 0, 1);

        snprintf(ret_answer->outcome, sizeof ret_answer->outcome, "%s", PQgetvalue(answer, 0, 0));
        snprintf(ret_answer->id, sizeof ret_answer->id, "%s", id ? id : "");
        *ret_keep = strcmp(ret_answer->outcome, "recorded") == 0;
        if (*ret_keep)
            status = append_entry(db, signer, act, answer, &head);
    }
    PQclear(answer);
    return status;
}

enum db_status owner_act_record(struct db *db, const struct signer *signer, const struct owner_act *act,
                                struct owner_act_answer *ret_answer)
{
    struct db_context context = {act->jurisdiction, role_name(ROLE_ADMIN), "", ACTOR_NOBODY};
    bool keep = false;
    enum db_status status = db_change_begin(db, &context);

    if (status == DB_OK)
        status = run_locked(db, signer, act, ret_answer, &keep);
    if (status != DB_OK) {
        db_change_end(db, false);
        return status;
    }
    return db_change_end(db, keep);
}
