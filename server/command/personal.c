/* personal.c: tributaryd personal find TEXT | erase REVISION PATH: people's data can be erased; revisions and proofs stay. */
#include <stdio.h>
#include <string.h>

#include "command/command.h"

static const char usage[] =
    "usage: tributaryd personal find TEXT          values that contain TEXT, with their places\n"
    "       tributaryd personal erase TEXT [--yes]  erases every value equal to TEXT (shows them first)\n";

static const struct db_statement find_values = {
    "find_personal",
    "select v.revision, r.office, s.form, s.period, v.path, v.value::jsonb #>> '{}' from tributary.personal_value v"
    " join tributary.revision r on r.id = v.revision join tributary.submission s using (submission)"
    " where case when $2::boolean then v.value::jsonb #>> '{}' = $1 else position($1 in v.value::jsonb #>> '{}') > 0 end"
    " order by r.recorded_at",
    2};

/* Prints what matches; the number of them, or -1 after a failure. */
static int show(struct db *db, const char *text, bool exact)
{
    PGresult *result = NULL;

    if (db_run(db, &find_values, (const char *const[]){text, exact ? "t" : "f"}, &result) != DB_OK) {
        fprintf(stderr, "tributaryd personal: %s\n", db_error(db));
        return -1;
    }
    int count = PQntuples(result);

    for (int i = 0; i < count; i++)
        printf("%s  %s %s %s  %s  %s\n", PQgetvalue(result, i, 0), PQgetvalue(result, i, 1), PQgetvalue(result, i, 2),
               PQgetvalue(result, i, 3), PQgetvalue(result, i, 4), PQgetvalue(result, i, 5));
    PQclear(result);
    return count;
}

static int erase(struct db *db, const char *text)
{
    static const struct db_statement erase_values = {
        "erase_personal",
        "update tributary.personal_value set value = null, salt = null, erased_at = clock_timestamp() where value::jsonb #>> '{}' = $1 returning 1",
        1};
    PGresult *result = NULL;

    if (db_run(db, &erase_values, (const char *const[]){text}, &result) != DB_OK) {
        fprintf(stderr, "tributaryd personal erase: %s\n", db_error(db));
        return EXIT_FAULT;
    }
    printf("erased: %d\n", PQntuples(result));
    PQclear(result);
    return EXIT_DONE;
}

int command_personal(struct command_context *context, int count, char **arguments)
{
    bool finds = count == 2 && strcmp(arguments[0], "find") == 0,
         erases = count >= 2 && strcmp(arguments[0], "erase") == 0,
         sure = count == 3 && strcmp(arguments[2], "--yes") == 0;
    struct db *db;
    int status;

    if (!finds && !(erases && (count == 2 || sure))) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    db = open_owner(context);
    if (!db)
        return EXIT_UNREACHABLE;
    status = show(db, arguments[1], erases) < 0 ? EXIT_FAULT : EXIT_DONE;
    if (erases && status == EXIT_DONE && sure)
        status = erase(db, arguments[1]);
    else if (erases && status == EXIT_DONE)
        printf("these would be erased for good; add --yes to do it\n");
    db_free(db);
    return status;
}
