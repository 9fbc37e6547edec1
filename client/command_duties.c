/* command_duties.c: tributary duties: what each office has to do in a year, and whether it did. */
#include <string.h>

#include "base/json.h"
#include "command.h"
#include "export.h"
#include "fetch.h"
#include "figures.h"
#include "naming.h"
#include "plan_cache.h"
#include "url.h"

static const char *state_word(struct client *client, const char *state)
{
    if (strcmp(state, "done") == 0)
        return client_word(client, duty_done);
    if (strcmp(state, "missed") == 0)
        return client_word(client, duty_missed);
    return strcmp(state, "open") == 0 ? client_word(client, duty_open) : client_word(client, duty_not_yet);
}

/* Something was handed in, and it doesn't tell the figures: 0 of 0 would be none that anybody gave. */
static bool is_untold(const json_t *one)
{
    return json_is_false(json_object_get(one, "known")) && !json_is_null(json_object_get(one, "found"));
}

static const char *figure(struct client *client, const json_t *one, const char *member, bool untold)
{
    const json_t *value = json_object_get(one, member);

    return untold || json_is_null(value) ? "－" : figures_number(client, value);
}

static bool is_left_out(struct client *client, const char *state)
{
    return client_option(client, "undone") && strcmp(state, "done") == 0;
}

static void show(struct client *client, const struct plan *plan, const json_t *answer)
{
    const struct listing_column columns[] = {
        {client_word(client, office), LISTING_LEFT},  {client_word(client, duty), LISTING_WRAPS},
        {client_word(client, state), LISTING_LEFT},   {client_word(client, found), LISTING_RIGHT},
        {client_word(client, wanted), LISTING_RIGHT}, {client_word(client, due_date), LISTING_LEFT},
        {client_word(client, remark), LISTING_WRAPS}};
    struct listing *listing = listing_new(client->arena, columns, sizeof columns / sizeof *columns);
    const json_t *one;
    size_t i;

    json_array_foreach(json_object_get(answer, "duties"), i, one) {
        const char *state = json_text_member(one, "state"), *kind = json_text_member(one, "kind");
        bool untold = is_untold(one);

        if (!state || is_left_out(client, state))
            continue;
        listing_row(listing,
                    (const char *[]){naming_office(client, plan, json_text_member(one, "office")),
                                     naming_of(client, json_object_get(one, "duty_name")),
                                     untold ? client_word(client, rule_unknown) : state_word(client, state),
                                     figure(client, one, "found", untold),
                                     figure(client, one, "wanted", untold && kind && strcmp(kind, "everyone") == 0),
                                     client_date(client, json_text_member(one, "due_date")),
                                     json_is_true(json_object_get(one, "provisional"))
                                         ? client_word(client, figures_provisional)
                                         : ""});
    }
    if (listing_row_count(listing) == 0)
        client_print(client, duties_none);
    else
        client_show(client, listing);
}

static enum exit_status run(struct client *client)
{
    const struct url_parameter parameters[] = {{"year", client_option(client, "year")},
                                               {"office", client_option(client, "office")},
                                               {"basis", client_option(client, "basis")}};
    struct cached_plan plan;
    enum exit_status status = plan_current(client, &plan);
    json_t *answer = NULL;

    if (status == EXIT_DONE) {
        const char *part = url_part(client->arena, plan.plan->code);
        const char *path = part ? arena_format(client->arena, "/v1/plans/%s/duties", part) : NULL;

        status = fetch_shown(
            client, path ? url_query(client->arena, path, parameters, sizeof parameters / sizeof *parameters) : NULL,
            &answer);
        if (answer)
            show(client, plan.plan, answer);
        json_decref(answer);
        cached_plan_release(&plan);
    }
    return status;
}

static const struct option options[] = {
    {"year", "YEAR", {{"年度（民國）；預設為今年", "the ROC year; this one by default"}}},
    {"office", "OFFICE", {{"只看這個機關", "only this office"}}},
    {"basis",
     "latest|official",
     {{"依最新（預設）或正式版本", "by the latest figures (the default) or the official ones"}}},
    {"undone", NULL, {{"只列未完成者", "only what isn't done"}}},
    EXPORT_OPTIONS,
    {0},
};

const struct command command_duties = {
    .name = "duties",
    .usage = "[--year YEAR] [--office OFFICE] …",
    .summary = {{"各機關年度應辦事項及辦理情形", "what each office has to do in a year, and whether it did"}},
    .options = options,
    .run = run};
