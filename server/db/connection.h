/* connection.h: what a connection is made of, for the files of this room. */
#ifndef TRIBUTARY_DB_CONNECTION_H
#define TRIBUTARY_DB_CONNECTION_H

#include "db/db.h"
#include "db/kept.h"

enum { MOST_STATEMENTS = 512, MOST_IN_FLIGHT = 2048, MOST_UNSENT = 1024 * 1024 };

struct db {
    PGconn *connection;
    char *url, *program;
    const struct db_statement *prepared[MOST_STATEMENTS];
    size_t prepared_count;
    bool step_down, stepped_down;
    bool preparation_failed; /* what is prepared here and what is prepared there may differ */
    int64_t deadline;        /* monotonic ms; 0: waits as long as it takes */
    size_t unsent;           /* about so many bytes were put into the pipeline since it was last seen empty */
    /* In the pipeline: which answers belong to a statement, and which to a preparation. */
    bool is_preparation[MOST_IN_FLIGHT];
    size_t in_flight_first, in_flight_count;
    struct kept *kept; /* while a snapshot stands that keeps its answers; else NULL */
    char error[512], sqlstate[6];
};

bool connection_is_good(const PGresult *result);
/* What a failed result means; its words are kept. */
enum db_status connection_classify(struct db *db, const PGresult *result);
/* Keeps the words in one line, so that they fit a log. */
void connection_remember_error(struct db *db, const char *message);

/* Waits until everything is sent. False: given up. */
bool connection_drain(struct db *db);
/* The next result, NULL at the end of a statement's, or when given up. */
PGresult *connection_wait(struct db *db);

bool connection_has_prepared(const struct db *db, const struct db_statement *statement);
void connection_remember_prepared(struct db *db, const struct db_statement *statement);

#endif
