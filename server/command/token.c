/* token.c: tributaryd token add|list|revoke */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "identity/identity.h"

static const char usage[] =
    "usage: tributaryd token add --role office|geo|dbas|supervision|admin|auditor [--office CODE] --label TEXT\n"
    "                            [--jurisdiction CODE] [--expires YYYY-MM-DDTHH:MM:SSZ]\n"
    "       tributaryd token list\n"
    "       tributaryd token revoke TOKEN-ID\n";

struct new_token {
    const char *role, *office, *label, *jurisdiction, *expires;
};

static bool read_options(int count, char **arguments, struct new_token *token)
{
    const struct {
        const char *name;
        const char **value;
    } options[] = {{"--role", &token->role},
                   {"--office", &token->office},
                   {"--label", &token->label},
                   {"--jurisdiction", &token->jurisdiction},
                   {"--expires", &token->expires}};

    for (int i = 0; i < count; i += 2) {
        bool known = false;

        for (size_t k = 0; k < sizeof options / sizeof *options && !known; k++) {
            known = strcmp(options[k].name, arguments[i]) == 0 && i + 1 < count;
            if (known)
                *options[k].value = arguments[i + 1];
        }
        if (!known) {
            fprintf(stderr, "tributaryd token add: '%s' is unknown or lacks its value\n%s", arguments[i], usage);
            return false;
        }
    }
    return true;
}

static bool check_options(const struct new_token *token)
{
    enum role role;
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
    else
        return true;
    return false;
}

/* The jurisdiction meant: the one given, the office's, or the only one. */
static const struct db_statement find_jurisdiction = {
    "find_jurisdiction",
    "select j.jurisdiction from tributary.jurisdiction j where ($1::text is null or j.jurisdiction = $1)"
    " and ($2::text is null or exists (select from tributary.plan_unit_office u where u.jurisdiction = j.jurisdiction and u.office = $2))",
    2};
static const struct db_statement insert_token = {
    "insert_token",
    "insert into tributary.token (jurisdiction, role, office, label, token_hash, expires_at)"
    " values ($1, $2, $3, $4, $5::bytea, $6::timestamptz) returning token",
    6};

static int add(struct db *db, const struct new_token *new_token)
{
    char token[44], hash_text[BYTEA_TEXT_SIZE];
    struct digest hash;
    PGresult *result = NULL;
    int status = EXIT_REFUSED;

    if (db_run(db, &find_jurisdiction, (const char *const[]){new_token->jurisdiction, new_token->office}, &result) !=
        DB_OK) {
        fprintf(stderr, "tributaryd token add: %s\n", db_error(db));
        return EXIT_FAULT;
    }
    if (PQntuples(result) == 0) {
        fprintf(stderr,
                new_token->office ? "tributaryd token add: no plan has the office %s\n"
                                  : "tributaryd token add: no such jurisdiction; load a plan first%s\n",
                new_token->office ? new_token->office : "");
    } else if (PQntuples(result) > 1) {
        fprintf(stderr, "tributaryd token add: there are several jurisdictions; say which by --jurisdiction CODE\n");
    } else {
        token_make(token, &hash);
        bytea_format(hash.bytes, DIGEST_SIZE, hash_text);
        if (db_run(db, &insert_token,
                   (const char *const[]){PQgetvalue(result, 0, 0), new_token->role, new_token->office, new_token->label,
                                         hash_text, new_token->expires},
                   NULL) == DB_OK) {
            printf("%s\n", token);
            status = EXIT_DONE;
        } else {
            fprintf(stderr, "tributaryd token add: %s\n", db_error(db));
        }
    }
    PQclear(result);
    return status;
}

static int list(struct db *db)
{
    static const struct db_statement all = {
        "list_tokens",
        "select token, jurisdiction, role, coalesce(office, '-'), created_at::timestamp(0),"
        " case when revoked_at is not null then 'revoked' when expires_at <= clock_timestamp() then 'expired' else 'good' end, label"
        " from tributary.token order by created_at",
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

static int revoke(struct db *db, const char *id)
{
    static const struct db_statement end = {
        "revoke_token",
        "update tributary.token set revoked_at = coalesce(revoked_at, clock_timestamp()) where token::text = $1 returning label",
        1};
    PGresult *result = NULL;
    int status = EXIT_REFUSED;

    if (db_run(db, &end, (const char *const[]){id}, &result) != DB_OK)
        fprintf(stderr, "tributaryd token revoke: %s\n", db_error(db));
    else if (PQntuples(result) == 0)
        fprintf(stderr, "tributaryd token revoke: no token has the id %s (see tributaryd token list)\n", id);
    else {
        printf("revoked: %s\n", PQgetvalue(result, 0, 0));
        status = EXIT_DONE;
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
    if (adds && (!read_options(count - 1, arguments + 1, &new_token) || !check_options(&new_token)))
        return EXIT_USAGE;
    db = open_owner(context);
    if (!db)
        return EXIT_UNREACHABLE;
    status = adds ? add(db, &new_token) : lists ? list(db) : revoke(db, arguments[1]);
    db_free(db);
    return status;
}
