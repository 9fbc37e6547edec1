/* own_account.c: what a signed-in person changes about themselves: password, codes, name, address, language; and what the bearer
 * of a reset link may do. */
#include <string.h>

#include "api/account_change.h"
#include "api/common.h"
#include "api/handlers.h"
#include "api/members.h"
#include "api/reset_page.h"
#include "api/sessions.h"
#include "identity/accounts.h"

struct changing {
    struct act *act;
    struct new_session *fresh; /* NULL: none is opened */
};

static enum step_result queue_change(struct request *request, struct act *act, struct new_session *fresh,
                                     step_fn *answer)
{
    struct changing *changing = act ? arena_alloc(request->arena, sizeof *changing) : NULL;

    if (!act)
        return STEP_DONE;
    if (!changing)
        return reply_problem(request, PROBLEM_internal, NULL);
    *changing = (struct changing){act, fresh};
    request->state = changing;
    return job_queue(request, &act->job, answer);
}

/* Who may do more or less than before goes on in a new session. */
static enum step_result answer_in_new_session(struct request *request, struct db *db)
{
    static const struct refusal refusals[] = {{"stale", PROBLEM_precondition_failed, NULL},
                                              {"not_found", PROBLEM_not_found, NULL},
                                              {NULL, PROBLEM_NONE, NULL}};
    struct changing *changing = request->state;

    if (!act_succeeded(request, changing->act, refusals))
        return STEP_DONE;
    identity_forget(request->service->identity, &request->credential);
    session_set_cookie(request, changing->fresh->cookie);
    return session_reply(request, db, 200, changing->fresh->id, changing->fresh->cookie);
}

/* Finds the secrets of who is signed in. False: a problem is replied. */
static bool find_own(struct request *request, struct db *db, struct sign_in *ret_own)
{
    bool found = false;
    enum db_status status;

    if (!session_is_there(request))
        return false;
    status = sign_in_again(db, &request->principal, request->arena, &found, ret_own);
    if (status != DB_OK)
        reply_db_failure(request, db, (int)status, "account_failed");
    else if (!found)
        reply_problem(request, PROBLEM_unauthenticated, NULL);
    return status == DB_OK && found;
}

/* The digest by which the writer knows that a stored hash is still the one. */
static const char *sha256_text(struct request *request, const void *bytes, size_t length)
{
    struct digest digest = digest_of(bytes, length);
    char text[BYTEA_TEXT_SIZE];

    bytea_format(digest.bytes, DIGEST_SIZE, text);
    return arena_text(request->arena, text);
}

/* Hashes a password that may be chosen. NULL: a problem is replied. */
static const char *hash_new(struct request *request, const char *password, const char *login)
{
    char hash[PASSWORD_HASH_SIZE];

    if (!password_is_good(password, login)) {
        reply_problem(request, PROBLEM_password_too_weak, NULL);
        return NULL;
    }
    if (!password_hash(request->service->passwords, password, hash)) {
        reply_problem(request, PROBLEM_overloaded, NULL);
        return NULL;
    }
    return arena_text(request->arena, hash);
}

/* ---- password --------------------------------------------------------------------------------------------------- */

static enum step_result change_password(struct request *request, const struct sign_in *own, const char *password)
{
    const char *hash = hash_new(request, password, own->login);
    struct new_session *fresh = hash ? session_make(request) : NULL;

    if (!fresh)
        return STEP_DONE;
    return queue_change(
        request,
        act_prepare(request, "account_password", &record_password,
                    (const char *const[]){request->principal.account, hash,
                                          sha256_text(request, own->password_hash, strlen(own->password_hash)), NULL,
                                          fresh->id, fresh->hash, fresh->seconds, fresh->user_agent,
                                          request->credential.address}),
        fresh, answer_in_new_session);
}

