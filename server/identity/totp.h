/* totp.h: one-time codes of an authenticator (RFC 6238: SHA-1, 6 digits, 30 seconds). */
#ifndef TRIBUTARY_IDENTITY_TOTP_H
#define TRIBUTARY_IDENTITY_TOTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TOTP_SECRET_SIZE = 20, TOTP_SECONDS = 30, TOTP_SECRET_TEXT_SIZE = 33, TOTP_MOST_SECRET = 64 };

/* The code of a step (the seconds since 1970 divided by 30), below 1000000. */
uint32_t totp_code(const unsigned char *secret, size_t size, uint64_t step);

/* Whether `text` is the code of the moment's step, the one before or the one after, and later than `last_step`, so that
 * none is taken twice. `moment` is in seconds since 1970. */
bool totp_check(const unsigned char *secret, size_t size, const char *text, int64_t moment, int64_t last_step,
                int64_t *ret_step);

/* A new random secret, and how it is written for an authenticator (base32, RFC 4648). */
void totp_make_secret(unsigned char ret_secret[static TOTP_SECRET_SIZE]);
void totp_write_secret(const unsigned char secret[static TOTP_SECRET_SIZE],
                       char ret_text[static TOTP_SECRET_TEXT_SIZE]);

#endif
