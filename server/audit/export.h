/* export.h: the log as lines of JSON, with all that is needed to verify it without the server:
 *   {"type":"log","version":1,"jurisdiction","first","last","previous","head","keys":[…]}   what follows, and its keys
 *   {"type":"batch","batch","first","last","previous","head","signature"}                   before its entries
 *   {"type":"entry","sequence","leaf","entry"}                              "entry" null: given up, only its leaf stays
 *   {"type":"end","last","head"}                                                            nothing is missing
 * Batches are whole, so that each root can be computed. */
#ifndef TRIBUTARY_AUDIT_EXPORT_H
#define TRIBUTARY_AUDIT_EXPORT_H

#include "base/buffer.h"
#include "db/db.h"

/* Where an export stands. */
struct log_export {
    int64_t batch, last_batch; /* given last, and to give last */
    int64_t sequence;          /* given last */
    bool begun, ended;
};

/* The batches whose entries were recorded from `from` to `to` (NULL: no bound), as they stand. */
enum db_status log_export_begin(struct db *db, const timestamp *from, const timestamp *to,
                                struct log_export *ret_export);

/* Appends the next lines, some thousand entries at most; the last ones set export->ended. Each call is inside a snapshot,
 * which may be another one: what was recorded stays. */
enum db_status log_export_lines(struct db *db, struct log_export *export, struct buffer *out);

#endif
