/* verify.c: tributaryd verify [--head HEAD]… [--receipt FILE]… [--packs] [--json] */
#include "ledger/verify.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attachments/verify.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/proof.h"
#include "command/command.h"
#include "db/migrate.h"
#include "figures/verify.h"
#include "ledger/verify_receipt.h"
#include "pack/verify.h"

enum { MOST_WANTED = 1000, PROGRESS_MILLISECONDS = 200 };

static const char usage[] =
    "usage: tributaryd verify [--head HEAD]... [--receipt FILE]... [--packs] [--json]\n"
    "  --head HEAD      the log must still go through this head: log.head of a receipt, or the one in a digest mail\n"
    "  --receipt FILE   the receipt holds by itself, and its entry and head are in the log\n"
    "  --packs          every frozen pack is made again at its moment and must say the same; of those of another\n"
    "                   release its figures must be the same, and other words are noticed\n"
    "  --json           what was found as one JSON object on standard output\n"
    "exit status: 0 nothing is wrong; 1 something is (each fault was said); 2 wrong usage; 3 the database can't be\n"
    "reached; 5 it can't be read to the end\n";

struct verifying {
    struct verification verification;
    struct wanted_head wanted[MOST_WANTED];
    const char *receipts[MOST_WANTED];
    size_t receipt_count, contents, packs;
    struct db *below; /* works under row-level security; NULL: packs aren't made again */
    bool json, makes_packs, shows_progress;
    json_t *faults, *notices;
    int64_t shown_at;
};

static void clear_progress(struct verifying *verifying)
{
    if (verifying->shows_progress && verifying->shown_at)
        fprintf(stderr, "\r\033[K");
    verifying->shown_at = 0;
}

static void say_fault(void *context, const char *words)
{
    struct verifying *verifying = context;

    clear_progress(verifying);
    if (verifying->json)
        json_array_append_new(verifying->faults, json_string(words));
    else
        printf("FAULT %s\n", words);
}

static void say_notice(void *context, const char *words)
{
    struct verifying *verifying = context;

    clear_progress(verifying);
    if (verifying->json)
        json_array_append_new(verifying->notices, json_string(words));
    else
        printf("NOTICE %s\n", words);
}

/* A line on a terminal that is written over, a few times a second. */
static void show_progress(void *context, const char *jurisdiction, const char *doing, size_t done, size_t total)
{
    struct verifying *verifying = context;
    int64_t now = clock_milliseconds();

    if (!verifying->shows_progress || (done && now - verifying->shown_at < PROGRESS_MILLISECONDS))
        return;
    fprintf(stderr, "\r\033[K%s: %s", jurisdiction, doing);
    if (total)
        fprintf(stderr, " %zu of %zu", done, total);
    fflush(stderr);
    verifying->shown_at = now;
}

/* Says which part begins, for a log of the run; a terminal has the progress instead. */
static void begin_part(struct verifying *verifying, const char *jurisdiction, const char *part)
{
    if (!verifying->json && !verifying->shows_progress) {
        printf("%s: %s …\n", jurisdiction, part);
        fflush(stdout);
    }
    show_progress(verifying, jurisdiction, part, 0, 0);
}

static bool verify_jurisdiction(struct db *db, struct shelf *shelf, const char *jurisdiction, const char *own_key,
                                struct verifying *verifying)
{
    size_t contents = 0, packs = 0;
    bool good;

    begin_part(verifying, jurisdiction, "log");
    good = verify_log(db, jurisdiction, own_key, &verifying->verification);
    begin_part(verifying, jurisdiction, "attachments");
    good = good && verify_attachments(db, jurisdiction, &verifying->verification, &contents);
    verifying->contents += contents;
    begin_part(verifying, jurisdiction, "roll-ups");
    good = good && verify_figures(db, shelf, jurisdiction, &verifying->verification);
    if (!verifying->below)
        return good;
    begin_part(verifying, jurisdiction, "packs");
    good = good && verify_packs(verifying->below, shelf, jurisdiction, &verifying->verification, &packs);
    verifying->packs += packs;
    return good;
}

static bool verify_all(struct db *db, struct shelf *shelf, const char *own_key, struct verifying *verifying)
{
    static const struct db_statement jurisdictions = {
        "verify_jurisdictions",
        "select jurisdiction from tributary.log_head union select jurisdiction from tributary.jurisdiction"
        " union select distinct jurisdiction from tributary.log_batch order by 1",
        0};
    PGresult *rows = NULL;
    /* one moment of the database: what is handed in meanwhile must not look like a fault */
    bool good = db_execute(db, "begin isolation level repeatable read read only") == DB_OK &&
                db_run(db, &jurisdictions, NULL, &rows) == DB_OK;

    for (size_t i = 0; good && i < verifying->receipt_count; i++)
        good = verify_receipt(db, verifying->receipts[i], &verifying->verification);
    for (int i = 0; good && i < PQntuples(rows); i++)
        good = verify_jurisdiction(db, shelf, PQgetvalue(rows, i, 0), own_key, verifying);
    PQclear(rows);
    if (good)
        db_execute(db, "rollback");
    return good;
}

