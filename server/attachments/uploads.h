/* uploads.h: files on their way in, piece by piece, each piece durable before it is acknowledged. */
#ifndef TRIBUTARY_ATTACHMENTS_UPLOADS_H
#define TRIBUTARY_ATTACHMENTS_UPLOADS_H

#include <jansson.h>

#include "base/arena.h"
#include "base/digest.h"
#include "db/db.h"
#include "identity/identity.h"

enum {
    UPLOAD_PIECE = 1024 * 1024,     /* bytes a sender is asked to send at once */
    UPLOAD_LEAST_PIECE = 16 * 1024, /* a shorter one can only be the last: each piece is a row */
};

/* What an uploader may take up. */
struct upload_limits {
    uint64_t most_size;  /* bytes of one file */
    uint64_t most_bytes; /* of the files that an office has in flight */
    int most_open;       /* uploads of one token */
    int hours;           /* without a piece, until an upload expires */
};

/* One upload; texts in the arena. */
struct upload {
    const char *id, *name;
    uint64_t size, received;
    bool has_sha256;
    struct digest sha256; /* as the sender claims */
    timestamp expires_at;
};

enum upload_outcome {
    UPLOAD_DONE,
    UPLOAD_GONE,      /* there is none to see, or it expired */
    UPLOAD_ELSEWHERE, /* it stands at another offset */
    UPLOAD_TOO_LONG,  /* the piece goes beyond the size that was announced, or is empty or too short */
    UPLOAD_TOO_MANY,  /* of this token */
    UPLOAD_TOO_MUCH,  /* in flight for the office */
};

/* Opens an upload of the principal's office; id, size, name and the claimed digest are the caller's, the rest is set.
 * First it clears away what expired. */
enum db_status upload_open(struct db *db, const struct principal *principal, const struct upload_limits *limits,
                           struct upload *upload, enum upload_outcome *ret_outcome);

/* The upload of that id, inside a snapshot. */
enum db_status upload_find(struct db *db, const char *id, struct arena *arena, bool *ret_found,
                           struct upload *ret_upload);

/* Adds a piece at `offset` and puts off the expiry. ret_upload tells how it stands, also on UPLOAD_ELSEWHERE. Of two at
 * once one waits and then finds the upload elsewhere. */
enum db_status upload_append(struct db *db, const struct principal *principal, const struct upload_limits *limits,
                             const char *id, uint64_t offset, const char *bytes, size_t length, struct arena *arena,
                             enum upload_outcome *ret_outcome, struct upload *ret_upload);

/* Gives an upload up, with its bytes. */
enum db_status upload_drop(struct db *db, const struct principal *principal, const char *id, bool *ret_found);

/* Clears away what expired. */
enum db_status upload_drop_expired(struct db *db);

/* What answers tell of an upload. The caller owns it. */
json_t *upload_to_json(const struct upload *upload);

#endif
