/* reviewing.c: reading a submission, sending what a stage says of it, and what it has come to. */
#include "reviewing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "fetch.h"
#include "naming.h"
#include "outbox.h"
#include "review_words.h"
#include "url.h"

/* ---- which submission ------------------------------------------------------------------------------------------- */

/* Of the submissions listed the only one, or that of the event. */
static const char *choose(struct client *client, const json_t *list)
{
    const char *wanted = client_option(client, "event"), *events = "", *found = NULL;
    const json_t *one;
    size_t i, count = 0;

    json_array_foreach(list, i, one) {
        const char *event = json_text_member(one, "event");

        if (wanted && (!event || strcmp(event, wanted) != 0))
            continue;
        found = arena_text(client->arena, json_text_member(one, "submission"));
        events = arena_format(client->arena, "%s%s%s", events, count ? ", " : "", event ? event : "");
        count++;
    }
    if (count == 0)
        client_say(
            client, review_none_such,
            arena_format(client->arena, "%s %s", client_option(client, "form"), client_option(client, "period")));
    else if (count > 1)
        client_say(client, several_events, client_number(client, (long long)count), events);
    return count == 1 ? found : NULL;
}

static const char *find_by_options(struct client *client, const struct plan *plan, enum exit_status *ret_status)
{
    const struct url_parameter parameters[] = {{"form", client_option(client, "form")},
                                               {"office", client_option(client, "office")},
                                               {"period", client_option(client, "period")},
                                               {"limit", "1000"}};
    const char *part = url_part(client->arena, plan->code), *id = NULL;
    json_t *answer = NULL;

    *ret_status =
        fetch_json(client,
                   part ? url_query(client->arena, arena_format(client->arena, "/v1/plans/%s/submissions", part),
                                    parameters, sizeof parameters / sizeof *parameters)
                        : NULL,
                   &answer);
    if (*ret_status == EXIT_DONE && !(id = choose(client, json_object_get(answer, "submissions"))))
        *ret_status = EXIT_USAGE;
    json_decref(answer);
    return id;
}

const char *reviewing_find(struct client *client, const struct plan *plan, size_t *ret_words,
                           enum exit_status *ret_status)
{
    *ret_status = EXIT_DONE;
    *ret_words = 1;
    if (client_option(client, "form") && client_option(client, "period"))
        return find_by_options(client, plan, ret_status);
    if (client->arguments.word_count > 1) {
        *ret_words = 2;
        return client->arguments.words[1];
    }
    *ret_status = client_usage(client, client_word(client, review_of_what));
    return NULL;
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

enum exit_status reviewing_read(struct reviewing *reviewing)
{
    struct client *client = reviewing->client;
    const char *part = url_part(client->arena, reviewing->id);
    struct reply reply = {0};
    enum exit_status status =
        part ? fetch_send(client, &(struct request){.path = arena_format(client->arena, "/v1/submissions/%s", part)},
                          &reply)
             : client_usage(client, client_word(client, out_of_memory));

    if (status != EXIT_DONE)
        return status;

    json_t *json = reply_json(&reply);
    const char *form = json_text_member(json, "form");

    status = status_meaning(reply.status);
    if (status == EXIT_DONE && !json_object_get(json, "document"))
        status = EXIT_SERVER_FAULT;
    if (status == EXIT_DONE) {
        /* Of a revision that was replaced already the server says so itself. */
        if (json_is_true(json_object_get(json, "is_current")))
            snprintf(reviewing->etag, sizeof reviewing->etag, "%s", reply.etag);
        reviewing->form = reviewing->plan && form ? plan_form(reviewing->plan, form) : NULL;
        reviewing->seen = json_incref(json);
    } else {
        fetch_explain(client, &reply, json);
    }
    json_decref(json);
    reply_free(&reply);
    return status;
}

void reviewing_release(struct reviewing *reviewing)
{
    json_decref(reviewing->seen);
    reviewing->seen = NULL;
}

/* ---- sending ---------------------------------------------------------------------------------------------------- */

/* In words what the submission has come to and whose turn it is. */
static void show_done(struct reviewing *reviewing, const struct reply *reply, const json_t *review)
{
    struct client *client = reviewing->client;
    const struct plan *plan = reviewing->plan;
    const json_t *state = json_object_get(review, "state");
    const char *word = json_text_member(state, "state");
    const char *what = naming_document(client, plan, json_text_member(review, "form"),
                                       json_text_member(review, "office"), json_text_member(review, "period"));
    const char *revision = client_text(client, revision_number,
                                       client_number(client, json_integer_value(json_object_get(review, "revision"))));
    const char *said = arena_format(
        client->arena, "%s%s%s", review_stage_name(client, plan, json_text_member(review, "stage")),
        client->language == LANGUAGE_ZH ? "" : ": ", review_outcome_word(client, json_text_member(review, "outcome")));

    if (reply->status == 200)
        client_print(client, review_done_before, what, revision, said);
    else
        client_print(client, review_done, what, revision, said);
    client_print(client, review_came_to, review_state_text(client, plan, word, state));
    client_print(client, review_turn, review_turn_text(client, word, state));
}

static enum exit_status judge(struct reviewing *reviewing, const struct reply *reply, const json_t *body)
{
    json_t *answer = reply_json(reply);
    enum exit_status status = status_meaning(reply->status);

    if (status == EXIT_DONE && !answer)
        status = EXIT_SERVER_FAULT;
    if (reviewing->client->json && answer)
        printf("%s\n", reply->body);
    if (status != EXIT_DONE)
        reviewing_explain(reviewing, reply, answer, body);
    else if (!reviewing->client->json)
        show_done(reviewing, reply, answer);
    json_decref(answer);
    return status;
}

enum exit_status reviewing_send(struct reviewing *reviewing, json_t *body)
{
    struct client *client = reviewing->client;
    char key[OUTBOX_KEY_SIZE], *text = json_dumps(body, JSON_COMPACT);
    const char *clock = client_option(client, "sample-clock"), *part = url_part(client->arena, reviewing->id);
    struct request request = {.path = part ? arena_format(client->arena, "/v1/submissions/%s/reviews", part) : NULL,
                              .body = text,
                              .body_length = text ? strlen(text) : 0,
                              .content_type = "application/json",
                              .idempotency_key = key,
                              .if_match = *reviewing->etag && !client_option(client, "force") ? reviewing->etag : NULL,
                              .sample_clock = clock ? clock : getenv("TRIBUTARY_SAMPLE_CLOCK")};
    struct reply reply = {0};
    enum exit_status status;

    outbox_make_key(key);
    if (!text || !request.path)
        status = client_usage(client, client_word(client, out_of_memory));
    else
        status = fetch_send(client, &request, &reply);
    free(text);
    if (status == EXIT_DONE) {
        status = judge(reviewing, &reply, body);
        reply_free(&reply);
    }
    json_decref(body);
    return status;
}
