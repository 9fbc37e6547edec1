/* keys.c: pinned public keys, one file a server. */
#include "keys.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "fetch.h"
#include "files.h"
#include "places.h"

#define KEYS_FILE "keys.json"

enum { KEYS_LIMIT = 1024 * 1024, MOST_KEY_VALUES = 100000 };

static bool key_of(const json_t *item, char ret_id[static KEY_ID_SIZE], unsigned char ret_key[static PUBLIC_KEY_SIZE])
{
    const char *text = json_text_member(item, "ed25519_public"), *id = json_text_member(item, "key");

    if (!text || !id || !receipt_key_parse(text, ret_key))
        return false;
    proof_key_id(ret_key, ret_id);
    return strcmp(id, ret_id) == 0;
}

bool keys_find_in(const json_t *answer, const char *id, unsigned char ret_key[static PUBLIC_KEY_SIZE])
{
    unsigned char key[PUBLIC_KEY_SIZE];
    char found[KEY_ID_SIZE];
    const json_t *item;
    size_t i;

    json_array_foreach(json_object_get(answer, "keys"), i, item) {
        if (key_of(item, found, key) && strcmp(found, id) == 0) {
            memcpy(ret_key, key, sizeof key);
            return true;
        }
    }
    return false;
}

/* The kept keys in that folder; NULL if there are none. The caller decrefs. */
static json_t *read_kept(struct client *client, const char *folder)
{
    const char *path = arena_format(client->arena, "%s/" KEYS_FILE, folder), *bytes;
    struct json_fault fault;
    size_t length;

    if (!path || file_read(client->arena, path, KEYS_LIMIT, &bytes, &length) != 0)
        return NULL;
    return json_parse_strict(bytes, length, MOST_KEY_VALUES, &fault);
}

bool keys_find(struct client *client, const char *id, unsigned char ret_key[static PUBLIC_KEY_SIZE])
{
    const char *room = arena_format(client->arena, "%s/keys", client->config.state), **names;
    size_t count;
    bool found = false;

    if (!room || folder_list(client->arena, room, "", &names, &count) != 0)
        return false;
    for (size_t i = 0; i < count && !found; i++) {
        const char *folder = arena_format(client->arena, "%s/%s", room, names[i]);
        json_t *kept = folder ? read_kept(client, folder) : NULL;

        found = keys_find_in(kept, id, ret_key);
        json_decref(kept);
    }
    return found;
}

/* Adds what `answer` has and `kept` hasn't; returns how many. */
static size_t add_new(struct client *client, json_t *kept, const json_t *answer, bool first_time)
{
    unsigned char key[PUBLIC_KEY_SIZE];
    char id[KEY_ID_SIZE];
    json_t *item;
    size_t i, added = 0;

    json_array_foreach(json_object_get(answer, "keys"), i, item) {
        if (!key_of(item, id, key) || keys_find_in(kept, id, key))
            continue;
        if (json_array_append(json_object_get(kept, "keys"), item) == 0)
            added++;
        if (!first_time)
            client_say(client, new_key, id);
    }
    return added;
}

static int write_kept(const char *folder, const json_t *kept)
{
    char *text = json_dumps(kept, JSON_INDENT(2));
    int error = text ? folder_make(folder) : ENOMEM;

    if (!error)
        error = file_write(folder, KEYS_FILE, text, strlen(text));
    free(text);
    return error;
}

enum exit_status keys_fetch(struct client *client)
{
    const char *server = fetch_server(client);
    const char *folder = server ? place_of_server(client->arena, client->config.state, "keys", server) : NULL;
    json_t *answer = NULL;
    enum exit_status status = folder ? fetch_json(client, "/v1/keys", &answer) : EXIT_USAGE;

    if (status != EXIT_DONE)
        return status;

    json_t *kept = read_kept(client, folder);
    bool first_time = kept == NULL;

    if (first_time)
        kept = json_pack("{ss s[]}", "server", server, "keys");

    size_t added = add_new(client, kept, answer, first_time);
    int error = added > 0 ? write_kept(folder, kept) : 0;

    json_decref(kept);
    json_decref(answer);
    return error ? client_machine_fault(client, folder, error) : EXIT_DONE;
}
