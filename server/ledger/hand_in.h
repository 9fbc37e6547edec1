/* hand_in.h: one submission on its way into the ledger, and what came of it. */
#ifndef TRIBUTARY_LEDGER_HAND_IN_H
#define TRIBUTARY_LEDGER_HAND_IN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/period.h"
#include "base/proof.h"
#include "form/document.h"
#include "identity/identity.h"
#include "plans/shelf.h"

enum hand_in_outcome {
    HAND_IN_RECORDED,
    HAND_IN_UNCHANGED,
    HAND_IN_REPLAY,
    HAND_IN_IDEMPOTENCY_CONFLICT,
    HAND_IN_REVISION_CONFLICT,
    HAND_IN_UNKNOWN_EVENT,
    HAND_IN_UNAVAILABLE, /* nothing is stored; try later */
    HAND_IN_FAILED,      /* nothing is stored; a fault of ours */
};

enum { UUID_TEXT_SIZE = 37 };

/* Where a recorded entry stands in the log: all a receipt needs. */
struct log_place {
    uint64_t sequence, first, last;
    struct digest leaf, previous, head;
    struct digest path[PROOF_MOST_STEPS];
    size_t steps;
    char key[KEY_ID_SIZE];
    unsigned char signature[SIGNATURE_SIZE];
};

struct hand_in {
    /* what is handed in; every text lies in the request's arena */
    const struct principal *principal;
    const char *plan, *form, *office, *period;
    int plan_version;
    char event[UUID_TEXT_SIZE]; /* "" if the form has none */
    bool new_event;
    int base;
    char id[UUID_TEXT_SIZE];
    timestamp received_at;
    const timestamp *sample_clock; /* NULL: the true clock */
    const char *key;               /* Idempotency-Key or NULL */
    struct digest request_sha256, sha256, document_sha256, stored_sha256;
    const char *document; /* as stored */
    size_t field_count, row_count;
    bool reported, provisional;
    const char *element_state, *element_value; /* as the table keeps them */
    const char *personal;                      /* JSON list or NULL */

    /* what came of it */
    enum hand_in_outcome outcome;
    char current_id[UUID_TEXT_SIZE]; /* the recorded, replayed, unchanged or conflicting revision; "" if none */
    int number;
    char replaces[UUID_TEXT_SIZE];
    timestamp recorded_at;
    char *entry; /* canonical JSON of the log entry; owned, free() */
    struct log_place place;

    /* how it goes on: called once, on the writer's thread, after the commit or the refusal */
    void (*done)(struct hand_in *hand_in, void *owner);
    void *owner;
    int64_t deadline; /* monotonic ms; past it the hand-in is refused unstored */
    struct hand_in *next;
};

/* Makes a UUID of the time-ordered kind (version 7). */
void uuid_make(char ret_text[static UUID_TEXT_SIZE]);

/* Fills the measures of a judged document as the table keeps them. False without memory. */
bool hand_in_set_elements(struct hand_in *hand_in, const struct document *document, struct arena *arena);

/* Writes the entry of a recorded hand-in (canonical JSON). False without memory. */
bool hand_in_write_entry(struct hand_in *hand_in);

#endif
