/* client_receipt.c: a receipt proves what it says and nothing that was changed in it; trees are built apart, by RFC 6962's
 * recursive definition, for every place in batches of many sizes. */
#include <jansson.h>
#include <sodium.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/json.h"
#include "receipt.h"
#include "unit/client_support.h"

enum { MOST_LEAVES = 40 };

static unsigned char public_key[crypto_sign_PUBLICKEYBYTES], secret_key[crypto_sign_SECRETKEYBYTES];

static void set_up(void)
{
    unsigned char seed[crypto_sign_SEEDBYTES] = "a test's own seed, not a secret";

    cr_assert_geq(sodium_init(), 0);
    make_test_folder();
    cr_assert_eq(crypto_sign_seed_keypair(public_key, secret_key, seed), 0);
}

/* --- a batch, built apart ------------------------------------------------------------------------------------------ */

static struct digest hash(unsigned char prefix, const void *bytes, size_t length)
{
    unsigned char all[8192] = {prefix};

    cr_assert_lt(length, sizeof all);
    memcpy(all + 1, bytes, length);
    return digest_of(all, length + 1);
}

static size_t split_of(size_t count)
{
    size_t split = 1;

    while (split * 2 < count)
        split *= 2;
    return split;
}

static struct digest tree(const struct digest *leaves, size_t count)
{
    unsigned char pair[2 * DIGEST_SIZE];
    struct digest left, right;

    if (count == 1)
        return leaves[0];
    left = tree(leaves, split_of(count));
    right = tree(leaves + split_of(count), count - split_of(count));
    memcpy(pair, left.bytes, DIGEST_SIZE);
    memcpy(pair + DIGEST_SIZE, right.bytes, DIGEST_SIZE);
    return hash(1, pair, sizeof pair);
}

static const char *hex(struct digest digest)
{
    char text[DIGEST_TEXT_SIZE];

    digest_format(&digest, text);
    return arena_text(memory, text);
}

/* Appends the siblings from leaf to root. */
static void add_path(json_t *path, const struct digest *leaves, size_t count, size_t at)
{
    size_t split = split_of(count);

    if (count == 1)
        return;
    add_path(path, at < split ? leaves : leaves + split, at < split ? split : count - split,
             at < split ? at : at - split);
    json_array_append_new(path,
                          json_string(hex(at < split ? tree(leaves + split, count - split) : tree(leaves, split))));
}

static struct digest head_of(struct digest previous, struct digest root, uint64_t first, uint64_t last)
{
    unsigned char bytes[2 * DIGEST_SIZE + 16];

    memcpy(bytes, previous.bytes, DIGEST_SIZE);
    memcpy(bytes + DIGEST_SIZE, root.bytes, DIGEST_SIZE);
    for (int i = 0; i < 8; i++) {
        bytes[2 * DIGEST_SIZE + i] = (unsigned char)(first >> (56 - 8 * i));
        bytes[2 * DIGEST_SIZE + 8 + i] = (unsigned char)(last >> (56 - 8 * i));
    }
    return hash(2, bytes, sizeof bytes);
}

static const char *sign(struct digest head, const char *jurisdiction)
{
    unsigned char message[256], signature[crypto_sign_BYTES];
    char text[128];
    size_t length = sizeof "tributary head v1", more = strlen(jurisdiction) + 1;

    memcpy(message, "tributary head v1", length);
    memcpy(message + length, jurisdiction, more);
    memcpy(message + length + more, head.bytes, DIGEST_SIZE);
    cr_assert_eq(crypto_sign_detached(signature, NULL, message, length + more + DIGEST_SIZE, secret_key), 0);
    sodium_bin2base64(text, sizeof text, signature, sizeof signature, sodium_base64_VARIANT_ORIGINAL);
    return arena_text(memory, text);
}

static const char document[] = "{\"form\":\"training\"}";

static json_t *members_of(void)
{
    const char *sha256 = hex(digest_of(document, sizeof document - 1));

    return json_pack("{ss ss ss ss sn ss si sn ss ss ss ss}", "plan", "p", "form", "training", "office", "1", "period",
                     "113", "event", "submission", "11111111-1111-4111-8111-111111111111", "revision", 1, "replaces",
                     "sha256", sha256, "document_sha256", sha256, "received_at", "2024-05-02T03:04:05.000001Z",
                     "recorded_at", "2024-05-02T03:04:05.000002Z");
}

