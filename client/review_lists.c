/* review_lists.c: tributary review list, waiting and show. */
#include "review_lists.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "export.h"
#include "fetch.h"
#include "naming.h"
#include "review_words.h"
#include "reviewing.h"
#include "url.h"

#define MOST_LISTED "1000"

static const char *path_of(struct client *client, const struct plan *plan, const char *rest,
                           const struct url_parameter *parameters, size_t count)
{
    const char *part = url_part(client->arena, plan->code);
    const char *path = part ? arena_format(client->arena, "/v1/plans/%s/%s", part, rest) : NULL;

    return path ? url_query(client->arena, path, parameters, count) : NULL;
}

static const char *document_of(struct client *client, const struct plan *plan, const json_t *one)
{
    return naming_document(client, plan, json_text_member(one, "form"), json_text_member(one, "office"),
                           json_text_member(one, "period"));
}

static const char *revision_of(struct client *client, const json_t *one)
{
    return client_number(client, json_integer_value(json_object_get(one, "revision")));
}

/* The day of a moment, where the time of day tells a reader nothing. */
static const char *day_of(struct client *client, const char *moment)
{
    const char *text = client_moment(client, moment), *space = strchr(text, ' ');
    const char *day = space ? arena_copy(client->arena, text, (size_t)(space - text)) : text;

    return day ? day : text;
}

/* The stage, and the meeting of its body. */
static const char *stage_of(struct client *client, const struct plan *plan, const json_t *one)
{
    const char *name = review_stage_name(client, plan, json_text_member(one, "stage")),
               *held_on = json_text_member(one, "held_on");

    return held_on ? client_text(client, stage_and_meeting, name, client_date(client, held_on)) : name;
}

/* The outcome, and that it was out of turn. */
static const char *outcome_of(struct client *client, const json_t *one)
{
    const char *word = review_outcome_word(client, json_text_member(one, "outcome"));

    return json_is_true(json_object_get(one, "break_glass"))
               ? client_text(client, file_of, word, client_word(client, break_glass_word))
               : word;
}

/* The reason, and how many cells were returned with it. */
static const char *reason_of(struct client *client, const json_t *one)
{
    const char *reason = json_text_member(one, "reason");
    size_t cells = json_array_size(json_object_get(one, "cells"));

    if (cells == 0)
        return reason ? reason : "";
    return client_text(client, cells_and_reason, client_number(client, (long long)cells), reason);
}

static void show_reviews(struct client *client, const struct plan *plan, const json_t *reviews, bool of_one)
{
    const struct listing_column columns[] = {
        {client_word(client, document), LISTING_WRAPS}, {client_word(client, revision), LISTING_RIGHT},
        {client_word(client, stage), LISTING_WRAPS},    {client_word(client, outcome), LISTING_LEFT},
        {client_word(client, reason), LISTING_WRAPS},   {client_word(client, when), LISTING_LEFT}};
    size_t skipped = of_one ? 1 : 0;
    struct listing *listing = listing_new(client->arena, columns + skipped, sizeof columns / sizeof *columns - skipped);
    const json_t *one;
    size_t i;

    json_array_foreach(reviews, i, one) {
        const char *texts[] = {document_of(client, plan, one), revision_of(client, one),
                               stage_of(client, plan, one),    outcome_of(client, one),
                               reason_of(client, one),         day_of(client, json_text_member(one, "recorded_at"))};

        listing_row(listing, texts + skipped);
    }
    if (listing_row_count(listing) == 0)
        client_print(client, reviews_none);
    else
        client_show(client, listing);
}

static void show_next(struct client *client, const json_t *answer)
{
    if (json_text_member(answer, "next"))
        client_print(client, list_goes_on, MOST_LISTED);
}

enum exit_status review_list(struct client *client, const struct plan *plan)
{
    const struct url_parameter parameters[] = {{"form", client_option(client, "form")},
                                               {"office", client_option(client, "office")},
                                               {"stage", client_option(client, "stage")},
                                               {"outcome", client_option(client, "outcome")},
                                               {"break_glass", client_option(client, "break-glass") ? "true" : NULL},
                                               {"limit", MOST_LISTED}};
    json_t *answer;
    enum exit_status status = fetch_shown(
        client, path_of(client, plan, "reviews", parameters, sizeof parameters / sizeof *parameters), &answer);

    if (answer) {
        show_reviews(client, plan, json_object_get(answer, "reviews"), false);
        show_next(client, answer);
    }
    json_decref(answer);
    return status;
}

static void show_waiting(struct client *client, const struct plan *plan, const json_t *waiting)
{
    const struct listing_column columns[] = {{client_word(client, document), LISTING_WRAPS},
                                             {client_word(client, stage), LISTING_WRAPS},
                                             {client_word(client, received_at), LISTING_LEFT},
                                             {client_word(client, id), LISTING_LEFT}};
    struct listing *listing = listing_new(client->arena, columns, sizeof columns / sizeof *columns);
    const json_t *one;
    size_t i;

    json_array_foreach(waiting, i, one) {
        listing_row(listing, (const char *[]){document_of(client, plan, one),
                                              review_stage_name(client, plan, json_text_member(one, "stage")),
                                              day_of(client, json_text_member(one, "received_at")),
                                              json_text_member(one, "submission")});
    }
    if (listing_row_count(listing) == 0) {
        client_print(client, waiting_none);
        return;
    }
    client_print(client, waiting_count, client_number(client, (long long)listing_row_count(listing)));
    client_show(client, listing);
}

enum exit_status review_waiting(struct client *client, const struct plan *plan)
{
    const struct url_parameter parameters[] = {{"form", client_option(client, "form")},
                                               {"office", client_option(client, "office")},
                                               {"role", client_option(client, "role")},
                                               {"limit", MOST_LISTED}};
    json_t *answer;
    enum exit_status status = fetch_shown(
        client, path_of(client, plan, "waiting", parameters, sizeof parameters / sizeof *parameters), &answer);

    if (answer) {
        show_waiting(client, plan, json_object_get(answer, "waiting"));
        show_next(client, answer);
    }
    json_decref(answer);
    return status;
}

static void show_one(struct client *client, const struct plan *plan, const json_t *seen, const json_t *reviews)
{
    client_print(client, document_heading, document_of(client, plan, seen), revision_of(client, seen),
                 client_moment(client, json_text_member(seen, "received_at")));
    review_show(client, plan, json_text_member(seen, "form"), json_object_get(seen, "review"));
    puts("");
    show_reviews(client, plan, reviews, true);
}

enum exit_status review_show_one(struct client *client, const struct plan *plan)
{
    struct reviewing reviewing = {.client = client, .plan = plan};
    enum exit_status status;
    json_t *answer = NULL;
    size_t words;

    reviewing.id = reviewing_find(client, plan, &words, &status);
    if (!reviewing.id)
        return status;

    const char *part = url_part(client->arena, reviewing.id);

    status = client->json || export_is_asked(client) ? EXIT_DONE : reviewing_read(&reviewing);
    if (status == EXIT_DONE)
        status =
            fetch_shown(client, part ? arena_format(client->arena, "/v1/submissions/%s/reviews", part) : NULL, &answer);
    if (answer)
        show_one(client, plan, reviewing.seen, json_object_get(answer, "reviews"));
    json_decref(answer);
    reviewing_release(&reviewing);
    return status;
}
