/* meeting_add.c: a meeting of a body of the city that was held already. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "client.h"
#include "fetch.h"
#include "meetings.h"
#include "outbox.h"
#include "review_words.h"

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
    struct request request = {.path = meetings_path(client, plan, "meetings", NULL, 0),
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

enum exit_status meeting_add(struct client *client, const struct plan *plan)
{
    json_t *body = make_body(client, plan);
    enum exit_status status = body ? send(client, plan, body) : EXIT_USAGE;

    json_decref(body);
    return status;
}
