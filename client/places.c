/* places.c: folders by server. */
#include "places.h"

#include <string.h>

#include "base/digest.h"

const char *place_of_server(struct arena *arena, const char *state, const char *room, const char *server)
{
    struct digest digest = digest_of(server, strlen(server));
    char name[DIGEST_TEXT_SIZE];

    digest_format(&digest, name);
    return arena_format(arena, "%s/%s/%.16s", state, room, name);
}
