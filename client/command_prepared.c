/* command_prepared.c: tributary prepared list|show|release|reject: what a colleague prepared and another releases (核章). */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "command.h"
#include "export.h"
#include "fetch.h"
#include "findings_view.h"
#include "naming.h"
#include "outbox.h"
#include "plan_cache.h"
#include "url.h"
#include "waiting.h"

/* "/v1/prepared/ID" and what follows; NULL without memory. */
static const char *path_of(struct client *client, const char *id, const char *verb)
{
    const char *part = url_part(client->arena, id);

    return part ? arena_format(client->arena, "/v1/prepared/%s%s", part, verb) : NULL;
}

static const char *document_name(struct client *client, const struct plan *plan, const json_t *prepared)
{
    return naming_document(client, plan, json_text_member(prepared, "form"), json_text_member(prepared, "office"),
                           json_text_member(prepared, "period"));
}

/* A person's name, or the id of who has none. */
static const char *preparer(const json_t *prepared)
{
    const char *name = json_text_member(prepared, "prepared_by_name");

    return name ? name : json_text_member(prepared, "prepared_by");
}

/* ---- list, show ---------------------------------------------------------------------------------------------------- */

static void show_list(struct client *client, const struct plan *plan, const json_t *list)
{
    const struct listing_column columns[] = {{client_word(client, document), LISTING_WRAPS},
                                             {client_word(client, prepared_by), LISTING_WRAPS},
                                             {client_word(client, prepared_at), LISTING_LEFT},
                                             {client_word(client, may_release), LISTING_LEFT},
                                             {client_word(client, id), LISTING_LEFT}};
    struct listing *listing = listing_new(client->arena, columns, sizeof columns / sizeof *columns);
    const json_t *one;
    size_t i;

    json_array_foreach(list, i, one) {
        bool may = json_is_true(json_object_get(json_object_get(one, "may"), "release"));

        listing_row(listing, (const char *[]){document_name(client, plan, one), preparer(one),
                                              client_moment(client, json_text_member(one, "prepared_at")),
                                              may ? client_word(client, yes) : "", json_text_member(one, "prepared")});
    }
    if (listing_row_count(listing) == 0)
        client_print(client, prepared_none);
    else
        client_show(client, listing);
}

static enum exit_status list(struct client *client, const struct plan *plan)
{
    const char *part = url_part(client->arena, plan->code);
    json_t *answer = NULL;
    enum exit_status status = fetch_shown(
        client, part ? arena_format(client->arena, "/v1/plans/%s/prepared?limit=500", part) : NULL, &answer);

    if (answer)
        show_list(client, plan, json_object_get(answer, "prepared"));
    json_decref(answer);
    return status;
}

/* What became of it, once somebody decided. */
static void show_end(struct client *client, const json_t *prepared)
{
    const char *state = json_text_member(prepared, "state"), *reason = json_text_member(prepared, "reason");
    const char *ended_at = client_moment(client, json_text_member(prepared, "ended_at"));

    if (state && strcmp(state, "rejected") == 0)
        client_print(client, prepared_given_back, ended_at, reason ? reason : "");
    else if (state && strcmp(state, "released") == 0)
        client_print(client, prepared_released, ended_at);
}

static enum exit_status show(struct client *client, const struct plan *plan, const char *id)
{
    json_t *answer = NULL;
    enum exit_status status = fetch_shown(client, path_of(client, id, ""), &answer);

    if (answer) {
        const json_t *document = json_object_get(answer, "document");
        char *text = json_is_object(document) ? json_dumps(document, JSON_INDENT(2)) : NULL;

        client_print(client, prepared_head, document_name(client, plan, answer), preparer(answer),
                     client_moment(client, json_text_member(answer, "prepared_at")));
        if (text)
            client_print_text(client, text);
        show_end(client, answer);
        findings_show(client, plan, json_text_member(answer, "form"), json_object_get(answer, "findings"));
        free(text);
    }
    json_decref(answer);
    return status;
}

/* ---- release, reject ------------------------------------------------------------------------------------------------ */