/* The receipt of the entry at place `at` of a batch of `count` that begins with sequence 812. */
static json_t *make_receipt(size_t count, size_t at)
{
    json_t *receipt = members_of(), *entry = members_of(), *path = json_array();
    int64_t first = 812, last = first + (int64_t)count - 1, sequence = first + (int64_t)at;
    struct digest leaves[MOST_LEAVES], head, previous = digest_of("before", 6);
    struct buffer text = BUFFER_WITH_LIMIT(8000);
    char id[KEY_ID_SIZE];

    json_object_set_new(entry, "jurisdiction", json_string("68000"));
    json_object_set_new(entry, "kind", json_string("submission"));
    json_object_set_new(entry, "sequence", json_integer(sequence));
    cr_assert(json_write_canonical(entry, &text));
    for (size_t i = 0; i < count; i++)
        leaves[i] = hash(0, &i, sizeof i);
    leaves[at] = hash(0, text.data, text.length);
    add_path(path, leaves, count, at);
    head = head_of(previous, tree(leaves, count), (uint64_t)first, (uint64_t)last);
    proof_key_id(public_key, id);
    json_object_set_new(receipt, "log",
                        json_pack("{sI ss so ss sI sI ss ss}", "sequence", (json_int_t)sequence, "leaf",
                                  hex(leaves[at]), "path", path, "head", hex(head), "first", (json_int_t)first, "last",
                                  (json_int_t)last, "previous", hex(previous), "entry", text.data));
    json_object_set_new(receipt, "signature", json_pack("{ss ss}", "key", id, "ed25519", sign(head, "68000")));
    buffer_free(&text);
    json_decref(entry);
    return receipt;
}

static struct receipt_proof prove(const json_t *receipt)
{
    struct receipt_proof proof;

    receipt_prove(memory, receipt, public_key, &proof);
    receipt_prove_bytes(receipt, document, sizeof document - 1, &proof);
    receipt_prove_content(receipt, digest_of(document, sizeof document - 1), &proof);
    return proof;
}

/* --- tests --------------------------------------------------------------------------------------------------------- */

Test(client_receipt, every_place_of_every_batch_is_proven, .init = set_up, .fini = remove_test_folder)
{
    for (size_t count = 1; count <= MOST_LEAVES; count++) {
        for (size_t at = 0; at < count; at++) {
            json_t *receipt = make_receipt(count, at);
            struct receipt_proof proof = prove(receipt);

            for (size_t i = 0; i < RECEIPT_CHECK_COUNT; i++)
                cr_assert_eq(proof.results[i], RECEIPT_HOLDS, "place %zu of %zu, check %zu", at, count, i);
            cr_assert(receipt_proof_holds(&proof));
            receipt_proof_release(&proof);
            json_decref(receipt);
        }
    }
}

/* What is changed, and the first check that must fail for it. */
static const struct {
    const char *object, *key, *value; /* value: JSON */
    enum receipt_check check;
} changes[] = {
    {NULL, "revision", "2", RECEIPT_ENTRY},
    {NULL, "office", "\"2\"", RECEIPT_ENTRY},
    {NULL, "replaces", "\"11111111-1111-4111-8111-111111111112\"", RECEIPT_ENTRY},
    {NULL, "recorded_at", "\"2024-05-02T03:04:05.000003Z\"", RECEIPT_ENTRY},
    {NULL, "sha256", "\"0000000000000000000000000000000000000000000000000000000000000000\"", RECEIPT_ENTRY},
    {NULL, "document_sha256", "null", RECEIPT_ENTRY},
    {"log", "entry", "\"{}\"", RECEIPT_ENTRY},
    {"log", "entry", "\"not JSON\"", RECEIPT_ENTRY},
    {"log", "entry", "null", RECEIPT_ENTRY},
    {"log", "sequence", "813", RECEIPT_ENTRY},
    {"log", "leaf", "\"0000000000000000000000000000000000000000000000000000000000000000\"", RECEIPT_LEAF},
    {"log", "leaf", "\"00\"", RECEIPT_LEAF},
    {"log", "path", "[]", RECEIPT_PATH},
    {"log", "path", "null", RECEIPT_PATH},
    {"log", "path", "[1,2,3]", RECEIPT_PATH},
    {"log", "first", "0", RECEIPT_PATH},
    {"log", "first", "-5", RECEIPT_PATH},
    {"log", "last", "9223372036854775807", RECEIPT_PATH},
    {"log", "last", "811", RECEIPT_PATH},
    {"log", "previous", "\"0000000000000000000000000000000000000000000000000000000000000000\"", RECEIPT_HEAD},
    {"log", "head", "\"0000000000000000000000000000000000000000000000000000000000000000\"", RECEIPT_HEAD},
    {"signature", "key", "\"0000000000000000\"", RECEIPT_KEY},
    {"signature", "ed25519", "\"AAAA\"", RECEIPT_SIGNATURE},
    {"signature", "ed25519", "null", RECEIPT_SIGNATURE},
};

Test(client_receipt, whatever_is_changed_is_found_and_named, .init = set_up, .fini = remove_test_folder)
{
    for (size_t i = 0; i < COUNT(changes); i++) {
        json_t *receipt = make_receipt(5, 2);
        json_t *object = changes[i].object ? json_object_get(receipt, changes[i].object) : receipt;
        struct receipt_proof proof;

        json_object_set_new(object, changes[i].key, json_loads(changes[i].value, JSON_DECODE_ANY, NULL));
        proof = prove(receipt);
        cr_expect_not(receipt_proof_holds(&proof), "%s = %s", changes[i].key, changes[i].value);
        cr_expect_eq(proof.results[changes[i].check], RECEIPT_FAILS, "%s = %s", changes[i].key, changes[i].value);
        cr_expect_not_null(proof.details[changes[i].check]);
        receipt_proof_release(&proof);
        json_decref(receipt);
    }
}

