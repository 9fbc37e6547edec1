/* log_file.h: an exported log (GET /v1/audit/export) verified from nothing but its lines and public keys that were kept. */
#ifndef TRIBUTARY_CLIENT_LOG_FILE_H
#define TRIBUTARY_CLIENT_LOG_FILE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/proof.h"
#include "client.h"

/* What an exported log proves. `keys` (an answer of GET /v1/keys, or NULL: those that this machine keeps) and `wanted` (a
 * head that must be passed, or NULL) are given, the rest is found. */
struct log_proof {
    const json_t *keys;
    const char *wanted;
    char jurisdiction[80], head[DIGEST_TEXT_SIZE], key_missing[80];
    int64_t first, last; /* 0: it holds no entry */
    size_t batches, entries, pruned, faults;
    bool wanted_seen, whole;
};

/* Goes through the lines; each thing that is wrong is said. EXIT_DONE if nothing is. */
enum exit_status log_file_prove(struct client *client, const char *bytes, size_t length, struct log_proof *proof);

#endif
