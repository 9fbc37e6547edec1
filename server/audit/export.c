/* export.c: batch after batch, as lines. */
#include "audit/export.h"

#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/receipt.h"

enum { ENTRIES_AT_ONCE = 2000 };

enum db_status log_export_begin(struct db *db, const timestamp *from, const timestamp *to,
                                struct log_export *ret_export)
{
    static const struct db_statement range = {
        "export_range",
        "select coalesce((select min(b.batch) from tributary.log_batch b where b.jurisdiction = h.jurisdiction"
        "  and b.last_sequence = (select min(c.last_sequence) from tributary.log_batch c"
        "   where c.jurisdiction = h.jurisdiction and c.last_sequence >= tributary.first_since($1::timestamptz))), h.batch + 1),"
        " case when $2::timestamptz is null then h.batch else coalesce((select max(b.batch) from tributary.log_batch b"
        "  where b.jurisdiction = h.jurisdiction and b.first_sequence = (select max(c.first_sequence)"
        "   from tributary.log_batch c where c.jurisdiction = h.jurisdiction"
        "   and c.first_sequence < tributary.first_since($2::timestamptz + interval '1 microsecond'))), 0) end"
        " from tributary.log_head h where h.jurisdiction = current_setting('tributary.jurisdiction')",
        2};
    char from_text[TIMESTAMP_TEXT_SIZE] = "-infinity", to_text[TIMESTAMP_TEXT_SIZE];
    PGresult *rows = NULL;

    if (from)
        timestamp_format(*from, from_text);
    if (to)
        timestamp_format(*to, to_text);

    enum db_status status = db_run(db, &range, (const char *const[]){from_text, to ? to_text : NULL}, &rows);

    if (status == DB_OK && PQntuples(rows) == 1)
        *ret_export =
            (struct log_export){.batch = result_int64(rows, 0, 0) - 1, .last_batch = result_int64(rows, 0, 1)};
    else if (status == DB_OK)
        status = DB_FAILED;
    PQclear(rows);
    return status;
}

/* A digest of a row, or null. */
static json_t *digest_member(const PGresult *rows, int row, int column)
{
    const char *text = result_text(rows, row, column);

    return text ? json_string(text + 2) : json_null(); /* without the \x of the store */
}

static json_t *signature_member(const PGresult *rows, int row, int key_column, int signature_column)
{
    unsigned char signature[SIGNATURE_SIZE] = {0};

    bytea_parse(PQgetvalue(rows, row, signature_column), signature, sizeof signature);
    return log_signature_to_json(PQgetvalue(rows, row, key_column), signature);
}

/* Takes over `line`. */
static void append_line(struct buffer *out, json_t *line)
{
    char *text = line ? json_dumps(line, JSON_COMPACT) : NULL;

    if (text) {
        buffer_append_text(out, text);
        buffer_append_char(out, '\n');
    } else {
        buffer_fail(out);
    }
    free(text);
    json_decref(line);
}

static enum db_status keys_to_json(struct db *db, json_t **ret_keys)
{
    static const struct db_statement list = {"export_keys",
                                             "select key, public_key from tributary.signing_key order by since", 0};
    PGresult *rows = NULL;
    enum db_status status = db_run(db, &list, NULL, &rows);

    if (status != DB_OK)
        return status;
    *ret_keys = json_array();
    for (int i = 0; i < PQntuples(rows); i++) {
        unsigned char key[PUBLIC_KEY_SIZE];
        char text[64];

        if (!bytea_parse(PQgetvalue(rows, i, 1), key, sizeof key))
            continue;
        sodium_bin2base64(text, sizeof text, key, sizeof key, sodium_base64_VARIANT_ORIGINAL);
        json_array_append_new(*ret_keys, json_pack("{ss ss}", "key", PQgetvalue(rows, i, 0), "ed25519_public", text));
    }
    PQclear(rows);
    return DB_OK;
}

static enum db_status append_first_line(struct db *db, struct log_export *export, struct buffer *out)
{
    static const struct db_statement ends = {
        "export_ends",
        "select h.jurisdiction, f.first_sequence, f.previous_head, l.last_sequence, l.head from tributary.log_head h"
        " left join tributary.log_batch f on f.jurisdiction = h.jurisdiction and f.batch = $1::bigint"
        " left join tributary.log_batch l on l.jurisdiction = h.jurisdiction and l.batch = $2::bigint and f.batch <= l.batch"
        " where h.jurisdiction = current_setting('tributary.jurisdiction')",
        2};
    char first[24], last[24];
    PGresult *rows = NULL;
    json_t *keys = NULL;

    snprintf(first, sizeof first, "%lld", (long long)export->batch + 1);
    snprintf(last, sizeof last, "%lld", (long long)export->last_batch);

    enum db_status status = keys_to_json(db, &keys);

