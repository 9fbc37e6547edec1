/* migrate.c: files NNNN_name.sql in order; what was applied is kept with its digest, so a changed file is noticed. */
#include "db/migrate.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"

enum { MOST_MIGRATIONS = 1000, FILE_LIMIT = 4 * 1024 * 1024, PATH_SIZE = 4096, LOCK_KEY = 7418201 };

struct migration {
    int number;
    char name[256];
};

static bool read_file(const char *path, struct buffer *out)
{
    FILE *file = fopen(path, "re");
    char chunk[8192];
    size_t got;

    if (!file)
        return false;
    while ((got = fread(chunk, 1, sizeof chunk, file)) > 0)
        buffer_append(out, chunk, got);
    bool good = !ferror(file) && !out->failed;

    fclose(file);
    return good;
}

static int compare_migrations(const void *a, const void *b)
{
    return ((const struct migration *)a)->number - ((const struct migration *)b)->number;
}

/* Finds NNNN_*.sql; false with words if the numbers aren't 1, 2, 3 … */
static bool list_migrations(const char *directory, struct migration *migrations, size_t *ret_count, char *ret_fault,
                            size_t fault_size)
{
    DIR *dir = opendir(directory);
    size_t count = 0;

    if (!dir) {
        snprintf(ret_fault, fault_size, "%s: %s", directory, strerror(errno));
        return false;
    }
    for (struct dirent *entry = readdir(dir); entry && count < MOST_MIGRATIONS; entry = readdir(dir)) {
        size_t length = strlen(entry->d_name);

        if (strspn(entry->d_name, "0123456789") != 4 || entry->d_name[4] != '_' || length < 9 ||
            strcmp(entry->d_name + length - 4, ".sql") != 0)
            continue;
        migrations[count].number = (int)strtol(entry->d_name, NULL, 10);
        snprintf(migrations[count++].name, sizeof migrations->name, "%s", entry->d_name);
    }
    closedir(dir);
    qsort(migrations, count, sizeof *migrations, compare_migrations);
    for (size_t i = 0; i < count; i++) {
        if (migrations[i].number != (int)i + 1) {
            snprintf(ret_fault, fault_size, "%s: migration %zu is missing or stands twice", directory, i + 1);
            return false;
        }
    }
    *ret_count = count;
    return true;
}

static bool fail_with_db(const struct db *db, const char *what, char *ret_fault, size_t fault_size)
{
    snprintf(ret_fault, fault_size, "%s: %s", what, db_error(db));
    return false;
}

static int oldest_program_of(const char *sql)
{
    const char *mark = strstr(sql, "-- oldest-program:");

    return mark ? (int)strtol(mark + strlen("-- oldest-program:"), NULL, 10) : 1;
}

static const struct db_statement find_applied = {
    "find_applied", "select sha256 from tributary_migration where number = $1::integer", 1};
static const struct db_statement insert_applied = {
    "insert_applied",
    "insert into tributary_migration (number, name, sha256, oldest_program) values ($1::integer, $2, $3::bytea, $4::integer)",
    4};

/* Applies one migration unless it was; the digest of an applied one must be the same. */
static bool apply(struct db *db, const char *directory, const struct migration *migration, void (*say)(const char *),
                  char *ret_fault, size_t fault_size)
{
    char path[PATH_SIZE], number[16], program[16], digest_text[BYTEA_TEXT_SIZE], line[400];
    struct buffer sql = BUFFER_WITH_LIMIT(FILE_LIMIT);
    PGresult *result = NULL;
    bool good = false;

    snprintf(path, sizeof path, "%s/%s", directory, migration->name);
    if (!read_file(path, &sql)) {
        snprintf(ret_fault, fault_size, "%s: cannot be read", path);
        goto done;
    }
    struct digest digest = digest_of(sql.data, sql.length);

    bytea_format(digest.bytes, DIGEST_SIZE, digest_text);
    snprintf(number, sizeof number, "%d", migration->number);
    snprintf(program, sizeof program, "%d", oldest_program_of(sql.data));
    if (db_run(db, &find_applied, (const char *const[]){number}, &result) != DB_OK) {
        fail_with_db(db, migration->name, ret_fault, fault_size);
        goto done;
    }
    if (PQntuples(result) == 1) {
        good = strcmp(PQgetvalue(result, 0, 0), digest_text) == 0;
        if (!good)
            snprintf(ret_fault, fault_size, "%s was changed after it had been applied", migration->name);
        goto done;
    }
    good = db_execute(db, "begin") == DB_OK && db_execute(db, sql.data) == DB_OK &&
           db_run(db, &insert_applied, (const char *const[]){number, migration->name, digest_text, program}, NULL) ==
               DB_OK;
    if (!good)
        fail_with_db(db, migration->name, ret_fault, fault_size);
    if (db_execute(db, good ? "commit" : "rollback") != DB_OK && good)
        good = fail_with_db(db, migration->name, ret_fault, fault_size);
    if (good && say) {
        snprintf(line, sizeof line, "applied %s", migration->name);
        say(line);
    }

done:
    PQclear(result);
    buffer_free(&sql);
    return good;
}

