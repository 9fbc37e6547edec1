/* watch.h: the newest sequence number of each log, as known here. Our own commits are known at once, another daemon's
 * within a second; it versions everything that is cached. */
#ifndef TRIBUTARY_LEDGER_WATCH_H
#define TRIBUTARY_LEDGER_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "plans/shelf.h"

struct watch;

/* Starts a thread that looks every quarter of a second, and refreshes the shelf when something is new. */
struct watch *watch_start(const char *database_url, struct shelf *shelf);
void watch_stop(struct watch *watch);

/* Told by the writer after a commit; `context` is the watch. Fits writer_options.committed. */
void watch_advance(const char *jurisdiction, uint64_t sequence, void *context);

/* The newest sequence; false when it isn't known freshly enough to answer from a cache. */
bool watch_sequence(struct watch *watch, const char *jurisdiction, uint64_t *ret_sequence);

/* Whether the database answered lately and its schema fits this program. */
bool watch_is_ready(struct watch *watch);

#endif
