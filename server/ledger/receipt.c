/* receipt.c: a receipt in JSON. */
#include "ledger/receipt.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *digest_to_json(const struct digest *digest)
{
    char text[DIGEST_TEXT_SIZE];

    digest_format(digest, text);
    return json_string(text);
}

json_t *log_place_to_json(const struct log_place *place, const char *entry)
{
    json_t *path = json_array();

    for (size_t i = 0; path && i < place->steps; i++)
        json_array_append_new(path, digest_to_json(&place->path[i]));
    return json_pack("{sI so so so sI sI so ss?}", "sequence", (json_int_t)place->sequence, "leaf",
                     digest_to_json(&place->leaf), "path", path, "head", digest_to_json(&place->head), "first",
                     (json_int_t)place->first, "last", (json_int_t)place->last, "previous",
                     digest_to_json(&place->previous), "entry", entry);
}

json_t *reason_to_json(const char *reason, timestamp recorded_at)
{
    char text[TIMESTAMP_TEXT_SIZE];

    if (!reason)
        return json_null();
    timestamp_format(recorded_at, text);
    return json_pack("{ss ss}", "reason", reason, "recorded_at", text);
}

json_t *attested_to_json(const char *attested)
{
    return attested ? json_loads(attested, 0, NULL) : json_null();
}

json_t *log_signature_to_json(const char *key, const unsigned char signature[static SIGNATURE_SIZE])
{
    char text[sodium_base64_ENCODED_LEN(SIGNATURE_SIZE, sodium_base64_VARIANT_ORIGINAL)];

    sodium_bin2base64(text, sizeof text, signature, SIGNATURE_SIZE, sodium_base64_VARIANT_ORIGINAL);
    return json_pack("{ss ss}", "key", key, "ed25519", text);
}

/* entry, sequence, first_sequence, last_sequence, previous_head, head, key, signature, leaves */
bool log_place_read(const PGresult *result, struct log_place *ret_place)
{
    const char *leaves_text = PQgetvalue(result, 0, 8);
    size_t count = (strlen(leaves_text) - 2) / (2 * DIGEST_SIZE);
    struct digest *leaves = calloc(count + 1, sizeof *leaves);
    struct log_place place = {.sequence = (uint64_t)result_int64(result, 0, 1),
                              .first = (uint64_t)result_int64(result, 0, 2),
                              .last = (uint64_t)result_int64(result, 0, 3)};
    bool good = leaves && bytea_parse(PQgetvalue(result, 0, 4), place.previous.bytes, DIGEST_SIZE) &&
                bytea_parse(PQgetvalue(result, 0, 5), place.head.bytes, DIGEST_SIZE) &&
                bytea_parse(PQgetvalue(result, 0, 7), place.signature, SIGNATURE_SIZE) &&
                bytea_parse(leaves_text, leaves, count * DIGEST_SIZE);

    snprintf(place.key, sizeof place.key, "%s", PQgetvalue(result, 0, 6));
    good =
        good && count == place.last - place.first + 1 && place.sequence >= place.first && place.sequence <= place.last;
    if (good) {
        place.leaf = leaves[place.sequence - place.first];
        place.steps = proof_path(leaves, count, place.sequence - place.first, place.path);
        *ret_place = place;
    }
    free(leaves);
    return good;
}

json_t *receipt_to_json(const struct receipt *receipt)
{
    char received_at[TIMESTAMP_TEXT_SIZE], recorded_at[TIMESTAMP_TEXT_SIZE];

    timestamp_format(receipt->received_at, received_at);
    timestamp_format(receipt->recorded_at, recorded_at);
    return json_pack("{ss ss ss ss ss ss? si ss? so so ss ss s{sI sI} sb so so so so}", "submission",
                     receipt->submission, "plan", receipt->plan, "form", receipt->form, "office", receipt->office,
                     "period", receipt->period, "event", receipt->event, "revision", receipt->revision, "replaces",
                     receipt->replaces, "sha256", digest_to_json(&receipt->sha256), "document_sha256",
                     digest_to_json(&receipt->document_sha256), "received_at", received_at, "recorded_at", recorded_at,
                     "counts", "fields", (json_int_t)receipt->field_count, "rows", (json_int_t)receipt->row_count,
                     "on_behalf", receipt->on_behalf, "withdrawn",
                     reason_to_json(receipt->withdrawn, receipt->recorded_at), "attested",
                     attested_to_json(receipt->attested), "log", log_place_to_json(receipt->place, receipt->entry),
                     "signature", log_signature_to_json(receipt->place->key, receipt->place->signature));
}
