/* identity.h: who asks, by the token or the session's cookie that a request bears. What was checked is trusted for less
 * than a second, so that a revoked token, an ended session and a disabled account are refused everywhere within a second. */
#ifndef TRIBUTARY_IDENTITY_IDENTITY_H
#define TRIBUTARY_IDENTITY_IDENTITY_H

#include <stdbool.h>

#include "db/db.h"

enum role {
    ROLE_OFFICE = 1,
    ROLE_GEO = 2,
    ROLE_DBAS = 4,
    ROLE_SUPERVISION = 8,
    ROLE_ADMIN = 16,
    ROLE_AUDITOR = 32,
    ROLE_ANY = 63
};

/* What somebody of an office may do towards handing in: prepare, release what another prepared, or hand in alone. */
enum duty { DUTY_BOTH, DUTY_PREPARE, DUTY_RELEASE };

enum { IDENTITY_TEXT_SIZE = 80, IDENTITY_LABEL_SIZE = 256, IDENTITY_ID_SIZE = 40 };

/* Who acts where nobody is signed in. */
#define ACTOR_NOBODY "00000000-0000-0000-0000-000000000000"

/* Who asks. Plain data, copied. */
struct principal {
    char actor
        [IDENTITY_ID_SIZE]; /* who acts: the account's UUID; the token's (never the token itself) where it belongs to
                                     no account */
    char jurisdiction[IDENTITY_TEXT_SIZE];
    enum role role;
    char office[IDENTITY_TEXT_SIZE]; /* "" unless the role is office */
    char label[IDENTITY_LABEL_SIZE]; /* the person's name, or what the token is called */
    char account[IDENTITY_ID_SIZE];  /* "" for a token that belongs to nobody */
    char session[IDENTITY_ID_SIZE];  /* "" for a token */
    enum duty duty;
    bool must_change, must_enrol; /* a session that may do nothing but change its password, or set up codes */
};

const char *role_name(enum role role);
bool role_parse(const char *text, enum role *ret_role);
/* A list such as "admin,geo" as a mask of enum role; "" is none. */
bool roles_parse(const char *text, unsigned *ret_roles);
const char *duty_name(enum duty duty);
bool duty_parse(const char *text, enum duty *ret_duty);

/* The settings that row-level security reads; points into `principal`. */
struct db_context principal_context(const struct principal *principal);

/* What a request bears. The secret is a token or a cookie's value; NULL with CREDENTIAL_NONE. */
enum credential_kind { CREDENTIAL_NONE, CREDENTIAL_TOKEN, CREDENTIAL_SESSION };
struct credential {
    enum credential_kind kind;
    const char *secret;
    const char *address; /* where the request comes from; a token may be good for some networks only */
};

struct identity;

struct identity_rules {
    long idle_seconds;        /* after which an unused session ends */
    unsigned roles_with_totp; /* mask of the roles whose sessions must have codes */
};

struct identity *identity_new(const struct identity_rules *rules);
void identity_free(struct identity *identity);

/* True if the credential was checked a moment ago and may be trusted without asking. Thread-safe. */
bool identity_recall(struct identity *identity, const struct credential *credential, struct principal *ret_principal);

/* Asks the database. On DB_OK *ret_known says whether the credential is good. */
enum db_status identity_check(struct identity *identity, struct db *db, const struct credential *credential,
                              bool *ret_known, struct principal *ret_principal);

/* Trusts it no more without asking. */
void identity_forget(struct identity *identity, const struct credential *credential);

/* A budget of hand-ins a second for each who acts; false when it is used up just now. */
bool identity_may_hand_in(struct identity *identity, const struct principal *principal, long per_second);

enum { SECRET_SIZE = 44 };

/* A new random secret (a token, a cookie, a reset link: 43 characters) and its digest. */
void token_make(char ret_token[static SECRET_SIZE], struct digest *ret_hash);

#endif
