/* verify_receipt.c: reading a receipt of any age, and holding the log to it. */
#include "ledger/verify_receipt.h"

#include <inttypes.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/proof.h"

/* What a receipt says of its place. Texts belong to the JSON. */
struct receipt_place {
    const char *file, *entry, *jurisdiction;
    int64_t sequence, first, last;
    struct digest leaf, previous, head, path[PROOF_MOST_STEPS];
    size_t steps;
    const char *key;
    unsigned char signature[SIGNATURE_SIZE];
};

static bool read_digest(const json_t *holder, const char *member, struct digest *ret_digest)
{
    const char *text = json_text_member(holder, member);

    return text && digest_parse(text, ret_digest);
}

static bool read_path(const json_t *path, struct receipt_place *place)
{
    const json_t *step;
    size_t i;

    if (!json_is_array(path) || json_array_size(path) > PROOF_MOST_STEPS)
        return false;
    json_array_foreach(path, i, step)
        if (!json_is_string(step) || !digest_parse(json_string_value(step), &place->path[i]))
            return false;
    place->steps = json_array_size(path);
    return true;
}

static bool read_signature(const json_t *signature, struct receipt_place *place)
{
    const char *text = json_text_member(signature, "ed25519");
    size_t length = 0;

    place->key = json_text_member(signature, "key");
    return place->key && text &&
           sodium_base642bin(place->signature, SIGNATURE_SIZE, text, strlen(text), NULL, &length, NULL,
                             sodium_base64_VARIANT_ORIGINAL) == 0 &&
           length == SIGNATURE_SIZE;
}

static bool read_place(const json_t *receipt, const json_t *entry, struct receipt_place *place)
{
    const json_t *log = json_object_get(receipt, "log");

    place->entry = json_text_member(log, "entry");
    place->jurisdiction = json_text_member(entry, "jurisdiction");
    place->sequence = json_integer_value(json_object_get(log, "sequence"));
    place->first = json_integer_value(json_object_get(log, "first"));
    place->last = json_integer_value(json_object_get(log, "last"));
    return place->entry && place->jurisdiction && place->first >= 1 && place->sequence >= place->first &&
           place->last >= place->sequence && read_digest(log, "leaf", &place->leaf) &&
           read_digest(log, "previous", &place->previous) && read_digest(log, "head", &place->head) &&
           read_path(json_object_get(log, "path"), place) &&
           read_signature(json_object_get(receipt, "signature"), place);
}

/* What the receipt says on its face must be what its entry says. */
static void check_face(const json_t *receipt, const json_t *entry, const char *file, struct verification *verification)
{
    static const char *const members[] = {"plan",       "form",     "office", "period",          "event",
                                          "submission", "revision", "sha256", "document_sha256", "received_at",
                                          "recorded_at"};

    /* what was attested later stands in an entry of its own */
    bool attested = json_is_object(json_object_get(receipt, "attested"));

    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (json_object_get(receipt, members[i]) && !(attested && strcmp(members[i], "received_at") == 0) &&
            !json_equal(json_object_get(receipt, members[i]), json_object_get(entry, members[i])))
            verification_fault(verification, "receipt %s: it says another %s than its entry of the log", file,
                               members[i]);
}

/* The receipt by itself: entry, leaf, path, head. */
static void check_alone(const struct receipt_place *place, struct verification *verification)
{
    struct digest leaf = proof_leaf(place->entry, strlen(place->entry)), root, head;

    if (memcmp(leaf.bytes, place->leaf.bytes, DIGEST_SIZE) != 0)
        verification_fault(verification, "receipt %s: its entry doesn't give its leaf", place->file);
    if (!proof_root_from_path(leaf, (size_t)(place->sequence - place->first), (size_t)(place->last - place->first + 1),
                              place->path, place->steps, &root)) {
        verification_fault(verification, "receipt %s: its path doesn't fit its batch", place->file);
        return;
    }
    head = proof_head(&place->previous, &root, (uint64_t)place->first, (uint64_t)place->last);
    if (memcmp(head.bytes, place->head.bytes, DIGEST_SIZE) != 0)
        verification_fault(verification, "receipt %s: its leaf and path don't give its head", place->file);
}

/* The same entry at the same place, under the same head, signed by a listed key. */
static bool check_in_log(struct db *db, const struct receipt_place *place, struct verification *verification)
{
    static const struct db_statement stored = {
        "verify_receipt",
        "select e.entry, b.head, k.public_key from (select 1) one"
        " left join tributary.log_entry e on e.jurisdiction = $1 and e.sequence = $2::bigint"
        " left join tributary.log_batch b on b.jurisdiction = e.jurisdiction and b.batch = e.batch"
        " left join tributary.signing_key k on k.key = $3",
        3};
    unsigned char key[PUBLIC_KEY_SIZE];
    struct digest head;
    char sequence[24];
    PGresult *rows = NULL;

    snprintf(sequence, sizeof sequence, "%" PRId64, place->sequence);
    if (db_run(db, &stored, (const char *const[]){place->jurisdiction, sequence, place->key}, &rows) != DB_OK)
        return false;

    const char *entry = result_text(rows, 0, 0);

    if (!result_text(rows, 0, 2) || !bytea_parse(PQgetvalue(rows, 0, 2), key, sizeof key))
        verification_fault(verification, "receipt %s: it is signed by key %s, which isn't listed", place->file,
                           place->key);
    else if (!proof_signature_holds(place->signature, place->jurisdiction, &place->head, key))
        verification_fault(verification, "receipt %s: its signature by key %s doesn't hold", place->file, place->key);
    if (!entry || strcmp(entry, place->entry) != 0)
        verification_fault(verification, "receipt %s: entry %lld of the log %s", place->file,
                           (long long)place->sequence, entry ? "says something else" : "is gone");
    if (!bytea_parse(PQgetvalue(rows, 0, 1), head.bytes, DIGEST_SIZE) ||
        memcmp(head.bytes, place->head.bytes, DIGEST_SIZE) != 0)
        verification_fault(verification, "receipt %s: the log doesn't go through its head", place->file);
    PQclear(rows);
    return true;
}

bool verify_receipt(struct db *db, const char *path, struct verification *verification)
{
    struct receipt_place place = {.file = path};
    json_error_t error;
    json_t *receipt = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    const char *text = json_text_member(json_object_get(receipt, "log"), "entry");
    json_t *entry = text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
    bool read = true;

    if (!receipt) {
        verification_fault(verification, "receipt %s: it can't be read: %s", path, error.text);
    } else if (!entry || !read_place(receipt, entry, &place)) {
        verification_fault(verification, "receipt %s: it isn't a receipt, or a part of it is missing", path);
    } else {
        check_face(receipt, entry, path, verification);
        check_alone(&place, verification);
        read = check_in_log(db, &place, verification);
    }
    json_decref(entry);
    json_decref(receipt);
    return read;
}
