/* accounts.c: who signs in, and with what it is checked. */
#include "identity/accounts.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

static void copy(char *ret_text, size_t size, const PGresult *result, int column)
{
    const char *text = result_text(result, 0, column);

    snprintf(ret_text, size, "%s", text ? text : "");
}

/* account, jurisdiction, role, office, name: the queries begin so. */
static void read_person(const PGresult *result, struct principal *principal)
{
    const char *role = result_text(result, 0, 2);

    *principal = (struct principal){.role = 0};
    copy(principal->actor, sizeof principal->actor, result, 0);
    copy(principal->account, sizeof principal->account, result, 0);
    copy(principal->jurisdiction, sizeof principal->jurisdiction, result, 1);
    copy(principal->office, sizeof principal->office, result, 3);
    copy(principal->label, sizeof principal->label, result, 4);
    if (role && !role_parse(role, &principal->role))
        principal->actor[0] = '\0';
}

static bool read_secret(const PGresult *result, int column, struct sign_in *sign_in)
{
    size_t size;
    unsigned char *bytes;

    sign_in->totp_size = 0;
    if (!result_text(result, 0, column))
        return true;
    bytes = result_bytes(result, 0, column, &size);
    if (bytes && size <= sizeof sign_in->totp_secret) {
        memcpy(sign_in->totp_secret, bytes, size);
        sign_in->totp_size = size;
    }
    PQfreemem(bytes);
    return sign_in->totp_size > 0;
}

/* Takes over the result. */
static enum db_status read_found(PGresult *result, struct arena *arena, struct sign_in *ret_sign_in)
{
    const char *hash = result_text(result, 0, 5);
    bool good;

    *ret_sign_in = (struct sign_in){.totp_size = 0};
    read_person(result, &ret_sign_in->principal);
    ret_sign_in->password_hash = hash ? arena_text(arena, hash) : NULL;
    ret_sign_in->usable = result_bool(result, 0, 6);
    ret_sign_in->idle = result_bool(result, 0, 7);
    good = read_secret(result, 8, ret_sign_in) && !hash == !ret_sign_in->password_hash;
    ret_sign_in->totp_enabled = ret_sign_in->totp_size > 0;
    ret_sign_in->totp_last_step = result_int64(result, 0, 9);
    ret_sign_in->moment = result_int64(result, 0, 10);
    PQclear(result);
    return good ? DB_OK : DB_FAILED;
}

enum db_status sign_in_find(struct db *db, const struct account_rules *rules, const char *login, struct arena *arena,
                            struct sign_in *ret_sign_in)
{
    static const struct db_statement find = {
        "account_for_sign_in",
        "select account, jurisdiction, role, office, name, password_hash, usable, idle, totp_secret, totp_last_step, moment"
        " from tributary.account_for_sign_in($1, $2::integer, $3::integer)",
        3};
    char lock_seconds[16], idle_days[24];
    PGresult *result = NULL;
    enum db_status status;

    snprintf(lock_seconds, sizeof lock_seconds, "%d", ACCOUNT_LOCK_SECONDS);
    snprintf(idle_days, sizeof idle_days, "%ld", rules->idle_days);

    const char *const parameters[] = {login, lock_seconds, idle_days};

    status = db_run(db, &find, parameters, &result);
    if (status == DB_UNAVAILABLE) /* an idle connection may have died: once more on a new one */
        status = db_run(db, &find, parameters, &result);
    if (status != DB_OK)
        return status;
    if (PQntuples(result) != 1) {
        PQclear(result);
        return DB_FAILED;
    }
    return read_found(result, arena, ret_sign_in);
}

enum db_status sign_in_again(struct db *db, const struct principal *principal, struct arena *arena, bool *ret_found,
                             struct sign_in *ret_sign_in)
{
    static const struct db_statement find = {
        "own_secrets",
        "select login, password_hash, totp_secret, totp_enabled, totp_last_step, moment from tributary.own_secrets()",
        0};
    struct db_context context = principal_context(principal);
    PGresult *result = NULL;
    enum db_status status = db_snapshot_begin(db, &context);

