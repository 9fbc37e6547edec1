/* figures.c: asking for figures and saying what they are. */
#include "figures.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "export.h"
#include "fetch.h"
#include "naming.h"
#include "url.h"

enum exit_status figures_ask(struct client *client, const char *rest, const char *name, const char *value,
                             struct cached_plan *ret_plan, json_t **ret_answer)
{
    const char *by = client_option(client, "by");
    const struct url_parameter parameters[] = {{name, value},
                                               {"by", by ? by : "group"},
                                               {"basis", client_option(client, "basis")},
                                               {"as_of", client_option(client, "as-of")}};
    enum exit_status status = plan_current(client, ret_plan);

    *ret_answer = NULL;
    if (status != EXIT_DONE)
        return status;

    const char *plan = url_part(client->arena, ret_plan->plan->code);
    const char *path = plan ? arena_format(client->arena, "/v1/plans/%s/%s", plan, rest) : NULL;

    status = fetch_shown(
        client, path ? url_query(client->arena, path, parameters, sizeof parameters / sizeof *parameters) : NULL,
        ret_answer);
    if (!*ret_answer)
        cached_plan_release(ret_plan);
    return status;
}

void figures_caption(struct client *client, const struct cached_plan *plan, const char *title, const json_t *answer)
{
    const char *basis = json_text_member(answer, "basis"), *as_of = json_text_member(answer, "as_of");
    bool official = basis && strcmp(basis, "official") == 0;

    if (plan->sample)
        client_print(client, sample_label);
    client_print(client, figures_title, name_text(plan->plan->name, client->language), title);
    client_print(client, figures_basis,
                 official ? client_word(client, basis_official) : client_word(client, basis_latest),
                 as_of ? client_exact_moment(client, as_of) : client_word(client, now));
}

const char *figures_number(struct client *client, const json_t *value)
{
    if (json_is_integer(value))
        return client_grouped(client, client_number(client, json_integer_value(value)));
    return json_is_string(value) ? client_grouped(client, json_string_value(value)) : "-";
}

const char *figures_coverage(struct client *client, const json_t *unit, const char *part)
{
    return arena_format(client->arena, "%" JSON_INTEGER_FORMAT "/%" JSON_INTEGER_FORMAT,
                        json_integer_value(json_object_get(unit, part)),
                        json_integer_value(json_object_get(unit, "expected")));
}

const char *figures_unit(struct client *client, const struct plan *plan, const json_t *unit)
{
    const char *name = naming_of(client, json_object_get(unit, "name"));

    if (!*name)
        name = naming_office(client, plan, json_text_member(unit, "unit"));
    return json_is_true(json_object_get(unit, "provisional")) ? client_text(client, provisional, name) : name;
}

const struct option figures_options[] = {
    {"period", "PERIOD", {{"期間，如 113 或 113Q2", "the period: 113, 113Q2"}}},
    {"year", "YEAR", {{"民國年，如 113", "the ROC year, such as 113"}}},
    {"by", "LEVEL", {{"依 office（機關）、group（組，預設）或 city（全市）", "office, group (the default) or city"}}},
    {"basis", "BASIS", {{"latest（最新版，預設）或 official（已核定）", "latest (the default) or official"}}},
    {"as-of", "TIME", {{"回到某一時點，如 2024-05-02T03:04:05Z", "as it was then, such as 2024-05-02T03:04:05Z"}}},
    EXPORT_OPTIONS,
    {0},
};
