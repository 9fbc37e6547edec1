/* announce.c: keys and erasures as acts of the owner. */
#include "ledger/announce.h"

#include <string.h>

#include "ledger/owner_act.h"

enum db_status announce_key(struct db *db, const struct signer *signer)
{
    static const struct db_statement logs = {
        "logs_begun", "select jurisdiction from tributary.log_head where sequence > 0 order by 1", 0};
    static const struct db_statement record = {
        "record_signing_key", "select outcome, id, recorded_at, sequence, said from tributary.record_signing_key($1)",
        1};
    PGresult *rows = NULL;
    enum db_status status = db_run(db, &logs, NULL, &rows);

    for (int i = 0; status == DB_OK && i < PQntuples(rows); i++) {
        const struct owner_act act = {"signing_key", PQgetvalue(rows, i, 0), &record,
                                      (const char *const[]){signer->key}};
        struct owner_act_answer answer;

        status = owner_act_record(db, signer, &act, &answer);
    }
    PQclear(rows);
    return status;
}

enum db_status erase_personal(struct db *db, const struct signer *signer, const char *jurisdiction,
                              const char *revision, const char *path, bool *ret_erased)
{
    static const struct db_statement record = {
        "record_erasure", "select outcome, id, recorded_at, sequence, said from tributary.record_erasure($1::uuid, $2)",
        2};
    const struct owner_act act = {"personal_erasure", jurisdiction, &record, (const char *const[]){revision, path}};
    struct owner_act_answer answer;
    enum db_status status = owner_act_record(db, signer, &act, &answer);

    if (status == DB_OK)
        *ret_erased = strcmp(answer.outcome, "recorded") == 0;
    return status;
}

enum db_status erase_text(struct db *db, const struct signer *signer, const char *jurisdiction, const char *remark,
                          bool *ret_erased)
{
    static const struct db_statement record = {
        "record_text_erasure",
        "select outcome, id, recorded_at, sequence, said from tributary.record_text_erasure($1::uuid)", 1};
    const struct owner_act act = {"personal_erasure", jurisdiction, &record, (const char *const[]){remark}};
    struct owner_act_answer answer;
    enum db_status status = owner_act_record(db, signer, &act, &answer);

    if (status == DB_OK)
        *ret_erased = strcmp(answer.outcome, "recorded") == 0;
    return status;
}

/* Texts of remarks that were erased, by jurisdiction, of which no entry tells. */
static enum db_status announce_erased_texts(struct db *db, const struct signer *signer)
{
    static const struct db_statement unrecorded = {
        "unrecorded_text_erasures",
        "select t.jurisdiction, t.remark from tributary.remark_text t join tributary.remark m using (remark)"
        " where t.text is null and not exists (select from tributary.log_entry e where e.jurisdiction = t.jurisdiction"
        "  and e.submission = m.revision::text and e.kind = 'personal_erasure' and e.entry::jsonb ->> 'remark' = t.remark::text)"
        " order by t.erased_at",
        0};
    PGresult *rows = NULL;
    enum db_status status = db_run(db, &unrecorded, NULL, &rows);
    bool erased;

    for (int i = 0; status == DB_OK && i < PQntuples(rows); i++)
        status = erase_text(db, signer, PQgetvalue(rows, i, 0), PQgetvalue(rows, i, 1), &erased);
    PQclear(rows);
    return status;
}

enum db_status announce_erasures(struct db *db, const struct signer *signer)
{
    static const struct db_statement unrecorded = {
        "unrecorded_erasures",
        "select v.jurisdiction, v.revision, v.path from tributary.personal_value v where v.value is null"
        " and not exists (select from tributary.log_entry e where e.jurisdiction = v.jurisdiction"
        "  and e.submission = v.revision::text and e.kind = 'personal_erasure' and e.entry::jsonb ->> 'path' = v.path"
        "  and not e.entry::jsonb ? 'remark')"
        " order by v.erased_at",
        0};
    PGresult *rows = NULL;
    enum db_status status = db_run(db, &unrecorded, NULL, &rows);
    bool erased;

    for (int i = 0; status == DB_OK && i < PQntuples(rows); i++)
        status =
            erase_personal(db, signer, PQgetvalue(rows, i, 0), PQgetvalue(rows, i, 1), PQgetvalue(rows, i, 2), &erased);
    PQclear(rows);
    return status == DB_OK ? announce_erased_texts(db, signer) : status;
}
