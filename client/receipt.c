/* receipt.c: proving a receipt. */
#include "receipt.h"

#include <sodium.h>
#include <stdint.h>
#include <string.h>

#include "base/buffer.h"
#include "base/json.h"

enum { MOST_ENTRY_VALUES = 256, ENTRY_LIMIT = 64 * 1024 };

/* What receipt and entry must both say. */
static const char *const shared_members[] = {"plan",        "form",       "office",   "period", "event",
                                             "submission",  "revision",   "replaces", "sha256", "document_sha256",
                                             "received_at", "recorded_at"};

static void set(struct receipt_proof *proof, enum receipt_check check, bool holds, const char *detail)
{
    proof->results[check] = holds ? RECEIPT_HOLDS : RECEIPT_FAILS;
    proof->details[check] = holds ? NULL : detail;
}

static bool read_digest(const json_t *object, const char *key, struct digest *ret_digest)
{
    const char *text = json_text_member(object, key);

    return text && digest_parse(text, ret_digest);
}

static bool same(const struct digest *a, const struct digest *b)
{
    return memcmp(a->bytes, b->bytes, DIGEST_SIZE) == 0;
}

/* Absent and null are the same: a first revision replaces nothing. */
static bool same_member(const json_t *a, const json_t *b, const char *key)
{
    const json_t *x = json_object_get(a, key), *y = json_object_get(b, key);

    if (!x || json_is_null(x))
        return !y || json_is_null(y);
    return json_equal(x, y);
}

static bool is_canonical(const json_t *entry, const char *text)
{
    struct buffer canonical = BUFFER_WITH_LIMIT(ENTRY_LIMIT);
    bool good = json_write_canonical(entry, &canonical) && strcmp(canonical.data, text) == 0;

    buffer_free(&canonical);
    return good;
}

static void prove_entry(const json_t *receipt, const json_t *log, const char *text, struct receipt_proof *proof)
{
    struct json_fault fault;

    proof->entry = json_parse_strict(text, strlen(text), MOST_ENTRY_VALUES, &fault);
    if (!json_is_object(proof->entry) || !is_canonical(proof->entry, text)) {
        set(proof, RECEIPT_ENTRY, false, "log.entry");
        return;
    }
    for (size_t i = 0; i < sizeof shared_members / sizeof *shared_members; i++) {
        if (!same_member(receipt, proof->entry, shared_members[i])) {
            set(proof, RECEIPT_ENTRY, false, shared_members[i]);
            return;
        }
    }
    if (json_is_true(json_object_get(receipt, "on_behalf")) !=
            json_is_true(json_object_get(proof->entry, "on_behalf")) ||
        json_is_object(json_object_get(receipt, "withdrawn")) !=
            json_is_true(json_object_get(proof->entry, "withdrawn"))) {
        set(proof, RECEIPT_ENTRY, false, "on_behalf, withdrawn");
        return;
    }
    set(proof, RECEIPT_ENTRY, same_member(log, proof->entry, "sequence"), "sequence");
}

/* The digests of the path; false if it isn't a list of digests. */
static bool read_path(const json_t *log, struct digest *steps, size_t *ret_count)
{
    const json_t *path = json_object_get(log, "path"), *step;
    size_t i;

    if (!json_is_array(path) || json_array_size(path) > PROOF_MOST_STEPS)
        return false;
    json_array_foreach(path, i, step) {
        if (!json_is_string(step) || !digest_parse(json_string_value(step), &steps[i]))
            return false;
    }
    *ret_count = json_array_size(path);
    return true;
}

