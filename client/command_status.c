/* command_status.c: tributary status: what waits, what was taken in, what came back, and what the server has. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "command.h"
#include "due_decisions.h"
#include "export.h"
#include "fetch.h"
#include "naming.h"
#include "plan_cache.h"
#include "remarks.h"
#include "review_words.h"
#include "shelves.h"
#include "url.h"
#include "waiting.h"
#include "waiting_files.h"
#include "year_status.h"

static json_t *waiting_files_json(struct client *client)
{
    struct waiting_file *files;
    json_t *list = json_array();
    size_t count = 0;

    if (waiting_file_list(client->arena, client->config.state, &files, &count) != 0)
        return list;
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{ss ss ss ss sI}", "id", files[i].id, "server", files[i].server, "name",
                                              files[i].name, "slot", files[i].slot, "size", (json_int_t)files[i].size));
    return list;
}

static void show_waiting_files(struct client *client)
{
    struct waiting_file *files;
    const char *names = "";
    size_t count = 0;

    if (waiting_file_list(client->arena, client->config.state, &files, &count) != 0 || count == 0)
        return;
    for (size_t i = 0; i < count; i++)
        names = arena_format(client->arena, "%s%s%s (%s)", names, i ? ", " : "", files[i].name, files[i].slot);
    client_print(client, attachments_wait, names);
    puts("");
}

static bool any_remarks(struct client *client, const json_t *answer)
{
    const json_t *item;
    size_t i;

    json_array_foreach(json_object_get(answer, "submissions"), i, item)
        if (*remarks_of(client, item))
            return true;
    return false;
}

static const char *review_text(struct client *client, const struct plan *plan, const json_t *review)
{
    const char *state = json_text_member(review, "state");

    return state ? review_state_text(client, plan, state, review) : "";
}

static void show_submissions(struct client *client, const struct plan *plan, const json_t *answer)
{
    const struct listing_column columns[] = {
        {client_word(client, document), LISTING_WRAPS},   {client_word(client, revision), LISTING_RIGHT},
        {client_word(client, received_at), LISTING_LEFT}, {client_word(client, review_word), LISTING_WRAPS},
        {client_word(client, id), LISTING_LEFT},          {client_word(client, remark), LISTING_WRAPS}};
    struct listing *listing = listing_new(client->arena, columns, any_remarks(client, answer) ? 6 : 5);
    const json_t *item;
    size_t i;

    json_array_foreach(json_object_get(answer, "submissions"), i, item) {
        listing_row(listing, (const char *[]){
                                 naming_document(client, plan, json_text_member(item, "form"),
                                                 json_text_member(item, "office"), json_text_member(item, "period")),
                                 client_number(client, json_integer_value(json_object_get(item, "revision"))),
                                 client_moment(client, json_text_member(item, "received_at")),
                                 review_text(client, plan, json_object_get(item, "review")),
                                 json_text_member(item, "submission"), remarks_of(client, item)});
    }
    client_print(client, server_has, client_number(client, (long long)listing_row_count(listing)));
    client_show(client, listing);
    if (json_text_member(answer, "next"))
        client_print(client, more_on_server);
}

/* The newest of what the server has of this person's office; as a file that is all that is said. */
static enum exit_status ask_server(struct client *client, json_t **ret_answer)
{
    enum exit_status status;
    const char *plan = plan_code(client, &status), *part = plan ? url_part(client->arena, plan) : NULL;
    const struct url_parameter parameters[] = {{"form", client_option(client, "form")},
                                               {"office", client_option(client, "office")},
                                               {"period", client_option(client, "period")},
                                               {"limit", export_is_asked(client) ? "1000" : "100"}};

    if (!part)
        return status == EXIT_DONE ? EXIT_USAGE : status;

    const char *path = url_query(client->arena, arena_format(client->arena, "/v1/plans/%s/submissions", part),
                                 parameters, sizeof parameters / sizeof *parameters);

    return export_is_asked(client) ? export_answer(client, path) : fetch_json(client, path, ret_answer);
}

static enum exit_status print_all_json(struct client *client, struct outbox *outbox, bool ask)
{
    json_t *all, *answer = NULL, *known = NULL;
    enum exit_status status = ask ? ask_server(client, &answer) : EXIT_DONE;

    if (status == EXIT_DONE && ask)
        status = shelves_ask(client, outbox, &known);
    all = shelves_json(client, outbox, known);
    json_decref(known);
    json_object_set_new(all, "attachments", waiting_files_json(client));
    if (status == EXIT_DONE && answer)
        json_object_set_new(all, "server", answer);
    client_print_json(all);
    json_decref(all);
    return status;
}

static enum exit_status run_year(struct client *client, struct outbox *outbox, const char *year)
{
    return year_status_show(client, year, shelves_waiting(client, outbox));
}

/* Unless only submissions of a form or a period are asked for. */
static enum exit_status tell_decisions(struct client *client, struct cached_plan *plan)
{
    enum exit_status status = EXIT_DONE;

    if (client_option(client, "form") || client_option(client, "period"))
        return EXIT_DONE;
    if (!plan->plan)
        status = plan_current(client, plan);
    return status == EXIT_DONE ? due_decisions_tell(client, plan->plan) : status;
}

static enum exit_status run(struct client *client)
{
    bool ask = !client_option(client, "local");
    struct outbox *outbox;
    struct cached_plan plan;
    json_t *answer = NULL, *known = NULL;
    enum exit_status status = waiting_open(client, &outbox);

    if (status != EXIT_DONE)
        return status;
    if (client_option(client, "year"))
        return run_year(client, outbox, client_option(client, "year"));
    if (export_is_asked(client))
        return ask_server(client, &answer);
    if (client->json)
        return print_all_json(client, outbox, ask);
    plan_if_cached(client, &plan);
    status = ask ? shelves_ask(client, outbox, &known) : EXIT_DONE;
    shelves_show(client, outbox, plan.plan, known);
    show_waiting_files(client);
    json_decref(known);
    if (ask && status == EXIT_DONE) {
        status = ask_server(client, &answer);
        if (status == EXIT_DONE) {
            show_submissions(client, plan.plan, answer);
            json_decref(answer);
            status = tell_decisions(client, &plan);
        }
    }
    cached_plan_release(&plan);
    return status;
}

static const struct option options[] = {
    {"year",
     "YEAR",
     {{"改列這個年度各機關各表單的填報情形，如 113",
       "instead, how every office and form of this ROC year stands, such as 113"}}},
    {"as-of", "TIME", {{"填報情形回到某一時點", "with --year: as it was then, such as 2024-05-02T03:04:05Z"}}},
    {"local", NULL, {{"只看本機，不詢問伺服器", "only this machine; do not ask the server"}}},
    {"form", "FORM", {{"伺服器上只列這張表單", "of the server's, only this form"}}},
    {"office", "OFFICE", {{"伺服器上只列這個機關", "of the server's, only this office"}}},
    {"period", "PERIOD", {{"伺服器上只列這個期間", "of the server's, only this period"}}},
    EXPORT_OPTIONS,
    {0},
};

const struct command command_status = {.name = "status",
                                       .usage = "[--year YEAR]",
                                       .summary = {{"待送、收據、退件，以及伺服器上已收的資料",
                                                    "what waits, receipts, refusals, and what the server has"}},
                                       .options = options,
                                       .run = run};
