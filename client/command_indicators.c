/* command_indicators.c: tributary indicators: each indicator against its target, with who stands behind the figure. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "command.h"
#include "figures.h"
#include "naming.h"

enum { MOST_MISSING = 13 };

static const char *percent(struct client *client, const json_t *rate)
{
    return json_is_string(rate) ? arena_format(client->arena, "%s%%", json_string_value(rate)) : "-";
}

/* Whether the target is met; with the target where the office has one of its own. */
static const char *met_text(struct client *client, const json_t *unit)
{
    const json_t *met = json_object_get(unit, "met");
    const char *word = json_is_true(met)    ? client_word(client, met)
                       : json_is_false(met) ? client_word(client, not_met)
                                            : "-";
    const char *own = json_text_member(unit, "target");

    return own ? arena_format(client->arena, "%s (%s%%)", word, own) : word;
}

static const char *fraction(struct client *client, const json_t *numbers)
{
    return arena_format(client->arena, "%s / %s", figures_number(client, json_object_get(numbers, "numerator")),
                        figures_number(client, json_object_get(numbers, "denominator")));
}

/* What the rate would be if nobody, or everybody, of the offices that aren't counted were trained. */
static const char *bounds_text(struct client *client, const json_t *unit)
{
    const json_t *bounds = json_object_get(unit, "bounds");
    const char *low = json_text_member(bounds, "low"), *high = json_text_member(bounds, "high");

    if (!low || !high)
        return "-";
    return arena_format(client->arena, "%s-%s%%", low, high);
}

static const char *part_name(struct client *client, const struct indicator *indicator, const json_t *part)
{
    const char *code = json_text_member(part, "code");

    for (size_t i = 0; indicator && code && i < indicator->part_count; i++)
        if (strcmp(indicator->parts[i].code, code) == 0)
            return name_text(indicator->parts[i].name, client->language);
    return code ? code : "";
}

/* With a target: rate, met, gap and bounds; without one only the rate, and the parts it is made of. */
static void add_unit(struct client *client, struct listing *listing, const struct plan *plan,
                     const struct indicator *indicator, const json_t *unit, bool with_target)
{
    const char *name = figures_unit(client, plan, unit), *rate = percent(client, json_object_get(unit, "rate"));
    const char *counted = figures_coverage(client, unit, "counted");
    const char *missing = naming_offices(client, plan, json_object_get(unit, "missing"), MOST_MISSING);
    const json_t *part;
    size_t i;

    if (with_target) {
        listing_row(listing, (const char *[]){name, rate, met_text(client, unit),
                                              figures_number(client, json_object_get(unit, "gap")),
                                              fraction(client, unit), counted, missing, bounds_text(client, unit)});
        return;
    }
    listing_row(listing, (const char *[]){name, rate, fraction(client, unit), counted, missing});
    json_array_foreach(json_object_get(unit, "parts"), i, part) {
        listing_row(listing,
                    (const char *[]){arena_format(client->arena, "  %s", part_name(client, indicator, part)),
                                     percent(client, json_object_get(part, "rate")), fraction(client, part), "", ""});
    }
}

static struct listing *new_listing(struct client *client, bool with_target)
{
    const struct listing_column full[] = {
        {client_word(client, unit), LISTING_WRAPS},        {client_word(client, rate), LISTING_RIGHT},
        {client_word(client, target_met), LISTING_LEFT},   {client_word(client, gap), LISTING_RIGHT},
        {client_word(client, fraction), LISTING_RIGHT},    {client_word(client, counted), LISTING_RIGHT},
        {client_word(client, not_counted), LISTING_WRAPS}, {client_word(client, bounds), LISTING_LEFT}};
    const struct listing_column plain[] = {{client_word(client, unit), LISTING_WRAPS},
                                           {client_word(client, rate), LISTING_RIGHT},
                                           {client_word(client, fraction), LISTING_RIGHT},
                                           {client_word(client, counted), LISTING_RIGHT},
                                           {client_word(client, not_counted), LISTING_WRAPS}};

    return with_target ? listing_new(client->arena, full, sizeof full / sizeof *full)
                       : listing_new(client->arena, plain, sizeof plain / sizeof *plain);
}

static void show_indicator(struct client *client, const struct plan *plan, const json_t *answer)
{
    const char *code = json_text_member(answer, "code"), *target = json_text_member(answer, "target");
    const char *name = naming_of(client, json_object_get(answer, "name"));
    const struct indicator *indicator = code ? plan_indicator(plan, code) : NULL;
    struct listing *listing = new_listing(client, target != NULL);
    const json_t *unit;
    size_t i;

    puts("");
    if (target)
        client_print(client, indicator_with_target, name, code, target);
    else
        client_print(client, indicator_heading, name, code);
    json_array_foreach(json_object_get(answer, "units"), i, unit) {
        add_unit(client, listing, plan, indicator, unit, target != NULL);
    }
    client_show(client, listing);
}

static enum exit_status run(struct client *client)
{
    const char *year = client_option(client, "year");
    const json_t *indicator;
    struct cached_plan plan;
    json_t *answer;
    size_t i;

    if (!year)
        return client_usage(client, client_text(client, option_needed, "--year"));

    enum exit_status status = figures_ask(client, "indicators", "year", year, &plan, &answer);

    if (!answer)
        return status;
    figures_caption(client, &plan, client_text(client, indicators_of, year), answer);
    json_array_foreach(json_object_get(answer, "indicators"), i, indicator) {
        show_indicator(client, plan.plan, indicator);
    }
    json_decref(answer);
    cached_plan_release(&plan);
    return EXIT_DONE;
}

const struct command command_indicators = {.name = "indicators",
                                           .usage = "--year YEAR [--by LEVEL]",
                                           .summary = {{"指標達成情形：比率、目標、尚差人數與納計機關",
                                                        "indicators against their targets, with who is counted"}},
                                           .options = figures_options,
                                           .run = run};
