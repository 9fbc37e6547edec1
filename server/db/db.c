/* db.c: one PostgreSQL connection. */
#include "db/connection.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"

/* Past this moment (monotonic ms) nobody waits any more; 0: none. */
static atomic_int_least64_t end_of_waits;

void db_end_waits_in(int milliseconds)
{
    atomic_store(&end_of_waits, clock_milliseconds() + milliseconds);
}

/* An idle connection on which something waits to be read was ended by the server, unless it is a mere notice: better
 * found out before the next piece of work than by it. */
static void leave_if_ended(struct db *db)
{
    struct pollfd waiting = {.fd = db->connection ? PQsocket(db->connection) : -1, .events = POLLIN};

    if (waiting.fd < 0 || PQtransactionStatus(db->connection) != PQTRANS_IDLE)
        return;
    for (int i = 0; i < 3 && poll(&waiting, 1, 0) > 0; i++) /* its last words first, then the end */
        if (!PQconsumeInput(db->connection) || PQisBusy(db->connection) || PQstatus(db->connection) != CONNECTION_OK) {
            db_reset(db);
            return;
        }
}

void db_set_time(struct db *db, int milliseconds)
{
    db->deadline = clock_milliseconds() + milliseconds;
    leave_if_ended(db);
}

/* How long poll() may take: -1 without limit, 0 when the time is over. */
static int time_left(const struct db *db)
{
    int64_t end = atomic_load(&end_of_waits), now = clock_milliseconds();

    if (end == 0 || (db->deadline && db->deadline < end))
        end = db->deadline;
    if (end == 0)
        return -1;
    return end <= now ? 0 : (int)(end - now < INT_MAX ? end - now : INT_MAX);
}

struct db *db_new(const char *url, const char *program)
{
    struct db *db = calloc(1, sizeof *db);

    if (!db)
        return NULL;
    db->url = strdup(url);
    db->program = strdup(program);
    if (!db->url || !db->program) {
        db_free(db);
        return NULL;
    }
    return db;
}

void db_free(struct db *db)
{
    if (!db)
        return;
    db_reset(db);
    free(db->url);
    free(db->program);
    free(db);
}

static void forget_kept(struct db *db)
{
    kept_free(db->kept);
    db->kept = NULL;
}

void db_reset(struct db *db)
{
    forget_kept(db);
    PQfinish(db->connection);
    db->connection = NULL;
    db->prepared_count = 0;
    db->in_flight_count = 0;
    db->preparation_failed = false;
    db->unsent = 0;
}

void db_step_down(struct db *db, bool step_down)
{
    db->step_down = step_down;
}

bool db_stepped_down(const struct db *db)
{
    return db->stepped_down;
}

const char *db_error(const struct db *db)
{
    return db->error;
}

const char *db_sqlstate(const struct db *db)
{
    return db->sqlstate;
}

void connection_remember_error(struct db *db, const char *message)
{
    snprintf(db->error, sizeof db->error, "%s", message);
    for (char *c = db->error; *c; c++)
        if (*c == '\n')
            *c = ' ';
}

enum db_status connection_classify(struct db *db, const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

    if (!db->connection) /* given up; its words are there */
        return DB_UNAVAILABLE;
    snprintf(db->sqlstate, sizeof db->sqlstate, "%s", state ? state : "");
    connection_remember_error(db, result ? PQresultErrorMessage(result) : PQerrorMessage(db->connection));
    if (!state || PQstatus(db->connection) != CONNECTION_OK)
        return DB_UNAVAILABLE;
    if (strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0)
        return DB_RETRY;
    /* 08 connection, 53 out of room, 57 shut down or cancelled, 58 system error, 25006 read-only standby */
    if (strncmp(state, "08", 2) == 0 || strncmp(state, "53", 2) == 0 || strncmp(state, "57", 2) == 0 ||
        strncmp(state, "58", 2) == 0 || strcmp(state, "25006") == 0)
        return DB_UNAVAILABLE;
    return DB_FAILED;
}

bool connection_is_good(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);

    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* Gives the connection up. */
static void give_up(struct db *db)
{
    connection_remember_error(db, "the database did not answer in time");
    db->sqlstate[0] = '\0';
    db_reset(db);
}

