/* verify.c: content after content, hashed anew. That each attachment's entry of the log names the hash is checked in
 * ledger/verify_acts.c. */
#include "attachments/verify.h"

#include <string.h>

#include "attachments/pieces.h"

static bool check_content(struct db *db, const char *jurisdiction, const PGresult *contents, int row,
                          struct verification *verification)
{
    static const struct db_statement sum = {
        "verify_pieces",
        "select coalesce(sum(octet_length(bytes)), 0) from tributary.attachment_piece where content = $1::uuid and jurisdiction = $2",
        2};
    struct piece_reader reader = {.db = db, .content = PQgetvalue(contents, row, 0)};
    struct byte_source source = piece_source(&reader, (uint64_t)result_int64(contents, row, 1));
    struct digest digest, stored;
    PGresult *total = NULL;
    bool whole = false;

    if (db_run(db, &sum, (const char *const[]){reader.content, jurisdiction}, &total) != DB_OK)
        return false;
    if ((uint64_t)result_int64(total, 0, 0) == source.size)
        whole = source_digest(&source, &digest) &&
                bytea_parse(PQgetvalue(contents, row, 2), stored.bytes, DIGEST_SIZE) &&
                memcmp(digest.bytes, stored.bytes, DIGEST_SIZE) == 0;
    PQclear(total);
    piece_reader_end(&reader);
    if (reader.status == DB_UNAVAILABLE || reader.status == DB_RETRY)
        return false;
    if (!whole)
        verification_fault(verification, "attachment content %s: its bytes don't give its hash", reader.content);
    return true;
}

/* What is attached nowhere in its jurisdiction, or was moved to another, would be passed over. */
static bool check_homes(struct db *db, struct verification *verification)
{
    static const struct db_statement astray = {
        "verify_content_homes",
        "select c.content from tributary.attachment_content c where not exists (select from tributary.attachment a"
        " where a.content = c.content and a.jurisdiction = c.jurisdiction)"
        " and not exists (select from tributary.decision_attachment d"
        " where d.content = c.content and d.jurisdiction = c.jurisdiction) order by c.content",
        0};
    PGresult *rows = NULL;

    if (db_run(db, &astray, NULL, &rows) != DB_OK)
        return false;
    for (int i = 0; i < PQntuples(rows); i++)
        verification_fault(verification, "attachment content %s: nothing of its jurisdiction has it attached",
                           PQgetvalue(rows, i, 0));
    PQclear(rows);
    return true;
}

bool verify_attachments(struct db *db, const char *jurisdiction, struct verification *verification, size_t *ret_count)
{
    static const struct db_statement list = {
        "verify_contents",
        "select content, size, sha256 from tributary.attachment_content where jurisdiction = $1 order by content", 1};
    PGresult *contents = NULL;
    bool good =
        db_run(db, &list, (const char *const[]){jurisdiction}, &contents) == DB_OK && check_homes(db, verification);

    for (int i = 0; good && i < PQntuples(contents); i++)
        good = check_content(db, jurisdiction, contents, i, verification);
    *ret_count = good ? (size_t)PQntuples(contents) : 0;
    PQclear(contents);
    return good;
}
