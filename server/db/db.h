/* db.h: one PostgreSQL connection: prepared on first use, reconnected when lost, working for a named principal. */
#ifndef TRIBUTARY_DB_DB_H
#define TRIBUTARY_DB_DB_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/period.h"

/* What came of a statement. Nothing is logged here; db_error() has the words. */
enum db_status {
    DB_OK,          /* the rows are there, perhaps none */
    DB_RETRY,       /* serialization failure or deadlock: the transaction may be run again */
    DB_UNAVAILABLE, /* the server is out of reach, shutting down or out of room: try later */
    DB_FAILED,      /* the statement is refused */
};

/* A statement by its text; kept static beside its caller. Prepared once a connection, under `name`. */
struct db_statement {
    const char *name, *sql;
    int parameter_count;
};

struct db;

/* Opens nothing yet: the first statement connects. `url` and `program` are copied. NULL without memory. */
struct db *db_new(const char *url, const char *program);
void db_free(struct db *db);

/* Connects now if need be. A login that could bypass row-level security steps down to the role tributary_daemon
 * when `step_down`. */
enum db_status db_connect(struct db *db);
void db_step_down(struct db *db, bool step_down);

/* Gives everything that follows so much time together; then it is DB_UNAVAILABLE and the connection is given up. Call it
 * before each piece of work that somebody waits for. A connection for which it is never called waits without limit. */
void db_set_time(struct db *db, int milliseconds);

/* So much longer may any connection of this process wait, whatever time it was given: the process is stopping. */
void db_end_waits_in(int milliseconds);

/* True once a login that is too powerful had to step down (the operator should give the daemon one of its own). */
bool db_stepped_down(const struct db *db);

/* Words about the last thing that went wrong; never NULL. Valid until the next call. */
const char *db_error(const struct db *db);

/* SQLSTATE of the last failure, "" if none. */
const char *db_sqlstate(const struct db *db);

/* Runs a prepared statement with text parameters (NULL: SQL null). On DB_OK the caller clears *ret_result with
 * PQclear(). ret_result may be NULL. */
enum db_status db_run(struct db *db, const struct db_statement *statement, const char *const *parameters,
                      PGresult **ret_result);

/* Runs statements without parameters, several at once too. */
enum db_status db_execute(struct db *db, const char *sql);

/* The principal in whose name rows are seen and written: row-level security reads these settings. Empty texts
 * are nobody. */
struct db_context {
    const char *jurisdiction, *role, *office, *token;
};

/* Begins a read-only snapshot for a principal; end it with db_snapshot_end() whatever happened in between. */
enum db_status db_snapshot_begin(struct db *db, const struct db_context *context);
void db_snapshot_end(struct db *db);

/* Until the snapshot that stands now ends, what is asked again is answered from what it answered before: within one snapshot
 * that is the same, and work that goes through many rooms asks much of it more than once. Only for statements that change
 * nothing and hang on nothing but the snapshot and their parameters. Memory: all answers together, 32 MB at most; without
 * any left the store is asked again. */
void db_snapshot_keep(struct db *db);

/* Begins a transaction that changes rows for a principal, outside the ledger; db_change_end() commits it, or takes
 * everything back when `keep` is false. DB_OK from a commit means durable. */
enum db_status db_change_begin(struct db *db, const struct db_context *context);
enum db_status db_change_end(struct db *db, bool keep);

/* ---- the pipeline, for the one writer ---- */

/* Sends a statement in pipeline mode, preparing it in line when new. False when the connection is lost. */
bool db_pipeline_send(struct db *db, const struct db_statement *statement, const char *const *parameters);
bool db_pipeline_begin(struct db *db);
/* Asks the server to send what is ready, without a sync. */
bool db_pipeline_flush(struct db *db);
bool db_pipeline_sync(struct db *db);
/* The result of the next statement sent with db_pipeline_send(). */
enum db_status db_pipeline_result(struct db *db, PGresult **ret_result);
/* Reads up to the sync and leaves pipeline mode. False when the connection is lost. */
bool db_pipeline_end(struct db *db);

/* Forgets the connection; the next statement makes a new one. */
void db_reset(struct db *db);

/* ---- values in and out as text ---- */

enum { BYTEA_TEXT_SIZE = 2 * 64 + 3 };

/* "\x…" of up to 64 bytes. */
void bytea_format(const void *bytes, size_t length, char ret_text[static BYTEA_TEXT_SIZE]);
/* Reads exactly `length` bytes from a bytea in hexadecimal. */
bool bytea_parse(const char *text, void *ret_bytes, size_t length);
int64_t result_int64(const PGresult *result, int row, int column);
bool result_bool(const PGresult *result, int row, int column);
/* Whether a text is written as the store writes a UUID; only then may it be asked for one. */
bool uuid_is_well_formed(const char *text);
/* The bytes of a bytea of any length; the caller frees them with PQfreemem(). NULL without memory. */
unsigned char *result_bytes(const PGresult *result, int row, int column, size_t *ret_length);
/* NULL for SQL null. */
const char *result_text(const PGresult *result, int row, int column);

#endif
