/* audit.h: reading the log: entries by what they are about, each with its proof, and the heads that others keep.
 * Row-level security decides what is there at all. */
#ifndef TRIBUTARY_AUDIT_AUDIT_H
#define TRIBUTARY_AUDIT_AUDIT_H

#include <jansson.h>
#include <stdbool.h>

#include "db/db.h"

struct audit_filter {
    const char *kind, *office, *actor, *plan; /* NULL: any */
    const char *submission;     /* a revision's id: entries about any revision of its submission; NULL: any */
    const timestamp *from, *to; /* recorded at or after, at or before; NULL: no bound */
    int64_t after;              /* the sequence number that the page before ended with; 0: none */
    bool oldest_first;
    bool open_only; /* for those who see no others: what they may see is found without looking at the rest */
    int limit;
};

/* All of these run inside a snapshot (db_snapshot_begin()). The caller owns what they give. */

/* A page of entries, the newest first unless the filter says otherwise. *ret_next is the `after` of the next page, 0 if
 * there is none. */
enum db_status audit_list(struct db *db, const struct audit_filter *filter, json_t **ret_entries, int64_t *ret_next);

/* One entry with its path to the signed head of its batch; *ret_entry is NULL if there is none to see. */
enum db_status audit_find(struct db *db, int64_t sequence, json_t **ret_entry);

/* The newest signed head; *ret_head is NULL while the log is empty. */
enum db_status audit_newest_head(struct db *db, json_t **ret_head);

/* Whether a head (64 hexadecimal digits) is one of this log's, and where. */
enum db_status audit_seek_head(struct db *db, const char *head, json_t **ret_answer);

#endif