/* Whether the person knows their password. False: a problem is replied or on its way (*ret_result). */
static bool knows_password(struct request *request, const struct sign_in *own, const char *password,
                           enum step_result *ret_result)
{
    switch (password_verify(request->service->passwords, own->password_hash, password)) {
    case PASSWORD_RIGHT: return true;
    case PASSWORD_BUSY: *ret_result = reply_problem(request, PROBLEM_overloaded, NULL); return false;
    default: *ret_result = session_failure(request, request->principal.account, PROBLEM_password_wrong); return false;
    }
}

enum step_result post_account_password(struct request *request, struct db *db)
{
    static const char *const known[] = {"current", "password", NULL};
    const char *current, *password;
    enum step_result result = STEP_DONE;
    struct sign_in own;
    json_t *body;
    bool good;

    if (!find_own(request, db, &own) || !(body = members_read(request, known)))
        return STEP_DONE;
    good = members_text(request, body, "current", PASSWORD_MOST_BYTES, true, &current) &&
           members_text(request, body, "password", PASSWORD_MOST_BYTES, true, &password);
    json_decref(body);
    if (!good)
        return STEP_DONE;
    if (!password_is_good(password, own.login) || strcmp(current, password) == 0)
        return reply_problem(request, PROBLEM_password_too_weak, NULL);
    return knows_password(request, &own, current, &result) ? change_password(request, &own, password) : result;
}

static enum step_result answer_reset(struct request *request, struct db *db)
{
    static const struct refusal refusals[] = {
        {"reset_gone", PROBLEM_reset_gone, NULL}, {"not_found", PROBLEM_reset_gone, NULL}, {NULL, PROBLEM_NONE, NULL}};
    struct changing *changing = request->state;

    (void)db;
    if (!act_succeeded(request, changing->act, refusals))
        return STEP_DONE;
    if (reset_form_was_sent(request))
        return reply_reset_page(request, RESET_DONE);
    return reply_json(request, 200, json_pack("{ss}", "account", changing->act->id));
}

/* The new password, from JSON or from the link's page. NULL: a reply is set. */
static const char *read_new_password(struct request *request)
{
    static const char *const known[] = {"password", NULL};
    const char *password = NULL;
    json_t *body;

    if (reset_form_was_sent(request))
        return reset_form_read(request);
    body = members_read(request, known);
    if (body)
        members_text(request, body, "password", PASSWORD_MOST_BYTES, true, &password);
    json_decref(body);
    return password;
}

/* Whoever bears the link is its account, for this one change. */
enum step_result post_password_reset(struct request *request, struct db *db)
{
    const char *secret = request->path_parameters[0], *password = read_new_password(request), *hash;
    struct sign_in found = {.usable = false};
    bool known_link = false, by_form = reset_form_was_sent(request);
    enum db_status status;

    if (!password)
        return STEP_DONE;
    request->reply.secret = true;
    status = reset_find(db, secret, request->arena, &known_link, &found);
    if (status != DB_OK)
        return reply_db_failure(request, db, (int)status, "reset_failed");
    if (!known_link)
        return by_form ? reply_reset_page(request, RESET_GONE) : reply_problem(request, PROBLEM_reset_gone, NULL);
    if (by_form && !password_is_good(password, found.login))
        return reply_reset_page(request, RESET_WEAK);
    request->principal = found.principal;
    hash = hash_new(request, password, found.login);
    if (!hash)
        return STEP_DONE;
    return queue_change(
        request,
        act_prepare(request, "account_password", &record_password,
                    (const char *const[]){request->principal.account, hash, NULL,
                                          sha256_text(request, secret, strlen(secret)), NULL, NULL, NULL, NULL, NULL}),
        NULL, answer_reset);
}

/* ---- codes ------------------------------------------------------------------------------------------------------ */

static enum step_result offer_totp(struct request *request, struct db *db, const struct sign_in *own)
{
    unsigned char secret[TOTP_SECRET_SIZE];
    char text[TOTP_SECRET_TEXT_SIZE];
    bool kept = false;
    enum db_status status;

