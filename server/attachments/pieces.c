/* pieces.c: finding the piece that holds a byte, and reading across pieces. */
#include "attachments/pieces.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { HASHED_AT_ONCE = 64 * 1024 };

enum db_status piece_read(struct db *db, const char *content, uint64_t at, uint64_t *ret_start,
                          unsigned char **ret_bytes, size_t *ret_length)
{
    static const struct db_statement find = {"piece_read",
                                             "select start, bytes from tributary.attachment_piece"
                                             " where content = $1::uuid and start <= $2::bigint"
                                             " order by start desc limit 1",
                                             2};
    char at_text[24];
    PGresult *result = NULL;

    *ret_bytes = NULL;
    snprintf(at_text, sizeof at_text, "%llu", (unsigned long long)at);

    enum db_status status = db_run(db, &find, (const char *const[]){content, at_text}, &result);

    if (status == DB_OK && PQntuples(result) == 1) {
        *ret_start = (uint64_t)result_int64(result, 0, 0);
        *ret_bytes = result_bytes(result, 0, 1, ret_length);
        if (!*ret_bytes)
            status = DB_FAILED;
        else if (at - *ret_start >= *ret_length) { /* the piece that should follow isn't there */
            PQfreemem(*ret_bytes);
            *ret_bytes = NULL;
        }
    }
    PQclear(result);
    return status;
}

/* Has the reader hold the piece with the byte at `at`. */
static bool hold(struct piece_reader *reader, uint64_t at)
{
    if (reader->bytes && at >= reader->start && at - reader->start < reader->length)
        return true;
    PQfreemem(reader->bytes);
    reader->bytes = NULL;
    reader->status = piece_read(reader->db, reader->content, at, &reader->start, &reader->bytes, &reader->length);
    if (reader->status == DB_OK && !reader->bytes)
        reader->status = DB_FAILED;
    return reader->status == DB_OK;
}

static bool read_across(void *context, uint64_t at, size_t length, unsigned char *ret_bytes)
{
    struct piece_reader *reader = context;

    while (length > 0) {
        if (!hold(reader, at))
            return false;

        size_t skip = (size_t)(at - reader->start), count = reader->length - skip;

        count = count < length ? count : length;
        memcpy(ret_bytes, reader->bytes + skip, count);
        ret_bytes += count;
        length -= count;
        at += count;
    }
    return true;
}

struct byte_source piece_source(struct piece_reader *reader, uint64_t size)
{
    return (struct byte_source){.size = size, .read = read_across, .context = reader};
}

void piece_reader_end(struct piece_reader *reader)
{
    PQfreemem(reader->bytes);
    reader->bytes = NULL;
}

bool source_digest(const struct byte_source *source, struct digest *ret_digest)
{
    crypto_hash_sha256_state state;
    unsigned char bytes[HASHED_AT_ONCE];

    crypto_hash_sha256_init(&state);
    for (uint64_t at = 0; at < source->size;) {
        size_t count = source->size - at < sizeof bytes ? (size_t)(source->size - at) : sizeof bytes;

        if (!source->read(source->context, at, count, bytes))
            return false;
        crypto_hash_sha256_update(&state, bytes, count);
        at += count;
    }
    crypto_hash_sha256_final(&state, ret_digest->bytes);
    return true;
}
