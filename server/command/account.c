/* account.c: tributaryd account add|list|disable|enable|unlock|totp-off|reset */
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "identity/accounts.h"

static const char usage[] =
    "usage: tributaryd account add LOGIN --role office|geo|dbas|supervision|admin|auditor [--office CODE] --name TEXT\n"
    "                              [--email ADDRESS] [--duty both|prepare|release] [--language zh|en]\n"
    "                              [--jurisdiction CODE] [--by link|password]\n"
    "       tributaryd account list\n"
    "       tributaryd account disable LOGIN --reason TEXT\n"
    "       tributaryd account enable|unlock|totp-off LOGIN\n"
    "       tributaryd account reset LOGIN [--by link|password]\n"
    "add and reset print, alone and once: the path of a link by which the person sets a password, or (--by password) a\n"
    "first password that must be changed at once.\n";

struct account_options {
    const char *login, *role, *office, *name, *email, *duty, *language, *jurisdiction, *by, *reason;
};

/* A way in for the person: one of both is set. */
struct way_in {
    char password[FIRST_PASSWORD_SIZE], hash[PASSWORD_HASH_SIZE];
    char secret[SECRET_SIZE], secret_hash[BYTEA_TEXT_SIZE], id[UUID_TEXT_SIZE], seconds[16];
    bool by_password;
};

static bool make_way_in(const struct command_context *context, const char *by, struct way_in *way)
{
    struct passwords *passwords;
    struct digest digest;
    bool good = true;

    way->by_password = by && strcmp(by, "password") == 0;
    uuid_make(way->id);
    token_make(way->secret, &digest);
    bytea_format(digest.bytes, DIGEST_SIZE, way->secret_hash);
    snprintf(way->seconds, sizeof way->seconds, "%ld", strtol(setting(context, "reset_hours"), NULL, 10) * 3600);
    if (way->by_password) {
        passwords = passwords_new(1);
        password_make_first(way->password);
        good = passwords && password_hash(passwords, way->password, way->hash);
        passwords_free(passwords);
        if (!good)
            fprintf(stderr, "tributaryd account: there is no memory for a password's hash (64 MiB)\n");
    }
    return good;
}

static void print_way_in(struct way_in *way)
{
    if (way->by_password)
        printf("%s\n", way->password);
    else
        printf("/v1/password-resets/%s\n", way->secret);
    sodium_memzero(way, sizeof *way);
}

static bool check_new_account(const struct account_options *options)
{
    enum role role;
    enum duty duty;

    if (!login_is_good(options->login))
        fprintf(stderr, "tributaryd account add: a login has lower-case letters, digits and . _ @ + -, %d at most\n",
                LOGIN_MOST);
    else if (!options->role || !role_parse(options->role, &role))
        fprintf(stderr, "tributaryd account add: --role is needed: office, geo, dbas, supervision, admin or auditor\n");
    else if ((role == ROLE_OFFICE) != (options->office != NULL))
        fprintf(stderr, "tributaryd account add: --office goes with --role office, and only with it\n");
    else if (!options->name || !*options->name || strlen(options->name) >= IDENTITY_LABEL_SIZE)
        fprintf(stderr, "tributaryd account add: --name is needed: the person's, up to %d bytes\n",
                IDENTITY_LABEL_SIZE - 1);
    else if (options->duty && (!duty_parse(options->duty, &duty) || role != ROLE_OFFICE))
        fprintf(stderr, "tributaryd account add: --duty is both, prepare or release, and goes with --role office\n");
    else if (options->language && strcmp(options->language, "zh") != 0 && strcmp(options->language, "en") != 0)
        fprintf(stderr, "tributaryd account add: --language is zh or en\n");
    else
        return true;
    return false;
}

