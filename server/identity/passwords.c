/* passwords.c: Argon2id by libsodium with its interactive limits, a few at once. */
#include "identity/passwords.h"

#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct passwords {
    atomic_int free;
    char nobody[crypto_pwhash_STRBYTES]; /* a hash that no password gives */
};

static bool make_hash(const char *password, char *ret_hash)
{
    return crypto_pwhash_str_alg(ret_hash, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                 crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13) == 0;
}

struct passwords *passwords_new(int at_once)
{
    struct passwords *passwords = calloc(1, sizeof *passwords);
    char random[FIRST_PASSWORD_SIZE];

    if (!passwords)
        return NULL;
    password_make_first(random);
    if (!make_hash(random, passwords->nobody)) {
        free(passwords);
        return NULL;
    }
    sodium_memzero(random, sizeof random);
    atomic_init(&passwords->free, at_once);
    return passwords;
}

void passwords_free(struct passwords *passwords)
{
    free(passwords);
}

static bool take(struct passwords *passwords)
{
    if (atomic_fetch_sub(&passwords->free, 1) > 0)
        return true;
    atomic_fetch_add(&passwords->free, 1);
    return false;
}

static void give_back(struct passwords *passwords)
{
    atomic_fetch_add(&passwords->free, 1);
}

enum password_status password_verify(struct passwords *passwords, const char *hash, const char *password)
{
    bool right;

    if (!take(passwords))
        return PASSWORD_BUSY;
    right = crypto_pwhash_str_verify(hash ? hash : passwords->nobody, password, strlen(password)) == 0;
    give_back(passwords);
    return right && hash ? PASSWORD_RIGHT : PASSWORD_WRONG;
}

bool password_hash(struct passwords *passwords, const char *password, char ret_hash[static PASSWORD_HASH_SIZE])
{
    bool made;

    if (!take(passwords))
        return false;
    made = make_hash(password, ret_hash);
    give_back(passwords);
    return made;
}

static size_t count_characters(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80; /* UTF-8: what isn't a following byte */
    return count;
}

bool password_is_good(const char *password, const char *login)
{
    return strlen(password) <= PASSWORD_MOST_BYTES && count_characters(password) >= PASSWORD_LEAST &&
           strcasecmp(password, login) != 0;
}

void password_make_first(char ret_password[static FIRST_PASSWORD_SIZE])
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";

    for (int i = 0; i < FIRST_PASSWORD_SIZE - 1; i++)
        ret_password[i] = i % 6 == 5 ? '-' : letters[randombytes_uniform(sizeof letters - 1)];
    ret_password[FIRST_PASSWORD_SIZE - 1] = '\0';
}
