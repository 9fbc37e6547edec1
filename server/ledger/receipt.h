/* receipt.h: the proof that something was handed in: what, when, and where it stands in the log (api.md, "A receipt"). */
#ifndef TRIBUTARY_LEDGER_RECEIPT_H
#define TRIBUTARY_LEDGER_RECEIPT_H

#include <jansson.h>

#include "ledger/job.h"

struct receipt {
    const char *submission, *plan, *form, *office, *period;
    const char *event, *replaces; /* NULL: none */
    int revision;
    struct digest sha256, document_sha256;
    timestamp received_at, recorded_at;
    size_t field_count, row_count;
    bool on_behalf;        /* the Gender Equality Office handed it in for the office */
    const char *withdrawn; /* why it withdraws the submission; NULL: it was handed in */
    const char *attested;  /* when it truly came, why and who says so, as JSON; NULL: nobody attests that */
    const char *entry;
    const struct log_place *place;
};

/* Why something is so, and since when; null without a reason. The caller owns it; NULL without memory. */
json_t *reason_to_json(const char *reason, timestamp recorded_at);

/* What is attested, from its text; null without one. The caller owns it; NULL without memory. */
json_t *attested_to_json(const char *attested);

/* The receipt without its findings. The caller owns it; NULL without memory. */
json_t *receipt_to_json(const struct receipt *receipt);

/* Reads a place from the answer of tributary.revision_proof() or tributary.entry_proof(), and makes the entry's path. False,
 * with ret_place untouched, if the batch isn't whole. */
bool log_place_read(const PGresult *result, struct log_place *ret_place);

/* The member "log" of a receipt; `entry` is NULL where its text was given up. The caller owns it. */
json_t *log_place_to_json(const struct log_place *place, const char *entry);

/* The member "signature" of a receipt. The caller owns it. */
json_t *log_signature_to_json(const char *key, const unsigned char signature[static SIGNATURE_SIZE]);

#endif