/* Leaf, path and head; false if the head of this receipt can't be trusted any further. */
static bool prove_log(const json_t *log, const char *text, struct receipt_proof *proof, struct digest *ret_head)
{
    json_int_t first = json_integer_value(json_object_get(log, "first")),
               last = json_integer_value(json_object_get(log, "last"));
    json_int_t sequence = json_integer_value(json_object_get(log, "sequence"));
    struct digest steps[PROOF_MOST_STEPS], leaf = proof_leaf(text, strlen(text)), given_leaf, root, previous, head,
                                           given_head;
    size_t count;

    set(proof, RECEIPT_LEAF, read_digest(log, "leaf", &given_leaf) && same(&leaf, &given_leaf), "log.leaf");

    bool place = first >= 1 && first <= sequence && sequence <= last;
    bool path = place && read_path(log, steps, &count) &&
                proof_root_from_path(leaf, (size_t)(sequence - first), (size_t)(last - first) + 1, steps, count, &root);

    set(proof, RECEIPT_PATH, path, place ? "log.path" : "log.sequence");

    bool follows = path && read_digest(log, "previous", &previous) && read_digest(log, "head", &given_head);

    if (follows) {
        head = proof_head(&previous, &root, (uint64_t)first, (uint64_t)last);
        follows = same(&head, &given_head);
    }
    set(proof, RECEIPT_HEAD, follows, "log.head");
    if (follows)
        *ret_head = head;
    return follows;
}

static void prove_signature(const json_t *receipt, const struct digest *head, const unsigned char *public_key,
                            struct receipt_proof *proof)
{
    const json_t *signature = json_object_get(receipt, "signature");
    const char *named = json_text_member(signature, "key"), *text = json_text_member(signature, "ed25519");
    const char *jurisdiction = json_text_member(proof->entry, "jurisdiction");
    unsigned char bytes[SIGNATURE_SIZE];
    char id[KEY_ID_SIZE];
    size_t length = 0;

    proof_key_id(public_key, id);
    set(proof, RECEIPT_KEY, named && strcmp(named, id) == 0, "signature.key");

    bool good = head && text && jurisdiction &&
                sodium_base642bin(bytes, sizeof bytes, text, strlen(text), NULL, &length, NULL,
                                  sodium_base64_VARIANT_ORIGINAL) == 0 &&
                length == sizeof bytes && proof_signature_holds(bytes, jurisdiction, head, public_key);

    set(proof, RECEIPT_SIGNATURE, good, "signature.ed25519");
}

void receipt_prove(struct arena *arena, const json_t *receipt, const unsigned char *public_key,
                   struct receipt_proof *ret_proof)
{
    const json_t *log = json_object_get(receipt, "log");
    const char *text = json_text_member(log, "entry");
    struct receipt_proof proof = {0};
    struct digest head;
    bool sound = false;

    if (text) {
        text = arena_text(arena, text);
        prove_entry(receipt, log, text ? text : "", &proof);
        sound = prove_log(log, text ? text : "", &proof, &head);
    } else {
        set(&proof, RECEIPT_ENTRY, false, "log.entry");
    }
    if (public_key)
        prove_signature(receipt, sound ? &head : NULL, public_key, &proof);
    *ret_proof = proof;
}

void receipt_prove_bytes(const json_t *receipt, const void *bytes, size_t length, struct receipt_proof *proof)
{
    struct digest found = digest_of(bytes, length), given;

    set(proof, RECEIPT_BYTES, read_digest(receipt, "sha256", &given) && same(&found, &given), "sha256");
}

void receipt_prove_content(const json_t *receipt, struct digest document, struct receipt_proof *proof)
{
    struct digest given;

    set(proof, RECEIPT_CONTENT, read_digest(receipt, "document_sha256", &given) && same(&document, &given),
        "document_sha256");
}

bool receipt_proof_holds(const struct receipt_proof *proof)
{
    bool holds = false;

    for (size_t i = 0; i < RECEIPT_CHECK_COUNT; i++) {
        if (proof->results[i] == RECEIPT_FAILS)
            return false;
        holds = holds || proof->results[i] == RECEIPT_HOLDS;
    }
    return holds;
}

void receipt_proof_release(struct receipt_proof *proof)
{
    json_decref(proof->entry);
    proof->entry = NULL;
}

bool receipt_key_parse(const char *text, unsigned char ret_key[static PUBLIC_KEY_SIZE])
{
    unsigned char key[PUBLIC_KEY_SIZE];
    size_t length = 0;

    if (sodium_base642bin(key, sizeof key, text, strlen(text), "\r\n ", &length, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0 ||
        length != sizeof key)
        return false;
    memcpy(ret_key, key, sizeof key);
    return true;
}
