/* proof.c: the Merkle tree of RFC 6962 over one batch, and the chain of heads. */
#include "base/proof.h"

#include <sodium.h>
#include <string.h>

struct digest proof_leaf(const char *entry, size_t length)
{
    crypto_hash_sha256_state state;
    struct digest leaf;

    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const unsigned char[]){0x00}, 1);
    crypto_hash_sha256_update(&state, (const unsigned char *)entry, length);
    crypto_hash_sha256_final(&state, leaf.bytes);
    return leaf;
}

static struct digest node(const struct digest *left, const struct digest *right)
{
    unsigned char bytes[1 + 2 * DIGEST_SIZE] = {0x01};

    memcpy(bytes + 1, left->bytes, DIGEST_SIZE);
    memcpy(bytes + 1 + DIGEST_SIZE, right->bytes, DIGEST_SIZE);
    return digest_of(bytes, sizeof bytes);
}

/* The largest power of two below `count` (> 1). */
static size_t split_of(size_t count)
{
    size_t split = 1;

    while (split * 2 < count)
        split *= 2;
    return split;
}

struct digest proof_root(const struct digest *leaves, size_t count)
{
    if (count == 1)
        return leaves[0];

    size_t split = split_of(count);
    struct digest left = proof_root(leaves, split), right = proof_root(leaves + split, count - split);

    return node(&left, &right);
}

size_t proof_path(const struct digest *leaves, size_t count, size_t index,
                  struct digest ret_path[static PROOF_MOST_STEPS])
{
    if (count <= 1)
        return 0;

    size_t split = split_of(count), steps;

    if (index < split) {
        steps = proof_path(leaves, split, index, ret_path);
        ret_path[steps] = proof_root(leaves + split, count - split);
    } else {
        steps = proof_path(leaves + split, count - split, index - split, ret_path);
        ret_path[steps] = proof_root(leaves, split);
    }
    return steps + 1;
}

bool proof_root_from_path(struct digest leaf, size_t index, size_t count, const struct digest *path, size_t steps,
                          struct digest *ret_root)
{
    if (index >= count || steps > PROOF_MOST_STEPS)
        return false;
    if (count == 1) {
        if (steps != 0)
            return false;
        *ret_root = leaf;
        return true;
    }

    size_t split = split_of(count);
    struct digest below;

    if (steps == 0)
        return false;
    if (index < split) {
        if (!proof_root_from_path(leaf, index, split, path, steps - 1, &below))
            return false;
        *ret_root = node(&below, &path[steps - 1]);
    } else {
        if (!proof_root_from_path(leaf, index - split, count - split, path, steps - 1, &below))
            return false;
        *ret_root = node(&path[steps - 1], &below);
    }
    return true;
}

static void put_big_endian(unsigned char *out, uint64_t value)
{
    for (int i = 7; i >= 0; i--, value >>= 8)
        out[i] = (unsigned char)(value & 0xff);
}

struct digest proof_head(const struct digest *previous, const struct digest *root, uint64_t first, uint64_t last)
{
    unsigned char bytes[1 + 2 * DIGEST_SIZE + 16] = {0x02};

    memcpy(bytes + 1, previous->bytes, DIGEST_SIZE);
    memcpy(bytes + 1 + DIGEST_SIZE, root->bytes, DIGEST_SIZE);
    put_big_endian(bytes + 1 + 2 * DIGEST_SIZE, first);
    put_big_endian(bytes + 9 + 2 * DIGEST_SIZE, last);
    return digest_of(bytes, sizeof bytes);
}

void proof_key_id(const unsigned char public_key[static PUBLIC_KEY_SIZE], char ret_id[static KEY_ID_SIZE])
{
    struct digest digest = digest_of(public_key, PUBLIC_KEY_SIZE);

    sodium_bin2hex(ret_id, KEY_ID_SIZE, digest.bytes, (KEY_ID_SIZE - 1) / 2);
}

size_t proof_signed_bytes(const char *jurisdiction, const struct digest *head, unsigned char ret_bytes[static 256])
{
    static const char purpose[] = "tributary head v1"; /* with its NUL */
    size_t length = strlen(jurisdiction) + 1;

    if (sizeof purpose + length + DIGEST_SIZE > 256)
        return 0;
    memcpy(ret_bytes, purpose, sizeof purpose);
    memcpy(ret_bytes + sizeof purpose, jurisdiction, length);
    memcpy(ret_bytes + sizeof purpose + length, head->bytes, DIGEST_SIZE);
    return sizeof purpose + length + DIGEST_SIZE;
}

bool proof_signature_holds(const unsigned char signature[static SIGNATURE_SIZE], const char *jurisdiction,
                           const struct digest *head, const unsigned char public_key[static PUBLIC_KEY_SIZE])
{
    unsigned char bytes[256];
    size_t length = proof_signed_bytes(jurisdiction, head, bytes);

    return length > 0 && crypto_sign_verify_detached(signature, bytes, length, public_key) == 0;
}