/* Sleeps until there is something to read, or room to write when that is wanted. False: given up. */
static bool sleep_on_line(struct db *db, bool writing)
{
    struct pollfd line = {.fd = PQsocket(db->connection), .events = (short)(writing ? POLLIN | POLLOUT : POLLIN)};
    int ready = poll(&line, 1, time_left(db));

    if (ready == 0) {
        give_up(db);
        return false;
    }
    if (ready > 0 && line.revents & ~POLLOUT)
        PQconsumeInput(db->connection); /* a lost line shows in the next result */
    return true;
}

bool connection_drain(struct db *db)
{
    while (PQflush(db->connection) == 1)
        if (!sleep_on_line(db, true))
            return false;
    db->unsent = 0;
    return true;
}

PGresult *connection_wait(struct db *db)
{
    for (;;) {
        int unsent = PQflush(db->connection);

        if (!PQisBusy(db->connection) || PQstatus(db->connection) != CONNECTION_OK)
            return PQgetResult(db->connection);
        if (!sleep_on_line(db, unsent == 1))
            return NULL;
    }
}

/* What came of a statement outside the pipeline: its last result or its first error. */
static PGresult *wait_for_end(struct db *db)
{
    PGresult *result = NULL, *next;

    while ((next = connection_wait(db))) {
        if (result && !connection_is_good(result)) {
            PQclear(next);
        } else {
            PQclear(result);
            result = next;
        }
        if (PQstatus(db->connection) != CONNECTION_OK)
            break;
    }
    if (!db->connection) {
        PQclear(result);
        return NULL;
    }
    return result;
}

static PGresult *execute(struct db *db, const char *sql)
{
    return PQsendQuery(db->connection, sql) ? wait_for_end(db) : NULL;
}

static void log_notice(void *context, const char *message)
{
    (void)context;
    log_event(LOG_WARNING, "database_notice", "%s", message);
}

/* A login that owns the tables, is superuser or bypasses row-level security works as tributary_daemon instead. */
static enum db_status leave_power(struct db *db)
{
    PGresult *result = execute(db, "select r.rolsuper or r.rolbypassrls or pg_has_role(r.oid, c.relowner, 'usage')"
                                   " from pg_roles r, pg_class c"
                                   " where r.rolname = current_user and c.oid = to_regclass('tributary.revision')");
    bool powerful = connection_is_good(result) && PQntuples(result) == 1 && result_bool(result, 0, 0);
    enum db_status status = connection_is_good(result) ? DB_OK : connection_classify(db, result);

    PQclear(result);
    if (status != DB_OK || !powerful)
        return status;
    result = execute(db, "set role tributary_daemon");
    status = connection_is_good(result) ? DB_OK : connection_classify(db, result);
    db->stepped_down = status == DB_OK;
    PQclear(result);
    return status;
}

enum db_status db_connect(struct db *db)
{
    const char *const keywords[] = {"dbname", "fallback_application_name", "connect_timeout", "options", NULL};
    /* the server ends what nobody waits for any more, and lets go of its locks */
    const char *const values[] = {
        db->url, db->program, "5",
        db->deadline
            ? "-c timezone=UTC -c datestyle=ISO -c client_min_messages=warning -c statement_timeout=30000 -c idle_in_transaction_session_timeout=15000"
            : "-c timezone=UTC -c datestyle=ISO -c client_min_messages=warning -c statement_timeout=0 -c lock_timeout=60000 -c idle_in_transaction_session_timeout=60000",
        NULL};

    if (db->connection && PQstatus(db->connection) == CONNECTION_OK && !db->preparation_failed)
        return DB_OK;
    db_reset(db);
    if (time_left(db) == 0) {
        give_up(db);
        return DB_UNAVAILABLE;
    }
    db->connection = PQconnectdbParams(keywords, values, 1);
    if (PQstatus(db->connection) != CONNECTION_OK) {
        connection_remember_error(db, db->connection ? PQerrorMessage(db->connection) : "out of memory");
        db->sqlstate[0] = '\0';
        db_reset(db);
        return DB_UNAVAILABLE;
    }
    PQsetClientEncoding(db->connection, "UTF8");
    PQsetNoticeProcessor(db->connection, log_notice, NULL);
    PQsetnonblocking(db->connection, 1);

    enum db_status status = db->step_down ? leave_power(db) : DB_OK;

    if (status != DB_OK)
        db_reset(db);
    return status;
}

bool connection_has_prepared(const struct db *db, const struct db_statement *statement)
{
    for (size_t i = 0; i < db->prepared_count; i++)
        if (db->prepared[i] == statement)
            return true;
    return false;
}

