/* pipeline.c: statements sent one behind the other, for the one writer. */
#include <string.h>

#include "db/connection.h"

bool db_pipeline_begin(struct db *db)
{
    db->in_flight_first = db->in_flight_count = 0;
    return PQenterPipelineMode(db->connection) == 1;
}

static bool push_in_flight(struct db *db, bool is_preparation)
{
    if (db->in_flight_count == MOST_IN_FLIGHT)
        return false;
    db->is_preparation[(db->in_flight_first + db->in_flight_count++) % MOST_IN_FLIGHT] = is_preparation;
    return true;
}

bool db_pipeline_send(struct db *db, const struct db_statement *statement, const char *const *parameters)
{
    if (!connection_has_prepared(db, statement)) {
        if (!push_in_flight(db, true) ||
            !PQsendPrepare(db->connection, statement->name, statement->sql, statement->parameter_count, NULL))
            return false;
        connection_remember_prepared(db, statement);
    }
    for (int i = 0; i < statement->parameter_count; i++)
        db->unsent += parameters[i] ? strlen(parameters[i]) : 0;
    return push_in_flight(db, false) &&
           PQsendQueryPrepared(db->connection, statement->name, statement->parameter_count, parameters, NULL, NULL,
                               0) == 1 &&
           (db->unsent < MOST_UNSENT || connection_drain(db));
}

bool db_pipeline_flush(struct db *db)
{
    return PQsendFlushRequest(db->connection) == 1 && PQflush(db->connection) >= 0;
}

bool db_pipeline_sync(struct db *db)
{
    return PQpipelineSync(db->connection) == 1;
}

/* One result of the pipeline and the NULL that ends it. */
static enum db_status next_result(struct db *db, PGresult **ret_result)
{
    PGresult *result = connection_wait(db);
    enum db_status status = connection_is_good(result) ? DB_OK : DB_FAILED;

    if (PQresultStatus(result) == PGRES_PIPELINE_ABORTED) {
        PQclear(result); /* an earlier statement failed; its error stands */
    } else if (status != DB_OK) {
        status = connection_classify(db, result);
        PQclear(result);
    } else {
        *ret_result = result;
    }
    if (result) {
        PGresult *end = connection_wait(db);

        PQclear(end);
    }
    return status;
}

enum db_status db_pipeline_result(struct db *db, PGresult **ret_result)
{
    enum db_status status = DB_OK;

    while (db->in_flight_count > 0) {
        bool is_preparation = db->is_preparation[db->in_flight_first];
        PGresult *result = NULL;

        db->in_flight_first = (db->in_flight_first + 1) % MOST_IN_FLIGHT;
        db->in_flight_count--;
        status = next_result(db, &result);
        if (!is_preparation) {
            if (status == DB_OK)
                *ret_result = result;
            return status;
        }
        PQclear(result);
        if (status != DB_OK)
            db->preparation_failed = true;
    }
    return DB_FAILED;
}

bool db_pipeline_end(struct db *db)
{
    for (; db->in_flight_count > 0; db->in_flight_count--, db->in_flight_first++)
        if (db->is_preparation[db->in_flight_first % MOST_IN_FLIGHT])
            db->preparation_failed = true; /* skipped, perhaps, after a failure */
    while (PQstatus(db->connection) == CONNECTION_OK) {
        PGresult *result = connection_wait(db);
        ExecStatusType status = PQresultStatus(result);

        PQclear(result);
        if (status == PGRES_PIPELINE_SYNC)
            break;
    }
    db->in_flight_count = 0;
    if (PQstatus(db->connection) == CONNECTION_OK && PQexitPipelineMode(db->connection) == 1)
        return true;
    if (db->connection)
        connection_remember_error(db, PQerrorMessage(db->connection));
    db_reset(db);
    return false;
}
