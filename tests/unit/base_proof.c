/* base_proof.c: the log's tree and chain against values computed elsewhere (Python's hashlib). */
#include "base/proof.h"

#include <criterion/criterion.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "common_support.h"

enum { MOST = 128 };

static const struct {
    size_t count;
    const char *root, *head;
} computed_elsewhere[] = {
    {1, "773885a613489e24ce2cf76199d6a423f042e4bbf12d7eecee912ef276c65701",
     "e6b7ee4217a82a8ad8ad03451dbad47d0661adc38f598135a42a1e21931fc370"},
    {2, "5a47662fd8a317d96049a3f9f47c55dc67ca66051baa3683dbb19b2fe09a07b0",
     "e24f42c8866fb4542ca971098d9cb67c1d06abb2ed9c2ea44ef69c48ec9e338a"},
    {3, "94fbd0dd836f50301692e6d0eade728ee19ec52bfff1606ed807c8575d5aaa19",
     "db7dffe9648f10794dd8ba4a62111e875a72fb27fa378fd8d407eb0822bee07b"},
    {5, "7caa345dbd892a66454d6c6512ea3c3ea3f0d3ec21be3fc2e2375705fd38f672",
     "2f03076c10c9acfb1d4ec2de382090c37490100200a76837f2d01685d7ef4045"},
    {8, "b69732ce5c914162ca9accfaf4e95d3f9874d68805437088aaff184a4db96773",
     "a0b616f17dbff5e384f7619742f4784431fc3010160647d18df4580dfaa10470"},
    {13, "c0c1289f00605f8d7d8780b9f4264c736ccfb84ce91708c2b27e6426bfc7d8a8",
     "013700597f926e7c838fa8ca8f42d88f22c71ef6c794495d130c4e3600e20b12"},
    {128, "63d4e574ef6b57606f9f5aeb871f23b10b21406bd750824dc4170a356e807729",
     "8d16d6e2b17928c50f6959f3d04b80809b40cdefcd04ced28a3aa9c5b79a3dbd"},
};

static void make_leaves(struct digest *leaves, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char entry[32];
        int length = snprintf(entry, sizeof entry, "entry %zu", i);

        leaves[i] = proof_leaf(entry, (size_t)length);
    }
}

Test(proof, roots_and_heads_equal_those_computed_elsewhere)
{
    struct digest leaves[MOST], previous = {{0}};
    char text[DIGEST_TEXT_SIZE];

    for (size_t i = 0; i < sizeof computed_elsewhere / sizeof *computed_elsewhere; i++) {
        size_t count = computed_elsewhere[i].count;

        make_leaves(leaves, count);
        struct digest root = proof_root(leaves, count), head = proof_head(&previous, &root, 7, 6 + count);

        digest_format(&root, text);
        cr_assert_str_eq(text, computed_elsewhere[i].root, "root of %zu", count);
        digest_format(&head, text);
        cr_assert_str_eq(text, computed_elsewhere[i].head, "head of %zu", count);
    }
}

Test(proof, every_path_leads_to_the_root_from_its_own_place_only)
{
    struct digest leaves[MOST], path[PROOF_MOST_STEPS], found;

    for (size_t count = 1; count <= 33; count++) {
        make_leaves(leaves, count);
        struct digest root = proof_root(leaves, count);

        for (size_t index = 0; index < count; index++) {
            size_t steps = proof_path(leaves, count, index, path);

            cr_assert(proof_root_from_path(leaves[index], index, count, path, steps, &found));
            cr_assert_eq(memcmp(&found, &root, sizeof root), 0, "%zu of %zu", index, count);
            if (count > 1) {
                size_t elsewhere = (index + 1) % count;
                bool fits = proof_root_from_path(leaves[index], elsewhere, count, path, steps, &found);

                cr_assert(!fits || memcmp(&found, &root, sizeof root) != 0, "%zu passes for %zu of %zu", index,
                          elsewhere, count);
                path[0].bytes[0] ^= 1;
                cr_assert(proof_root_from_path(leaves[index], index, count, path, steps, &found));
                cr_assert_neq(memcmp(&found, &root, sizeof root), 0, "a changed sibling passes");
            }
        }
    }
}

Test(proof, a_path_of_the_wrong_length_or_place_is_refused)
{
    struct digest leaves[MOST], path[PROOF_MOST_STEPS + 1], found;

    make_leaves(leaves, 8);
    size_t steps = proof_path(leaves, 8, 3, path);

    cr_assert_not(proof_root_from_path(leaves[3], 3, 8, path, steps - 1, &found));
    cr_assert_not(proof_root_from_path(leaves[3], 3, 8, path, steps + 1, &found));
    cr_assert_not(proof_root_from_path(leaves[3], 8, 8, path, steps, &found));
    cr_assert_not(proof_root_from_path(leaves[3], 0, 0, path, 0, &found));
    cr_assert_not(proof_root_from_path(leaves[3], 3, 8, path, PROOF_MOST_STEPS + 1, &found));
}

Test(proof, a_signature_holds_for_its_own_jurisdiction_and_head_only)
{
    unsigned char public_key[PUBLIC_KEY_SIZE], secret_key[64], signature[SIGNATURE_SIZE], bytes[256];
    struct digest head = digest_of("head", 4), other = digest_of("other", 5);

    cr_assert_geq(sodium_init(), 0);
    crypto_sign_keypair(public_key, secret_key);
    size_t length = proof_signed_bytes("68000", &head, bytes);

    cr_assert_eq(length, sizeof "tributary head v1" + sizeof "68000" + DIGEST_SIZE);
    crypto_sign_detached(signature, NULL, bytes, length, secret_key);
    cr_assert(proof_signature_holds(signature, "68000", &head, public_key));
    cr_assert_not(proof_signature_holds(signature, "68001", &head, public_key));
    cr_assert_not(proof_signature_holds(signature, "68000", &other, public_key));
    signature[10] ^= 1;
    cr_assert_not(proof_signature_holds(signature, "68000", &head, public_key));
}
