/* identity.c: tokens: random, stored as a digest (they hold 256 bits of chance, so a plain SHA-256 suffices). */
#include "identity/identity.h"

#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

enum { REMEMBERED = 4096, BUDGETS = 65536, TRUST_MILLISECONDS = 800 };

/* One slot a digest; a newer token takes the place of an older one in the same slot. */
struct remembered {
    struct digest hash;
    struct principal principal;
    int64_t checked_at; /* monotonic ms; 0: empty */
};

/* The hand-ins of one second. Two tokens may fall together by chance; then they share a budget. */
struct budget {
    int64_t second;
    long hand_ins;
};

struct identity {
    pthread_mutex_t lock;
    struct remembered slots[REMEMBERED];
    struct budget budgets[BUDGETS];
};

static const struct {
    enum role role;
    const char *name;
} roles[] = {{ROLE_OFFICE, "office"},           {ROLE_GEO, "geo"},     {ROLE_DBAS, "dbas"},
             {ROLE_SUPERVISION, "supervision"}, {ROLE_ADMIN, "admin"}, {ROLE_AUDITOR, "auditor"}};

const char *role_name(enum role role)
{
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (roles[i].role == role)
            return roles[i].name;
    return "";
}

bool role_parse(const char *text, enum role *ret_role)
{
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
        if (strcmp(roles[i].name, text) == 0) {
            *ret_role = roles[i].role;
            return true;
        }
    }
    return false;
}

struct db_context principal_context(const struct principal *principal)
{
    return (struct db_context){principal->jurisdiction, role_name(principal->role), principal->office,
                               principal->actor};
}

struct identity *identity_new(void)
{
    struct identity *identity = calloc(1, sizeof *identity);

    if (identity)
        pthread_mutex_init(&identity->lock, NULL);
    return identity;
}

void identity_free(struct identity *identity)
{
    if (!identity)
        return;
    pthread_mutex_destroy(&identity->lock);
    free(identity);
}

static struct remembered *slot_of(struct identity *identity, const struct digest *hash)
{
    unsigned slot = (unsigned)hash->bytes[0] << 8 | hash->bytes[1];

    return &identity->slots[slot % REMEMBERED];
}

bool identity_recall(struct identity *identity, const char *token, struct principal *ret_principal)
{
    struct digest hash = digest_of(token, strlen(token));
    struct remembered *slot = slot_of(identity, &hash);
    bool found;

    pthread_mutex_lock(&identity->lock);
    found = slot->checked_at && clock_milliseconds() - slot->checked_at < TRUST_MILLISECONDS &&
            sodium_memcmp(slot->hash.bytes, hash.bytes, DIGEST_SIZE) == 0;
    if (found)
        *ret_principal = slot->principal;
    pthread_mutex_unlock(&identity->lock);
    return found;
}

static void remember(struct identity *identity, const struct digest *hash, const struct principal *principal,
                     int64_t asked_at)
{
    struct remembered *slot = slot_of(identity, hash);

    pthread_mutex_lock(&identity->lock);
    if (memcmp(slot->hash.bytes, hash->bytes, DIGEST_SIZE) != 0)
        *slot = (struct remembered){.hash = *hash};
    slot->principal = *principal;
    slot->checked_at = asked_at;
    pthread_mutex_unlock(&identity->lock);
}

static void forget(struct identity *identity, const struct digest *hash)
{
    struct remembered *slot = slot_of(identity, hash);

    pthread_mutex_lock(&identity->lock);
    if (memcmp(slot->hash.bytes, hash->bytes, DIGEST_SIZE) == 0)
        slot->checked_at = 0;
    pthread_mutex_unlock(&identity->lock);
}

enum db_status identity_check(struct identity *identity, struct db *db, const char *token, bool *ret_known,
                              struct principal *ret_principal)
{
    static const struct db_statement token_holder = {
        "token_holder", "select token, jurisdiction, role, office, label from tributary.token_holder($1::bytea)", 1};
    struct digest hash = digest_of(token, strlen(token));
    char hash_text[BYTEA_TEXT_SIZE];
    int64_t asked_at = clock_milliseconds();
    PGresult *result = NULL;

    bytea_format(hash.bytes, DIGEST_SIZE, hash_text);
    enum db_status status = db_run(db, &token_holder, (const char *const[]){hash_text}, &result);

    if (status != DB_OK)
        return status;
    *ret_known = false;
    if (PQntuples(result) == 1) {
        struct principal principal = {.role = 0};
        const char *office = result_text(result, 0, 3);

        snprintf(principal.actor, sizeof principal.actor, "%s", PQgetvalue(result, 0, 0));
        snprintf(principal.jurisdiction, sizeof principal.jurisdiction, "%s", PQgetvalue(result, 0, 1));
        snprintf(principal.office, sizeof principal.office, "%s", office ? office : "");
        snprintf(principal.label, sizeof principal.label, "%s", PQgetvalue(result, 0, 4));
        if (role_parse(PQgetvalue(result, 0, 2), &principal.role)) {
            *ret_known = true;
            *ret_principal = principal;
            remember(identity, &hash, &principal, asked_at);
        }
    }
    if (!*ret_known)
        forget(identity, &hash);
    PQclear(result);
    return DB_OK;
}

bool identity_may_hand_in(struct identity *identity, const struct principal *principal, long per_second)
{
    struct digest hash = digest_of(principal->actor, strlen(principal->actor));
    struct budget *budget = &identity->budgets[((unsigned)hash.bytes[0] << 8 | hash.bytes[1]) % BUDGETS];
    int64_t second = clock_milliseconds() / 1000;
    bool may;

    pthread_mutex_lock(&identity->lock);
    if (budget->second != second)
        *budget = (struct budget){.second = second};
    may = ++budget->hand_ins <= per_second;
    pthread_mutex_unlock(&identity->lock);
    return may;
}

void token_make(char ret_token[static 44], struct digest *ret_hash)
{
    unsigned char bytes[32];

    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(ret_token, 44, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    *ret_hash = digest_of(ret_token, strlen(ret_token));
}