Test(client_receipt, every_flipped_bit_of_the_entry_and_of_the_path_is_found, .init = set_up,
     .fini = remove_test_folder)
{
    json_t *receipt = make_receipt(7, 3), *log = json_object_get(receipt, "log");
    const char *entry = arena_text(memory, json_string_value(json_object_get(log, "entry")));

    for (size_t i = 0; entry[i]; i++) {
        char *changed = arena_text(memory, entry);
        struct receipt_proof proof;

        changed[i] ^= 1;
        json_object_set_new(log, "entry", json_string(changed));
        proof = prove(receipt);
        cr_assert_not(receipt_proof_holds(&proof), "byte %zu", i);
        receipt_proof_release(&proof);
    }
    json_object_set_new(log, "entry", json_string(entry));

    json_t *path = json_object_get(log, "path");

    for (size_t step = 0; step < json_array_size(path); step++) {
        char *changed = arena_text(memory, json_string_value(json_array_get(path, step)));
        json_t *before = json_incref(json_array_get(path, step));
        struct receipt_proof proof;

        changed[10] = changed[10] == '0' ? '1' : '0';
        json_array_set_new(path, step, json_string(changed));
        proof = prove(receipt);
        cr_assert_eq(proof.results[RECEIPT_HEAD], RECEIPT_FAILS);
        receipt_proof_release(&proof);
        json_array_set_new(path, step, before);
    }

    struct receipt_proof proof = prove(receipt);

    cr_assert(receipt_proof_holds(&proof), "everything was put back");
    receipt_proof_release(&proof);
    json_decref(receipt);
}

Test(client_receipt, another_document_or_key_is_not_proven, .init = set_up, .fini = remove_test_folder)
{
    json_t *receipt = make_receipt(4, 1);
    struct receipt_proof proof = prove(receipt);

    receipt_prove_bytes(receipt, "other", 5, &proof);
    cr_expect_eq(proof.results[RECEIPT_BYTES], RECEIPT_FAILS);
    cr_expect_not(receipt_proof_holds(&proof));
    receipt_proof_release(&proof);

    proof = prove(receipt);
    receipt_prove_content(receipt, digest_of("other", 5), &proof);
    cr_expect_eq(proof.results[RECEIPT_CONTENT], RECEIPT_FAILS);
    receipt_proof_release(&proof);

    public_key[0] ^= 1;
    proof = prove(receipt);
    cr_expect_eq(proof.results[RECEIPT_KEY], RECEIPT_FAILS);
    cr_expect_eq(proof.results[RECEIPT_SIGNATURE], RECEIPT_FAILS);
    receipt_proof_release(&proof);
    json_decref(receipt);
}

Test(client_receipt, without_a_key_the_signature_is_not_said_to_hold, .init = set_up, .fini = remove_test_folder)
{
    json_t *receipt = make_receipt(4, 1);
    struct receipt_proof proof;

    receipt_prove(memory, receipt, NULL, &proof);
    cr_expect_eq(proof.results[RECEIPT_HEAD], RECEIPT_HOLDS);
    cr_expect_eq(proof.results[RECEIPT_SIGNATURE], RECEIPT_NOT_CHECKED);
    receipt_proof_release(&proof);
    json_decref(receipt);
}

Test(client_receipt, a_signature_of_another_jurisdiction_does_not_hold, .init = set_up, .fini = remove_test_folder)
{
    json_t *receipt = make_receipt(4, 1);
    struct digest head;
    struct receipt_proof proof;

    cr_assert(digest_parse(json_string_value(json_object_get(json_object_get(receipt, "log"), "head")), &head));
    json_object_set_new(json_object_get(receipt, "signature"), "ed25519", json_string(sign(head, "63000")));
    proof = prove(receipt);
    cr_expect_eq(proof.results[RECEIPT_SIGNATURE], RECEIPT_FAILS);
    receipt_proof_release(&proof);
    json_decref(receipt);
}

Test(client_receipt, what_is_no_receipt_proves_nothing, .init = set_up, .fini = remove_test_folder)
{
    static const char *const texts[] = {
        "{}", "[]", "null", "1", "\"x\"", "{\"log\":[]}", "{\"log\":{\"entry\":\"[]\"}}"};

    for (size_t i = 0; i < COUNT(texts); i++) {
        json_t *receipt = json_loads(texts[i], JSON_DECODE_ANY, NULL);
        struct receipt_proof proof = prove(receipt);

        cr_expect_not(receipt_proof_holds(&proof), "%s", texts[i]);
        receipt_proof_release(&proof);
        json_decref(receipt);
    }
}
