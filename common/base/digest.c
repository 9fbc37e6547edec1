/* digest.c: SHA-256 on libsodium. */
#include "base/digest.h"

#include <sodium.h>
#include <string.h>

struct digest digest_of(const void *bytes, size_t length)
{
    struct digest digest;

    crypto_hash_sha256(digest.bytes, bytes, length);
    return digest;
}

void digest_format(const struct digest *digest, char ret_text[static DIGEST_TEXT_SIZE])
{
    sodium_bin2hex(ret_text, DIGEST_TEXT_SIZE, digest->bytes, DIGEST_SIZE);
}

bool digest_parse(const char *text, struct digest *ret_digest)
{
    struct digest digest;
    size_t length;

    if (strspn(text, "0123456789abcdef") != 2 * DIGEST_SIZE || text[2 * DIGEST_SIZE] ||
        sodium_hex2bin(digest.bytes, DIGEST_SIZE, text, 2 * DIGEST_SIZE, NULL, &length, NULL) != 0)
        return false;
    *ret_digest = digest;
    return true;
}