static bool reload_file(struct db *db, const char *directory, const char *name, char *ret_fault, size_t fault_size)
{
    char path[PATH_SIZE];
    struct buffer sql = BUFFER_WITH_LIMIT(FILE_LIMIT);

    snprintf(path, sizeof path, "%s/%s", directory, name);
    if (!read_file(path, &sql)) {
        snprintf(ret_fault, fault_size, "%s: cannot be read", path);
        buffer_free(&sql);
        return false;
    }
    bool good =
        db_execute(db, "begin") == DB_OK && db_execute(db, sql.data) == DB_OK && db_execute(db, "commit") == DB_OK;

    if (!good) {
        fail_with_db(db, name, ret_fault, fault_size);
        db_execute(db, "rollback");
    }
    buffer_free(&sql);
    return good;
}

static int is_functions(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);

    return strncmp(entry->d_name, "functions", 9) == 0 && length > 4 && strcmp(entry->d_name + length - 4, ".sql") == 0;
}

static int compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* functions.sql, on which the others build, comes first. */
static bool reload_functions(struct db *db, const char *directory, char *ret_fault, size_t fault_size)
{
    struct dirent **names = NULL;
    int count = scandir(directory, &names, is_functions, compare_names);
    bool good = count > 0;

    if (!good)
        snprintf(ret_fault, fault_size, "%s: there is no functions.sql", directory);
    for (int i = 0; i < count; i++) {
        good = good && reload_file(db, directory, names[i]->d_name, ret_fault, fault_size);
        free(names[i]);
    }
    free(names);
    return good;
}

bool migrate(struct db *db, const char *directory, void (*say)(const char *line), char *ret_fault, size_t fault_size)
{
    struct migration *migrations = calloc(MOST_MIGRATIONS, sizeof *migrations);
    char lock[80];
    size_t count = 0;
    bool good = false;

    if (!migrations) {
        snprintf(ret_fault, fault_size, "out of memory");
        return false;
    }
    snprintf(lock, sizeof lock, "select pg_advisory_lock(%d)", LOCK_KEY);
    if (!list_migrations(directory, migrations, &count, ret_fault, fault_size))
        goto done;
    if (db_execute(db, lock) != DB_OK ||
        db_execute(
            db, "create table if not exists public.tributary_migration (number integer primary key, name text not null,"
                " sha256 bytea not null, oldest_program integer not null,"
                " applied_at timestamptz not null default clock_timestamp())") != DB_OK) {
        fail_with_db(db, "migrate", ret_fault, fault_size);
        goto done;
    }
    good = true;
    for (size_t i = 0; good && i < count; i++)
        good = apply(db, directory, &migrations[i], say, ret_fault, fault_size);
    good = good && reload_functions(db, directory, ret_fault, fault_size);
    if (good && db_execute(db, "grant select on public.tributary_migration to tributary_daemon;"
                               " insert into tributary.installation default values on conflict do nothing") != DB_OK)
        good = fail_with_db(db, "migrate", ret_fault, fault_size);
    snprintf(lock, sizeof lock, "select pg_advisory_unlock(%d)", LOCK_KEY);
    db_execute(db, lock);

done:
    free(migrations);
    return good;
}

bool mark_sample(struct db *db, char *ret_fault, size_t fault_size)
{
    static const struct db_statement mark = {"mark_sample",
                                             "update tributary.installation set sample = true"
                                             " where sample or not exists (select from tributary.revision) returning 1",
                                             0};
    PGresult *result = NULL;

    if (db_run(db, &mark, NULL, &result) != DB_OK)
        return fail_with_db(db, "migrate --sample", ret_fault, fault_size);
    bool marked = PQntuples(result) == 1;

    PQclear(result);
    if (!marked)
        snprintf(ret_fault, fault_size, "the database already holds submissions; it can't become a sample now");
    return marked;
}

enum schema_fit schema_fit(struct db *db)
{
    static const struct db_statement ask = {
        "schema_fit",
        "select coalesce(max(number), 0), coalesce(max(oldest_program), 0) from public.tributary_migration", 0};
    PGresult *result = NULL;
    enum db_status status = db_run(db, &ask, NULL, &result);

    if (status != DB_OK)
        return strcmp(db_sqlstate(db), "42P01") == 0 ? SCHEMA_MISSING : SCHEMA_UNKNOWN;

    int64_t number = result_int64(result, 0, 0), oldest_program = result_int64(result, 0, 1);

    PQclear(result);
    if (oldest_program > PROGRAM_NUMBER)
        return SCHEMA_TOO_NEW;
    return number < NEEDED_MIGRATION ? SCHEMA_BEHIND : SCHEMA_FITS;
}

bool find_data_directory(const char *name, char *ret_path, size_t path_size)
{
    static const char *const places[] = {"/../share/tributary/", "/../../"};
    char program[PATH_SIZE];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    struct stat info;

    if (length <= 0)
        return false;
    program[length] = '\0';

    char *slash = strrchr(program, '/');

    if (!slash)
        return false;
    *slash = '\0';
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        int needed = snprintf(ret_path, path_size, "%s%s%s", program, places[i], name);

        if (needed > 0 && (size_t)needed < path_size && stat(ret_path, &info) == 0)
            return true;
    }
    return false;
}
