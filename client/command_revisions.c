/* command_revisions.c: tributary revisions ID, tributary diff ID --against ID: how a document came to be what it is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "command.h"
#include "export.h"
#include "fetch.h"
#include "naming.h"
#include "plan_cache.h"
#include "remarks.h"
#include "url.h"

static const char *path_of(struct client *client, const char *rest)
{
    const char *part = url_part(client->arena, client->arguments.words[0]);

    return part ? arena_format(client->arena, "/v1/submissions/%s/%s", part, rest) : NULL;
}

static enum exit_status run_revisions(struct client *client)
{
    const struct listing_column columns[] = {{client_word(client, revision), LISTING_RIGHT},
                                             {client_word(client, recorded_at), LISTING_LEFT},
                                             {client_word(client, received_at), LISTING_LEFT},
                                             {client_word(client, id), LISTING_LEFT},
                                             {client_word(client, remark), LISTING_WRAPS}};
    const json_t *item;
    json_t *answer;
    size_t i;
    enum exit_status status = fetch_shown(client, path_of(client, "revisions"), &answer);

    if (status != EXIT_DONE || !answer)
        return status;

    struct listing *listing = listing_new(client->arena, columns, 5);

    json_array_foreach(json_object_get(answer, "revisions"), i, item) {
        listing_row(listing,
                    (const char *[]){client_number(client, json_integer_value(json_object_get(item, "revision"))),
                                     client_moment(client, json_text_member(item, "recorded_at")),
                                     client_moment(client, json_text_member(item, "received_at")),
                                     json_text_member(item, "submission"), remarks_of(client, item)});
    }
    client_show(client, listing);
    json_decref(answer);
    return EXIT_DONE;
}

/* A value on one side of a difference; "" where there is none. */
static const char *side_text(struct client *client, const json_t *value)
{
    bool simple = !value || json_is_string(value) || json_is_null(value);
    char *dump = !simple ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    const char *text = json_is_string(value) ? json_string_value(value) : dump ? arena_text(client->arena, dump) : "";

    free(dump);
    return text;
}

static const char *changed_place(struct client *client, const struct plan *plan, const char *form, const char *path)
{
    const char *name = naming_path(client, plan, form, path, 0);

    return name ? arena_format(client->arena, "%s\n%s", name, path) : path;
}

/* The form that gives cells their names, asked for with the document: a difference doesn't say it. */
static const char *form_of(struct client *client)
{
    const char *part = url_part(client->arena, client->arguments.words[0]);
    json_t *answer = NULL;

    fetch_json(client, part ? arena_format(client->arena, "/v1/submissions/%s", part) : NULL, &answer);

    const char *form = arena_text(client->arena, json_text_member(answer, "form"));

    json_decref(answer);
    return form;
}

static void show_cells(struct client *client, const struct plan *plan, const json_t *cells)
{
    const struct listing_column columns[] = {{client_word(client, place), LISTING_WRAPS},
                                             {client_word(client, before), LISTING_WRAPS},
                                             {client_word(client, after), LISTING_WRAPS}};
    struct listing *listing = listing_new(client->arena, columns, 3);
    const char *form = json_array_size(cells) > 0 ? form_of(client) : NULL;
    const json_t *cell;
    size_t i;

    json_array_foreach(cells, i, cell) {
        listing_row(listing, (const char *[]){changed_place(client, plan, form, json_text_member(cell, "path")),
                                              side_text(client, json_object_get(cell, "before")),
                                              side_text(client, json_object_get(cell, "after"))});
    }
    if (listing_row_count(listing) == 0)
        client_print(client, no_changes);
    else
        client_show(client, listing);
}

static enum exit_status run_diff(struct client *client)
{
    const struct url_parameter against = {"against", client_option(client, "against")};
    const char *path = path_of(client, "diff");
    struct cached_plan plan;
    json_t *answer;

    if (!against.value)
        return client_usage(client, client_text(client, option_needed, "--against"));

    enum exit_status status = fetch_shown(client, path ? url_query(client->arena, path, &against, 1) : NULL, &answer);

    if (status != EXIT_DONE || !answer)
        return status;
    plan_if_cached(client, &plan);
    show_cells(client, plan.plan, json_object_get(answer, "cells"));
    cached_plan_release(&plan);
    json_decref(answer);
    return EXIT_DONE;
}

static const struct option revisions_options[] = {EXPORT_OPTIONS, {0}};

const struct command command_revisions = {.name = "revisions",
                                          .usage = "ID",
                                          .summary = {{"列出一份資料的各版", "list the revisions of a document"}},
                                          .options = revisions_options,
                                          .least_words = 1,
                                          .most_words = 1,
                                          .run = run_revisions};

static const struct option diff_options[] = {
    {"against",
     "ID|official",
     {{"與哪一版比較；official 為目前核定版", "the revision to compare with; official: the one that is official now"}}},
    EXPORT_OPTIONS,
    {0},
};

const struct command command_diff = {.name = "diff",
                                     .usage = "ID --against ID|official",
                                     .summary = {{"比較兩版的差異", "what changed between two revisions"}},
                                     .options = diff_options,
                                     .least_words = 1,
                                     .most_words = 1,
                                     .run = run_diff};
