/* passwords.h: passwords: rules, hashes (Argon2id), and how many may be worked on at once. */
#ifndef TRIBUTARY_IDENTITY_PASSWORDS_H
#define TRIBUTARY_IDENTITY_PASSWORDS_H

#include <stdbool.h>
#include <stddef.h>

enum { PASSWORD_LEAST = 12, PASSWORD_MOST_BYTES = 512, PASSWORD_HASH_SIZE = 128, FIRST_PASSWORD_SIZE = 24 };

/* Each hash takes 64 MiB and a core for a tenth of a second: this bounds both. */
struct passwords;

/* `at_once`: how many may be worked on together. NULL without memory. */
struct passwords *passwords_new(int at_once);
void passwords_free(struct passwords *passwords);

enum password_status {
    PASSWORD_RIGHT,
    PASSWORD_WRONG,
    PASSWORD_BUSY, /* too many at once, or no memory: nothing is known */
};

/* Compares with a stored hash; NULL (nobody, or no password was set) takes as long and is wrong. Not on a thread of the
 * sockets. */
enum password_status password_verify(struct passwords *passwords, const char *hash, const char *password);

/* The hash to store; false when too many are at it. */
bool password_hash(struct passwords *passwords, const char *password, char ret_hash[static PASSWORD_HASH_SIZE]);

/* Whether a password may be chosen: twelve characters at least, and not the login. No rule about kinds of characters (NIST SP
 * 800-63B 3.1.1.2: they make passwords worse). */
bool password_is_good(const char *password, const char *login);

/* A random first password: four groups of five letters and digits that aren't mistaken for each other. */
void password_make_first(char ret_password[static FIRST_PASSWORD_SIZE]);

#endif
