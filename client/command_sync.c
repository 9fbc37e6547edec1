/* command_sync.c: tributary sync: send what waits in the outbox. */
#include "attaching.h"
#include "command.h"
#include "waiting.h"

static enum exit_status run(struct client *client)
{
    struct outbox *outbox;
    struct waiting_file *files;
    const char **ids;
    size_t count = 0, file_count = 0;
    enum exit_status status = waiting_open(client, &outbox);

    if (status != EXIT_DONE)
        return status;
    waiting_file_list(client->arena, client->config.state, &files, &file_count);
    if (outbox_list(outbox, SHELF_OUTBOX, &ids, &count) == 0 && count == 0 && file_count == 0) {
        if (!client->json)
            client_print(client, nothing_waits);
        return EXIT_DONE;
    }
    if (count > 0)
        status = waiting_send(client, outbox, NULL, 0);
    return file_count > 0 ? exit_worse(status, attaching_send(client, outbox, true)) : status;
}

static const struct option options[] = {
    {"from-any-server",
     NULL,
     {{"為其他伺服器所存的資料，也送往目前設定的伺服器",
       "also send what was kept for another server to the one set now"}}},
    {"progress", NULL, {{"不在終端機上也顯示進度", "show progress even where there is no terminal"}}},
    {0},
};

const struct command command_sync = {.name = "sync",
                                     .usage = "",
                                     .summary = {{"送出待送匣中的資料", "send what waits in the outbox"}},
                                     .options = options,
                                     .run = run};
