/* command.c: what the subcommands share. */
#include "command/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/migrate.h"
#include "ledger/announce.h"

const char *setting(const struct command_context *context, const char *key)
{
    return settings_get(context->settings, context->setting_count, key);
}

struct db *open_owner(const struct command_context *context)
{
    const char *url = setting(context, "migration_database_url");
    struct db *db;

    if (!url)
        url = setting(context, "database_url");
    if (!url) {
        fprintf(stderr, "tributaryd: TRIBUTARY_DATABASE_URL is not set (a PostgreSQL URL)\n");
        return NULL;
    }
    db = db_new(url, "tributaryd");
    if (!db || db_connect(db) != DB_OK) {
        fprintf(stderr, "tributaryd: the database can't be reached: %s\n", db ? db_error(db) : "out of memory");
        db_free(db);
        return NULL;
    }
    return db;
}

bool announce_signer(struct db *db, const struct signer *signer)
{
    enum db_status status = announce_key(db, signer);

    if (status != DB_OK)
        fprintf(stderr, "tributaryd: the signing key can't be announced in the log: %s\n", db_error(db));
    return status == DB_OK;
}

bool open_signer(const struct command_context *context, struct db *db, struct signer *signer)
{
    char fault[512];
    enum db_status status;

    if (!signer_open(signer, setting(context, "signing_key_file"), true, fault, sizeof fault)) {
        fprintf(stderr, "tributaryd: %s\n", fault);
        return false;
    }
    status = signer_register(signer, db);
    if (status != DB_OK)
        fprintf(stderr, "tributaryd: the signing key can't be listed in the database: %s\n", db_error(db));
    return status == DB_OK && announce_signer(db, signer);
}

bool read_options(const char *program, const char *usage, const struct command_option *options, int count,
                  char **arguments)
{
    for (int i = 0; i < count; i += 2) {
        const struct command_option *option = options;

        while (option->name && strcmp(option->name, arguments[i]) != 0)
            option++;
        if (!option->name || i + 1 >= count) {
            fprintf(stderr, "%s: '%s' is unknown or lacks its value\n%s", program, arguments[i], usage);
            return false;
        }
        *option->value = arguments[i + 1];
    }
    return true;
}

char *jurisdiction_meant(const char *program, struct db *db, const char *jurisdiction, const char *office)
{
    static const struct db_statement find_jurisdiction = {
        "find_jurisdiction",
        "select j.jurisdiction from tributary.jurisdiction j where ($1::text is null or j.jurisdiction = $1)"
        " and ($2::text is null or exists (select from tributary.plan_unit_office u where u.jurisdiction = j.jurisdiction and u.office = $2))",
        2};
    PGresult *result = NULL;
    char *found = NULL;

    if (db_run(db, &find_jurisdiction, (const char *const[]){jurisdiction, office}, &result) != DB_OK) {
        fprintf(stderr, "%s: %s\n", program, db_error(db));
        return NULL;
    }
    if (PQntuples(result) == 0 && office)
        fprintf(stderr, "%s: no plan has the office %s\n", program, office);
    else if (PQntuples(result) == 0)
        fprintf(stderr, "%s: no such jurisdiction; load a plan first\n", program);
    else if (PQntuples(result) > 1)
        fprintf(stderr, "%s: there are several jurisdictions; say which by --jurisdiction CODE\n", program);
    else
        found = strdup(PQgetvalue(result, 0, 0));
    PQclear(result);
    return found;
}

static const struct {
    const char *outcome, *words;
} refusals[] = {
    {"not_found", "there is no such thing"},
    {"login_taken", "the login is taken"},
    {"unknown_office", "no plan has the office"},
    {"bad_office", "an office goes with the role office, and only with it; so does a duty"},
    {"unknown_account", "there is no such account"},
    {"account_differs", "role, office and duty of a token must be those of its account"},
    {"account_disabled", "the account is disabled"},
};

/* The key that the log is signed with now. Unlike open_signer() it makes none and puts none in its place: a command that
 * is run in the wrong folder must not end the daemons' key. */
static bool open_signer_in_use(const struct command_context *context, const char *program, struct db *db,
                               struct signer *signer)
{
    char fault[512];
    bool registered = false;

    if (!signer_open(signer, setting(context, "signing_key_file"), false, fault, sizeof fault)) {
        fprintf(stderr, "%s: %s (what is done is signed; set TRIBUTARY_SIGNING_KEY_FILE)\n", program, fault);
        return false;
    }
    if (signer_is_registered(signer, db, &registered) == DB_OK && registered)
        return true;
    fprintf(stderr, "%s: key %s is not the one that the database lists; set TRIBUTARY_SIGNING_KEY_FILE\n", program,
            signer->key);
    signer_close(signer);
    return false;
}

int record_by_owner(struct command_context *context, const char *program, struct db *db, const struct owner_act *act,
                    struct owner_act_answer *ret_answer)
{
    struct signer signer;
    const char *words = NULL;
    enum db_status status;

    if (!open_signer_in_use(context, program, db, &signer))
        return EXIT_REFUSED;
    status = owner_act_record(db, &signer, act, ret_answer);
    signer_close(&signer);
    if (status != DB_OK) {
        fprintf(stderr, "%s: %s\n", program, db_error(db));
        return EXIT_REFUSED;
    }
    if (strcmp(ret_answer->outcome, "recorded") == 0 || strcmp(ret_answer->outcome, "unchanged") == 0)
        return EXIT_DONE;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals && !words; i++)
        if (strcmp(refusals[i].outcome, ret_answer->outcome) == 0)
            words = refusals[i].words;
    fprintf(stderr, "%s: %s\n", program, words ? words : ret_answer->outcome);
    return EXIT_REFUSED;
}
