/* token.c: tributaryd token add|list|revoke */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/network.h"
#include "command/command.h"
#include "identity/accounts.h"

static const char usage[] =
    "usage: tributaryd token add --role office|geo|dbas|supervision|admin|auditor [--office CODE] --label TEXT\n"
    "                            [--jurisdiction CODE] [--expires YYYY-MM-DDTHH:MM:SSZ] [--account LOGIN]\n"
    "                            [--network CIDR[,CIDR]] [--duty both|prepare|release]\n"
    "       tributaryd token list\n"
    "       tributaryd token revoke TOKEN-ID\n";

enum { NETWORKS_TEXT_SIZE = NETWORKS_MOST * (ADDRESS_TEXT_SIZE + 5) + 3 };

struct new_token {
    const char *role, *office, *label, *jurisdiction, *expires, *account, *network, *duty;
    char networks[NETWORKS_TEXT_SIZE]; /* as the store writes lists */
};

static bool read_new_token(int count, char **arguments, struct new_token *token)
{
    const struct command_option options[] = {{"--role", &token->role},
                                             {"--office", &token->office},
                                             {"--label", &token->label},
                                             {"--jurisdiction", &token->jurisdiction},
                                             {"--expires", &token->expires},
                                             {"--account", &token->account},
                                             {"--network", &token->network},
                                             {"--duty", &token->duty},
                                             {NULL, NULL}};

    return read_options("tributaryd token add", usage, options, count, arguments);
}

static bool read_networks(struct new_token *token)
{
    struct networks networks;
    size_t used = 0;

    if (!networks_parse(token->network, &networks) || networks.count == 0)
        return false;
    for (size_t i = 0; i < networks.count; i++) {
        char text[ADDRESS_TEXT_SIZE + 4];

        network_format(&networks.list[i], text);
        used += (size_t)snprintf(token->networks + used, sizeof token->networks - used, "%c%s", i ? ',' : '{', text);
    }
    snprintf(token->networks + used, sizeof token->networks - used, "}");
    return true;
}

static bool check_options(struct new_token *token)
{
    enum role role;
    enum duty duty;
    timestamp expires;

    if (!token->role || !role_parse(token->role, &role))
        fprintf(stderr, "tributaryd token add: --role is needed: office, geo, dbas, supervision, admin or auditor\n");
    else if ((role == ROLE_OFFICE) != (token->office != NULL))
        fprintf(stderr, "tributaryd token add: --office goes with --role office, and only with it\n");
    else if (!token->label || !*token->label)
        fprintf(stderr, "tributaryd token add: --label is needed: the person or post that will hold it\n");
    else if (strlen(token->label) >= IDENTITY_LABEL_SIZE)
        fprintf(stderr, "tributaryd token add: --label is longer than %d bytes\n", IDENTITY_LABEL_SIZE - 1);
    else if (token->expires && !timestamp_parse(token->expires, &expires))
        fprintf(stderr, "tributaryd token add: --expires is not a moment such as 2027-01-31T00:00:00Z\n");
    else if (token->network && !read_networks(token))
        fprintf(stderr, "tributaryd token add: --network is not a list such as 10.1.0.0/16,192.0.2.7 (%d at most)\n",
                NETWORKS_MOST);
    else if (token->duty && (!duty_parse(token->duty, &duty) || role != ROLE_OFFICE))
        fprintf(stderr, "tributaryd token add: --duty is both, prepare or release, and goes with --role office\n");
    else
        return true;
    return false;
}

/* The id of the account with a login; "" if there is none, with a message. */
static bool find_account(struct db *db, const char *login, char *ret_account, size_t size)
{
    static const struct db_statement find = {"account_by_login",
                                             "select account from tributary.account where login = $1", 1};
    PGresult *result = NULL;
    bool found = db_run(db, &find, (const char *const[]){login}, &result) == DB_OK && PQntuples(result) == 1;

    if (found)
        snprintf(ret_account, size, "%s", PQgetvalue(result, 0, 0));
    else
        fprintf(stderr, "tributaryd token add: no account has the login %s\n", login);
    PQclear(result);
    return found;
}

