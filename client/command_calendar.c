/* command_calendar.c: tributary calendar: due dates for a calendar program, as a file or as an address to subscribe to. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "calendar_file.h"
#include "command.h"
#include "fetch.h"
#include "naming.h"
#include "outbox.h"
#include "plan_cache.h"
#include "url.h"

static enum exit_status save(struct client *client, const char *plan, const char *path)
{
    const struct url_parameter parameters[] = {{"office", client_option(client, "office")},
                                               {"year", client_option(client, "year")},
                                               {"form", client_option(client, "form")},
                                               {"lang", client->language == LANGUAGE_ZH ? "zh" : "en"}};

    return calendar_file_save(client,
                              url_query(client->arena, arena_format(client->arena, "/v1/plans/%s/calendar.ics", plan),
                                        parameters, sizeof parameters / sizeof *parameters),
                              path);
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
        return calendar_file_explain(client, &reply);

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

/* The addresses there are, without their secrets. */
static enum exit_status list_addresses(struct client *client, const char *plan)
{
    const struct listing_column columns[] = {{client_word(client, id), LISTING_LEFT},
                                             {client_word(client, office), LISTING_WRAPS},
                                             {client_word(client, created), LISTING_LEFT},
                                             {client_word(client, taken_back_at), LISTING_LEFT}};
    struct listing *listing = listing_new(client->arena, columns, 4);
    struct cached_plan cached;
    json_t *answer;
    const json_t *one;
    size_t i;
    enum exit_status status =
        fetch_shown(client, arena_format(client->arena, "/v1/plans/%s/calendar-feeds", plan), &answer);

    if (!answer)
        return status;
    plan_if_cached(client, &cached);
    json_array_foreach(json_object_get(answer, "feeds"), i, one) {
        const char *office = json_text_member(one, "office");

        listing_row(listing, (const char *[]){json_text_member(one, "feed"),
                                              office ? naming_office(client, cached.plan, office) : "",
                                              client_moment(client, json_text_member(one, "recorded_at")),
                                              client_moment(client, json_text_member(one, "revoked_at"))});
    }
    if (listing_row_count(listing) == 0)
        client_print(client, calendar_no_addresses);
    else
        client_show(client, listing);
    cached_plan_release(&cached);
    json_decref(answer);
    return status;
}

static enum exit_status take_back(struct client *client, const char *feed)
{
    const char *part = url_part(client->arena, feed);
    char key[OUTBOX_KEY_SIZE];
    struct request request = {.path = part ? arena_format(client->arena, "/v1/calendar-feeds/%s", part) : NULL,
                              .method = "DELETE",
                              .idempotency_key = key};
    struct reply reply = {0};
    enum exit_status status;

    outbox_make_key(key);
    status = request.path ? fetch_send(client, &request, &reply) : EXIT_USAGE;
    if (status != EXIT_DONE)
        return status;
    if (reply.status != 200)
        return calendar_file_explain(client, &reply);
    if (client->json)
        printf("%s\n", reply.body);
    else
        client_print(client, calendar_revoked, feed);
    reply_free(&reply);
    return EXIT_DONE;
}

static enum exit_status run(struct client *client)
{
    const char *output = client_option(client, "output");
    const char *revoked = client_option(client, "revoke");
    bool subscribes = client_option(client, "subscribe") != NULL, lists = client_option(client, "addresses") != NULL;
    enum exit_status status;

    if (!!output + !!revoked + subscribes + lists != 1)
        return client_usage(client, client_word(client, calendar_target));

    if (revoked)
        return take_back(client, revoked);

    const char *plan = plan_code(client, &status), *part = plan ? url_part(client->arena, plan) : NULL;

    if (!part)
        return status == EXIT_DONE ? EXIT_USAGE : status;
    if (lists)
        return list_addresses(client, part);
    return subscribes ? subscribe(client, part) : save(client, part, output);
}

static const struct option options[] = {
    {"output",
     "FILE",
     {{"寫入的檔案，可簡寫為 -o；「-」為標準輸出", "the file to write, in short -o; \"-\" is standard output"}}},
    {"subscribe",
     NULL,
     {{"改為建立行事曆程式可訂閱的秘密網址", "instead, make a secret address that a calendar program subscribes to"}}},
    {"addresses", NULL, {{"列出已建立的網址（不含秘密部分）", "list the addresses there are, without their secrets"}}},
    {"revoke", "ID", {{"收回網址", "take an address back"}}},
    {"office", "OFFICE", {{"只列這個機關", "only this office"}}},
    {"year", "YEAR", {{"只列這個年度的期間（檔案）", "only periods of this ROC year (in a file)"}}},
    {"form", "FORM", {{"只列這張表單（檔案）", "only this form (in a file)"}}},
    {0},
};

const struct command command_calendar = {.name = "calendar",
                                         .usage = "-o FILE.ics | --subscribe | --addresses | --revoke ID",
                                         .summary = {{"填報期限、列管事項與會議的行事曆（iCalendar）",
                                                      "due dates, decisions and meetings as a calendar (iCalendar)"}},
                                         .options = options,
                                         .run = run};