    if (status == DB_OK)
        status = db_run(db, &find, NULL, &result);
    db_snapshot_end(db);
    if (status != DB_OK)
        return status;
    *ret_found = PQntuples(result) == 1;
    if (*ret_found) {
        const char *hash = result_text(result, 0, 1);

        *ret_sign_in = (struct sign_in){.principal = *principal, .usable = true};
        ret_sign_in->login = arena_text(arena, PQgetvalue(result, 0, 0));
        ret_sign_in->password_hash = hash ? arena_text(arena, hash) : NULL;
        ret_sign_in->totp_enabled = result_bool(result, 0, 3);
        ret_sign_in->totp_last_step = result_int64(result, 0, 4);
        ret_sign_in->moment = result_int64(result, 0, 5);
        if (!read_secret(result, 2, ret_sign_in) || !ret_sign_in->login || !hash != !ret_sign_in->password_hash)
            status = DB_FAILED;
    }
    PQclear(result);
    return status;
}

enum db_status reset_find(struct db *db, const char *secret, struct arena *arena, bool *ret_found,
                          struct sign_in *ret_sign_in)
{
    static const struct db_statement find = {
        "reset_holder",
        "select account, jurisdiction, role, office, name, login from tributary.reset_holder($1::bytea)", 1};
    struct digest digest = digest_of(secret, strlen(secret));
    char hash[BYTEA_TEXT_SIZE];
    PGresult *result = NULL;
    enum db_status status;

    bytea_format(digest.bytes, DIGEST_SIZE, hash);
    status = db_run(db, &find, (const char *const[]){hash}, &result);
    if (status == DB_UNAVAILABLE)
        status = db_run(db, &find, (const char *const[]){hash}, &result);
    if (status != DB_OK)
        return status;
    *ret_found = PQntuples(result) == 1;
    if (*ret_found) {
        *ret_sign_in = (struct sign_in){.usable = true};
        read_person(result, &ret_sign_in->principal);
        ret_sign_in->login = arena_text(arena, PQgetvalue(result, 0, 5));
        status = ret_sign_in->login ? DB_OK : DB_FAILED;
    }
    PQclear(result);
    return status;
}

enum db_status totp_keep_secret(struct db *db, const struct principal *principal,
                                const unsigned char secret[static TOTP_SECRET_SIZE], bool *ret_kept)
{
    static const struct db_statement keep = {"keep_totp_secret", "select tributary.keep_totp_secret($1::bytea)", 1};
    struct db_context context = principal_context(principal);
    char text[BYTEA_TEXT_SIZE];
    PGresult *result = NULL;
    enum db_status status = db_change_begin(db, &context);

    bytea_format(secret, TOTP_SECRET_SIZE, text);
    if (status == DB_OK)
        status = db_run(db, &keep, (const char *const[]){text}, &result);
    sodium_memzero(text, sizeof text);
    if (status == DB_OK) {
        *ret_kept = result_bool(result, 0, 0);
        PQclear(result);
        return db_change_end(db, true);
    }
    db_change_end(db, false);
    return status;
}

bool login_is_good(const char *login)
{
    size_t length = strlen(login);

    return length >= 1 && length <= LOGIN_MOST &&
           strspn(login, "abcdefghijklmnopqrstuvwxyz0123456789._@+-") == length && strchr("._@+-", login[0]) == NULL;
}

const char *session_cookie_name(const struct account_rules *rules)
{
    return rules->cookie_secure ? "__Host-tributary-session" : "tributary-session";
}

void csrf_token(const char *cookie, char ret_token[static SECRET_SIZE])
{
    static const char purpose[] = "tributary: against forged requests";
    unsigned char hash[DIGEST_SIZE];

    crypto_generichash(hash, sizeof hash, (const unsigned char *)cookie, strlen(cookie), (const unsigned char *)purpose,
                       sizeof purpose - 1);
    sodium_bin2base64(ret_token, SECRET_SIZE, hash, sizeof hash, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}
