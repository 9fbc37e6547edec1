/* command_compare.c: tributary compare ID: each figure beside last year's, with unusual changes marked. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "command.h"
#include "export.h"
#include "fetch.h"
#include "figures.h"
#include "form/comparison.h"
#include "naming.h"
#include "plan_cache.h"
#include "url.h"

static const char *path_of(struct client *client)
{
    const struct url_parameter parameters[] = {{"against", client_option(client, "against")},
                                               {"basis", client_option(client, "basis")}};
    const char *part = url_part(client->arena, client->arguments.words[0]);
    const char *path = part ? arena_format(client->arena, "/v1/submissions/%s/comparison", part) : NULL;

    return path ? url_query(client->arena, path, parameters, sizeof parameters / sizeof *parameters) : NULL;
}

/* A figure, or why there is none. */
static const char *figure_text(struct client *client, const json_t *side)
{
    const char *state = json_text_member(side, "state");

    if (state && strcmp(state, "not_yet") == 0)
        return client_word(client, not_yet);
    if (state && strcmp(state, "not_applicable") == 0)
        return client_word(client, not_applicable);
    return figures_number(client, json_object_get(side, "value"));
}

/* "+12", "-3"; "" where there is no change to tell. */
static const char *change_text(struct client *client, const json_t *side)
{
    const json_t *change = json_object_get(side, "change");
    const char *number = json_is_null(change) || !change ? "" : figures_number(client, change);
    bool signless = !*number || *number == '-' || strspn(number, "0.") == strlen(number);

    return signless ? number : arena_format(client->arena, "+%s", number);
}

static const char *percent_text(struct client *client, const json_t *side)
{
    const char *percent = json_text_member(side, "percent");

    return percent ? arena_format(client->arena, "%s%%", percent) : "";
}

static const char *place_text(struct client *client, const json_t *cell)
{
    const char *row = json_text_member(cell, "row"), *name = naming_of(client, json_object_get(cell, "name"));

    return row ? arena_format(client->arena, "%s %s", row, name) : name;
}

static const char *kind_word(struct client *client, const char *kind)
{
    if (strcmp(kind, "last_year") == 0)
        return client_word(client, last_year);
    return strcmp(kind, "previous") == 0 ? client_word(client, period_before) : client_word(client, compared_with);
}

/* Whether the plan says what is unusual beside that reference; true as well where the plan isn't known. */
static bool is_judged(const struct form *form, const char *kind)
{
    for (int i = 0; form && i < REFERENCE_COUNT; i++)
        if (strcmp(reference_name((enum reference)i), kind) == 0)
            return reference_is_judged(form, (enum reference)i);
    return true;
}

static void show_reference(struct client *client, const struct form *form, const json_t *reference, const json_t *cells)
{
    const char *kind = json_text_member(reference, "kind"), *period = json_text_member(reference, "period");
    const struct listing_column columns[] = {{client_word(client, item), LISTING_WRAPS},
                                             {client_word(client, this_period), LISTING_RIGHT},
                                             {kind_word(client, kind), LISTING_RIGHT},
                                             {client_word(client, change), LISTING_RIGHT},
                                             {client_word(client, change_percent), LISTING_RIGHT},
                                             {client_word(client, unusual), LISTING_WRAPS}};
    struct listing *listing = listing_new(client->arena, columns, sizeof columns / sizeof *columns);
    const json_t *cell;
    size_t i;

    if (!json_text_member(reference, "submission")) {
        client_print(client, nothing_then, kind_word(client, kind), period);
        return;
    }
    client_print(client, compared_beside, kind_word(client, kind), period,
                 client_number(client, json_integer_value(json_object_get(reference, "revision"))));
    json_array_foreach(cells, i, cell) {
        const json_t *side = json_object_get(cell, kind), *mark = json_object_get(side, "unusual");
        bool marked = json_is_object(mark);

        if (client_option(client, "unusual") && !marked)
            continue;
        listing_row(listing,
                    (const char *[]){place_text(client, cell), figure_text(client, cell), figure_text(client, side),
                                     change_text(client, side), percent_text(client, side),
                                     marked ? arena_format(client->arena, "▲ %s", naming_of(client, mark)) : ""});
    }
    if (listing_row_count(listing) > 0)
        client_show(client, listing);
    else if (is_judged(form, kind))
        client_print(client, nothing_unusual);
    if (!is_judged(form, kind))
        client_print(client, nothing_judged, kind_word(client, kind));
}

static void show(struct client *client, const struct plan *plan, const json_t *answer)
{
    const json_t *references = json_object_get(answer, "references"), *reference;
    const char *form = json_text_member(answer, "form");
    size_t i;

    client_print_text(client, naming_document(client, plan, form, json_text_member(answer, "office"),
                                              json_text_member(answer, "period")));
    if (json_array_size(references) == 0)
        client_print(client, no_earlier_period);
    json_array_foreach(references, i, reference) {
        puts("");
        show_reference(client, plan && form ? plan_form(plan, form) : NULL, reference,
                       json_object_get(answer, "cells"));
    }
}

static enum exit_status run(struct client *client)
{
    struct cached_plan plan;
    json_t *answer;
    enum exit_status status = fetch_shown(client, path_of(client), &answer);

    if (status != EXIT_DONE || !answer)
        return status;
    plan_if_cached(client, &plan);
    if (plan.sample)
        client_print(client, sample_label);
    show(client, plan.plan, answer);
    cached_plan_release(&plan);
    json_decref(answer);
    return EXIT_DONE;
}

static const struct option options[] = {
    {"against",
     "WHAT",
     {{"last_year（去年同期）、previous（前一期）或一個版本的識別碼；預設為前兩者",
       "last_year, previous (the quarter before) or a revision's id; by default the first two"}}},
    {"basis",
     "BASIS",
     {{"前期取 latest（最新版，預設）或 official（已核定）",
       "of the earlier period: latest (the default) or official"}}},
    {"unusual", NULL, {{"只列異常變動", "only unusual changes"}}},
    EXPORT_OPTIONS,
    {0},
};

const struct command command_compare = {
    .name = "compare",
    .usage = "ID [--against last_year|previous|ID]",
    .summary = {{"與去年同期及前一期比較，標示異常變動", "each figure beside last year's, unusual changes marked"}},
    .options = options,
    .least_words = 1,
    .most_words = 1,
    .run = run};
