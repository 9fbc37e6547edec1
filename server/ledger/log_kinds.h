/* log_kinds.h: what kinds of entries the log has; the table is log_kinds.def. */
#ifndef TRIBUTARY_LEDGER_LOG_KINDS_H
#define TRIBUTARY_LEDGER_LOG_KINDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/problem.h"

struct log_kind {
    const char *code;
    bool
        open; /* those read it who neither look after the system nor audit it: what happened to plans and submissions */
    bool prunable;       /* its text may be given up after the time that logs are kept */
    const char *name[2]; /* by enum language */
};

extern const struct log_kind log_kinds[];
extern const size_t log_kind_count;

/* NULL: no kind has this code. */
const struct log_kind *log_kind_find(const char *code);

/* The codes as an array of the database, "{submission,plan,…}": all, the open ones, or those that may be given up. */
const char *log_kinds_all(void);
const char *log_kinds_open(void);
const char *log_kinds_prunable(void);

#endif
