/* config.c: the person's settings. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "files.h"

enum { CONFIG_LIMIT = 64 * 1024, VALUE_LIMIT = 2048 };

static const struct setting table[CONFIG_SETTING_COUNT] = {
    {.key = "server", .meaning = "address of the server, such as https://tributary.example.gov.tw"},
    {.key = "token", .meaning = "the token that names you"},
    {.key = "plan", .meaning = "code of the plan; not needed if the server has one plan for you"},
    {.key = "ca_file", .meaning = "certificates to trust instead of the system's"},
    {.key = "timeout", .default_value = "60", .meaning = "seconds one request may take"},
    {.key = "attempts", .default_value = "3", .meaning = "how often a request is tried before it waits in the outbox"},
};

/* $VARIABLE/tributary, or ~/fallback/tributary. */
static const char *find_folder(struct arena *arena, const char *variable, const char *fallback)
{
    const char *base = getenv(variable), *home = getenv("HOME");

    if (base && base[0] == '/')
        return arena_format(arena, "%s/tributary", base);
    return home && home[0] == '/' ? arena_format(arena, "%s/%s/tributary", home, fallback) : NULL;
}

bool config_load(struct arena *arena, struct config *ret_config, char *ret_fault, size_t fault_size)
{
    *ret_config = (struct config){.folder = find_folder(arena, "XDG_CONFIG_HOME", ".config"),
                                  .state = find_folder(arena, "XDG_STATE_HOME", ".local/state")};
    memcpy(ret_config->settings, table, sizeof table);
    if (!ret_config->folder || !ret_config->state) {
        snprintf(ret_fault, fault_size, "HOME is not set");
        return false;
    }
    ret_config->file = arena_format(arena, "%s/config", ret_config->folder);
    if (!ret_config->file) {
        snprintf(ret_fault, fault_size, "out of memory");
        return false;
    }
    return settings_load(ret_config->settings, CONFIG_SETTING_COUNT,
                         access(ret_config->file, F_OK) == 0 ? ret_config->file : NULL, "TRIBUTARY_", ret_fault,
                         fault_size);
}

void config_free(struct config *config)
{
    settings_free(config->settings, CONFIG_SETTING_COUNT);
}

const char *config_get(const struct config *config, const char *key)
{
    const char *value = settings_get(config->settings, CONFIG_SETTING_COUNT, key);

    return value && *value ? value : NULL;
}

bool config_get_number(const struct config *config, const char *key, long least, long most, long *ret_value,
                       char *ret_fault, size_t fault_size)
{
    return settings_get_number(config->settings, CONFIG_SETTING_COUNT, key, least, most, ret_value, ret_fault,
                               fault_size);
}

bool config_set(struct config *config, const char *key, const char *value)
{
    for (size_t i = 0; i < CONFIG_SETTING_COUNT; i++) {
        struct setting *setting = &config->settings[i];

        if (strcmp(setting->key, key) == 0) {
            char *copy = strdup(value);

            if (!copy)
                return false;
            free(setting->value);
            setting->value = copy;
            return true;
        }
    }
    return false;
}

/* The value that `keys` gives, or what the file says so far. */
static const char *value_to_save(const struct setting *kept, const char *const *keys, const char *const *values,
                                 size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(keys[i], kept->key) == 0 && values[i])
            return values[i];
    return kept->value;
}

static int write_settings(const struct setting *kept, const char *const *keys, const char *const *values, size_t count,
                          struct buffer *out)
{
    for (size_t i = 0; i < CONFIG_SETTING_COUNT; i++) {
        const char *value = value_to_save(&kept[i], keys, values, count);

        if (!value || !*value)
            continue;
        if (strpbrk(value, "\r\n") || strlen(value) > VALUE_LIMIT)
            return EINVAL;
        buffer_append_format(out, "# %s\n%s = %s\n", kept[i].meaning, kept[i].key, value);
    }
    return out->failed ? ENOMEM : 0;
}

int config_save(const struct config *config, const char *const *keys, const char *const *values, size_t count)
{
    struct setting kept[CONFIG_SETTING_COUNT];
    struct buffer out = BUFFER_WITH_LIMIT(CONFIG_LIMIT);
    char fault[256];
    int error = folder_make(config->folder);

    /* What the file says, without the environment: no variable begins with an impossible prefix. */
    memcpy(kept, table, sizeof kept);
    for (size_t i = 0; i < CONFIG_SETTING_COUNT; i++)
        kept[i].default_value = NULL;
    if (!error && access(config->file, F_OK) == 0 &&
        !settings_load(kept, CONFIG_SETTING_COUNT, config->file, "=", fault, sizeof fault))
        error = EINVAL;
    if (!error)
        error = write_settings(kept, keys, values, count, &out);
    if (!error)
        error = file_write(config->folder, "config", out.data ? out.data : "", out.length);
    settings_free(kept, CONFIG_SETTING_COUNT);
    buffer_free(&out);
    return error;
}

bool config_is_exposed(const struct config *config)
{
    struct stat file;

    return stat(config->file, &file) == 0 && (file.st_mode & (S_IRWXG | S_IRWXO)) != 0;
}
