/* sessions.c: signing in and out, who is signed in, the list of sessions. */
#include "api/sessions.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "api/common.h"
#include "api/handlers.h"
#include "api/members.h"
#include "identity/account_lists.h"

enum { LONGEST_AGENT = 200, LONGEST_CODE = 16 };

/* ---- opening and showing ---------------------------------------------------------------------------------------- */

/* The first bytes of what the browser calls itself, without what isn't printable ASCII. */
static const char *agent_of(const struct request *request)
{
    const char *agent = request_header(request, MHD_HTTP_HEADER_USER_AGENT);
    char *copy = arena_text(request->arena, agent ? agent : "");

    if (!copy)
        return NULL;
    if (strlen(copy) > LONGEST_AGENT)
        copy[LONGEST_AGENT] = '\0';
    for (char *c = copy; *c; c++)
        if (*c < 0x20 || *c > 0x7e)
            *c = '?';
    return copy;
}

struct new_session *session_make(struct request *request)
{
    struct new_session *fresh = arena_alloc(request->arena, sizeof *fresh);
    char id[UUID_TEXT_SIZE], cookie[SECRET_SIZE], hash[BYTEA_TEXT_SIZE];
    struct digest digest;

    if (!fresh) {
        reply_problem(request, PROBLEM_internal, NULL);
        return NULL;
    }
    uuid_make(id);
    token_make(cookie, &digest);
    bytea_format(digest.bytes, DIGEST_SIZE, hash);
    *fresh = (struct new_session){
        .id = arena_text(request->arena, id),
        .cookie = arena_text(request->arena, cookie),
        .hash = arena_text(request->arena, hash),
        .seconds = arena_format(request->arena, "%ld", request->service->account_rules.session_seconds),
        .user_agent = agent_of(request)};
    if (fresh->id && fresh->cookie && fresh->hash && fresh->seconds && fresh->user_agent)
        return fresh;
    reply_problem(request, PROBLEM_internal, NULL);
    return NULL;
}

void session_set_cookie(struct request *request, const char *cookie)
{
    const struct account_rules *rules = &request->service->account_rules;

    request->reply.secret = true;
    reply_header(request, MHD_HTTP_HEADER_SET_COOKIE,
                 arena_format(request->arena, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s",
                              session_cookie_name(rules), cookie ? cookie : "", rules->cookie_secure ? "; Secure" : "",
                              cookie ? "" : "; Max-Age=0"));
}