    totp_make_secret(secret);
    totp_write_secret(secret, text);
    status = totp_keep_secret(db, &request->principal, secret, &kept);
    if (status != DB_OK)
        return reply_db_failure(request, db, (int)status, "totp_failed");
    if (!kept)
        return reply_problem(request, PROBLEM_totp_state, NULL);
    request->reply.secret = true;
    return reply_json(request, 200,
                      json_pack("{ss so}", "secret", text, "uri",
                                json_sprintf("otpauth://totp/Tributary:%s?secret=%s&issuer=Tributary&algorithm=SHA1"
                                             "&digits=6&period=30",
                                             own->login, text)));
}

static enum step_result set_totp(struct request *request, const struct sign_in *own, bool enabled, int64_t step)
{
    struct new_session *fresh = session_make(request);

    if (!fresh)
        return STEP_DONE;
    return queue_change(
        request,
        act_prepare(request, "account_totp", &record_totp,
                    (const char *const[]){request->principal.account, enabled ? "t" : "f",
                                          arena_format(request->arena, "%lld", (long long)step),
                                          sha256_text(request, own->totp_secret, own->totp_size), fresh->id,
                                          fresh->hash, fresh->seconds, fresh->user_agent, request->credential.address}),
        fresh, answer_in_new_session);
}

enum step_result post_account_totp(struct request *request, struct db *db)
{
    static const char *const known[] = {"code", NULL};
    struct sign_in own;
    const char *code;
    int64_t step = 0;
    json_t *body;
    bool good;

    if (!find_own(request, db, &own) || !(body = members_read(request, known)))
        return STEP_DONE;
    good = members_text(request, body, "code", 16, false, &code);
    json_decref(body);
    if (!good)
        return STEP_DONE;
    if (own.totp_enabled || (code && own.totp_size == 0))
        return reply_problem(request, PROBLEM_totp_state, NULL);
    if (!code)
        return offer_totp(request, db, &own);
    if (!totp_check(own.totp_secret, own.totp_size, code, own.moment, own.totp_last_step, &step))
        return session_failure(request, request->principal.account, PROBLEM_password_wrong);
    return set_totp(request, &own, true, step);
}

/* Who took over a session doesn't know the password. */
enum step_result delete_account_totp(struct request *request, struct db *db)
{
    static const char *const known[] = {"password", NULL};
    enum step_result result = STEP_DONE;
    struct sign_in own;
    const char *password;
    json_t *body;
    bool good;

    if (!find_own(request, db, &own) || !(body = members_read(request, known)))
        return STEP_DONE;
    good = members_text(request, body, "password", PASSWORD_MOST_BYTES, true, &password);
    json_decref(body);
    if (!good)
        return STEP_DONE;
    if (!own.totp_enabled)
        return reply_problem(request, PROBLEM_totp_state, NULL);
    if (request->service->account_rules.roles_with_totp & (unsigned)request->principal.role)
        return reply_problem(request, PROBLEM_totp_enrolment_needed, NULL);
    return knows_password(request, &own, password, &result) ? set_totp(request, &own, false, 0) : result;
}

/* ---- the rest --------------------------------------------------------------------------------------------------- */

static enum step_result answer_patch(struct request *request, struct db *db)
{
    struct changing *changing = request->state;

    if (!act_succeeded(request, changing->act, account_refusals))
        return STEP_DONE;
    return session_reply(request, db, 200, request->principal.session, request->credential.secret);
}

enum step_result patch_own_account(struct request *request, struct db *db)
{
    static const char *const known[] = {"name", "email", "language", NULL};
    struct account_change change;

    (void)db;
    if (!session_is_there(request) || !account_change_read(request, known, &change))
        return STEP_DONE;
    return queue_change(request,
                        act_prepare(request, "account", &record_account_change,
                                    (const char *const[]){request->principal.account, change.version, change.text}),
                        NULL, answer_patch);
}
