/* arguments.h: the command line of one command, read against its table of options. */
#ifndef TRIBUTARY_CLIENT_ARGUMENTS_H
#define TRIBUTARY_CLIENT_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "plan/plan.h"

enum { ARGUMENTS_OPTIONS_MOST = 24 };

struct option {
    const char *name;  /* without its dashes; NULL ends a table */
    const char *value; /* what the value is called in help; NULL: none is taken */
    struct name meaning;
};

struct arguments {
    struct {
        const struct option *option;
        const char *value; /* "" if none is taken */
    } given[ARGUMENTS_OPTIONS_MOST];
    size_t given_count;
    const char **words; /* what isn't an option; points into argv, which is reordered */
    size_t word_count;
};

/* Reads argv[1 …] against both tables (each may be NULL); options join those that are there. `first_word` stops at the first word that isn't an option;
 * *ret_used is how many elements were read, argv[0] included. An option is written --name value or --name=value;
 * "--" ends them; "-h" is --help, "-o" --output. On a fault false, and ret_fault says which word it was. */
bool arguments_read(struct arguments *arguments, const struct option *options, const struct option *common,
                    bool first_word, size_t count, const char **argv, size_t *ret_used, const char **ret_fault);

/* The value of an option ("" if it takes none), or NULL if it wasn't given. The last one wins. */
const char *arguments_value(const struct arguments *arguments, const char *name);

#endif
