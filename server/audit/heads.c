/* heads.c: the log's signed heads, for those who keep one outside: on a receipt, in a digest, on a notice board. */
#include <string.h>

#include "audit/audit.h"
#include "ledger/receipt.h"

static void format_head(const PGresult *rows, int column, char ret_text[static DIGEST_TEXT_SIZE])
{
    struct digest digest = {{0}};

    bytea_parse(PQgetvalue(rows, 0, column), digest.bytes, DIGEST_SIZE);
    digest_format(&digest, ret_text);
}

enum db_status audit_newest_head(struct db *db, json_t **ret_head)
{
    static const struct db_statement newest = {
        "audit_head",
        "select b.jurisdiction, b.batch, b.first_sequence, b.last_sequence, b.previous_head, b.head, b.key, b.signature,"
        " tributary.micros(h.recorded_at) from tributary.log_head h"
        " join tributary.log_batch b on b.jurisdiction = h.jurisdiction and b.batch = h.batch"
        " where h.jurisdiction = current_setting('tributary.jurisdiction')",
        0};
    char previous[DIGEST_TEXT_SIZE], head[DIGEST_TEXT_SIZE], recorded_at[TIMESTAMP_TEXT_SIZE];
    unsigned char signature[SIGNATURE_SIZE];
    PGresult *rows = NULL;
    enum db_status status = db_run(db, &newest, NULL, &rows);

    *ret_head = NULL;
    if (status == DB_OK && PQntuples(rows) == 1 && bytea_parse(PQgetvalue(rows, 0, 7), signature, sizeof signature)) {
        format_head(rows, 4, previous);
        format_head(rows, 5, head);
        timestamp_format(result_int64(rows, 0, 8), recorded_at);
        *ret_head =
            json_pack("{ss sI sI sI ss ss ss so}", "jurisdiction", PQgetvalue(rows, 0, 0), "batch",
                      (json_int_t)result_int64(rows, 0, 1), "first", (json_int_t)result_int64(rows, 0, 2), "last",
                      (json_int_t)result_int64(rows, 0, 3), "recorded_at", recorded_at, "previous", previous, "head",
                      head, "signature", log_signature_to_json(PQgetvalue(rows, 0, 6), signature));
        status = *ret_head ? DB_OK : DB_FAILED;
    }
    PQclear(rows);
    return status;
}

enum db_status audit_seek_head(struct db *db, const char *head, json_t **ret_answer)
{
    static const struct db_statement seek = {
        "audit_seek_head",
        "select b.batch, b.first_sequence, b.last_sequence, h.sequence, h.head from tributary.log_head h"
        " left join tributary.log_batch b on b.jurisdiction = h.jurisdiction and b.head = decode($1, 'hex')"
        " where h.jurisdiction = current_setting('tributary.jurisdiction')",
        1};
    char newest[DIGEST_TEXT_SIZE];
    PGresult *rows = NULL;
    enum db_status status = db_run(db, &seek, (const char *const[]){head}, &rows);

    if (status != DB_OK)
        return status;
    if (PQntuples(rows) == 0) {
        PQclear(rows);
        return DB_FAILED;
    }

    bool known = result_text(rows, 0, 0) != NULL;

    format_head(rows, 4, newest);
    *ret_answer = json_pack("{ss sb so so so s{sI ss}}", "head", head, "known", known, "batch",
                            known ? json_integer(result_int64(rows, 0, 0)) : json_null(), "first",
                            known ? json_integer(result_int64(rows, 0, 1)) : json_null(), "last",
                            known ? json_integer(result_int64(rows, 0, 2)) : json_null(), "newest", "sequence",
                            (json_int_t)result_int64(rows, 0, 3), "head", newest);
    PQclear(rows);
    return *ret_answer ? DB_OK : DB_FAILED;
}