static int add(struct command_context *context, struct db *db, const struct account_options *options)
{
    char *jurisdiction = jurisdiction_meant("tributaryd account add", db, options->jurisdiction, options->office);
    char id[UUID_TEXT_SIZE];
    struct owner_act_answer answer;
    struct way_in way;
    int status = EXIT_REFUSED;

    if (jurisdiction && make_way_in(context, options->by, &way)) {
        bool link = !way.by_password;

        uuid_make(id);

        const struct owner_act act = {
            "account", jurisdiction, &record_account,
            (const char *const[]){id, options->login, options->name, options->email, options->role, options->office,
                                  options->duty ? options->duty : duty_name(DUTY_BOTH),
                                  options->language ? options->language : "zh", link ? NULL : way.hash,
                                  link ? way.id : NULL, link ? way.secret_hash : NULL, way.seconds, NULL, ACTOR_NOBODY,
                                  NULL, NULL}};

        status = record_by_owner(context, "tributaryd account add", db, &act, &answer);
        if (status == EXIT_DONE)
            print_way_in(&way);
    }
    free(jurisdiction);
    return status;
}

static int list(struct db *db)
{
    static const struct db_statement all = {
        "list_accounts",
        "select login, jurisdiction, role, coalesce(office, '-'), duty, coalesce(last_seen_at::timestamp(0)::text, 'never'),"
        " case when disabled_at is not null then 'disabled' when locked_until > clock_timestamp() then 'locked'"
        " when password_hash is null then 'invited' when must_change then 'first' else 'good' end,"
        " case when totp_enabled then 'totp' else '-' end, name || coalesce('  (' || nullif(disabled_reason, '') || ')', '')"
        " from tributary.account order by login",
        0};
    PGresult *result = NULL;

    if (db_run(db, &all, NULL, &result) != DB_OK) {
        fprintf(stderr, "tributaryd account list: %s\n", db_error(db));
        return EXIT_FAULT;
    }
    for (int i = 0; i < PQntuples(result); i++)
        printf("%-24s %-8s %-12s %-10s %-8s %-20s %-9s %-5s %s\n", PQgetvalue(result, i, 0), PQgetvalue(result, i, 1),
               PQgetvalue(result, i, 2), PQgetvalue(result, i, 3), PQgetvalue(result, i, 4), PQgetvalue(result, i, 5),
               PQgetvalue(result, i, 6), PQgetvalue(result, i, 7), PQgetvalue(result, i, 8));
    PQclear(result);
    return EXIT_DONE;
}

/* account and jurisdiction of a login; the caller clears the result. NULL: a message was printed. */
static PGresult *find(struct db *db, const char *login)
{
    static const struct db_statement by_login = {
        "find_account", "select account, jurisdiction from tributary.account where login = $1", 1};
    PGresult *result = NULL;

    if (db_run(db, &by_login, (const char *const[]){login}, &result) != DB_OK) {
        fprintf(stderr, "tributaryd account: %s\n", db_error(db));
        return NULL;
    }
    if (PQntuples(result) == 1)
        return result;
    fprintf(stderr, "tributaryd account: no account has the login %s (see tributaryd account list)\n", login);
    PQclear(result);
    return NULL;
}

static json_t *change_for(const char *verb, const struct account_options *options)
{
    if (strcmp(verb, "disable") == 0)
        return json_pack("{sb ss}", "disabled", 1, "reason", options->reason);
    if (strcmp(verb, "enable") == 0)
        return json_pack("{sb}", "disabled", 0);
    return strcmp(verb, "unlock") == 0 ? json_pack("{sb}", "unlocked", 1) : json_pack("{sb}", "totp", 0);
}

