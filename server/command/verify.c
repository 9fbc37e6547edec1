/* verify.c: tributaryd verify [--head HEAD] */
#include "ledger/verify.h"

#include <stdio.h>
#include <string.h>

#include "attachments/verify.h"
#include "command/command.h"
#include "db/migrate.h"
#include "figures/verify.h"

static void print_fault(const char *words)
{
    printf("FAULT %s\n", words);
}

static bool verify_all(struct db *db, struct shelf *shelf, const char *wanted_head, const char *own_key,
                       struct verification *verification, size_t *ret_contents)
{
    static const struct db_statement jurisdictions = {"verify_jurisdictions",
                                                      "select jurisdiction from tributary.log_head order by 1", 0};
    PGresult *rows = NULL;
    /* one moment of the database: what is handed in meanwhile must not look like a fault */
    bool good = db_execute(db, "begin isolation level repeatable read read only") == DB_OK &&
                db_run(db, &jurisdictions, NULL, &rows) == DB_OK;

    for (int i = 0; good && i < PQntuples(rows); i++) {
        const char *jurisdiction = PQgetvalue(rows, i, 0);

        printf("%s: log …\n", jurisdiction);
        fflush(stdout);
        good = verify_log(db, jurisdiction, wanted_head, own_key, verification);
        printf("%s: attachments …\n", jurisdiction);
        fflush(stdout);

        size_t contents = 0;

        good = good && verify_attachments(db, jurisdiction, verification, &contents);
        *ret_contents += contents;
        printf("%s: roll-ups …\n", jurisdiction);
        fflush(stdout);
        good = good && verify_figures(db, shelf, jurisdiction, verification);
    }
    PQclear(rows);
    if (good)
        db_execute(db, "rollback");
    return good;
}

int command_verify(struct command_context *context, int count, char **arguments)
{
    struct verification verification = {.fault = print_fault};
    const char *head = count == 2 && strcmp(arguments[0], "--head") == 0 ? arguments[1] : NULL;
    struct signer signer = {.key = ""};
    char fault[512];
    struct shelf *shelf;
    struct db *db;
    size_t contents = 0;
    bool read;

    if (count != 0 && !head) {
        fprintf(stderr, "usage: tributaryd verify [--head HEAD]   HEAD: log.head of any receipt\n");
        return EXIT_USAGE;
    }
    db = open_owner(context);
    if (!db)
        return EXIT_UNREACHABLE;
    if (!signer_open(&signer, setting(context, "signing_key_file"), false, fault, sizeof fault))
        printf("without the key file the log is checked against the keys that the database lists (%s)\n", fault);
    shelf = shelf_new();
    read = shelf && schema_fit(db) == SCHEMA_FITS &&
           verify_all(db, shelf, head, signer.key[0] ? signer.key : NULL, &verification, &contents);
    if (!read)
        fprintf(stderr, "tributaryd verify: the database can't be read: %s\n", db_error(db));
    if (read && head && !verification.wanted_head_seen)
        verification_fault(&verification,
                           "no batch of the log has the head %s: a tail is cut off, or the receipt is from elsewhere",
                           head);
    signer_close(&signer);
    shelf_free(shelf);
    db_free(db);
    if (!read)
        return EXIT_FAULT;
    printf(
        "%zu batches, %zu entries, %zu revisions, %zu plan versions, %zu attached files, %zu roll-ups checked; %zu faults\n",
        verification.batches, verification.entries, verification.revisions, verification.plan_versions, contents,
        verification.rollups, verification.faults);
    return verification.faults ? EXIT_REFUSED : EXIT_DONE;
}
