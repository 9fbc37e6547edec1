/* known_server.c: a folder for each server that has answered. */
#include "known_server.h"

#include <string.h>
#include <unistd.h>

#include "fetch.h"
#include "files.h"
#include "places.h"

#define ANSWERED "answered"

bool known_server(struct client *client, const char *server)
{
    static const char *const rooms[] = {ANSWERED, "plans", "keys"};

    for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++) {
        const char *folder = place_of_server(client->arena, client->config.state, rooms[i], server);

        if (!folder || access(folder, F_OK) == 0)
            return true; /* for want of memory rather known than not */
    }
    return false;
}

void known_server_note(struct client *client)
{
    const char *server = fetch_server(client);
    const char *folder = server ? place_of_server(client->arena, client->config.state, ANSWERED, server) : NULL;
    int error = folder ? folder_make(folder) : 0;

    if (error)
        client_machine_fault(client, folder, error);
}

bool known_server_lets_go(struct client *client, const char *kept_for, const char *server, const char *name)
{
    if (strcmp(kept_for, server) == 0)
        return true;
    if (!client_option(client, "from-any-server") && known_server(client, kept_for)) {
        client_say(client, kept_for_other, name, kept_for, server);
        return false;
    }
    client_say(client, sent_for_other, name, kept_for, server);
    return true;
}
