/* caretaker.h: what a daemon does about accounts by itself, once at its start and then every hour: it disables those that nobody
 * uses, which is recorded, and forgets old sessions. Several daemons do it side by side without harm. */
#ifndef TRIBUTARY_COMMAND_CARETAKER_H
#define TRIBUTARY_COMMAND_CARETAKER_H

#include "ledger/writer.h"

struct caretaker;

/* `idle_days` 0: accounts never rest too long. The writer outlives it. NULL on failure. */
struct caretaker *caretaker_start(const char *database_url, struct writer *writer, long idle_days);

/* Ends it, within what is being recorded just now. Accepts NULL. */
void caretaker_stop(struct caretaker *caretaker);

#endif
