/* identity.h: whose token a request bears. Known tokens are remembered for less than a second, so that a revoked one
 * is refused everywhere within a second. */
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

enum { IDENTITY_TEXT_SIZE = 80, IDENTITY_LABEL_SIZE = 256 };

/* Who asks. Plain data, copied. */
struct principal {
    char actor
        [40]; /* who acts: the account's UUID; the token's (never the token itself) where it belongs to no account */
    char jurisdiction[IDENTITY_TEXT_SIZE];
    enum role role;
    char office[IDENTITY_TEXT_SIZE]; /* "" unless the role is office */
    char label[IDENTITY_LABEL_SIZE];
};

const char *role_name(enum role role);
bool role_parse(const char *text, enum role *ret_role);

/* The settings that row-level security reads; points into `principal`. */
struct db_context principal_context(const struct principal *principal);

struct identity;

struct identity *identity_new(void);
void identity_free(struct identity *identity);

/* True if the token was checked a moment ago and may be trusted without asking. Thread-safe. */
bool identity_recall(struct identity *identity, const char *token, struct principal *ret_principal);

/* Asks the database. On DB_OK *ret_known says whether the token is good. */
enum db_status identity_check(struct identity *identity, struct db *db, const char *token, bool *ret_known,
                              struct principal *ret_principal);

/* A budget of hand-ins a second for each token; false when it is used up just now. */
bool identity_may_hand_in(struct identity *identity, const struct principal *principal, long per_second);

/* A new random token (43 characters) and its digest. */
void token_make(char ret_token[static 44], struct digest *ret_hash);

#endif
