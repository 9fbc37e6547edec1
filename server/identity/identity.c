/* identity.c: tokens and cookies: random, stored as a digest (they hold 256 bits of chance, so a plain SHA-256 suffices). */
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
    struct identity_rules rules;
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

bool roles_parse(const char *text, unsigned *ret_roles)
{
    unsigned mask = 0;

    while (*text) {
        char word[32];
        size_t length = strcspn(text, ", ");
        enum role role;

        if (length >= sizeof word)
            return false;
        snprintf(word, sizeof word, "%.*s", (int)length, text);
        if (length > 0 && !role_parse(word, &role))
            return false;
        mask |= length > 0 ? (unsigned)role : 0;
        text += length + (text[length] != '\0');
    }
    *ret_roles = mask;
    return true;
}

static const char *const duties[] = {[DUTY_BOTH] = "both", [DUTY_PREPARE] = "prepare", [DUTY_RELEASE] = "release"};

const char *duty_name(enum duty duty)
{
    return duties[duty];
}

bool duty_parse(const char *text, enum duty *ret_duty)
{
    for (size_t i = 0; i < sizeof duties / sizeof *duties; i++) {
        if (strcmp(duties[i], text) == 0) {
            *ret_duty = (enum duty)i;
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

struct identity *identity_new(const struct identity_rules *rules)
{
    struct identity *identity = calloc(1, sizeof *identity);

    if (!identity)
        return NULL;
    identity->rules = *rules;
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

/* A token is remembered for the address that it came from, as it may be good for some only. */
static struct digest digest_of_credential(const struct credential *credential)
{
    char text[512];
    int length = snprintf(text, sizeof text, "%d %s %s", (int)credential->kind, credential->secret,
                          credential->kind == CREDENTIAL_TOKEN && credential->address ? credential->address : "");
    struct digest digest = digest_of(text, length > 0 && (size_t)length < sizeof text ? (size_t)length : 0);

    sodium_memzero(text, sizeof text);
    return digest;
}

bool identity_recall(struct identity *identity, const struct credential *credential, struct principal *ret_principal)
{
    struct digest hash = digest_of_credential(credential);
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

void identity_forget(struct identity *identity, const struct credential *credential)
{
    struct digest hash = digest_of_credential(credential);

    forget(identity, &hash);
}

static void copy_text(char *ret_text, size_t size, const PGresult *result, int column)
{
    const char *text = result_text(result, 0, column);

    snprintf(ret_text, size, "%s", text ? text : "");
}

/* actor, jurisdiction, role, office, label, duty: both queries begin so. */
static bool read_principal(const PGresult *result, struct principal *principal)
{
    *principal = (struct principal){.role = 0};
    copy_text(principal->actor, sizeof principal->actor, result, 0);
    copy_text(principal->jurisdiction, sizeof principal->jurisdiction, result, 1);
    copy_text(principal->office, sizeof principal->office, result, 3);
    copy_text(principal->label, sizeof principal->label, result, 4);
    return role_parse(PQgetvalue(result, 0, 2), &principal->role) &&
           duty_parse(PQgetvalue(result, 0, 5), &principal->duty);
}

static enum db_status ask_token(struct db *db, const struct credential *credential, const char *hash,
                                PGresult **ret_result)
{
    static const struct db_statement token_bearer = {
        "token_bearer",
        "select actor, jurisdiction, role, office, label, duty, account from tributary.token_bearer($1::bytea, $2::inet)",
        2};

    return db_run(db, &token_bearer, (const char *const[]){hash, credential->address}, ret_result);
}

static enum db_status ask_session(const struct identity *identity, struct db *db, const char *hash,
                                  PGresult **ret_result)
{
    static const struct db_statement session_holder = {
        "session_holder",
        "select actor, jurisdiction, role, office, label, duty, actor, session, must_change, totp"
        " from tributary.session_holder($1::bytea, $2::integer)",
        2};
    char idle_seconds[24];

    snprintf(idle_seconds, sizeof idle_seconds, "%ld", identity->rules.idle_seconds);
    return db_run(db, &session_holder, (const char *const[]){hash, idle_seconds}, ret_result);
}

enum db_status identity_check(struct identity *identity, struct db *db, const struct credential *credential,
                              bool *ret_known, struct principal *ret_principal)
{
    struct digest slot = digest_of_credential(credential),
                  hash = digest_of(credential->secret, strlen(credential->secret));
    char hash_text[BYTEA_TEXT_SIZE];
    int64_t asked_at = clock_milliseconds();
    PGresult *result = NULL;
    struct principal principal;

    bytea_format(hash.bytes, DIGEST_SIZE, hash_text);
    enum db_status status = credential->kind == CREDENTIAL_SESSION ? ask_session(identity, db, hash_text, &result)
                                                                   : ask_token(db, credential, hash_text, &result);

    if (status != DB_OK)
        return status;
    *ret_known = PQntuples(result) == 1 && read_principal(result, &principal);
    if (*ret_known) {
        copy_text(principal.account, sizeof principal.account, result, 6);
        if (credential->kind == CREDENTIAL_SESSION) {
            copy_text(principal.session, sizeof principal.session, result, 7);
            principal.must_change = result_bool(result, 0, 8);
            principal.must_enrol = !principal.must_change && !result_bool(result, 0, 9) &&
                                   (identity->rules.roles_with_totp & (unsigned)principal.role);
        }
        *ret_principal = principal;
        remember(identity, &slot, &principal, asked_at);
    } else {
        forget(identity, &slot);
    }
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

void token_make(char ret_token[static SECRET_SIZE], struct digest *ret_hash)
{
    unsigned char bytes[32];

    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(ret_token, SECRET_SIZE, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    *ret_hash = digest_of(ret_token, strlen(ret_token));
}
