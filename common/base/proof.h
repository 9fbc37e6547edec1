/* proof.h: leaf, tree and head of the log, so that a receipt can be checked from its own bytes alone.
 *   leaf = SHA-256(0x00 ‖ entry), node = SHA-256(0x01 ‖ left ‖ right), the tree of RFC 6962 over one batch
 *   head = SHA-256(0x02 ‖ previous head ‖ root ‖ first sequence ‖ last sequence), numbers big-endian, 8 bytes
 *   signature = Ed25519 over "tributary head v1" ‖ 0x00 ‖ jurisdiction ‖ 0x00 ‖ head */
#ifndef TRIBUTARY_BASE_PROOF_H
#define TRIBUTARY_BASE_PROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"

/* A batch has at most 2^20 entries, so a path at most this many steps. */
enum { PROOF_MOST_STEPS = 20, SIGNATURE_SIZE = 64, PUBLIC_KEY_SIZE = 32, KEY_ID_SIZE = 17 };

struct digest proof_leaf(const char *entry, size_t length);

/* The root of `count` (> 0) leaves. */
struct digest proof_root(const struct digest *leaves, size_t count);

/* The siblings from leaf `index` up to the root; returns how many. */
size_t proof_path(const struct digest *leaves, size_t count, size_t index,
                  struct digest ret_path[static PROOF_MOST_STEPS]);

/* The root that a leaf at `index` of `count` and its path lead to. False if the path has the wrong length. */
bool proof_root_from_path(struct digest leaf, size_t index, size_t count, const struct digest *path, size_t steps,
                          struct digest *ret_root);

struct digest proof_head(const struct digest *previous, const struct digest *root, uint64_t first, uint64_t last);

/* The first 16 hexadecimal digits of the public key's SHA-256. */
void proof_key_id(const unsigned char public_key[static PUBLIC_KEY_SIZE], char ret_id[static KEY_ID_SIZE]);

/* The bytes that are signed; returns their number, 0 if the jurisdiction's code is too long. */
size_t proof_signed_bytes(const char *jurisdiction, const struct digest *head, unsigned char ret_bytes[static 256]);

bool proof_signature_holds(const unsigned char signature[static SIGNATURE_SIZE], const char *jurisdiction,
                           const struct digest *head, const unsigned char public_key[static PUBLIC_KEY_SIZE]);

#endif