static int change(struct command_context *context, struct db *db, const char *verb,
                  const struct account_options *options)
{
    PGresult *found = find(db, options->login);
    json_t *json = change_for(verb, options);
    char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
    struct owner_act_answer answer;
    int status = EXIT_REFUSED;

    if (found && text) {
        const struct owner_act act = {
            strcmp(verb, "disable") == 0 ? "account_disabled" : "account", PQgetvalue(found, 0, 1),
            &record_account_change,
            (const char *const[]){PQgetvalue(found, 0, 0), NULL, text, NULL, ACTOR_NOBODY, NULL, NULL}};

        status = record_by_owner(context, "tributaryd account", db, &act, &answer);
        if (status == EXIT_DONE)
            printf("%s: %s%s\n", options->login, verb,
                   strcmp(answer.outcome, "unchanged") == 0 ? " (it was so already)" : "");
    }
    free(text);
    json_decref(json);
    PQclear(found);
    return status;
}

static int reset(struct command_context *context, struct db *db, const struct account_options *options)
{
    PGresult *found = find(db, options->login);
    struct owner_act_answer answer;
    struct way_in way;
    int status = EXIT_REFUSED;

    if (found && make_way_in(context, options->by, &way)) {
        const char *account = PQgetvalue(found, 0, 0), *jurisdiction = PQgetvalue(found, 0, 1);
        const struct owner_act by_link = {
            "account_reset", jurisdiction, &record_reset,
            (const char *const[]){way.id, account, way.secret_hash, way.seconds, NULL, ACTOR_NOBODY, NULL, NULL}};
        const struct owner_act by_password = {"account_password", jurisdiction, &record_password,
                                              (const char *const[]){account, way.hash, NULL, NULL, NULL, NULL, NULL,
                                                                    NULL, NULL, NULL, ACTOR_NOBODY, NULL, NULL}};

        status = record_by_owner(context, "tributaryd account reset", db, way.by_password ? &by_password : &by_link,
                                 &answer);
        if (status == EXIT_DONE)
            print_way_in(&way);
    }
    PQclear(found);
    return status;
}

static bool read_arguments(int count, char **arguments, struct account_options *options)
{
    const struct command_option known[] = {{"--role", &options->role},
                                           {"--office", &options->office},
                                           {"--name", &options->name},
                                           {"--email", &options->email},
                                           {"--duty", &options->duty},
                                           {"--language", &options->language},
                                           {"--jurisdiction", &options->jurisdiction},
                                           {"--by", &options->by},
                                           {"--reason", &options->reason},
                                           {NULL, NULL}};

    options->login = arguments[1];
    if (!read_options("tributaryd account", usage, known, count - 2, arguments + 2))
        return false;
    if (options->by && strcmp(options->by, "link") != 0 && strcmp(options->by, "password") != 0) {
        fprintf(stderr, "tributaryd account: --by is link or password\n");
        return false;
    }
    return true;
}

int command_account(struct command_context *context, int count, char **arguments)
{
    static const char *const verbs[] = {"add", "reset", "disable", "enable", "unlock", "totp-off"};
    const char *verb = count > 0 ? arguments[0] : "";
    struct account_options options = {0};
    bool lists = strcmp(verb, "list") == 0 && count == 1, known = lists;
    struct db *db;
    int status;

    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        known = known || (strcmp(verb, verbs[i]) == 0 && count >= 2);
    if (!known) {
        fputs(usage, strcmp(verb, "--help") == 0 ? stdout : stderr);
        return strcmp(verb, "--help") == 0 ? EXIT_DONE : EXIT_USAGE;
    }
    if (!lists && !read_arguments(count, arguments, &options))
        return EXIT_USAGE;
    if (strcmp(verb, "add") == 0 && !check_new_account(&options))
        return EXIT_USAGE;
    if (strcmp(verb, "disable") == 0 && (!options.reason || !*options.reason)) {
        fprintf(stderr, "tributaryd account disable: --reason is needed\n");
        return EXIT_USAGE;
    }
    db = open_owner(context);
    if (!db)
        return EXIT_UNREACHABLE;
    status = lists                        ? list(db)
             : strcmp(verb, "add") == 0   ? add(context, db, &options)
             : strcmp(verb, "reset") == 0 ? reset(context, db, &options)
                                          : change(context, db, verb, &options);
    db_free(db);
    return status;
}