/* By way of the outbox: a receipt that the line lost comes with the next try, and is kept with the others. */
static enum exit_status release(struct client *client, const char *id)
{
    char key[OUTBOX_KEY_SIZE];
    const char *clock = client_option(client, "sample-clock"), *entry_id;
    json_t *prepared = NULL;
    struct outbox *outbox;
    enum exit_status status = fetch_json(client, path_of(client, id, ""), &prepared);
    struct outbox_entry entry = {.server = fetch_server(client),
                                 .path = path_of(client, id, "/release"),
                                 .content_type = "application/json",
                                 .idempotency_key = key,
                                 .sample_clock = clock ? clock : getenv("TRIBUTARY_SAMPLE_CLOCK"),
                                 .form = json_text_member(prepared, "form"),
                                 .office = json_text_member(prepared, "office"),
                                 .period = json_text_member(prepared, "period"),
                                 .base = -1,
                                 .body = "{}",
                                 .body_length = 2};

    outbox_make_key(key);
    if (status == EXIT_DONE && (!entry.server || !entry.path))
        status = EXIT_USAGE;
    if (status == EXIT_DONE)
        status = waiting_open(client, &outbox);
    if (status == EXIT_DONE) {
        int error = outbox_store(outbox, &entry, &entry_id);

        status = error ? client_machine_fault(client, client->config.state, error)
                       : waiting_send(client, outbox, &entry_id, 1);
    }
    json_decref(prepared);
    return status;
}

static enum exit_status reject(struct client *client, const struct plan *plan, const char *id)
{
    const char *reason = client_option(client, "reason");
    json_t *body, *answer;
    struct reply reply = {0};
    enum exit_status status;
    char *text;

    if (!reason)
        return client_usage(client, client_text(client, option_needed, "--reason"));
    body = json_pack("{ss}", "reason", reason);
    text = body ? json_dumps(body, JSON_COMPACT) : NULL;
    json_decref(body);

    struct request request = {.path = path_of(client, id, "/rejection"),
                              .body = text,
                              .body_length = text ? strlen(text) : 0,
                              .content_type = "application/json"};

    status = text && request.path ? fetch_send(client, &request, &reply)
                                  : client_usage(client, client_word(client, out_of_memory));
    free(text);
    if (status != EXIT_DONE)
        return status;
    answer = reply_json(&reply);
    status = reply.status == 422 || reply.status == 409 ? EXIT_REFUSED : status_meaning(reply.status);
    if (status != EXIT_DONE || !answer)
        fetch_explain(client, &reply, answer);
    else if (client->json)
        client_print_json(answer);
    else
        client_print(client, prepared_rejected, document_name(client, plan, answer));
    json_decref(answer);
    reply_free(&reply);
    return status;
}

static enum exit_status run(struct client *client)
{
    const char *what = client->arguments.words[0],
               *id = client->arguments.word_count > 1 ? client->arguments.words[1] : NULL;
    bool lists = strcmp(what, "list") == 0, shows = strcmp(what, "show") == 0, releases = strcmp(what, "release") == 0,
         rejects = strcmp(what, "reject") == 0;
    struct cached_plan plan;
    enum exit_status status;

    if (!(lists ? !id : (shows || releases || rejects) && id))
        return client_usage(client, client_word(client, prepared_what));
    if (releases)
        return release(client, id);
    status = plan_current(client, &plan);
    if (status != EXIT_DONE)
        return status;
    status = lists ? list(client, plan.plan) : shows ? show(client, plan.plan, id) : reject(client, plan.plan, id);
    cached_plan_release(&plan);
    return status;
}

static const struct option options[] = {
    {"reason", "TEXT", {{"reject：退回的理由", "reject: why it is given back"}}},
    {"sample-clock", "TIME", {{"樣本資料庫的收件時間", "when it is said to have come; sample databases only"}}},
    {0},
};

const struct command command_prepared = {
    .name = "prepared",
    .usage = "list | show ID | release ID | reject ID --reason TEXT",
    .summary = {{"核章：列出、核章送出或退回同仁編製的資料", "list, release or give back what a colleague prepared"}},
    .details =
        {{"職責為編製者報送後，資料先待核章；由同機關另一人核章送出，才正式收件並取得收據。",
          "What somebody hands in whose duty is to prepare waits, until another person of the office releases it: only then "
          "it is taken in, and its receipt is kept."}},
    .options = options,
    .least_words = 1,
    .most_words = 2,
    .run = run};
