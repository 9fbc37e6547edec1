/* hand_in.h: one submission on its way into the ledger, and what came of it. */
#ifndef TRIBUTARY_LEDGER_HAND_IN_H
#define TRIBUTARY_LEDGER_HAND_IN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "form/document.h"
#include "ledger/job.h"

struct hand_in {
    struct job job;

    /* what is handed in; every text lies in the request's arena */
    const char *plan, *form, *office, *period;
    int plan_version;
    char event[UUID_TEXT_SIZE]; /* "" if the form has none */
    bool new_event;
    int base;
    char id[UUID_TEXT_SIZE];
    timestamp received_at;
    struct digest sha256, document_sha256, stored_sha256;
    const char *document; /* as stored */
    size_t field_count, row_count;
    bool reported, provisional;
    const char *element_state, *element_value; /* as the table keeps them */
    const char *personal;                      /* JSON list or NULL */
    const char
        *beside_forms;   /* the forms of the office that it was judged beside, as the store writes lists; NULL: none */
    uint64_t judged_at;  /* the log's sequence number at which they were read */
    int64_t reviewed_at; /* the sequence number of the newest review that was looked at; 0: none */
    int passed;          /* stages of review that a return left standing; -1: it answers none, and begins anew */
    const char *withdrawn;                     /* why it withdraws the submission; NULL: it is a hand-in */
    const timestamp *attested_at;              /* when it truly came; NULL: nobody attests that */
    const char *attested_reason, *attested_by; /* why, and who says so */
    const char *prepared, *prepared_by;        /* what is released, and who prepared it; NULL: nobody did */

    /* what came of it, besides job.outcome */
    char current_id[UUID_TEXT_SIZE]; /* the recorded, replayed, unchanged or conflicting revision, or the closing; "" if
                                        none */
    int number;
    char replaces[UUID_TEXT_SIZE];
};

/* Fits job.kind of every hand-in. */
extern const struct job_kind hand_in_job;

/* Whether the Gender Equality Office hands it in for the office. */
bool hand_in_on_behalf(const struct hand_in *hand_in);

/* Fills the measures of a judged document as the table keeps them. False without memory. */
bool hand_in_set_elements(struct hand_in *hand_in, const struct document *document, struct arena *arena);

#endif
