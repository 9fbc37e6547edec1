/* command.c: what the subcommands share. */
#include "command/command.h"

#include <stdio.h>

#include "db/migrate.h"

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
    return status == DB_OK;
}
