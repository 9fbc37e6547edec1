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
    const char *entry;
    const struct log_place *place;
};

/* The receipt without its findings. The caller owns it; NULL without memory. */
json_t *receipt_to_json(const struct receipt *receipt);

#endif
