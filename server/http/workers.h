/* workers.h: threads that may wait for the database, so that the threads of the sockets never do. */
#ifndef TRIBUTARY_HTTP_WORKERS_H
#define TRIBUTARY_HTTP_WORKERS_H

#include <stdbool.h>
#include <stddef.h>

struct db;
struct request;
struct workers;

/* Starts `count` threads, each with a connection of its own; `work` is called for each request. Neither
 * reads nor what is posted takes the last of several threads, so that neither waits for the other. NULL on failure. */
struct workers *workers_start(const char *database_url, size_t count, size_t queue_limit,
                              void (*work)(struct request *, struct db *));

/* Queues a request. False when too many wait; `must` queues it all the same (its work has begun). False too after
 * workers_finish(). */
bool workers_push(struct workers *workers, struct request *request, bool must);

/* Finishes what is queued, then ends the threads; nothing more is queued. Accepts NULL, as workers_free(), which finishes
 * too. */
void workers_finish(struct workers *workers);
void workers_free(struct workers *workers);

#endif