    if (status == DB_OK)
        status = db_run(db, &ends, (const char *const[]){first, last}, &rows);
    if (status == DB_OK && PQntuples(rows) == 1) {
        bool some = result_text(rows, 0, 3) != NULL;

        export->sequence = some ? result_int64(rows, 0, 1) - 1 : 0;
        append_line(out, json_pack("{ss si ss so so so so sO}", "type", "log", "version", 1, "jurisdiction",
                                   PQgetvalue(rows, 0, 0), "first",
                                   some ? json_integer(result_int64(rows, 0, 1)) : json_null(), "last",
                                   some ? json_integer(result_int64(rows, 0, 3)) : json_null(), "previous",
                                   digest_member(rows, 0, 2), "head", digest_member(rows, 0, 4), "keys", keys));
    } else if (status == DB_OK) {
        status = DB_FAILED;
    }
    json_decref(keys);
    PQclear(rows);
    return status;
}

/* batch, first_sequence, last_sequence, previous_head, head, key, signature, sequence, leaf, entry */
static void append_row(struct log_export *export, const PGresult *rows, int row, struct buffer *out)
{
    int64_t batch = result_int64(rows, row, 0), sequence = result_int64(rows, row, 7);

    if (batch != export->batch)
        append_line(out,
                    json_pack("{ss sI sI sI so so so}", "type", "batch", "batch", (json_int_t)batch, "first",
                              (json_int_t)result_int64(rows, row, 1), "last", (json_int_t)result_int64(rows, row, 2),
                              "previous", digest_member(rows, row, 3), "head", digest_member(rows, row, 4), "signature",
                              signature_member(rows, row, 5, 6)));
    append_line(out, json_pack("{ss sI so ss?}", "type", "entry", "sequence", (json_int_t)sequence, "leaf",
                               digest_member(rows, row, 8), "entry", result_text(rows, row, 9)));
    export->batch = batch;
    export->sequence = sequence;
}

static enum db_status append_batches(struct db *db, struct log_export *export, struct buffer *out)
{
    static const struct db_statement some = {
        "export_batches",
        "select b.batch, b.first_sequence, b.last_sequence, b.previous_head, b.head, b.key, b.signature, e.sequence, e.leaf,"
        " e.entry from tributary.log_batch b"
        " join tributary.log_entry e on e.jurisdiction = b.jurisdiction and e.sequence between b.first_sequence and b.last_sequence"
        " where b.jurisdiction = current_setting('tributary.jurisdiction') and b.batch > $1::bigint and b.batch <= $2::bigint"
        " and b.first_sequence between $3::bigint and $4::bigint"
        " order by e.sequence",
        4};
    char after[24], last[24], from[24], below[24];
    PGresult *rows = NULL;

    snprintf(after, sizeof after, "%lld", (long long)export->batch);
    snprintf(last, sizeof last, "%lld", (long long)export->last_batch);
    snprintf(from, sizeof from, "%lld", (long long)export->sequence + 1);
    snprintf(below, sizeof below, "%lld", (long long)export->sequence + ENTRIES_AT_ONCE);

    enum db_status status = db_run(db, &some, (const char *const[]){after, last, from, below}, &rows);

    if (status == DB_OK && PQntuples(rows) == 0)
        status = DB_FAILED; /* a hole in the log: better no end than one that hides it */
    for (int i = 0; status == DB_OK && i < PQntuples(rows); i++)
        append_row(export, rows, i, out);
    PQclear(rows);
    return status;
}

static enum db_status append_last_line(struct db *db, struct log_export *export, struct buffer *out)
{
    static const struct db_statement head = {
        "export_end",
        "select head from tributary.log_batch where jurisdiction = current_setting('tributary.jurisdiction') and batch = $1::bigint",
        1};
    char batch[24];
    PGresult *rows = NULL;

    snprintf(batch, sizeof batch, "%lld", export->sequence ? (long long)export->batch : 0LL);

    enum db_status status = db_run(db, &head, (const char *const[]){batch}, &rows);

    if (status == DB_OK) {
        bool some = PQntuples(rows) == 1;

        append_line(out,
                    json_pack("{ss so so}", "type", "end", "last", some ? json_integer(export->sequence) : json_null(),
                              "head", some ? digest_member(rows, 0, 0) : json_null()));
        export->ended = true;
    }
    PQclear(rows);
    return status;
}

enum db_status log_export_lines(struct db *db, struct log_export *export, struct buffer *out)
{
    enum db_status status = DB_OK;

    if (!export->begun)
        status = append_first_line(db, export, out);
    export->begun = export->begun || status == DB_OK;
    if (status == DB_OK && export->batch < export->last_batch)
        status = append_batches(db, export, out);
    if (status == DB_OK && export->batch >= export->last_batch)
        status = append_last_line(db, export, out);
    if (status == DB_OK && out->failed)
        status = DB_FAILED;
    return status;
}
