/* totp.c: RFC 6238 over HMAC-SHA-1 (RFC 2104, FIPS 180-4): the one that every authenticator knows. Against guessing it is as
 * good as others, and collisions, SHA-1's weakness, don't matter here. */
#include "identity/totp.h"

#include <sodium.h>
#include <string.h>

enum { SHA1_SIZE = 20, BLOCK_SIZE = 64, CODE_DIGITS = 6, CODE_LIMIT = 1000000, LONGEST_TEXT = 128 };

static uint32_t rotate(uint32_t value, int bits)
{
    return value << bits | value >> (32 - bits);
}

static uint32_t mix(int round, uint32_t b, uint32_t c, uint32_t d)
{
    return round < 20   ? ((b & c) | (~b & d)) + 0x5a827999U
           : round < 40 ? (b ^ c ^ d) + 0x6ed9eba1U
           : round < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdcU
                        : (b ^ c ^ d) + 0xca62c1d6U;
}

static void sha1_block(uint32_t state[5], const unsigned char block[BLOCK_SIZE])
{
    uint32_t words[80], a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];

    for (int i = 0; i < 16; i++)
        words[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 | (uint32_t)block[4 * i + 2] << 8 |
                   block[4 * i + 3];
    for (int i = 16; i < 80; i++)
        words[i] = rotate(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
    for (int i = 0; i < 80; i++) {
        uint32_t next = rotate(a, 5) + mix(i, b, c, d) + e + words[i];

        e = d;
        d = c;
        c = rotate(b, 30);
        b = a;
        a = next;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
}

/* Of one padded key block and a short text after it. */
static void sha1(const unsigned char key[BLOCK_SIZE], const unsigned char *text, size_t size,
                 unsigned char ret_digest[SHA1_SIZE])
{
    uint32_t state[5] = {0x67452301U, 0xefcdab89U, 0x98badcfeU, 0x10325476U, 0xc3d2e1f0U};
    unsigned char block[BLOCK_SIZE] = {0};
    uint64_t bits = (BLOCK_SIZE + size) * 8;

    sha1_block(state, key);
    memcpy(block, text, size); /* at most 55 bytes: one block */
    block[size] = 0x80;
    for (int i = 0; i < 8; i++)
        block[BLOCK_SIZE - 1 - i] = (unsigned char)(bits >> (8 * i));
    sha1_block(state, block);
    for (int i = 0; i < SHA1_SIZE; i++)
        ret_digest[i] = (unsigned char)(state[i / 4] >> (24 - 8 * (i % 4)));
}

static void hmac_sha1(const unsigned char *secret, size_t secret_size, const unsigned char *text, size_t size,
                      unsigned char ret_digest[SHA1_SIZE])
{
    unsigned char inner[BLOCK_SIZE], outer[BLOCK_SIZE];

    memset(inner, 0x36, sizeof inner);
    memset(outer, 0x5c, sizeof outer);
    for (size_t i = 0; i < secret_size && i < BLOCK_SIZE; i++) {
        inner[i] ^= secret[i];
        outer[i] ^= secret[i];
    }
    sha1(inner, text, size, ret_digest);
    sha1(outer, ret_digest, SHA1_SIZE, ret_digest);
    sodium_memzero(inner, sizeof inner);
    sodium_memzero(outer, sizeof outer);
}

uint32_t totp_code(const unsigned char *secret, size_t size, uint64_t step)
{
    unsigned char counter[8], digest[SHA1_SIZE];

    for (int i = 0; i < 8; i++)
        counter[i] = (unsigned char)(step >> (56 - 8 * i));
    hmac_sha1(secret, size, counter, sizeof counter, digest);

    size_t offset = digest[SHA1_SIZE - 1] & 0xf;
    uint32_t number = (uint32_t)(digest[offset] & 0x7f) << 24 | (uint32_t)digest[offset + 1] << 16 |
                      (uint32_t)digest[offset + 2] << 8 | digest[offset + 3];

    return number % CODE_LIMIT;
}

static bool read_code(const char *text, uint32_t *ret_code)
{
    *ret_code = 0;
    if (strlen(text) != CODE_DIGITS || strspn(text, "0123456789") != CODE_DIGITS)
        return false;
    for (; *text; text++)
        *ret_code = *ret_code * 10 + (uint32_t)(*text - '0');
    return true;
}

bool totp_check(const unsigned char *secret, size_t size, const char *text, int64_t moment, int64_t last_step,
                int64_t *ret_step)
{
    int64_t now = moment / TOTP_SECONDS;
    uint32_t code;

    if (!read_code(text, &code))
        return false;
    for (int64_t step = now - 1; step <= now + 1; step++) {
        uint32_t right = totp_code(secret, size, (uint64_t)step);

        if (step > last_step && sodium_memcmp(&right, &code, sizeof code) == 0) {
            *ret_step = step;
            return true;
        }
    }
    return false;
}

void totp_make_secret(unsigned char ret_secret[static TOTP_SECRET_SIZE])
{
    randombytes_buf(ret_secret, TOTP_SECRET_SIZE);
}

void totp_write_secret(const unsigned char secret[static TOTP_SECRET_SIZE], char ret_text[static TOTP_SECRET_TEXT_SIZE])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    for (int i = 0; i < TOTP_SECRET_SIZE * 8 / 5; i++) {
        int bit = i * 5, byte = bit / 8;
        unsigned pair = (unsigned)secret[byte] << 8 | (byte + 1 < TOTP_SECRET_SIZE ? secret[byte + 1] : 0U);

        ret_text[i] = letters[pair >> (11 - bit % 8) & 31];
    }
    ret_text[TOTP_SECRET_TEXT_SIZE - 1] = '\0';
}
