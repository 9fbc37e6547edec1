/* progress.h: a bar on standard error for work of several steps. */
#ifndef TRIBUTARY_CLIENT_PROGRESS_H
#define TRIBUTARY_CLIENT_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

struct progress {
    size_t done, total;
    bool shown, terminal;
};

/* Begins a bar of `total` steps: shown on a terminal, or wherever standard error goes if `wanted`; never for one step. */
struct progress progress_begin(size_t total, bool wanted);

/* One more step is done; `name` is what it was. */
void progress_step(struct progress *progress, const char *name);

/* Takes the bar off the screen, so that something else can be said; the next step draws it again. */
void progress_clear(const struct progress *progress);

#endif
