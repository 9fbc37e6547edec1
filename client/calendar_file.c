/* calendar_file.c: a calendar as a file. */
#include "calendar_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fetch.h"
#include "files.h"

static enum exit_status write_out(struct client *client, const struct reply *reply, const char *path)
{
    int error;

    if (strcmp(path, "-") == 0)
        return fwrite(reply->body, 1, reply->length, stdout) == reply->length && fflush(stdout) == 0
                   ? EXIT_DONE
                   : client_machine_fault(client, path, errno);
    error = file_save(path, reply->body, reply->length, true);
    if (error)
        return client_machine_fault(client, path, error);
    client_print(client, calendar_saved, path);
    return EXIT_DONE;
}

enum exit_status calendar_file_explain(struct client *client, struct reply *reply)
{
    enum exit_status status = status_meaning(reply->status);
    json_t *json = reply_json(reply);

    fetch_explain(client, reply, json);
    json_decref(json);
    reply_free(reply);
    return status == EXIT_DONE ? EXIT_SERVER_FAULT : status;
}

enum exit_status calendar_file_save(struct client *client, const char *path, const char *file)
{
    struct request request = {.accept = "text/calendar, application/problem+json;q=0.5", .path = path};
    struct reply reply = {0};
    enum exit_status status =
        path ? fetch_send(client, &request, &reply) : client_usage(client, client_word(client, out_of_memory));

    if (status != EXIT_DONE)
        return status;
    if (reply.status != 200 || strncmp(reply.content_type, "text/calendar", 13) != 0)
        return calendar_file_explain(client, &reply);
    status = write_out(client, &reply, file);
    reply_free(&reply);
    return status;
}
