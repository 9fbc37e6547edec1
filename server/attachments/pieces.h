/* pieces.h: the bytes of an upload or an attachment, one stored piece at a time. */
#ifndef TRIBUTARY_ATTACHMENTS_PIECES_H
#define TRIBUTARY_ATTACHMENTS_PIECES_H

#include "attachment/bytes.h"
#include "base/digest.h"
#include "db/db.h"

/* The piece that holds the byte at `at`: its place and its bytes, which the caller frees with PQfreemem(). *ret_bytes is
 * NULL if there is none to see. Inside a snapshot. */
enum db_status piece_read(struct db *db, const char *content, uint64_t at, uint64_t *ret_start,
                          unsigned char **ret_bytes, size_t *ret_length);

/* Reads a content where it is asked for, holding one piece at a time. Inside a snapshot. */
struct piece_reader {
    struct db *db;
    const char *content;
    uint64_t start;
    unsigned char *bytes;
    size_t length;
    enum db_status status; /* why it couldn't read; DB_FAILED also when a piece is missing */
};

/* A source over `reader`, whose db and content are set; end it with piece_reader_end(). */
struct byte_source piece_source(struct piece_reader *reader, uint64_t size);
void piece_reader_end(struct piece_reader *reader);

/* The SHA-256 of the whole. False if it can't be read. */
bool source_digest(const struct byte_source *source, struct digest *ret_digest);

#endif
