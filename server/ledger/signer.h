/* signer.h: the key that signs the log's heads. It lives in a file outside the database and can be rotated: a new key
 * signs from then on, old public keys stay listed. */
#ifndef TRIBUTARY_LEDGER_SIGNER_H
#define TRIBUTARY_LEDGER_SIGNER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/proof.h"
#include "db/db.h"

struct signer {
    char key[KEY_ID_SIZE];
    unsigned char public_key[PUBLIC_KEY_SIZE];
    unsigned char secret_key[64];
};

/* Reads the key file (mode 0600 or stricter; base64 of the seed). If there is none and `create`, makes one, durably.
 * False with words in ret_fault. */
bool signer_open(struct signer *signer, const char *path, bool create, char *ret_fault, size_t fault_size);
void signer_close(struct signer *signer);

/* Lists the public key in the database and ends the time of others. Needs the migration login. */
enum db_status signer_register(const struct signer *signer, struct db *db);

/* Whether the database lists this key as the one in use. */
enum db_status signer_is_registered(const struct signer *signer, struct db *db, bool *ret_registered);

bool signer_sign_head(const struct signer *signer, const char *jurisdiction, const struct digest *head,
                      unsigned char ret_signature[static SIGNATURE_SIZE]);

#endif
