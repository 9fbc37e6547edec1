/* receipt.h: what a receipt proves, computed from nothing but the receipt, a public key and the document.
 * base/proof.h says how leaf, path, head and signature are made. */
#ifndef TRIBUTARY_CLIENT_RECEIPT_H
#define TRIBUTARY_CLIENT_RECEIPT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/proof.h"

enum receipt_check {
    RECEIPT_ENTRY,     /* the log's entry says what the receipt says, in canonical form */
    RECEIPT_LEAF,      /* the leaf is the entry's */
    RECEIPT_PATH,      /* the path leads from the leaf, at its place, through a batch of its size */
    RECEIPT_HEAD,      /* the head follows from that and the head before */
    RECEIPT_KEY,       /* the public key is the one that the receipt names */
    RECEIPT_SIGNATURE, /* the server signed the head for the entry's jurisdiction */
    RECEIPT_BYTES,     /* the file is byte for byte what was sent */
    RECEIPT_CONTENT,   /* the document's canonical form is what was recorded */
    RECEIPT_CHECK_COUNT,
};

enum receipt_result { RECEIPT_NOT_CHECKED, RECEIPT_HOLDS, RECEIPT_FAILS };

struct receipt_proof {
    enum receipt_result results[RECEIPT_CHECK_COUNT];
    const char *details[RECEIPT_CHECK_COUNT]; /* what doesn't fit, or NULL; in the arena */
    json_t *entry;                            /* the log's entry; NULL if it can't be read */
};

/* Makes the checks up to RECEIPT_SIGNATURE; the last two of them only with a key (32 bytes), otherwise they stay
 * RECEIPT_NOT_CHECKED. The caller ends with receipt_proof_release(). */
void receipt_prove(struct arena *arena, const json_t *receipt, const unsigned char *public_key,
                   struct receipt_proof *ret_proof);

/* Adds RECEIPT_BYTES: whether `bytes` are those the receipt is for. */
void receipt_prove_bytes(const json_t *receipt, const void *bytes, size_t length, struct receipt_proof *proof);

/* Adds RECEIPT_CONTENT: whether this is the digest of the canonical document the receipt is for. */
void receipt_prove_content(const json_t *receipt, struct digest document, struct receipt_proof *proof);

/* Whether something was checked and nothing failed. */
bool receipt_proof_holds(const struct receipt_proof *proof);

void receipt_proof_release(struct receipt_proof *proof);

/* Reads the base64 text of a key. */
bool receipt_key_parse(const char *text, unsigned char ret_key[static PUBLIC_KEY_SIZE]);

#endif