static int add(struct command_context *context, struct db *db, const struct new_token *new_token)
{
    char *jurisdiction = jurisdiction_meant("tributaryd token add", db, new_token->jurisdiction, new_token->office);
    char token[SECRET_SIZE], hash_text[BYTEA_TEXT_SIZE], id[UUID_TEXT_SIZE], account[UUID_TEXT_SIZE] = "";
    struct owner_act_answer answer;
    struct digest hash;
    int status = EXIT_REFUSED;

    if (jurisdiction && (!new_token->account || find_account(db, new_token->account, account, sizeof account))) {
        uuid_make(id);
        token_make(token, &hash);
        bytea_format(hash.bytes, DIGEST_SIZE, hash_text);

        const struct owner_act act = {"token", jurisdiction, &record_token,
                                      (const char *const[]){id, new_token->role, new_token->office, new_token->label,
                                                            hash_text, new_token->expires, account[0] ? account : NULL,
                                                            new_token->network ? new_token->networks : NULL,
                                                            new_token->duty ? new_token->duty : duty_name(DUTY_BOTH),
                                                            NULL, ACTOR_NOBODY, NULL, NULL}};

        status = record_by_owner(context, "tributaryd token add", db, &act, &answer);
        if (status == EXIT_DONE)
            printf("%s\n", token);
    }
    free(jurisdiction);
    return status;
}

static int list(struct db *db)
{
    static const struct db_statement all = {
        "list_tokens",
        "select t.token, t.jurisdiction, t.role, coalesce(t.office, '-'), t.created_at::timestamp(0),"
        " case when t.revoked_at is not null then 'revoked' when t.expires_at <= clock_timestamp() then 'expired' else 'good' end,"
        " t.label || case when t.duty <> 'both' then '  duty ' || t.duty else '' end"
        " || coalesce('  of ' || a.login, '') || coalesce('  from ' || array_to_string(t.network, ','), '')"
        " from tributary.token t left join tributary.account a using (account) order by t.created_at",
        0};
    PGresult *result = NULL;

    if (db_run(db, &all, NULL, &result) != DB_OK) {
        fprintf(stderr, "tributaryd token list: %s\n", db_error(db));
        return EXIT_FAULT;
    }
    for (int i = 0; i < PQntuples(result); i++)
        printf("%s  %-8s %-12s %-10s %s  %-8s %s\n", PQgetvalue(result, i, 0), PQgetvalue(result, i, 1),
               PQgetvalue(result, i, 2), PQgetvalue(result, i, 3), PQgetvalue(result, i, 4), PQgetvalue(result, i, 5),
               PQgetvalue(result, i, 6));
    PQclear(result);
    return EXIT_DONE;
}

static int revoke(struct command_context *context, struct db *db, const char *id)
{
    static const struct db_statement find = {
        "find_token", "select jurisdiction, label from tributary.token where token::text = $1", 1};
    struct owner_act_answer answer;
    PGresult *result = NULL;
    int status = EXIT_REFUSED;

    if (db_run(db, &find, (const char *const[]){id}, &result) != DB_OK) {
        fprintf(stderr, "tributaryd token revoke: %s\n", db_error(db));
        return EXIT_REFUSED;
    }
    if (PQntuples(result) == 0) {
        fprintf(stderr, "tributaryd token revoke: no token has the id %s (see tributaryd token list)\n", id);
    } else {
        const struct owner_act act = {"token_revocation", PQgetvalue(result, 0, 0), &record_token_revocation,
                                      (const char *const[]){id, NULL, ACTOR_NOBODY, NULL, NULL}};

        status = record_by_owner(context, "tributaryd token revoke", db, &act, &answer);
        if (status == EXIT_DONE)
            printf("revoked: %s\n", PQgetvalue(result, 0, 1));
    }
    PQclear(result);
    return status;
}

int command_token(struct command_context *context, int count, char **arguments)
{
    struct new_token new_token = {0};
    const char *verb = count > 0 ? arguments[0] : "";
    bool adds = strcmp(verb, "add") == 0, lists = strcmp(verb, "list") == 0 && count == 1,
         revokes = strcmp(verb, "revoke") == 0 && count == 2;
    struct db *db;
    int status;

    if (!adds && !lists && !revokes) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    if (adds && (!read_new_token(count - 1, arguments + 1, &new_token) || !check_options(&new_token)))
        return EXIT_USAGE;
    db = open_owner(context);
    if (!db)
        return EXIT_UNREACHABLE;
    status = adds ? add(context, db, &new_token) : lists ? list(db) : revoke(context, db, arguments[1]);
    db_free(db);
    return status;
}
