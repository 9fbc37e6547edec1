/* attachments.h: files that belong to a submission; row-level security decides what is there at all. */
#ifndef TRIBUTARY_ATTACHMENTS_ATTACHMENTS_H
#define TRIBUTARY_ATTACHMENTS_ATTACHMENTS_H

#include <jansson.h>

#include "base/arena.h"
#include "base/digest.h"
#include "db/db.h"

/* One attachment; texts in the arena. */
struct attachment {
    const char *id, *slot, *name, *type, *content;
    const char *office, *submission; /* the revision that it was attached to */
    int64_t thread;                  /* the store's key of its submission */
    uint64_t size;
    struct digest sha256;
    timestamp recorded_at, received_at;
    int64_t sequence;
    bool on_behalf;                /* the Gender Equality Office attached it for the office */
    const char *withdrawn_because; /* NULL: it isn't withdrawn */
    timestamp withdrawn_at;
    bool withdrawn_on_behalf; /* by the Gender Equality Office, for the office */
};

/* All of these run inside a snapshot (db_snapshot_begin()). *ret_found false: there is none to see. */
enum db_status attachment_find(struct db *db, const char *id, struct arena *arena, bool *ret_found,
                               struct attachment *ret_attachment);

/* The same, or a file that a report of progress attaches (domain.md 8), of which there is no office, submission or slot: to be
 * given back. */
enum db_status attachment_file_find(struct db *db, const char *id, struct arena *arena, bool *ret_found,
                                    struct attachment *ret_attachment);

/* The one of either kind that was made of an upload. */
enum db_status attachment_file_of_upload(struct db *db, const char *upload, struct arena *arena, bool *ret_found,
                                         struct attachment *ret_attachment);

/* The one that was made of an upload. */
enum db_status attachment_of_upload(struct db *db, const char *upload, struct arena *arena, bool *ret_found,
                                    struct attachment *ret_attachment);

/* Those of a submission, by the store's key, in the order of their recording; withdrawn ones too. */
enum db_status attachment_list(struct db *db, int64_t submission, struct arena *arena,
                               struct attachment **ret_attachments, size_t *ret_count);

/* What answers tell of an attachment. The caller owns it. */
json_t *attachment_to_json(const struct attachment *attachment);
json_t *attachments_to_json(const struct attachment *attachments, size_t count);

#endif
