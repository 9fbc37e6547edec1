/* settings.c: configuration table. */
#include "base/settings.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct setting *find(struct setting *settings, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(settings[i].key, key) == 0)
            return &settings[i];
    return NULL;
}

static bool set(struct setting *setting, const char *value)
{
    char *copy = strdup(value);

    if (!copy)
        return false;
    free(setting->value);
    setting->value = copy;
    return true;
}

static char *trim(char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    for (char *end = text + strlen(text); end > text && isspace((unsigned char)end[-1]);)
        *--end = '\0';
    return text;
}

static bool load_file(struct setting *settings, size_t count, const char *path, char *ret_fault, size_t fault_size)
{
    FILE *file = fopen(path, "re");
    char line[4096];
    bool good = true;

    if (!file) {
        snprintf(ret_fault, fault_size, "%s: %s", path, strerror(errno));
        return false;
    }
    for (int number = 1; good && fgets(line, sizeof line, file); number++) {
        char *key = trim(line), *equals = strchr(key, '=');

        if (*key == '\0' || *key == '#')
            continue;
        if (!equals) {
            snprintf(ret_fault, fault_size, "%s:%d: expected `key = value`", path, number);
            good = false;
            break;
        }
        *equals = '\0';
        key = trim(key);

        struct setting *setting = find(settings, count, key);

        if (!setting) {
            snprintf(ret_fault, fault_size, "%s:%d: no setting is called '%s'", path, number, key);
            good = false;
        } else if (!set(setting, trim(equals + 1))) {
            snprintf(ret_fault, fault_size, "out of memory");
            good = false;
        }
    }
    fclose(file);
    return good;
}

static bool load_environment(struct setting *setting, const char *prefix)
{
    char name[128];
    size_t used = (size_t)snprintf(name, sizeof name, "%s", prefix);

    for (const char *c = setting->key; *c && used + 1 < sizeof name; c++)
        name[used++] = (char)toupper((unsigned char)*c);
    name[used] = '\0';

    const char *value = getenv(name);

    return !value || !*value || set(setting, value);
}

bool settings_load(struct setting *settings, size_t count, const char *path, const char *environment_prefix,
                   char *ret_fault, size_t fault_size)
{
    for (size_t i = 0; i < count; i++)
        if (settings[i].default_value && !set(&settings[i], settings[i].default_value))
            goto out_of_memory;
    if (path && !load_file(settings, count, path, ret_fault, fault_size))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!load_environment(&settings[i], environment_prefix))
            goto out_of_memory;
    return true;

out_of_memory:
    snprintf(ret_fault, fault_size, "out of memory");
    return false;
}

void settings_free(struct setting *settings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(settings[i].value);
        settings[i].value = NULL;
    }
}

const char *settings_get(const struct setting *settings, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(settings[i].key, key) == 0)
            return settings[i].value;
    return NULL;
}

bool settings_get_number(const struct setting *settings, size_t count, const char *key, long least, long most,
                         long *ret_value, char *ret_fault, size_t fault_size)
{
    const char *text = settings_get(settings, count, key);
    char *end;

    errno = 0;
    long value = text ? strtol(text, &end, 10) : 0;

    if (!text || errno || end == text || *end || value < least || value > most) {
        snprintf(ret_fault, fault_size, "%s must be a whole number from %ld to %ld, not '%s'", key, least, most,
                 text ? text : "");
        return false;
    }
    *ret_value = value;
    return true;
}
