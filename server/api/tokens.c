/* tokens.c: tokens as an administrator makes and ends them; each is shown once. */
#include <string.h>

#include "api/common.h"
#include "api/handlers.h"
#include "api/members.h"
#include "api/paging.h"
#include "api/recording.h"
#include "base/buffer.h"
#include "base/json.h"
#include "identity/account_lists.h"
#include "identity/accounts.h"

enum { LONGEST_TEXT = 255, NETWORKS_LIMIT = 4096 };

struct making {
    struct act *act;
    const char *secret; /* NULL for one that is ended */
};

/* What is asked for; texts in the arena. */
struct new_token {
    const char *role, *office, *label, *account, *duty, *expires_at, *network;
};

/* ---- showing ---------------------------------------------------------------------------------------------------- */

static enum step_result reply_token(struct request *request, struct db *db, int status, const char *id,
                                    const char *secret)
{
    json_t *list = NULL;

    if (begin_snapshot(request, db)) {
        enum db_status found = tokens_list(db, id, NULL, 1, &list);
        json_t *token = json_array_get(list, 0);

        if (found != DB_OK || !token) {
            reply_db_failure(request, db, (int)found, "token_failed");
        } else {
            if (secret)
                json_object_set_new(token, "secret", json_string(secret));
            request->reply.secret = secret != NULL;
            reply_json(request, status, json_incref(token));
        }
        json_decref(list);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

enum step_result list_tokens(struct request *request, struct db *db)
{
    const char *after = request_query(request, "after");
    json_t *list = NULL;
    int limit;

    if (!read_limit(request, PAGE_ROWS, &limit))
        return STEP_DONE;
    if (after && !uuid_is_well_formed(after))
        return reply_bad_parameter(request, "after", "UUID");
    if (begin_snapshot(request, db)) {
        enum db_status status = tokens_list(db, NULL, after, limit, &list);

        if (status != DB_OK) {
            reply_db_failure(request, db, (int)status, "tokens_failed");
        } else {
            const char *next = cut_page(request, list, limit, "token");

            tell_next(request, next);

            reply_json(request, 200, json_pack("{so ss?}", "tokens", list, "next", next));
        }
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

/* ---- making ----------------------------------------------------------------------------------------------------- */

static const struct refusal refusals[] = {
    {"not_found", PROBLEM_not_found, NULL},
    {"forbidden", PROBLEM_forbidden, NULL},
    {"unknown_office", PROBLEM_bad_member, "office"},
    {"unknown_account", PROBLEM_bad_member, "account"},
    {"account_differs", PROBLEM_account_differs, NULL},
    {NULL, PROBLEM_NONE, NULL},
};

static enum step_result answer(struct request *request, struct db *db)
{
    struct making *making = request->state;
    bool made;

    if (!act_succeeded(request, making->act, refusals))
        return STEP_DONE;
    made = making->secret && making->act->job.outcome != JOB_REPLAY;
    return reply_token(request, db, made ? 201 : 200, making->act->id, made ? making->secret : NULL);
}

static enum step_result queue(struct request *request, struct act *act, const char *secret)
{
    struct making *making = act ? arena_alloc(request->arena, sizeof *making) : NULL;

    if (!act)
        return STEP_DONE;
    if (!making)
        return reply_problem(request, PROBLEM_internal, NULL);
    *making = (struct making){act, secret};
    request->state = making;
    return job_queue(request, &act->job, answer);
}

/* A list of networks, as the store writes lists. False: a problem is replied. */
static bool read_network(struct request *request, const json_t *list, const char **ret_network)
{
    struct buffer text = BUFFER_WITH_LIMIT(NETWORKS_LIMIT);
    const json_t *item;
    size_t i;
    bool good = json_is_array(list) && json_array_size(list) >= 1 && json_array_size(list) <= NETWORKS_MOST;

    *ret_network = NULL;
    if (!list || json_is_null(list))
        return true;
    json_array_foreach(list, i, item) {
        struct network network;
        char written[ADDRESS_TEXT_SIZE + 4];

        good = good && json_is_string(item) && network_parse(json_string_value(item), &network);
        if (!good)
            break;
        network_format(&network, written);
        buffer_append_format(&text, "%s%s", i ? "," : "{", written);
    }
    buffer_append_char(&text, '}');
    if (good && !text.failed)
        *ret_network = arena_copy(request->arena, text.data, text.length);
    buffer_free(&text);
    if (!*ret_network)
        members_refuse(request, "network", "[\"10.0.0.0/8\", …]");
    return *ret_network != NULL;
}

/* Whether the members fit each other. False: a problem is replied. */
static bool check(struct request *request, const struct new_token *token)
{
    enum role role = ROLE_OFFICE;
    enum duty duty = DUTY_BOTH;
    timestamp expires;

    if (!role_parse(token->role, &role))
        members_refuse(request, "role", "office, geo, dbas, supervision, admin, auditor");
    else if ((role == ROLE_OFFICE) != (token->office != NULL))
        members_refuse(request, "office",
                       bilingual(request, "角色為 office 者須有機關，其餘不得有",
                                 "an office with the role office, none with any other"));
    else if (token->duty && (!duty_parse(token->duty, &duty) || (role != ROLE_OFFICE && duty != DUTY_BOTH)))
        members_refuse(request, "duty", "both, prepare, release");
    else if (token->account && !uuid_is_well_formed(token->account))
        members_refuse(request, "account", "UUID");
    else if (token->expires_at && !timestamp_parse(token->expires_at, &expires))
        members_refuse(request, "expires_at", "2027-01-31T00:00:00Z");
    else
        return true;
    return false;
}

static bool read_new_token(struct request *request, struct new_token *token)
{
    static const char *const known[] = {"role", "office", "label", "account", "duty", "network", "expires_at", NULL};
    json_t *body = members_read(request, known);
    bool good = body && members_text(request, body, "role", 40, true, &token->role) &&
                members_text(request, body, "office", 40, false, &token->office) &&
                members_text(request, body, "label", LONGEST_TEXT, true, &token->label) &&
                members_text(request, body, "account", 36, false, &token->account) &&
                members_text(request, body, "duty", 40, false, &token->duty) &&
                members_text(request, body, "expires_at", TIMESTAMP_TEXT_SIZE + 8, false, &token->expires_at) &&
                read_network(request, json_object_get(body, "network"), &token->network);

    json_decref(body);
    return good && check(request, token);
}

enum step_result post_token(struct request *request, struct db *db)
{
    struct new_token token = {0};
    char id[UUID_TEXT_SIZE], secret[SECRET_SIZE], hash[BYTEA_TEXT_SIZE];
    struct digest digest;

    (void)db;
    if (!read_new_token(request, &token))
        return STEP_DONE;
    uuid_make(id);
    token_make(secret, &digest);
    bytea_format(digest.bytes, DIGEST_SIZE, hash);
    return queue(
        request,
        act_prepare(request, "token", &record_token,
                    (const char *const[]){arena_text(request->arena, id), token.role, token.office, token.label,
                                          arena_text(request->arena, hash), token.expires_at, token.account,
                                          token.network, token.duty ? token.duty : duty_name(DUTY_BOTH)}),
        arena_text(request->arena, secret));
}

enum step_result delete_token(struct request *request, struct db *db)
{
    const char *id = request->path_parameters[0];

    (void)db;
    if (!uuid_is_well_formed(id))
        return reply_problem(request, PROBLEM_not_found, NULL);
    return queue(request, act_prepare(request, "token_revocation", &record_token_revocation, (const char *const[]){id}),
                 NULL);
}
