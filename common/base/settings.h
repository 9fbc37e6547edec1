/* settings.h: configuration as one table: key, default, what it means; filled from a file and the environment. */
#ifndef TRIBUTARY_BASE_SETTINGS_H
#define TRIBUTARY_BASE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

struct setting {
    const char *key;           /* lower case; the environment name is the prefix and this in upper case */
    const char *default_value; /* NULL: none */
    const char *meaning;       /* for --help */
    char *value;               /* owned; NULL until set */
};

/* Fills the table: defaults, then the file (if path is not NULL), then the environment, later ones winning.
 * A line of the file is `key = value`; '#' begins a comment line. On a fault false, with words in ret_fault. */
bool settings_load(struct setting *settings, size_t count, const char *path, const char *environment_prefix,
                   char *ret_fault, size_t fault_size);
void settings_free(struct setting *settings, size_t count);

/* The value of `key`, NULL if unset. `key` must be in the table. */
const char *settings_get(const struct setting *settings, size_t count, const char *key);

/* The value as a whole number between least and most; false with words when it isn't. */
bool settings_get_number(const struct setting *settings, size_t count, const char *key, long least, long most,
                         long *ret_value, char *ret_fault, size_t fault_size);

#endif