enum step_result session_reply(struct request *request, struct db *db, int status, const char *session,
                               const char *cookie)
{
    json_t *view = NULL;
    char csrf[SECRET_SIZE];

    if (begin_snapshot(request, db)) {
        enum db_status found = session_view(db, session, &view);

        if (found != DB_OK) {
            reply_db_failure(request, db, (int)found, "session_failed");
        } else if (!view) {
            reply_problem(request, PROBLEM_unauthenticated, NULL);
        } else {
            csrf_token(cookie, csrf);
            json_object_set_new(view, "csrf", json_string(csrf));
            json_object_set_new(
                view, "must_enrol",
                json_boolean(!json_is_true(json_object_get(view, "totp")) &&
                             (request->service->account_rules.roles_with_totp & (unsigned)request->principal.role)));
            request->reply.secret = true;
            reply_json(request, status, view);
        }
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

bool session_is_there(struct request *request)
{
    if (request->principal.session[0])
        return true;
    reply_problem(request, PROBLEM_no_session, NULL);
    return false;
}

/* ---- failures --------------------------------------------------------------------------------------------------- */

struct failing {
    struct act *act;
    enum problem problem;
};

static enum step_result answer_failure(struct request *request, struct db *db)
{
    struct failing *failing = request->state;
    const struct refusal refusals[] = {
        {"refused_sign_in", failing->problem, NULL}, {"not_idle", failing->problem, NULL}, {NULL, PROBLEM_NONE, NULL}};

    (void)db;
    if (act_succeeded(request, failing->act, refusals))
        reply_problem(request, failing->problem, NULL);
    return STEP_DONE;
}

/* Nobody is signed in while it is recorded. */
static enum step_result queue_failure(struct request *request, struct act *act, enum problem problem)
{
    struct failing *failing = arena_alloc(request->arena, sizeof *failing);

    if (!failing)
        return reply_problem(request, PROBLEM_internal, NULL);
    *failing = (struct failing){act, problem};
    request->state = failing;
    return job_queue(request, &act->job, answer_failure);
}

static void act_as_nobody(struct request *request)
{
    struct principal nobody = {.role = 0};

    snprintf(nobody.actor, sizeof nobody.actor, "%s", ACTOR_NOBODY);
    memcpy(nobody.jurisdiction, request->principal.jurisdiction, sizeof nobody.jurisdiction);
    request->principal = nobody;
}

enum step_result session_failure(struct request *request, const char *account, enum problem problem)
{
    struct act *act;

    account = account ? arena_text(request->arena, account) : NULL;
    act_as_nobody(request);
    act = act_prepare(request, "sign_in_failed", &record_sign_in_failure,
                      (const char *const[]){account, arena_format(request->arena, "%d", ACCOUNT_MOST_FAILURES),
                                            arena_format(request->arena, "%d", ACCOUNT_LOCK_SECONDS)});
    return act ? queue_failure(request, act, problem) : STEP_DONE;
}

/* Unused for too long: it is disabled, and that is recorded. */
static enum step_result disable_idle(struct request *request)
{
    const char *account = arena_text(request->arena, request->principal.account);
    struct act *act;

    act_as_nobody(request);
    act = act_prepare(
        request, "account_disabled", &record_idle_account,
        (const char *const[]){account, arena_format(request->arena, "%ld", request->service->account_rules.idle_days)});
    return act ? queue_failure(request, act, PROBLEM_sign_in_refused) : STEP_DONE;
}

/* ---- signing in ------------------------------------------------------------------------------------------------- */

struct signing_in {
    struct act *act;
    struct new_session *fresh;
};

static enum step_result answer_sign_in(struct request *request, struct db *db)
{
    static const struct refusal refusals[] = {{"refused_sign_in", PROBLEM_sign_in_refused, NULL},
                                              {NULL, PROBLEM_NONE, NULL}};
    struct signing_in *signing_in = request->state;

    if (!act_succeeded(request, signing_in->act, refusals))
        return STEP_DONE;
    session_set_cookie(request, signing_in->fresh->cookie);
    return session_reply(request, db, 201, signing_in->fresh->id, signing_in->fresh->cookie);
}

/* The password was right, and the code of `step` (0: none is asked for). */
static enum step_result open_session(struct request *request, const struct sign_in *found, int64_t step)
{
    struct signing_in *signing_in = arena_alloc(request->arena, sizeof *signing_in);
    struct digest password = digest_of(found->password_hash, strlen(found->password_hash));
    char hash[BYTEA_TEXT_SIZE];

    if (!signing_in)
        return reply_problem(request, PROBLEM_internal, NULL);
    bytea_format(password.bytes, DIGEST_SIZE, hash);
    signing_in->fresh = session_make(request);
    if (!signing_in->fresh)
        return STEP_DONE;
    signing_in->act = act_prepare(
        request, "sign_in", &record_sign_in,
        (const char *const[]){signing_in->fresh->id, request->principal.account, signing_in->fresh->hash,
                              arena_text(request->arena, hash), arena_format(request->arena, "%lld", (long long)step),
                              signing_in->fresh->seconds, arena_format(request->arena, "%d", ACCOUNT_LOCK_SECONDS),
                              signing_in->fresh->user_agent, request->credential.address});
    if (!signing_in->act)
        return STEP_DONE;
    request->state = signing_in;
    return job_queue(request, &signing_in->act->job, answer_sign_in);
}

static enum step_result check_sign_in(struct request *request, const struct sign_in *found, const char *password,
                                      const char *code)
{
    const char *account = found->principal.account[0] ? found->principal.account : NULL;
    enum password_status status = password_verify(request->service->passwords, found->password_hash, password);
    int64_t step = 0;

    if (status == PASSWORD_BUSY)
        return reply_problem(request, PROBLEM_overloaded, NULL);
    request->principal = found->principal;
    if (status == PASSWORD_WRONG || !found->usable)
        return session_failure(request, account, PROBLEM_sign_in_refused);
    if (found->idle)
        return disable_idle(request);
    if (found->totp_enabled && !code)
        return reply_problem(request, PROBLEM_totp_needed, NULL);
    if (found->totp_enabled &&
        !totp_check(found->totp_secret, found->totp_size, code, found->moment, found->totp_last_step, &step))
        return session_failure(request, account, PROBLEM_sign_in_refused);
    return open_session(request, found, step);
}

/* Logins are lower-case, whatever way a keyboard begins a line. */
static const char *lower_case(struct request *request, const char *login)
{
    char *copy = arena_text(request->arena, login);

    for (char *c = copy; c && *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return copy;
}

enum step_result post_session(struct request *request, struct db *db)
{
    static const char *const known[] = {"login", "password", "totp", NULL};
    const char *login, *password, *code;
    struct sign_in found;
    enum db_status status;
    json_t *body;
    bool good;

    if (request->credential.kind == CREDENTIAL_TOKEN)
        return reply_problem(request, PROBLEM_no_session, NULL);
    if (!request_is_same_origin(request))
        return reply_problem(request, PROBLEM_request_forged, NULL);
    body = members_read(request, known);
    if (!body)
        return STEP_DONE;
    good = members_text(request, body, "login", LOGIN_MOST, true, &login) &&
           members_text(request, body, "password", PASSWORD_MOST_BYTES, true, &password) &&
           members_text(request, body, "totp", LONGEST_CODE, false, &code);
    json_decref(body);
    if (!good)
        return STEP_DONE;
    login = lower_case(request, login);
    if (!login)
        return reply_problem(request, PROBLEM_internal, NULL);
    status = sign_in_find(db, &request->service->account_rules, login, request->arena, &found);
    if (status != DB_OK)
        return reply_db_failure(request, db, (int)status, "sign_in_failed");
    return check_sign_in(request, &found, password, code);
}

/* ---- sessions that are open ------------------------------------------------------------------------------------- */

enum step_result get_session(struct request *request, struct db *db)
{
    if (!session_is_there(request))
        return STEP_DONE;
    return session_reply(request, db, 200, request->principal.session, request->credential.secret);
}

static enum step_result answer_sign_out(struct request *request, struct db *db)
{
    static const struct refusal refusals[] = {{"not_found", PROBLEM_not_found, NULL}, {NULL, PROBLEM_NONE, NULL}};
    struct act *act = request->state;

    (void)db;
    if (!act_succeeded(request, act, refusals))
        return STEP_DONE;
    if (request->credential.kind == CREDENTIAL_SESSION &&
        (strcmp(act->id, request->principal.session) == 0 || strcmp(act->id, request->principal.account) == 0)) {
        identity_forget(request->service->identity, &request->credential);
        session_set_cookie(request, NULL);
    }
    return reply_json(request, 200, json_pack("{ss}", "ended", act->id));
}

/* Ends one session, or (NULL) all of an account. */
static enum step_result end_sessions(struct request *request, const char *session, const char *account)
{
    struct act *act = act_prepare(request, "sign_out", &record_sign_out, (const char *const[]){session, account});

    if (!act)
        return STEP_DONE;
    request->state = act;
    return job_queue(request, &act->job, answer_sign_out);
}

enum step_result delete_session(struct request *request, struct db *db)
{
    (void)db;
    return session_is_there(request) ? end_sessions(request, request->principal.session, NULL) : STEP_DONE;
}

/* Whose sessions are meant: the one who asks, or an account that an administrator names. False: a problem is replied. */
static bool read_account(struct request *request, const char **ret_account)
{
    const char *account = request_query(request, "account");
    const struct principal *who = &request->principal;

    *ret_account = account ? account : who->account;
    if (!uuid_is_well_formed(*ret_account))
        reply_bad_parameter(request, "account", "UUID");
    else if (strcmp(*ret_account, who->account) != 0 && who->role != ROLE_ADMIN && who->role != ROLE_AUDITOR)
        reply_problem(request, PROBLEM_forbidden, NULL);
    else
        return true;
    return false;
}

enum step_result list_sessions(struct request *request, struct db *db)
{
    const char *account;
    json_t *list = NULL;

    if (!read_account(request, &account))
        return STEP_DONE;
    if (begin_snapshot(request, db)) {
        enum db_status status =
            sessions_list(db, account, NULL, request->service->account_rules.session_idle_seconds, &list);
        json_t *session;
        size_t i;

        json_array_foreach(list, i, session)
            json_object_set_new(session, "own",
                                json_boolean(strcmp(json_string_value(json_object_get(session, "session")),
                                                    request->principal.session) == 0));
        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "sessions_failed");
        else
            reply_json(request, 200, json_pack("{ss so}", "account", account, "sessions", list));
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

enum step_result delete_sessions(struct request *request, struct db *db)
{
    const char *account;

    (void)db;
    return read_account(request, &account) ? end_sessions(request, NULL, account) : STEP_DONE;
}

enum step_result delete_one_session(struct request *request, struct db *db)
{
    const char *id = request->path_parameters[0];

    (void)db;
    return uuid_is_well_formed(id) ? end_sessions(request, id, NULL) : reply_problem(request, PROBLEM_not_found, NULL);
}
