/* fetch.c: asking the server. */
#include "fetch.h"
#include "export.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/period.h"
#include "url.h"

enum { MOST_VALUES = 4 * 1000 * 1000, MOST_SECONDS = 3600, MOST_ATTEMPTS = 20 };

const char *fetch_server(struct client *client)
{
    const char *given = config_get(&client->config, "server"), *server;

    if (!given) {
        client_usage(client, client_word(client, no_server));
        return NULL;
    }
    server = url_server(client->arena, given);
    if (!server)
        client_usage(client, client_text(client, bad_server, given));
    return server;
}

static enum exit_status open_transport(struct client *client)
{
    const char *server = fetch_server(client);
    struct transport_options options = {
        .server = server, .ca_file = config_get(&client->config, "ca_file"), .language = client->language};
    char fault[256];

    if (!server)
        return EXIT_USAGE;
    if (!config_get_number(&client->config, "timeout", 1, MOST_SECONDS, &options.timeout_seconds, fault,
                           sizeof fault) ||
        !config_get_number(&client->config, "attempts", 1, MOST_ATTEMPTS, &options.attempts, fault, sizeof fault))
        return client_usage(client, fault);
    if (url_is_readable_by_others(server))
        client_say(client, token_in_the_clear, server);
    client->transport = transport_new(&options);
    if (!client->transport) {
        client_say(client, out_of_memory);
        return EXIT_USAGE;
    }
    return EXIT_DONE;
}

enum exit_status fetch_send(struct client *client, const struct request *request, struct reply *ret_reply)
{
    struct request sent = *request;
    const char *fault = NULL;
    enum exit_status status = client->transport ? EXIT_DONE : open_transport(client);

    if (status != EXIT_DONE)
        return status;
    if (!sent.token)
        sent.token = config_get(&client->config, "token");
    switch (transport_send(client->transport, &sent, ret_reply, &fault)) {
    case TRANSPORT_ANSWERED: return EXIT_DONE;
    case TRANSPORT_BAD_SETTINGS: return client_usage(client, fault);
    case TRANSPORT_BAD_ANSWER: client_say(client, bad_answer, fault); return EXIT_SERVER_FAULT;
    case TRANSPORT_UNREACHABLE: break;
    }
    client_say(client, unreachable, config_get(&client->config, "server"), fault);
    return EXIT_UNREACHABLE;
}

json_t *reply_json(const struct reply *reply)
{
    struct json_fault fault;

    return reply->body && strstr(reply->content_type, "json")
               ? json_parse_strict(reply->body, reply->length, MOST_VALUES, &fault)
               : NULL;
}

bool reply_is_problem(const struct reply *reply, const json_t *json)
{
    return strncmp(reply->content_type, "application/problem+json", 24) == 0 && json_text_member(json, "code");
}

enum exit_status status_meaning(long status)
{
    static const struct {
        long from, to;
        enum exit_status meaning;
    } meanings[] = {
        {200, 299, EXIT_DONE},        {401, 401, EXIT_NOT_ALLOWED}, {403, 403, EXIT_NOT_ALLOWED},
        {408, 408, EXIT_UNREACHABLE}, {409, 409, EXIT_REFUSED},     {412, 412, EXIT_REFUSED},
        {413, 413, EXIT_REFUSED},     {422, 422, EXIT_REFUSED},     {425, 425, EXIT_UNREACHABLE},
        {429, 429, EXIT_UNREACHABLE}, {400, 499, EXIT_USAGE},       {502, 504, EXIT_UNREACHABLE},
    };

    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (status >= meanings[i].from && status <= meanings[i].to)
            return meanings[i].meaning;
    return EXIT_SERVER_FAULT;
}

void fetch_explain(struct client *client, const struct reply *reply, const json_t *json)
{
    const char *number = client_number(client, reply->status);
    const char *title = json_text_member(json, "title"), *detail = json_text_member(json, "detail");
    timestamp moment;

    if (detail && timestamp_parse(detail, &moment))
        detail = client_exact_moment(client, detail);
    if (reply->status >= 300 && reply->status < 400)
        client_say(client, redirect_refused, number);
    else if (!reply_is_problem(reply, json))
        client_say(client, not_our_answer, number);
    else if (detail && title && strcmp(detail, title) != 0)
        client_say(client, problem_with_detail, title, detail, json_text_member(json, "code"));
    else
        client_say(client, problem, title ? title : detail, json_text_member(json, "code"));
}

static enum exit_status fetch(struct client *client, const char *path, bool shown, json_t **ret_json)
{
    struct reply reply = {0};
    enum exit_status status = path ? fetch_send(client, &(struct request){.path = path}, &reply)
                                   : client_usage(client, client_word(client, out_of_memory));

    *ret_json = NULL;
    if (status != EXIT_DONE)
        return status;

    json_t *json = reply_json(&reply);

    status = status_meaning(reply.status);
    if (status == EXIT_DONE && !json)
        status = EXIT_SERVER_FAULT;
    if (shown && json)
        printf("%s\n", reply.body);
    if (status != EXIT_DONE)
        fetch_explain(client, &reply, json);
    else if (!shown)
        *ret_json = json_incref(json);
    json_decref(json);
    reply_free(&reply);
    return status;
}

enum exit_status fetch_json(struct client *client, const char *path, json_t **ret_json)
{
    return fetch(client, path, false, ret_json);
}

void fetch_quietly(struct client *client, const char *path, json_t **ret_json)
{
    struct request request = {.path = path, .token = config_get(&client->config, "token")};
    struct reply reply = {0};
    const char *fault;

    *ret_json = NULL;
    if (!path || !client->transport ||
        transport_send(client->transport, &request, &reply, &fault) != TRANSPORT_ANSWERED)
        return;
    if (status_meaning(reply.status) == EXIT_DONE)
        *ret_json = reply_json(&reply);
    reply_free(&reply);
}

enum exit_status fetch_shown(struct client *client, const char *path, json_t **ret_json)
{
    *ret_json = NULL;
    if (export_is_asked(client))
        return export_answer(client, path);
    return fetch(client, path, client->json, ret_json);
}
