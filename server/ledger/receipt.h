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

#endif
