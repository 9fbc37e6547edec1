/* migrate.c: tributaryd migrate [--sample] */
#include "db/migrate.h"

#include <stdio.h>
#include <string.h>

#include "command/command.h"
#include "identity/accounts.h"
#include "ledger/announce.h"

static void say(const char *line)
{
    printf("%s\n", line);
}

/* Tokens of before 0004 stand in no entry: the log learns of them once. False: a message was printed. */
static bool enter_older_tokens(struct db *db, const struct signer *signer)
{
    static const struct db_statement jurisdictions = {
        "jurisdictions_with_log", "select jurisdiction from tributary.log_head order by jurisdiction", 0};
    PGresult *result = NULL;
    enum db_status status = db_run(db, &jurisdictions, NULL, &result);

    for (int i = 0; status == DB_OK && i < PQntuples(result); i++) {
        const struct owner_act act = {"token", PQgetvalue(result, i, 0), &record_older_token, NULL};
        struct owner_act_answer answer = {.outcome = "recorded"};

        while (status == DB_OK && strcmp(answer.outcome, "recorded") == 0)
            status = owner_act_record(db, signer, &act, &answer);
    }
    if (status != DB_OK)
        fprintf(stderr, "tributaryd migrate: entering tokens in the log: %s\n", db_error(db));
    PQclear(result);
    return status == DB_OK;
}

static bool announce_past_erasures(struct db *db, const struct signer *signer)
{
    enum db_status status = announce_erasures(db, signer);

    if (status != DB_OK)
        fprintf(stderr, "tributaryd migrate: what was erased can't be recorded: %s\n", db_error(db));
    return status == DB_OK;
}

int command_migrate(struct command_context *context, int count, char **arguments)
{
    char directory[4096], fault[1024];
    struct signer signer;
    bool sample = false;
    int status = EXIT_REFUSED;

    for (int i = 0; i < count; i++) {
        if (strcmp(arguments[i], "--sample") != 0) {
            fprintf(stderr, "tributaryd migrate: unknown argument '%s'; usage: tributaryd migrate [--sample]\n",
                    arguments[i]);
            return EXIT_USAGE;
        }
        sample = true;
    }
    if (setting(context, "migrations_directory"))
        snprintf(directory, sizeof directory, "%s", setting(context, "migrations_directory"));
    else if (!find_data_directory("migrations", directory, sizeof directory)) {
        fprintf(stderr,
                "tributaryd migrate: no migrations found beside the program; set TRIBUTARY_MIGRATIONS_DIRECTORY\n");
        return EXIT_FAULT;
    }
    struct db *db = open_owner(context);

    if (!db)
        return EXIT_UNREACHABLE;
    if (schema_fit(db) == SCHEMA_TOO_NEW)
        fprintf(stderr, "tributaryd migrate: this program is older than the database allows; install a newer one\n");
    else if (!migrate(db, directory, say, fault, sizeof fault) || (sample && !mark_sample(db, fault, sizeof fault)))
        fprintf(stderr, "tributaryd migrate: %s\n", fault);
    else if (open_signer(context, db, &signer)) {
        bool entered = enter_older_tokens(db, &signer) && announce_past_erasures(db, &signer);

        signer_close(&signer);
        if (entered) {
            printf("the schema is up to date%s\n", sample ? "; this is a sample database of synthetic data" : "");
            status = EXIT_DONE;
        }
    }
    db_free(db);
    return status;
}
