/* audit.c: tributaryd audit prune [--older-than MONTHS] [--yes] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/prune.h"
#include "command/command.h"

static const char usage[] =
    "usage: tributaryd audit prune [--older-than MONTHS] [--yes]\n"
    "gives up the texts of sign-ins, copies taken and the like that are older (setting audit_months if not given; never\n"
    "less than 6). Their leaves stay and an entry accounts for them, so that the log still verifies. What proves\n"
    "submissions, plans and reviews is never given up. Without --yes it only says what it would do.\n";

static void say(void *context, const char *jurisdiction, const char *kind, int64_t entries, const char *oldest,
                const char *newest)
{
    int64_t *found = context;

    printf("%s  %-20s %8lld entries, recorded from %s to %s (UTC)\n", jurisdiction, kind, (long long)entries, oldest,
           newest);
    *found += entries;
}

static bool read_months(const char *text, int *ret_months)
{
    char *end = NULL;
    long months = text ? strtol(text, &end, 10) : 0;

    if (!text || end == text || *end || months < PRUNE_LEAST_MONTHS || months > PRUNE_MOST_MONTHS) {
        fprintf(stderr, "tributaryd audit prune: '%s' months won't do: entries are kept %d months at least\n",
                text ? text : "", PRUNE_LEAST_MONTHS);
        return false;
    }
    *ret_months = (int)months;
    return true;
}

static int prune(struct command_context *context, struct db *db, int months, bool sure)
{
    struct signer signer;
    int64_t found = 0, entries = 0;
    enum db_status status = db_execute(db, "set timezone = 'UTC'");

    if (status == DB_OK)
        status = prune_preview(db, months, say, &found);
    if (status == DB_OK && !sure) {
        printf(found ? "these would lose their text for good; add --yes to do it\n" : "nothing is that old\n");
        return EXIT_DONE;
    }
    if (status == DB_OK && found) {
        if (!open_signer(context, db, &signer))
            return EXIT_REFUSED;
        status = prune_log(db, &signer, months, &entries);
        signer_close(&signer);
    }
    printf("given up: %lld\n", (long long)entries);
    if (status != DB_OK)
        fprintf(stderr, "tributaryd audit prune: %s\n", db_error(db));
    return status == DB_OK ? EXIT_DONE : EXIT_FAULT;
}

int command_audit(struct command_context *context, int count, char **arguments)
{
    const char *text = setting(context, "audit_months");
    bool sure = false, good = count > 0 && strcmp(arguments[0], "prune") == 0;
    int months, status;

    for (int i = 1; good && i < count; i++) {
        if (strcmp(arguments[i], "--yes") == 0)
            sure = true;
        else if (strcmp(arguments[i], "--older-than") == 0 && i + 1 < count)
            text = arguments[++i];
        else
            good = false;
    }
    if (!good) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    if (!read_months(text, &months))
        return EXIT_USAGE;

    struct db *db = open_owner(context);

    if (!db)
        return EXIT_UNREACHABLE;
    status = prune(context, db, months, sure);
    db_free(db);
    return status;
}
