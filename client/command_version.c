/* command_version.c: tributary version. */
#include "command.h"

#include <stdio.h>

#include "base/version.h"

static enum exit_status run(struct client *client)
{
    const char *commit = *client->commit ? client->commit : NULL;

    if (client->json) {
        json_t *answer =
            json_pack("{ss ss ss?}", "program", "tributary", "version", TRIBUTARY_VERSION, "commit", commit);

        client_print_json(answer);
        json_decref(answer);
    } else if (commit) {
        printf("tributary %s (%s)\n", TRIBUTARY_VERSION, commit);
    } else {
        printf("tributary %s\n", TRIBUTARY_VERSION);
    }
    return EXIT_DONE;
}

const struct command command_version = {
    .name = "version",
    .usage = "",
    .summary = {{"顯示版本，及其程式碼的提交識別", "print the version, and the commit it is made from"}},
    .run = run};
