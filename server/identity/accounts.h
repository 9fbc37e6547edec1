/* accounts.h: people with accounts: signing in, passwords, codes; and the statements of everything recorded about them. */
#ifndef TRIBUTARY_IDENTITY_ACCOUNTS_H
#define TRIBUTARY_IDENTITY_ACCOUNTS_H

#include <jansson.h>

#include "base/arena.h"
#include "base/network.h"
#include "identity/identity.h"
#include "identity/passwords.h"
#include "identity/totp.h"

/* Five failures lock an account for a quarter of an hour (domain.md §9). */
enum { ACCOUNT_MOST_FAILURES = 5, ACCOUNT_LOCK_SECONDS = 15 * 60, LOGIN_MOST = 80 };

/* What the configuration says of accounts. */
struct account_rules {
    long session_idle_seconds, session_seconds, reset_seconds, idle_days;
    unsigned roles_with_totp; /* mask of enum role */
    bool cookie_secure;       /* the cookie is sent by TLS only */
    struct networks proxies;  /* whose X-Forwarded-For is believed */
};

/* An account as it signs in. Texts lie in the arena. */
struct sign_in {
    struct principal principal; /* of the account; actor is "" if nobody has the login */
    const char *password_hash;  /* NULL: none was set, or nobody's */
    bool usable;                /* neither disabled nor locked, nor nobody's */
    bool idle;                  /* unused for too long: to be disabled */
    unsigned char totp_secret[TOTP_MOST_SECRET];
    size_t totp_size; /* 0: no codes are asked for */
    bool totp_enabled;
    int64_t totp_last_step, moment; /* of the database's clock, seconds */
    const char *login;
};

/* Finds who has a login. On DB_OK the answer is whole for an unknown login too. */
enum db_status sign_in_find(struct db *db, const struct account_rules *rules, const char *login, struct arena *arena,
                            struct sign_in *ret_sign_in);

/* The same of the one who asks already (the secret of codes also while it waits for the first one). False in *ret_found for
 * who has no account. */
enum db_status sign_in_again(struct db *db, const struct principal *principal, struct arena *arena, bool *ret_found,
                             struct sign_in *ret_sign_in);

/* Whose an unused, unexpired reset link is: principal and login. */
enum db_status reset_find(struct db *db, const char *secret, struct arena *arena, bool *ret_found,
                          struct sign_in *ret_sign_in);

/* Keeps a secret that waits for its first code; false in *ret_kept where codes are asked for already. */
enum db_status totp_keep_secret(struct db *db, const struct principal *principal,
                                const unsigned char secret[static TOTP_SECRET_SIZE], bool *ret_kept);

/* Whether a login may be given: lower-case letters, digits and . _ @ + -, at most eighty. */
bool login_is_good(const char *login);

/* What the session's cookie is called: a browser takes one of the prefix __Host- only by TLS, from this very host. */
const char *session_cookie_name(const struct account_rules *rules);

/* The token against forged requests that goes with a session's cookie: derived from it, so that it needs no storing, and
 * nobody can derive the cookie from it. */
void csrf_token(const char *cookie, char ret_token[static SECRET_SIZE]);

/* ---- acts (ledger/act.h); the parameters are those of functions_accounts.sql, in order ---- */

extern const struct db_statement record_sign_in, record_sign_in_failure, record_sign_out, record_account,
    record_account_change, record_idle_account, record_reset, record_password, record_totp, record_token,
    record_token_revocation, record_older_token;

#endif
