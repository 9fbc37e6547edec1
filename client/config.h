/* config.h: the person's settings: where they are kept, reading them, changing them. */
#ifndef TRIBUTARY_CLIENT_CONFIG_H
#define TRIBUTARY_CLIENT_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/settings.h"

enum { CONFIG_SETTING_COUNT = 6 };

struct config {
    struct setting settings[CONFIG_SETTING_COUNT];
    const char *folder; /* $XDG_CONFIG_HOME/tributary */
    const char *file;   /* folder/config */
    const char *state;  /* $XDG_STATE_HOME/tributary: plans, keys, outbox */
};

/* Finds the places and reads the file, if there is one, then the environment (TRIBUTARY_…). Texts are in `arena`; the
 * caller frees with config_free(). On a fault false, with words in ret_fault; config_free() is due even then. */
bool config_load(struct arena *arena, struct config *ret_config, char *ret_fault, size_t fault_size);
void config_free(struct config *config);

/* A setting's value, NULL if unset or empty. */
const char *config_get(const struct config *config, const char *key);

/* A setting that is a whole number within the limits; false with words otherwise. */
bool config_get_number(const struct config *config, const char *key, long least, long most, long *ret_value,
                       char *ret_fault, size_t fault_size);

/* Gives a setting another value for this run. False without memory. */
bool config_set(struct config *config, const char *key, const char *value);

/* Writes the file anew with these settings changed (a NULL value leaves one as it is), whole or not at all, readable by
 * its owner only; what the environment says isn't written. Returns 0 or an errno value; EINVAL for a value with a line
 * break, one that is too long, or a file that can't be understood. */
int config_save(const struct config *config, const char *const *keys, const char *const *values, size_t count);

/* Whether others on this machine may read the file. */
bool config_is_exposed(const struct config *config);

#endif
