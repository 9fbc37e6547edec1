/* plan.c: tributaryd plan check FILE | load FILE [--if-absent] [--sample-clock MOMENT] | diff FILE */
#include "plan/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "command/command.h"
#include "ledger/publish.h"
#include "plans/changes.h"

enum { FILE_LIMIT = 16 * 1024 * 1024, PLAN_VALUES = 4 * 1024 * 1024 };

static bool read_file(const char *path, struct buffer *out)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    char chunk[8192];
    size_t got;

    if (!file) {
        perror(path);
        return false;
    }
    while ((got = fread(chunk, 1, sizeof chunk, file)) > 0 && buffer_append(out, chunk, got))
        ;
    bool good = !ferror(file) && !out->failed;

    if (file != stdin)
        fclose(file);
    if (!good)
        fprintf(stderr, "%s: cannot be read, or is larger than %d bytes\n", path, FILE_LIMIT);
    return good;
}

static void print_faults(const char *path, const json_t *faults)
{
    const json_t *fault;
    size_t i;

    json_array_foreach(faults, i, fault)
        fprintf(stderr, "%s: %s: %s\n", path, json_text_member(fault, "path"), json_text_member(fault, "message"));
    fprintf(stderr, "%s: %zu fault%s; nothing was loaded\n", path, json_array_size(faults),
            json_array_size(faults) == 1 ? "" : "s");
}

/* The checked plan of a file; NULL: every fault was printed. */
static struct plan *read_plan(const char *path)
{
    struct buffer text = BUFFER_WITH_LIMIT(FILE_LIMIT);
    struct json_fault fault;
    json_t *json = NULL, *faults = NULL;
    struct plan *plan = NULL;

    if (read_file(path, &text)) {
        json = json_parse_strict(text.data ? text.data : "", text.length, PLAN_VALUES, &fault);
        if (!json)
            fprintf(stderr, "%s:%d:%d: %s\n", path, fault.line, fault.column, fault.text);
    }
    buffer_free(&text);
    if (json) {
        plan = plan_load(json, &faults);
        if (faults)
            print_faults(path, faults);
        else if (!plan)
            fprintf(stderr, "%s: out of memory\n", path);
    }
    json_decref(json);
    json_decref(faults);
    return plan;
}

static void describe(const char *path, const struct plan *plan)
{
    printf("%s: plan %s (%s): years %d-%d, %zu offices, %zu groups, %zu forms, %zu indicators\n", path, plan->code,
           plan->name.text[LANGUAGE_ZH], plan->from, plan->to, plan->office_count, plan->group_count, plan->form_count,
           plan->indicator_count);
}

/* How a plan is to be loaded. */
struct loading {
    const char *clock; /* the feeder's moment for a sample database, or NULL */
    bool if_absent;    /* a version that is loaded stays, whatever the file says */
};

/* Whether a version of the plan is loaded and is to stay; `ret_failed`: it can't be known. */
static bool stays(struct db *db, const struct plan *plan, bool *ret_failed)
{
    json_t *newest = NULL;
    int version;

    *ret_failed = newest_plan(db, plan, &version, &newest) != DB_OK;
    if (*ret_failed)
        fprintf(stderr, "tributaryd plan load: %s\n", db_error(db));
    if (!newest)
        return false;
    printf(json_equal(newest, plan->json)
               ? "%s: version %d is already the same; nothing to load\n"
               : "%s: version %d stays, though the file differs (tributaryd plan diff FILE shows where)\n",
           plan->code, version);
    json_decref(newest);
    return true;
}

static int publish(struct db *db, struct signer *signer, const struct plan *plan, const struct loading *loading)
{
    char fault[1024];
    bool unchanged;
    int version;

    if (!publish_plan(db, signer, plan, loading->clock, &version, &unchanged, fault, sizeof fault)) {
        fprintf(stderr, "tributaryd plan load: %s\n", fault);
        return EXIT_REFUSED;
    }
    if (!announce_signer(db, signer)) /* a log that has just begun doesn't say yet who signs it */
        return EXIT_REFUSED;
    printf(unchanged ? "%s: version %d is already the same; nothing to load\n" : "%s: loaded as version %d\n",
           plan->code, version);
    return EXIT_DONE;
}

static int load(struct command_context *context, const struct plan *plan, const struct loading *loading)
{
    struct db *db = open_owner(context);
    struct signer signer;
    bool failed = false;
    int status = EXIT_REFUSED;

    if (!db)
        return EXIT_UNREACHABLE;
    if (loading->if_absent && stays(db, plan, &failed)) {
        status = EXIT_DONE;
    } else if (!failed && open_signer(context, db, &signer)) {
        status = publish(db, &signer, plan, loading);
        signer_close(&signer);
    }
    db_free(db);
    return status;
}

/* What the file changes in the newest version that is loaded. */
static int diff(struct command_context *context, const struct plan *plan)
{
    struct db *db = open_owner(context);
    json_t *newest = NULL;
    int version, status = EXIT_REFUSED;

    if (!db)
        return EXIT_UNREACHABLE;
    if (newest_plan(db, plan, &version, &newest) != DB_OK) {
        fprintf(stderr, "tributaryd plan diff: %s\n", db_error(db));
    } else if (!newest) {
        printf("%s: not loaded yet\n", plan->code);
        status = EXIT_DONE;
    } else {
        size_t count = print_plan_changes(stdout, newest, plan->json);

        printf("%s: %zu difference%s from version %d\n", plan->code, count, count == 1 ? "" : "s", version);
        status = EXIT_DONE;
    }
    json_decref(newest);
    db_free(db);
    return status;
}

/* What stands behind `plan load FILE`. */
static bool read_loading(int count, char **arguments, struct loading *ret_loading)
{
    *ret_loading = (struct loading){.if_absent = false};
    for (int i = 0; i < count; i++) {
        if (strcmp(arguments[i], "--if-absent") == 0)
            ret_loading->if_absent = true;
        else if (strcmp(arguments[i], "--sample-clock") == 0 && i + 1 < count)
            ret_loading->clock = arguments[++i];
        else
            return false;
    }
    return true;
}

int command_plan(struct command_context *context, int count, char **arguments)
{
    bool check = count == 2 && strcmp(arguments[0], "check") == 0,
         differs = count == 2 && strcmp(arguments[0], "diff") == 0,
         loads = count >= 2 && strcmp(arguments[0], "load") == 0;
    struct loading loading = {.if_absent = false};
    timestamp moment;

    if (!check && !differs && !(loads && read_loading(count - 2, arguments + 2, &loading))) {
        fprintf(stderr, "usage: tributaryd plan check FILE\n"
                        "       tributaryd plan load FILE [--if-absent] [--sample-clock MOMENT]\n"
                        "       tributaryd plan diff FILE\n");
        return EXIT_USAGE;
    }
    if (loading.clock && !timestamp_parse(loading.clock, &moment)) {
        fprintf(stderr, "tributaryd plan load: --sample-clock is not a moment such as 2022-12-01T00:00:00Z\n");
        return EXIT_USAGE;
    }
    struct plan *plan = read_plan(arguments[1]);
    int status = EXIT_REFUSED;

    if (plan) {
        if (!differs)
            describe(arguments[1], plan);
        status = check ? EXIT_DONE : differs ? diff(context, plan) : load(context, plan, &loading);
    }
    plan_free(plan);
    return status;
}
