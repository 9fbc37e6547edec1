/* command_meeting.c: tributary meeting add|list: meetings of the city's bodies, which reviews are recorded against. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "command.h"
#include "export.h"
#include "fetch.h"
#include "naming.h"
#include "outbox.h"
#include "plan_cache.h"
#include "review_words.h"
#include "url.h"

static const char *path_of(struct client *client, const struct plan *plan, const struct url_parameter *parameters,
                           size_t count)
{
    const char *part = url_part(client->arena, plan->code);
    const char *path = part ? arena_format(client->arena, "/v1/plans/%s/meetings", part) : NULL;

    return path ? url_query(client->arena, path, parameters, count) : NULL;
}

static void show_list(struct client *client, const struct plan *plan, const json_t *list)
{
    const struct listing_column columns[] = {{client_word(client, meeting), LISTING_WRAPS},
                                             {client_word(client, held_on), LISTING_LEFT},
                                             {client_word(client, document_number), LISTING_WRAPS},
                                             {client_word(client, id), LISTING_LEFT}};
    struct listing *listing = listing_new(client->arena, columns, sizeof columns / sizeof *columns);
    const json_t *one;
    size_t i;

    json_array_foreach(list, i, one) {
        listing_row(listing,
                    (const char *[]){review_stage_name(client, plan, json_text_member(one, "body")),
                                     client_date(client, json_text_member(one, "held_on")),
                                     json_text_member(one, "document_number"), json_text_member(one, "meeting")});
    }
    if (listing_row_count(listing) == 0)
        client_print(client, meetings_none);
    else
        client_show(client, listing);
}

static enum exit_status list(struct client *client, const struct plan *plan)
{
    const struct url_parameter body = {"body", client_option(client, "body")};
    json_t *answer;
    enum exit_status status = fetch_shown(client, path_of(client, plan, &body, 1), &answer);

    if (answer)
        show_list(client, plan, json_object_get(answer, "meetings"));
    json_decref(answer);
    return status;
}

/* ---- add -------------------------------------------------------------------------------------------------------- */

static bool is_body(const struct stage *stage)
{
    return stage->body && !stage->own;
}

/* The code of a body of the city by its code or name; NULL if there is none. */
static const char *find_body(const struct plan *plan, const char *given)
{
    for (size_t i = 0; i < plan->stage_count; i++)
        if (is_body(&plan->stages[i]) &&
            (strcmp(plan->stages[i].code, given) == 0 || strcmp(plan->stages[i].name.text[0], given) == 0 ||
             strcmp(plan->stages[i].name.text[1], given) == 0))
            return plan->stages[i].code;
    return NULL;
}

static const char *all_bodies(struct client *client, const struct plan *plan)
{
    const char *names = "";

    for (size_t i = 0; i < plan->stage_count; i++)
        if (is_body(&plan->stages[i]))
            names = arena_format(client->arena, "%s%s%s (%s)", names, *names ? ", " : "", plan->stages[i].code,
                                 name_text(plan->stages[i].name, client->language));
    return names;
}

static json_t *make_body(struct client *client, const struct plan *plan)
{
    const char *const *words = client->arguments.words;
    const char *body = client->arguments.word_count == 3 ? find_body(plan, words[1]) : NULL;
    char iso[DATE_TEXT_SIZE];
    struct date date;

    if (!body) {
        client_usage(client, client_text(client, meeting_add_how, all_bodies(client, plan)));
        return NULL;
    }
    if (!date_parse_habit(words[2], &date)) {
        client_usage(client, client_text(client, bad_date_option, client_word(client, held_on), words[2]));
        return NULL;
    }
    date_format_iso(date, iso);
    return json_pack("{ss ss ss*}", "body", body, "held_on", iso, "document_number", client_option(client, "number"));
}

static void show_added(struct client *client, const struct plan *plan, const struct reply *reply, const json_t *meeting)
{
    const char *name = review_stage_name(client, plan, json_text_member(meeting, "body")),
               *day = client_date(client, json_text_member(meeting, "held_on")),
               *id = json_text_member(meeting, "meeting");

    if (reply->status == 200)
        client_print(client, meeting_known, name, day, id);
    else
        client_print(client, meeting_recorded, name, day, id);
}

static enum exit_status send(struct client *client, const struct plan *plan, const json_t *body)
{
    char key[OUTBOX_KEY_SIZE], *text = json_dumps(body, JSON_COMPACT);
    const char *clock = client_option(client, "sample-clock");
    struct request request = {.path = path_of(client, plan, NULL, 0),
                              .body = text,
                              .body_length = text ? strlen(text) : 0,
                              .content_type = "application/json",
                              .idempotency_key = key,
                              .sample_clock = clock ? clock : getenv("TRIBUTARY_SAMPLE_CLOCK")};
    struct reply reply = {0};
    enum exit_status status;

    outbox_make_key(key);
    if (!text || !request.path)
        status = client_usage(client, client_word(client, out_of_memory));
    else
        status = fetch_send(client, &request, &reply);
    free(text);
    if (status == EXIT_UNREACHABLE)
        client_say(client, review_offline);
    if (status != EXIT_DONE)
        return status;

    json_t *answer = reply_json(&reply);

    status = status_meaning(reply.status);
    if (status != EXIT_DONE || !answer)
        fetch_explain(client, &reply, answer);
    else if (client->json)
        client_print_json(answer);
    else
        show_added(client, plan, &reply, answer);
    json_decref(answer);
    reply_free(&reply);
    return status;
}

static enum exit_status add(struct client *client, const struct plan *plan)
{
    json_t *body = make_body(client, plan);
    enum exit_status status = body ? send(client, plan, body) : EXIT_USAGE;

    json_decref(body);
    return status;
}

static enum exit_status run(struct client *client)
{
    bool adds = strcmp(client->arguments.words[0], "add") == 0;
    struct cached_plan plan;
    enum exit_status status;

    if (!adds && strcmp(client->arguments.words[0], "list") != 0)
        return client_usage(client, client_word(client, meeting_what));
    status = plan_cached(client, &plan);
    if (status != EXIT_DONE)
        return status;
    status = adds ? add(client, plan.plan) : list(client, plan.plan);
    cached_plan_release(&plan);
    return status;
}

static const struct option options[] = {
    {"number", "TEXT", {{"會議紀錄的公文文號", "the document number of its minutes"}}},
    {"body", "BODY", {{"list：只列這個會議", "list: only this body"}}},
    EXPORT_OPTIONS,
    {"sample-clock", "TIME", {{"樣本資料庫的時間", "when it is said to happen; sample databases only"}}},
    {0},
};

const struct command command_meeting = {
    .name = "meeting",
    .usage = "add BODY DATE [--number TEXT] | list [--body BODY]",
    .summary = {{"登錄或列出市府的會議（審查據以登錄）",
                 "record or list meetings of the city's bodies, which reviews are recorded against"}},
    .details =
        {{"機關自己的專案小組會議不在此登錄，而是以其會議紀錄表單報送。",
          "Meetings of an office's own task group are not recorded here: their record is a form that the office hands in."}},
    .options = options,
    .least_words = 1,
    .most_words = 3,
    .run = run};