static bool add_head(struct verifying *verifying, const char *head)
{
    struct digest digest;

    if (verifying->verification.wanted_count == MOST_WANTED || !digest_parse(head, &digest)) {
        fprintf(stderr, "tributaryd verify: '%s' is no head (64 hexadecimal digits)\n", head);
        return false;
    }
    snprintf(verifying->wanted[verifying->verification.wanted_count++].head, DIGEST_TEXT_SIZE, "%s", head);
    return true;
}

static bool read_arguments(int count, char **arguments, struct verifying *verifying)
{
    for (int i = 0; i < count; i++) {
        bool has_value = i + 1 < count;

        if (strcmp(arguments[i], "--json") == 0) {
            verifying->json = true;
        } else if (strcmp(arguments[i], "--packs") == 0) {
            verifying->makes_packs = true;
        } else if (strcmp(arguments[i], "--head") == 0 && has_value) {
            if (!add_head(verifying, arguments[++i]))
                return false;
        } else if (strcmp(arguments[i], "--receipt") == 0 && has_value && verifying->receipt_count < MOST_WANTED) {
            verifying->receipts[verifying->receipt_count++] = arguments[++i];
        } else {
            fputs(usage, stderr);
            return false;
        }
    }
    return true;
}

static void check_wanted(struct verification *verification)
{
    for (size_t i = 0; i < verification->wanted_count; i++)
        if (!verification->wanted[i].seen)
            verification_fault(verification,
                               "no batch of the log has the head %s: a tail is cut off, or the head is from elsewhere",
                               verification->wanted[i].head);
}

static void print_result(struct verifying *verifying)
{
    const struct verification *found = &verifying->verification;

    clear_progress(verifying);
    if (verifying->json) {
        json_t *result =
            json_pack("{sI sI sI sI sI sI sI sI sO sO}", "batches", (json_int_t)found->batches, "entries",
                      (json_int_t)found->entries, "pruned", (json_int_t)found->pruned, "revisions",
                      (json_int_t)found->revisions, "plan_versions", (json_int_t)found->plan_versions, "attached_files",
                      (json_int_t)verifying->contents, "rollups", (json_int_t)found->rollups, "packs",
                      (json_int_t)verifying->packs, "faults", verifying->faults, "notices", verifying->notices);

        if (!verifying->makes_packs)
            json_object_del(result, "packs");
        json_dumpf(result, stdout, JSON_COMPACT);
        putchar('\n');
        json_decref(result);
        return;
    }
    printf("%zu batches, %zu entries (%zu without their text), %zu revisions, %zu plan versions, %zu attached files,"
           " %zu roll-ups",
           found->batches, found->entries, found->pruned, found->revisions, found->plan_versions, verifying->contents,
           found->rollups);
    if (verifying->makes_packs)
        printf(", %zu packs", verifying->packs);
    printf(" checked; %zu faults\n", found->faults);
}

/* A connection by which rows are seen as the daemon sees them. NULL: a message was printed. */
static struct db *open_below(const struct command_context *context)
{
    const char *url = setting(context, "database_url");
    struct db *db = db_new(url ? url : setting(context, "migration_database_url"), "tributaryd verify");

    if (db)
        db_step_down(db, true);
    if (db && db_connect(db) == DB_OK)
        return db;
    fprintf(stderr, "tributaryd verify: packs can't be made again: %s\n", db ? db_error(db) : "out of memory");
    db_free(db);
    return NULL;
}

static int verify_with(const struct command_context *context, struct db *db, struct verifying *verifying)
{
    struct signer signer = {.key = ""};
    struct shelf *shelf = shelf_new();
    char fault[512];
    bool read;

    if (!signer_open(&signer, setting(context, "signing_key_file"), false, fault, sizeof fault))
        fprintf(stderr, "without the key file the log is checked against the keys that the database lists (%s)\n",
                fault);
    read =
        shelf && schema_fit(db) == SCHEMA_FITS && verify_all(db, shelf, signer.key[0] ? signer.key : NULL, verifying);
    if (!read)
        fprintf(stderr, "tributaryd verify: the database can't be read: %s%s\n", db_error(db),
                verifying->below ? db_error(verifying->below) : "");
    else
        check_wanted(&verifying->verification);
    if (read || verifying->json)
        print_result(verifying);
    signer_close(&signer);
    shelf_free(shelf);
    return !read ? EXIT_FAULT : verifying->verification.faults ? EXIT_REFUSED : EXIT_DONE;
}

int command_verify(struct command_context *context, int count, char **arguments)
{
    struct verifying *verifying = calloc(1, sizeof *verifying);
    int status = EXIT_USAGE;

    if (!verifying)
        return EXIT_FAULT;
    verifying->verification = (struct verification){.fault = say_fault,
                                                    .notice = say_notice,
                                                    .progress = show_progress,
                                                    .context = verifying,
                                                    .wanted = verifying->wanted};
    verifying->shows_progress = isatty(STDERR_FILENO);
    verifying->faults = json_array();
    verifying->notices = json_array();
    if (read_arguments(count, arguments, verifying)) {
        struct db *db = open_owner(context);

        if (db && verifying->makes_packs)
            verifying->below = open_below(context);
        status = db && (verifying->below || !verifying->makes_packs) ? verify_with(context, db, verifying)
                                                                     : EXIT_UNREACHABLE;
        db_free(verifying->below);
        db_free(db);
    }
    json_decref(verifying->notices);
    json_decref(verifying->faults);
    free(verifying);
    return status;
}
