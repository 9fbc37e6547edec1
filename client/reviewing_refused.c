/* reviewing_refused.c: why a decision wasn't recorded, and what to do about it. */
#include <string.h>

#include "base/json.h"
#include "fetch.h"
#include "findings_view.h"
#include "naming.h"
#include "review_words.h"
#include "reviewing.h"
#include "url.h"

static json_int_t newest_sequence(const json_t *reviews)
{
    const json_t *last = json_array_get(reviews, json_array_size(reviews) - 1);

    return json_integer_value(json_object_get(last, "sequence"));
}

/* The newest revision and the newest review, said where they aren't what was read. */
static void show_changes(struct reviewing *reviewing)
{
    struct client *client = reviewing->client;
    struct reviewing now = {.client = client, .plan = reviewing->plan, .id = reviewing->id};
    const char *part = url_part(client->arena, reviewing->id);
    json_t *answer = NULL;

    if (!part || reviewing_read(&now) != EXIT_DONE)
        return;
    client_say(client, review_changed);

    const char *current = json_text_member(now.seen, "current");

    if (!json_is_true(json_object_get(now.seen, "is_current")) && current)
        client_say(client, review_newer_revision, current);
    if (fetch_json(client, arena_format(client->arena, "/v1/submissions/%s/reviews", part), &answer) == EXIT_DONE) {
        const json_t *reviews = json_object_get(answer, "reviews"),
                     *last = json_array_get(reviews, json_array_size(reviews) - 1);

        if (newest_sequence(reviews) > 0)
            client_say_text(client, review_line(client, reviewing->plan, last));
    }
    client_say(client, review_state,
               review_state_text(client, reviewing->plan,
                                 json_text_member(json_object_get(now.seen, "review"), "state"),
                                 json_object_get(now.seen, "review")));
    client_say(client, review_look_again, current ? current : reviewing->id);
    json_decref(answer);
    reviewing_release(&now);
}

static void show_unexplained(struct reviewing *reviewing, const json_t *problem)
{
    findings_show(reviewing->client, reviewing->plan, json_text_member(reviewing->seen, "form"),
                  json_object_get(problem, "findings"));
    client_say(reviewing->client, review_explain_hint, reviewing->id);
}

/* The stage that was meant: as named, or the next one. */
static const struct stage *stage_of(const struct reviewing *reviewing, const json_t *body)
{
    const char *code = json_text_member(body, "stage");

    if (!code)
        code = json_text_member(json_object_get(json_object_get(reviewing->seen, "review"), "next"), "stage");
    for (size_t i = 0; reviewing->form && code && i < reviewing->form->stage_count; i++)
        if (strcmp(reviewing->form->stages[i].stage->code, code) == 0)
            return reviewing->form->stages[i].stage;
    return NULL;
}

static void show_no_meeting(struct reviewing *reviewing, const json_t *body)
{
    struct client *client = reviewing->client;
    const struct stage *stage = stage_of(reviewing, body);

    if (stage && stage->own && stage->meetings)
        client_say(client, review_own_meeting_hint, name_text(stage->meetings->name, client->language));
    else if (stage)
        client_say(client, review_meeting_hint, stage->code);
}

static void show_turn(struct reviewing *reviewing)
{
    const json_t *review = json_object_get(reviewing->seen, "review");
    const char *state = json_text_member(review, "state");

    client_say(reviewing->client, review_turn, review_turn_text(reviewing->client, state, review));
}

void reviewing_explain(struct reviewing *reviewing, const struct reply *reply, const json_t *problem,
                       const json_t *body)
{
    struct client *client = reviewing->client;
    const char *code = json_text_member(problem, "code");

    fetch_explain(client, reply, problem);
    if (!code)
        return;
    if (strcmp(code, "precondition_failed") == 0)
        show_changes(reviewing);
    else if (strcmp(code, "explanation_missing") == 0)
        show_unexplained(reviewing, problem);
    else if (strcmp(code, "no_meeting") == 0)
        show_no_meeting(reviewing, body);
    else if (strcmp(code, "stage_not_next") == 0 || strcmp(code, "forbidden") == 0 || strcmp(code, "bad_member") == 0)
        show_turn(reviewing);
    else if (strcmp(code, "own_submission") == 0)
        client_say(client, review_own_hint);
    else if (strcmp(code, "revision_replaced") == 0)
        client_say(client, review_newer_hint, json_text_member(reviewing->seen, "current"));
}
