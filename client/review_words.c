/* review_words.c: the review of a submission as a person reads it. */
#include "review_words.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "naming.h"

static bool is(const char *text, const char *word)
{
    return text && strcmp(text, word) == 0;
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static const struct stage *find_stage(const struct plan *plan, const char *code)
{
    for (size_t i = 0; plan && code && i < plan->stage_count; i++)
        if (strcmp(plan->stages[i].code, code) == 0)
            return &plan->stages[i];
    return NULL;
}

const char *review_stage_name(struct client *client, const struct plan *plan, const char *code)
{
    const struct stage *stage = find_stage(plan, code);

    return or_empty(arena_text(client->arena, stage ? name_text(stage->name, client->language) : or_empty(code)));
}

const char *review_outcome_word(struct client *client, const char *outcome)
{
    if (is(outcome, "accept"))
        return client_word(client, outcome_accept);
    if (is(outcome, "return"))
        return client_word(client, outcome_return);
    return is(outcome, "note") ? client_word(client, outcome_note) : or_empty(outcome);
}

static const char *next_name(struct client *client, const json_t *standing)
{
    return naming_of(client, json_object_get(json_object_get(standing, "next"), "name"));
}

const char *review_state_text(struct client *client, const struct plan *plan, const char *state, const json_t *standing)
{
    const char *stage = review_stage_name(client, plan, json_text_member(standing, "stage")),
               *next = next_name(client, standing);

    if (is(state, "returned"))
        return client_text(client, review_returned, stage);
    if (is(state, "official"))
        return *next ? client_text(client, review_official_next, stage, next)
                     : client_text(client, review_official, stage);
    if (is(state, "accepted"))
        return client_text(client, review_accepted, stage, next);
    return is(state, "received") ? client_text(client, review_received, next)
                                 : client_word(client, review_not_received);
}

const char *review_turn_text(struct client *client, const char *state, const json_t *standing)
{
    const char *next = next_name(client, standing);

    if (is(state, "returned"))
        return client_word(client, turn_of_office);
    if (!*next)
        return client_word(client, turn_of_nobody);
    return json_is_true(json_object_get(json_object_get(standing, "next"), "body"))
               ? client_text(client, turn_of_body, next)
               : next;
}

const char *review_ticket_text(struct client *client, const struct plan *plan, const json_t *ticket)
{
    const char *stage = review_stage_name(client, plan, json_text_member(ticket, "stage")),
               *reason = json_text_member(ticket, "reason");

    if (!json_is_object(ticket))
        return "";
    if (json_is_true(json_object_get(ticket, "whole")))
        return client_text(client, review_ticket_short_whole, stage, reason);
    return client_text(client, review_ticket_short, stage,
                       client_number(client, (long long)json_array_size(json_object_get(ticket, "cells"))), reason);
}

const char *review_line(struct client *client, const struct plan *plan, const json_t *review)
{
    return client_text(client, review_newest_word, review_stage_name(client, plan, json_text_member(review, "stage")),
                       review_outcome_word(client, json_text_member(review, "outcome")),
                       client_moment(client, json_text_member(review, "recorded_at")),
                       or_empty(json_text_member(review, "reason")));
}

/* ---- the block below a submission ------------------------------------------------------------------------------- */

static bool holds(const json_t *list, const char *code)
{
    const json_t *one;
    size_t i;

    json_array_foreach(list, i, one) {
        if (is(json_string_value(one), code))
            return true;
    }
    return false;
}

static const char *mark(struct client *client, const json_t *review, const char *code)
{
    if (is(json_text_member(review, "state"), "returned") &&
        is(json_text_member(json_object_get(review, "ticket"), "stage"), code))
        return client_word(client, review_chain_returned);
    if (holds(json_object_get(review, "passed"), code))
        return client_word(client, review_chain_passed);
    return is(json_text_member(json_object_get(review, "next"), "stage"), code) ? client_word(client, review_chain_next)
                                                                                : "";
}

static void show_chain(struct client *client, const struct form *form, const json_t *review)
{
    const struct listing_column columns[] = {{client_word(client, review_word), LISTING_LEFT},
                                             {client_word(client, stage), LISTING_WRAPS},
                                             {client_word(client, code), LISTING_LEFT}};
    struct listing *listing = listing_new(client->arena, columns, 3);

    for (size_t i = 0; i < form->stage_count; i++) {
        const struct stage *stage = form->stages[i].stage;
        const char *name = name_text(stage->name, client->language);

        listing_row(listing,
                    (const char *[]){mark(client, review, stage->code),
                                     form->stages[i].official ? client_text(client, review_official_stage, name) : name,
                                     stage->code});
    }
    client_show(client, listing);
}

/* A row for each cell, with the reason of the newest return that named it. */
static void show_ticket(struct client *client, const struct plan *plan, const char *form, const json_t *ticket)
{
    const struct listing_column columns[] = {{client_word(client, place), LISTING_WRAPS},
                                             {client_word(client, reason), LISTING_WRAPS},
                                             {client_word(client, stage), LISTING_WRAPS}};
    struct listing *listing = listing_new(client->arena, columns, 3);
    const json_t *one, *cell;
    size_t i, k;

    json_array_foreach(json_object_get(ticket, "returns"), i, one) {
        const json_t *cells = json_object_get(one, "cells");
        const char *stage = review_stage_name(client, plan, json_text_member(one, "stage")),
                   *reason = json_text_member(one, "reason");

        if (json_array_size(cells) == 0)
            listing_row(listing, (const char *[]){client_word(client, review_ticket_whole), reason, stage});
        json_array_foreach(cells, k, cell) {
            const char *path = json_string_value(cell), *name = naming_path(client, plan, form, path, 0);

            listing_row(listing, (const char *[]){name ? arena_format(client->arena, "%s\n%s", name, path) : path,
                                                  reason, stage});
        }
    }
    if (listing_row_count(listing) > 0) {
        puts("");
        client_show(client, listing);
    }
}

static void show_official(struct client *client, const json_t *review)
{
    const json_t *official = json_object_get(review, "official");
    const char *state = json_text_member(review, "state");

    if (is(state, "official"))
        return;
    if (json_is_object(official))
        client_print(client, review_official_is,
                     client_number(client, json_integer_value(json_object_get(official, "revision"))),
                     json_text_member(official, "submission"));
    else if (!is(state, "not_received"))
        client_print(client, review_no_official);
}

void review_show(struct client *client, const struct plan *plan, const char *form_code, const json_t *review)
{
    const struct form *form = plan && form_code ? plan_form(plan, form_code) : NULL;
    const json_t *glass;
    size_t i;

    client_print(client, review_state, review_state_text(client, plan, json_text_member(review, "state"), review));
    show_official(client, review);
    json_array_foreach(json_object_get(review, "break_glass"), i, glass) {
        client_print(client, review_glass, review_stage_name(client, plan, json_text_member(glass, "stage")),
                     review_outcome_word(client, json_text_member(glass, "outcome")),
                     client_moment(client, json_text_member(glass, "recorded_at")), json_text_member(glass, "reason"));
    }
    if (form && form->stage_count > 0)
        show_chain(client, form, review);
    show_ticket(client, plan, form_code, json_object_get(review, "ticket"));
}
