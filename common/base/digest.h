/* digest.h: SHA-256 and its hexadecimal form, and base64, on libsodium. */
#ifndef TRIBUTARY_BASE_DIGEST_H
#define TRIBUTARY_BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

enum { DIGEST_SIZE = 32, DIGEST_TEXT_SIZE = 2 * DIGEST_SIZE + 1 };

struct digest {
    unsigned char bytes[DIGEST_SIZE];
};

struct digest digest_of(const void *bytes, size_t length);
void digest_format(const struct digest *digest, char ret_text[static DIGEST_TEXT_SIZE]);

/* Reads 64 lower-case hexadecimal digits. */
bool digest_parse(const char *text, struct digest *ret_digest);

#endif