/* There is room for more than the program has: one that weren't remembered would be refused the next time by its name. */
void connection_remember_prepared(struct db *db, const struct db_statement *statement)
{
    if (db->prepared_count < MOST_STATEMENTS)
        db->prepared[db->prepared_count++] = statement;
}

static enum db_status finish(struct db *db, PGresult *result, PGresult **ret_result)
{
    enum db_status status = connection_is_good(result) ? DB_OK : connection_classify(db, result);

    if (status == DB_OK && ret_result)
        *ret_result = result;
    else
        PQclear(result);
    /* a connection that is ending may look sound for one more statement */
    if (PQstatus(db->connection) != CONNECTION_OK ||
        (status == DB_UNAVAILABLE && (!db->sqlstate[0] || strncmp(db->sqlstate, "57P", 3) == 0)))
        db_reset(db);
    return status;
}

static enum db_status prepare(struct db *db, const struct db_statement *statement)
{
    bool sent = PQsendPrepare(db->connection, statement->name, statement->sql, statement->parameter_count, NULL);
    enum db_status status = finish(db, sent ? wait_for_end(db) : NULL, NULL);

    if (status == DB_OK)
        connection_remember_prepared(db, statement);
    return status;
}

/* Asks the store. */
static enum db_status ask(struct db *db, const struct db_statement *statement, const char *const *parameters,
                          PGresult **ret_result)
{
    enum db_status status = db_connect(db);
    bool sent;

    if (status == DB_OK && !connection_has_prepared(db, statement))
        status = prepare(db, statement);
    if (status != DB_OK)
        return status;
    sent = PQsendQueryPrepared(db->connection, statement->name, statement->parameter_count, parameters, NULL, NULL, 0);
    return finish(db, sent ? wait_for_end(db) : NULL, ret_result);
}

enum db_status db_run(struct db *db, const struct db_statement *statement, const char *const *parameters,
                      PGresult **ret_result)
{
    PGresult *kept = db->kept && ret_result ? kept_find(db->kept, statement, parameters) : NULL;
    enum db_status status = kept ? DB_OK : ask(db, statement, parameters, ret_result);

    if (kept)
        *ret_result = kept;
    else if (status == DB_OK && db->kept && ret_result)
        kept_add(db->kept, statement, parameters, *ret_result);
    return status;
}

enum db_status db_execute(struct db *db, const char *sql)
{
    enum db_status status = db_connect(db);

    return status == DB_OK ? finish(db, execute(db, sql), NULL) : status;
}

static const struct db_statement set_context = {
    "set_context",
    "select set_config('tributary.jurisdiction', $1, true), set_config('tributary.role', $2, true),"
    " set_config('tributary.office', $3, true), set_config('tributary.token', $4, true)",
    4};

static enum db_status begin_for(struct db *db, const char *begin, const struct db_context *context)
{
    const char *const parameters[] = {context->jurisdiction, context->role, context->office ? context->office : "",
                                      context->token ? context->token : ""};
    enum db_status status = db_execute(db, begin);

    if (status == DB_UNAVAILABLE) /* the connection may have died while idle: one new try is free of risk */
        status = db_execute(db, begin);
    if (status == DB_OK)
        status = db_run(db, &set_context, parameters, NULL);
    return status;
}

enum db_status db_snapshot_begin(struct db *db, const struct db_context *context)
{
    return begin_for(db, "begin isolation level repeatable read read only", context);
}

enum db_status db_change_begin(struct db *db, const struct db_context *context)
{
    return begin_for(db, "begin", context);
}

/* Nothing is open before a begin, or after the connection was lost. */
static void roll_back(struct db *db)
{
    if (db->connection && PQtransactionStatus(db->connection) != PQTRANS_IDLE)
        db_execute(db, "rollback");
}

enum db_status db_change_end(struct db *db, bool keep)
{
    /* a commit on a new connection, or of what failed, would be answered like one that kept something */
    if (keep && db->connection && PQtransactionStatus(db->connection) == PQTRANS_INTRANS)
        return db_execute(db, "commit");
    roll_back(db);
    return keep ? DB_UNAVAILABLE : DB_OK;
}

void db_snapshot_keep(struct db *db)
{
    if (!db->kept && db->connection && PQtransactionStatus(db->connection) == PQTRANS_INTRANS)
        db->kept = kept_new();
}

void db_snapshot_end(struct db *db)
{
    forget_kept(db);
    roll_back(db);
}
