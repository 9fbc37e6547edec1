/* accounts.c: accounts as an administrator looks after them. */
#include "identity/accounts.h"

#include <string.h>

#include "api/account_change.h"
#include "api/common.h"
#include "api/handlers.h"
#include "api/members.h"
#include "api/paging.h"
#include "base/json.h"
#include "base/log.h"
#include "identity/account_lists.h"
#include "mail/mails.h"

struct looking_after {
    struct act *act;
    const char *account, *reset; /* reset: the secret of a new link, or NULL */
    int status;
};

#define RESET_PATH "/v1/password-resets/"

/* ---- showing ---------------------------------------------------------------------------------------------------- */

/* One account with its entity tag, which is its version, and the link that is shown once. */
static enum step_result reply_account(struct request *request, struct db *db, int status, const char *account,
                                      const char *reset, bool mailed)
{
    struct account_filter filter = {.account = account, .limit = 1};
    json_t *list = NULL;

    if (begin_snapshot(request, db)) {
        enum db_status found = accounts_list(db, &filter, &list);
        json_t *one = json_array_get(list, 0);

        if (found != DB_OK) {
            reply_db_failure(request, db, (int)found, "account_failed");
        } else if (!one) {
            reply_problem(request, PROBLEM_not_found, NULL);
        } else {
            snprintf(request->reply.etag, sizeof request->reply.etag, "\"%d\"",
                     (int)json_integer_value(json_object_get(one, "version")));
            if (reset) {
                json_object_set_new(one, "reset_path", json_sprintf(RESET_PATH "%s", reset));
                json_object_set_new(one, "reset_mailed", json_boolean(mailed));
            }
            request->reply.secret = reset != NULL;
            reply_json(request, status, json_incref(one));
        }
        json_decref(list);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

enum step_result get_account(struct request *request, struct db *db)
{
    const char *id = request->path_parameters[0];

    return uuid_is_well_formed(id) ? reply_account(request, db, 200, id, NULL, false)
                                   : reply_problem(request, PROBLEM_not_found, NULL);
}

enum step_result list_accounts(struct request *request, struct db *db)
{
    struct account_filter filter = {.office = request_query(request, "office"),
                                    .role = request_query(request, "role"),
                                    .after = request_query(request, "after")};
    json_t *list = NULL;

    if (!read_limit(request, PAGE_ROWS, &filter.limit))
        return STEP_DONE;
    if (begin_snapshot(request, db)) {
        enum db_status status = accounts_list(db, &filter, &list);

        if (status != DB_OK) {
            reply_db_failure(request, db, (int)status, "accounts_failed");
        } else {
            const char *next = cut_page(request, list, filter.limit, "login");

            tell_next(request, next);

            reply_json(request, 200, json_pack("{so ss?}", "accounts", list, "next", next));
        }
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

/* ---- changing --------------------------------------------------------------------------------------------------- */

/* Mails the link to its account where a daemon sends mails and the account has an address; otherwise who asked hands it
 * over. The link holds either way, so a failure here is only told. */
static bool mail_link(struct request *request, struct db *db, const char *account, const char *secret)
{
    struct db_context context = principal_context(&request->principal);
    bool queued = false;
    enum db_status status = db_change_begin(db, &context);

    if (status == DB_OK)
        status = mail_queue_reset(db, account, RESET_PATH, secret, &queued);
    if (db_change_end(db, status == DB_OK) != DB_OK)
        status = DB_UNAVAILABLE;
    if (status != DB_OK)
        log_event(LOG_WARNING, "reset_not_mailed", "%s", db_error(db));
    return status == DB_OK && queued;
}

static enum step_result answer(struct request *request, struct db *db)
{
    struct looking_after *looking_after = request->state;
    const char *account, *reset;
    bool replay;

    if (!act_succeeded(request, looking_after->act, account_refusals))
        return STEP_DONE;
    replay = looking_after->act->job.outcome == JOB_REPLAY;
    account = looking_after->account ? looking_after->account : looking_after->act->id;
    reset = replay ? NULL : looking_after->reset;
    return reply_account(request, db, replay ? 200 : looking_after->status, account, reset,
                         reset && mail_link(request, db, account, reset));
}

static enum step_result queue(struct request *request, struct act *act, const char *account, const char *reset,
                              int status)
{
    struct looking_after *looking_after = act ? arena_alloc(request->arena, sizeof *looking_after) : NULL;

    if (!act)
        return STEP_DONE;
    if (!looking_after)
        return reply_problem(request, PROBLEM_internal, NULL);
    *looking_after = (struct looking_after){act, account, reset, status};
    request->state = looking_after;
    return job_queue(request, &act->job, answer);
}

/* The secret of a link for a new password, its digest and its id, in the arena. */
struct link {
    const char *id, *secret, *hash, *seconds;
};

static struct link make_link(struct request *request)
{
    char id[UUID_TEXT_SIZE], secret[SECRET_SIZE], hash[BYTEA_TEXT_SIZE];
    struct digest digest;

    uuid_make(id);
    token_make(secret, &digest);
    bytea_format(digest.bytes, DIGEST_SIZE, hash);
    return (struct link){arena_text(request->arena, id), arena_text(request->arena, secret),
                         arena_text(request->arena, hash),
                         arena_format(request->arena, "%ld", request->service->account_rules.reset_seconds)};
}

/* Whether every member has its form and role and office go together. False: a problem is replied. */
static bool check_new(struct request *request, const json_t *body)
{
    static const char *const needed[] = {"login", "name", "role", NULL};
    const char *name, *role, *duty;
    json_t *value;

    json_object_foreach((json_t *)body, name, value)
        if (!account_member_is_good(name, value)) {
            members_refuse_value(request, name, value, account_member_wanted(request, name));
            return false;
        }
    for (size_t i = 0; needed[i]; i++)
        if (!json_object_get(body, needed[i])) {
            members_refuse_value(request, needed[i], NULL, account_member_wanted(request, needed[i]));
            return false;
        }
    role = json_text_member(body, "role");
    duty = json_text_member(body, "duty");
    if ((strcmp(role, "office") == 0) == (json_text_member(body, "office") != NULL) &&
        (strcmp(role, "office") == 0 || !duty || strcmp(duty, "both") == 0))
        return true;
    members_refuse(request, "office",
                   bilingual(request, "角色為 office 者須有機關，其餘不得有機關與職責",
                             "an office with the role office; with any other no office and no duty"));
    return false;
}

static const char *member_of(struct request *request, const json_t *body, const char *name, const char *usual)
{
    const char *text = json_text_member(body, name);

    return text ? arena_text(request->arena, text) : usual;
}

enum step_result post_account(struct request *request, struct db *db)
{
    static const char *const known[] = {"login", "name", "email", "role", "office", "duty", "language", NULL};
    json_t *body = members_read(request, known);
    struct link link = make_link(request);
    char id[UUID_TEXT_SIZE];
    struct act *act;

    (void)db;
    if (!body || !check_new(request, body)) {
        json_decref(body);
        return STEP_DONE;
    }
    uuid_make(id);
    act = act_prepare(
        request, "account", &record_account,
        (const char *const[]){arena_text(request->arena, id), member_of(request, body, "login", NULL),
                              member_of(request, body, "name", NULL), member_of(request, body, "email", NULL),
                              member_of(request, body, "role", NULL), member_of(request, body, "office", NULL),
                              member_of(request, body, "duty", "both"), member_of(request, body, "language", "zh"),
                              NULL, link.id, link.hash, link.seconds});
    json_decref(body);
    return queue(request, act, NULL, link.secret, 201);
}

enum step_result patch_account(struct request *request, struct db *db)
{
    static const char *const known[] = {"name",     "email",  "role",     "office", "duty", "language",
                                        "disabled", "reason", "unlocked", "totp",   NULL};
    const char *id = request->path_parameters[0];
    struct account_change change;

    (void)db;
    if (!uuid_is_well_formed(id))
        return reply_problem(request, PROBLEM_not_found, NULL);
    if (!account_change_read(request, known, &change))
        return STEP_DONE;
    return queue(request,
                 act_prepare(request, change.disables ? "account_disabled" : "account", &record_account_change,
                             (const char *const[]){id, change.version, change.text}),
                 id, NULL, 200);
}

enum step_result post_account_reset(struct request *request, struct db *db)
{
    const char *id = request->path_parameters[0];
    struct link link;

    (void)db;
    if (!uuid_is_well_formed(id))
        return reply_problem(request, PROBLEM_not_found, NULL);
    link = make_link(request);
    return queue(request,
                 act_prepare(request, "account_reset", &record_reset,
                             (const char *const[]){link.id, id, link.hash, link.seconds}),
                 id, link.secret, 201);
}
