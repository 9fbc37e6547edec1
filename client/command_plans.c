/* command_plans.c: tributary plans: the plans the server has for this person. */
#include <string.h>

#include "base/json.h"
#include "command.h"
#include "fetch.h"
#include "naming.h"

static const char *years_text(struct client *client, const json_t *plan)
{
    const json_t *years = json_object_get(plan, "years");

    if (!json_is_object(years))
        return "";
    return arena_format(client->arena, "%" JSON_INTEGER_FORMAT "-%" JSON_INTEGER_FORMAT,
                        json_integer_value(json_object_get(years, "from")),
                        json_integer_value(json_object_get(years, "to")));
}

static const char *version_text(struct client *client, const json_t *plan)
{
    const json_t *version = json_object_get(plan, "version");

    return json_is_integer(version) ? client_number(client, json_integer_value(version)) : json_string_value(version);
}

static enum exit_status run(struct client *client)
{
    const struct listing_column columns[] = {{client_word(client, plan), LISTING_LEFT},
                                             {client_word(client, years), LISTING_LEFT},
                                             {client_word(client, version), LISTING_RIGHT},
                                             {client_word(client, name), LISTING_WRAPS}};
    const json_t *plan;
    json_t *answer;
    size_t i;
    enum exit_status status = fetch_shown(client, "/v1/plans", &answer);

    if (status != EXIT_DONE || !answer)
        return status;

    struct listing *listing = listing_new(client->arena, columns, 4);

    json_array_foreach(json_object_get(answer, "plans"), i, plan) {
        listing_row(listing,
                    (const char *[]){json_text_member(plan, "plan"), years_text(client, plan),
                                     version_text(client, plan), naming_of(client, json_object_get(plan, "name"))});
    }
    if (json_is_true(json_object_get(answer, "sample")))
        client_print(client, sample_label);
    client_show(client, listing);
    json_decref(answer);
    return EXIT_DONE;
}

const struct command command_plans = {
    .name = "plans", .usage = "", .summary = {{"列出可用的計畫", "list the plans you can report to"}}, .run = run};
