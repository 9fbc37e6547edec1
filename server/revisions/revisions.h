/* revisions.h: reading what was handed in; row-level security decides what is there at all. */
#ifndef TRIBUTARY_REVISIONS_REVISIONS_H
#define TRIBUTARY_REVISIONS_REVISIONS_H

#include <jansson.h>

#include "base/arena.h"
#include "db/db.h"
#include "ledger/receipt.h"

/* One revision; texts in the arena. */
struct revision {
    const char *id, *plan, *form, *office, *period;
    const char *event, *replaces; /* NULL: none */
    const char *current;          /* the newest revision's id */
    const char *actor;            /* who handed it in */
    int number, plan_version;
    timestamp received_at, recorded_at;
    struct digest sha256, document_sha256;
    size_t field_count, row_count;
    bool reported, provisional;
    bool on_behalf;        /* the Gender Equality Office handed it in for the office */
    const char *withdrawn; /* why it withdraws the submission; NULL: it was handed in */
    const char *attested;  /* when it truly came, why and who says so, as JSON; NULL: nobody attests that */
    const char *document;  /* as stored; NULL in lists */
    int64_t submission;    /* the store's key */
};

/* All of these run inside a snapshot (db_snapshot_begin()). *ret_found false: there is none to see. */
enum db_status revision_find(struct db *db, const char *id, struct arena *arena, bool *ret_found,
                             struct revision *ret_revision);

/* The document with personal values put back. The caller owns it. */
enum db_status revision_document(struct db *db, const struct revision *revision, json_t **ret_document);

/* Leaves out of a document what was erased: it says nothing any more, as a blank. */
void document_drop_erased(json_t *json);

/* The receipt again, from the log. The caller owns it. */
enum db_status revision_receipt(struct db *db, const struct revision *revision, struct arena *arena,
                                json_t **ret_receipt);

/* The newest revision of a submission, by what it is about. `event` NULL: none. */
enum db_status revision_current(struct db *db, const char *plan, const char *form, const char *office,
                                const char *period, const char *event, struct arena *arena, bool *ret_found,
                                struct revision *ret_revision);

/* The newest revision of a form without events; `official`: the newest that a review made official. */
enum db_status revision_of_period(struct db *db, const char *plan, const char *form, const char *office,
                                  const char *period, bool official, struct arena *arena, bool *ret_found,
                                  struct revision *ret_revision);

/* The revision that a hand-in with this Idempotency-Key and these bytes made before; *ret_found false: there is none. */
enum db_status revision_of_key(struct db *db, const char *token, const char *key, const struct digest *request_sha256,
                               bool *ret_found, char *ret_id, size_t id_size);

/* Whether this Idempotency-Key was used before, for whatever. */
enum db_status key_is_used(struct db *db, const char *actor, const char *key, bool *ret_used);

struct revision_filter {
    const char *plan, *form, *office, *period; /* all but plan may be NULL */
    int64_t after;
    int limit;
};

/* The newest revision of each submission, in the order of their first hand-in; at most `limit` + 1, so that the caller
 * sees whether there are more. */
enum db_status revision_list(struct db *db, const struct revision_filter *filter, struct arena *arena,
                             struct revision **ret_revisions, size_t *ret_count);

/* Every revision of the submission that `revision` belongs to, the first one first. */
enum db_status revision_history(struct db *db, const struct revision *revision, struct arena *arena,
                                struct revision **ret_revisions, size_t *ret_count);

/* What lists and single answers tell of a revision (without its document). The caller owns it. */
json_t *revision_to_json(const struct revision *revision);

/* The newest sequence number of the caller's log, in this snapshot. */
enum db_status data_version(struct db *db, uint64_t *ret_sequence);

#endif
