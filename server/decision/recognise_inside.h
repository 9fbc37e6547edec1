/* recognise_inside.h: what the files of recognise share. Private to decision/. */
#ifndef TRIBUTARY_DECISION_RECOGNISE_INSIDE_H
#define TRIBUTARY_DECISION_RECOGNISE_INSIDE_H

#include <string.h>

#include "decision/recognise.h"

/* What of `word` stands at `at`; 0: something else does. */
static inline size_t here(const char *text, size_t at, const char *word)
{
    size_t length = strlen(word);

    return strncmp(text + at, word, length) == 0 ? length : 0;
}

/* The length of the longest of the words that stands at `at`, or that ends before it; 0: none. NULL ends them. */
size_t any_here(const char *text, size_t at, const char *const *words);
size_t any_before(const char *text, size_t at, const char *const *words);

/* Where the next character begins. */
size_t next_character(const char *text, size_t at);

/* Offices, agencies and all offices, with the part that each has. False without memory. */
bool recognise_names(const struct plan *plan, int year, const char *text, struct arena *arena,
                     struct recognised *recognised);

void recognise_days(struct date meeting, const char *text, struct recognised *recognised);

/* Needs the mentions. */
void recognise_requests(const char *text, struct recognised *recognised);

#endif
