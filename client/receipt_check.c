/* receipt_check.c: checking receipts against kept keys. */
#include "receipt_check.h"

#include "base/json.h"
#include "keys.h"

const char *receipt_check_words(struct client *client, enum receipt_check check)
{
    static const enum message words[RECEIPT_CHECK_COUNT] = {
        [RECEIPT_ENTRY] = MESSAGE_proves_entry, [RECEIPT_LEAF] = MESSAGE_proves_leaf,
        [RECEIPT_PATH] = MESSAGE_proves_path,   [RECEIPT_HEAD] = MESSAGE_proves_head,
        [RECEIPT_KEY] = MESSAGE_proves_key,     [RECEIPT_SIGNATURE] = MESSAGE_proves_signature,
        [RECEIPT_BYTES] = MESSAGE_proves_bytes, [RECEIPT_CONTENT] = MESSAGE_proves_content,
    };

    return message_text(words[check], client->language);
}

static bool find_key(struct client *client, const json_t *receipt, unsigned char key[static PUBLIC_KEY_SIZE],
                     enum exit_status *ret_status)
{
    const char *id = json_text_member(json_object_get(receipt, "signature"), "key");

    if (!id) {
        *ret_status = EXIT_SERVER_FAULT;
        return false;
    }
    if (keys_find(client, id, key))
        return true;
    *ret_status = keys_fetch(client);
    if (*ret_status == EXIT_DONE && keys_find(client, id, key))
        return true;
    client_say(client, key_unknown, id);
    return false;
}

enum exit_status receipt_check_new(struct client *client, const json_t *receipt, const struct outbox_entry *entry)
{
    unsigned char key[PUBLIC_KEY_SIZE];
    enum exit_status status = EXIT_DONE;
    struct receipt_proof proof;
    bool known = find_key(client, receipt, key, &status);

    receipt_prove(client->arena, receipt, known ? key : NULL, &proof);
    if (entry)
        receipt_prove_bytes(receipt, entry->body, entry->body_length, &proof);
    for (size_t i = 0; i < RECEIPT_CHECK_COUNT; i++) {
        if (proof.results[i] == RECEIPT_FAILS) {
            client_say(client, receipt_wrong, receipt_check_words(client, (enum receipt_check)i), proof.details[i]);
            status = EXIT_SERVER_FAULT;
        }
    }
    receipt_proof_release(&proof);
    /* The key couldn't be asked for: what was recorded stays recorded, and `receipt verify` tells later. */
    return status == EXIT_UNREACHABLE || status == EXIT_NOT_ALLOWED ? EXIT_DONE : status;
}
