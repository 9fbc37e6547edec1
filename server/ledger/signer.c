/* signer.c: the signing key's file and its use. */
#include "ledger/signer.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    SEED_TEXT_SIZE = sodium_base64_ENCODED_LEN(crypto_sign_SEEDBYTES, sodium_base64_VARIANT_ORIGINAL),
    PATH_SIZE = 4096
};

static bool fault_errno(const char *path, char *ret_fault, size_t fault_size)
{
    snprintf(ret_fault, fault_size, "signing key %s: %s", path, strerror(errno));
    return false;
}

static bool sync_directory_of(const char *path)
{
    char copy[PATH_SIZE];

    snprintf(copy, sizeof copy, "%s", path);
    int directory = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (directory < 0)
        return false;
    bool good = fsync(directory) == 0;

    close(directory);
    return good;
}

/* Written beside, synced, then linked into place: a key that is already there is never overwritten. */
static bool create_key(const char *path, char *ret_fault, size_t fault_size)
{
    char beside[PATH_SIZE], text[SEED_TEXT_SIZE + 1];
    unsigned char seed[crypto_sign_SEEDBYTES];

    snprintf(beside, sizeof beside, "%s.%ld.new", path, (long)getpid());
    randombytes_buf(seed, sizeof seed);
    sodium_bin2base64(text, SEED_TEXT_SIZE, seed, sizeof seed, sodium_base64_VARIANT_ORIGINAL);
    sodium_memzero(seed, sizeof seed);

    size_t length = strlen(text);
    int file = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (file < 0)
        return fault_errno(beside, ret_fault, fault_size);
    text[length] = '\n';
    bool good = write(file, text, length + 1) == (ssize_t)length + 1 && fsync(file) == 0;

    sodium_memzero(text, sizeof text);
    if (close(file) != 0 || !good) {
        unlink(beside);
        return fault_errno(beside, ret_fault, fault_size);
    }
    good = link(beside, path) == 0 || errno == EEXIST;
    if (!good)
        fault_errno(path, ret_fault, fault_size);
    unlink(beside);
    return good && sync_directory_of(path);
}

static bool read_key(struct signer *signer, const char *path, char *ret_fault, size_t fault_size)
{
    char text[SEED_TEXT_SIZE + 8];
    unsigned char seed[crypto_sign_SEEDBYTES];
    struct stat info;
    size_t length = 0;
    int file = open(path, O_RDONLY | O_CLOEXEC);

    if (file < 0)
        return fault_errno(path, ret_fault, fault_size);
    ssize_t got = fstat(file, &info) == 0 ? read(file, text, sizeof text - 1) : -1;

    close(file);
    if (got < 0)
        return fault_errno(path, ret_fault, fault_size);
    text[got] = '\0';
    if (info.st_mode & 077) {
        snprintf(ret_fault, fault_size, "signing key %s: others may read it; chmod 600 it", path);
        return false;
    }
    if (sodium_base642bin(seed, sizeof seed, text, (size_t)got, "\r\n ", &length, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0 ||
        length != sizeof seed) {
        snprintf(ret_fault, fault_size, "signing key %s: not a key", path);
        return false;
    }
    crypto_sign_seed_keypair(signer->public_key, signer->secret_key, seed);
    sodium_memzero(seed, sizeof seed);
    sodium_memzero(text, sizeof text);
    proof_key_id(signer->public_key, signer->key);
    return true;
}

bool signer_open(struct signer *signer, const char *path, bool create, char *ret_fault, size_t fault_size)
{
    if (create && access(path, F_OK) != 0 && !create_key(path, ret_fault, fault_size))
        return false;
    return read_key(signer, path, ret_fault, fault_size);
}

void signer_close(struct signer *signer)
{
    sodium_memzero(signer, sizeof *signer);
}

enum db_status signer_register(const struct signer *signer, struct db *db)
{
    static const struct db_statement register_key = {
        "register_key",
        "with ended as (update tributary.signing_key set until = now() where key <> $1 and until is null)"
        " insert into tributary.signing_key (key, public_key, since) values ($1, $2::bytea, now())"
        " on conflict (key) do update set until = null",
        2};
    char public_key[BYTEA_TEXT_SIZE];

    bytea_format(signer->public_key, PUBLIC_KEY_SIZE, public_key);
    return db_run(db, &register_key, (const char *const[]){signer->key, public_key}, NULL);
}

enum db_status signer_is_registered(const struct signer *signer, struct db *db, bool *ret_registered)
{
    static const struct db_statement find_key = {
        "find_key", "select from tributary.signing_key where key = $1 and until is null", 1};
    PGresult *result = NULL;
    enum db_status status = db_run(db, &find_key, (const char *const[]){signer->key}, &result);

    if (status == DB_OK)
        *ret_registered = PQntuples(result) == 1;
    PQclear(result);
    return status;
}

bool signer_sign_head(const struct signer *signer, const char *jurisdiction, const struct digest *head,
                      unsigned char ret_signature[static SIGNATURE_SIZE])
{
    unsigned char bytes[256];
    size_t length = proof_signed_bytes(jurisdiction, head, bytes);

    return length > 0 && crypto_sign_detached(ret_signature, NULL, bytes, length, signer->secret_key) == 0;
}
