/* prune.c: retention, batch by batch, each an act of the owner. */
#include "audit/prune.h"

#include <stdio.h>
#include <string.h>

#include "ledger/log_kinds.h"
#include "ledger/owner_act.h"

enum { AT_ONCE = 1000 };

/* Names of the logs; the caller clears the result. */
static enum db_status list_logs(struct db *db, PGresult **ret_rows)
{
    static const struct db_statement logs = {
        "logs_to_prune", "select jurisdiction from tributary.log_head where sequence > 0 order by 1", 0};

    return db_run(db, &logs, NULL, ret_rows);
}

static enum db_status preview_log(struct db *db, const char *jurisdiction, const char *months, prune_say *say,
                                  void *context)
{
    static const struct db_statement name = {"prune_context", "select set_config('tributary.jurisdiction', $1, false)",
                                             1};
    static const struct db_statement count = {
        "prune_preview",
        "select kind, count(*), min(recorded_at)::timestamp(0), max(recorded_at)::timestamp(0) from tributary.log_entry"
        " where jurisdiction = current_setting('tributary.jurisdiction') and kind = any ($1::text[]) and entry is not null"
        " and recorded_at < (select tributary.prunable_before($2::integer)) group by kind order by kind",
        2};
    PGresult *rows = NULL;
    enum db_status status = db_run(db, &name, (const char *const[]){jurisdiction}, NULL);

    if (status == DB_OK)
        status = db_run(db, &count, (const char *const[]){log_kinds_prunable(), months}, &rows);
    for (int i = 0; status == DB_OK && i < PQntuples(rows); i++)
        say(context, jurisdiction, PQgetvalue(rows, i, 0), result_int64(rows, i, 1), PQgetvalue(rows, i, 2),
            PQgetvalue(rows, i, 3));
    PQclear(rows);
    return status;
}

enum db_status prune_preview(struct db *db, int months, prune_say *say, void *context)
{
    char text[16];
    PGresult *logs = NULL;
    enum db_status status = list_logs(db, &logs);

    snprintf(text, sizeof text, "%d", months);
    for (int i = 0; status == DB_OK && i < PQntuples(logs); i++)
        status = preview_log(db, PQgetvalue(logs, i, 0), text, say, context);
    PQclear(logs);
    return status;
}

static enum db_status count_by(struct db *db, const char *jurisdiction, const char *retention, int64_t *entries)
{
    static const struct db_statement count = {
        "count_pruned", "select count(*) from tributary.log_entry where jurisdiction = $1 and pruned_by = $2::bigint",
        2};
    PGresult *rows = NULL;
    enum db_status status = db_run(db, &count, (const char *const[]){jurisdiction, retention}, &rows);

    if (status == DB_OK)
        *entries += result_int64(rows, 0, 0);
    PQclear(rows);
    return status;
}

static enum db_status prune_one_log(struct db *db, const struct signer *signer, const char *jurisdiction,
                                    const char *months, int64_t *entries)
{
    static const struct db_statement prune = {
        "prune_log",
        "select outcome, id, recorded_at, sequence, said from tributary.prune_log($1::text[], $2::integer, $3::integer)",
        3};
    char most[16];
    const struct owner_act act = {"retention", jurisdiction, &prune,
                                  (const char *const[]){log_kinds_prunable(), months, most}};
    struct owner_act_answer answer = {.outcome = "recorded"};
    enum db_status status = DB_OK;

    snprintf(most, sizeof most, "%d", AT_ONCE);
    while (status == DB_OK && strcmp(answer.outcome, "recorded") == 0) {
        status = owner_act_record(db, signer, &act, &answer);
        if (status == DB_OK && answer.id[0])
            status = count_by(db, jurisdiction, answer.id, entries);
    }
    return status;
}

enum db_status prune_log(struct db *db, const struct signer *signer, int months, int64_t *ret_entries)
{
    char text[16];
    PGresult *logs = NULL;
    enum db_status status = list_logs(db, &logs);

    *ret_entries = 0;
    snprintf(text, sizeof text, "%d", months);
    for (int i = 0; status == DB_OK && i < PQntuples(logs); i++)
        status = prune_one_log(db, signer, PQgetvalue(logs, i, 0), text, ret_entries);
    PQclear(logs);
    return status;
}
