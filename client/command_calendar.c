/* command_calendar.c: tributary calendar: due dates for a calendar program, as a file or as an address to subscribe to. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "command.h"
#include "fetch.h"
#include "files.h"
#include "outbox.h"
#include "plan_cache.h"
#include "url.h"

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

/* Ends a reply that wasn't what was asked for, with the reason said. */
static enum exit_status explain(struct client *client, struct reply *reply)
{
    enum exit_status status = status_meaning(reply->status);
    json_t *json = reply_json(reply);

    fetch_explain(client, reply, json);
    json_decref(json);
    reply_free(reply);
    return status == EXIT_DONE ? EXIT_SERVER_FAULT : status;
}

static enum exit_status save(struct client *client, const char *plan, const char *path)
{
    const struct url_parameter parameters[] = {{"office", client_option(client, "office")},
                                               {"year", client_option(client, "year")},
                                               {"form", client_option(client, "form")},
                                               {"lang", client->language == LANGUAGE_ZH ? "zh" : "en"}};
    struct request request = {.accept = "text/calendar, application/problem+json;q=0.5",
                              .path = url_query(client->arena,
                                                arena_format(client->arena, "/v1/plans/%s/calendar.ics", plan),
                                                parameters, sizeof parameters / sizeof *parameters)};
    struct reply reply = {0};
    enum exit_status status = fetch_send(client, &request, &reply);

    if (status != EXIT_DONE)
        return status;
    if (reply.status != 200 || strncmp(reply.content_type, "text/calendar", 13) != 0)
        return explain(client, &reply);
    status = write_out(client, &reply, path);
    reply_free(&reply);
    return status;
}

static enum exit_status subscribe(struct client *client, const char *plan)
{
    const char *office = client_option(client, "office"), *server = fetch_server(client);
    json_t *body = json_pack("{ss*}", "office", office);
    char key[OUTBOX_KEY_SIZE], *text = json_dumps(body, JSON_COMPACT);
    struct request request = {.path = arena_format(client->arena, "/v1/plans/%s/calendar-feeds", plan),
                              .body = text,
                              .body_length = text ? strlen(text) : 0,
                              .content_type = "application/json",
                              .idempotency_key = key};
    struct reply reply = {0};
    enum exit_status status;

    outbox_make_key(key);
    status = server && text ? fetch_send(client, &request, &reply) : EXIT_USAGE;
    free(text);
    json_decref(body);
    if (status != EXIT_DONE)
        return status;
    if (reply.status != 201)
        return explain(client, &reply);

    json_t *feed = reply_json(&reply);
    const char *url = json_text_member(feed, "url");

    if (client->json)
        client_print_json(feed);
    else {
        client_say(client, calendar_address, json_text_member(feed, "feed"));
        printf("%s%s\n", server, url ? url : "");
    }
    json_decref(feed);
    reply_free(&reply);
    return url ? EXIT_DONE : EXIT_SERVER_FAULT;
}

static enum exit_status run(struct client *client)
{
    const char *output = client_option(client, "output");
    bool subscribes = client_option(client, "subscribe") != NULL;
    enum exit_status status;

    if (!output == !subscribes)
        return client_usage(client, client_word(client, calendar_target));

    const char *plan = plan_code(client, &status), *part = plan ? url_part(client->arena, plan) : NULL;

    if (!part)
        return status == EXIT_DONE ? EXIT_USAGE : status;
    return subscribes ? subscribe(client, part) : save(client, part, output);
}

static const struct option options[] = {
    {"output",
     "FILE",
     {{"寫入的檔案，可簡寫為 -o；「-」為標準輸出", "the file to write, in short -o; \"-\" is standard output"}}},
    {"subscribe",
     NULL,
     {{"改為建立行事曆程式可訂閱的秘密網址", "instead, make a secret address that a calendar program subscribes to"}}},
    {"office", "CODE", {{"只列這個機關", "only this office"}}},
    {"year", "YEAR", {{"只列這個年度的期間（檔案）", "only periods of this ROC year (in a file)"}}},
    {"form", "FORM", {{"只列這張表單（檔案）", "only this form (in a file)"}}},
    {0},
};

const struct command command_calendar = {
    .name = "calendar",
    .usage = "-o FILE.ics | --subscribe [--office CODE]",
    .summary = {{"填報期限的行事曆（iCalendar）", "due dates as a calendar (iCalendar)"}},
    .options = options,
    .run = run};
