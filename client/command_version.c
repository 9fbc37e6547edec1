/* command_version.c: tributary version. */
#include "command.h"

#include <stdio.h>

#include "base/version.h"

static enum exit_status run(struct client *client)
{
    if (client->json)
        puts("{\"program\":\"tributary\",\"version\":\"" TRIBUTARY_VERSION "\"}");
    else
        puts("tributary " TRIBUTARY_VERSION);
    return EXIT_DONE;
}

const struct command command_version = {
    .name = "version", .usage = "", .summary = {{"顯示版本", "print the version"}}, .run = run};
