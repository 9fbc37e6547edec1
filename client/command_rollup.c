/* command_rollup.c: tributary rollup FORM: sums by unit, side by side, with who stands behind each. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "command.h"
#include "figures.h"
#include "naming.h"
#include "url.h"

enum { MOST_UNITS = 400, MOST_MISSING = 40 };

static json_int_t tally(const json_t *element, const char *key)
{
    return json_integer_value(json_object_get(element, key));
}

/* What part of the cells has no value, and why; "" if all have one. */
static const char *gaps_text(struct client *client, const json_t *element)
{
    static const struct {
        const char *key;
        enum message word;
    } gaps[] = {{"not_yet", MESSAGE_not_yet}, {"not_applicable", MESSAGE_not_applicable}, {"blank", MESSAGE_blank}};
    const char *text = "", *comma = client->language == LANGUAGE_ZH ? "、" : ", ";

    for (size_t i = 0; i < sizeof gaps / sizeof *gaps && text; i++) {
        json_int_t count = tally(element, gaps[i].key);

        if (count > 0)
            text = arena_format(client->arena, "%s%s%s %" JSON_INTEGER_FORMAT, text, *text ? comma : "",
                                message_text(gaps[i].word, client->language), count);
    }
    return text && *text ? arena_format(client->arena, " (%s)", text) : "";
}

static const char *element_text(struct client *client, const json_t *element)
{
    if (!element)
        return "";
    return arena_format(client->arena, "%s%s", figures_number(client, json_object_get(element, "value")),
                        gaps_text(client, element));
}

/* The form's elements in the plan's order, then what an older version had, as the answer says it. */
static const char *element_name(struct client *client, const struct form *form, const char *code)
{
    const struct element *element = form ? form_element(form, code) : NULL;

    return element ? name_text(element->name, client->language) : code;
}

static struct listing *new_listing(struct client *client, const struct plan *plan, const json_t *units)
{
    size_t count = json_array_size(units);
    struct listing_column *columns = arena_alloc_array(client->arena, count + 1, sizeof *columns);
    const json_t *unit;
    size_t i;

    if (!columns)
        return NULL;
    columns[0] = (struct listing_column){client_word(client, element), LISTING_WRAPS};
    json_array_foreach(units, i, unit) {
        columns[i + 1] = (struct listing_column){figures_unit(client, plan, unit), LISTING_RIGHT};
    }
    return listing_new(client->arena, columns, count + 1);
}

static void add_row(struct client *client, struct listing *listing, const char *name, const json_t *units,
                    const char *(*text)(struct client *client, const json_t *unit, const char *code), const char *code)
{
    const char *texts[MOST_UNITS + 1] = {name};
    const json_t *unit;
    size_t i;

    json_array_foreach(units, i, unit) {
        texts[i + 1] = text(client, unit, code);
    }
    listing_row(listing, texts);
}

static const char *reported_text(struct client *client, const json_t *unit, const char *code)
{
    return figures_coverage(client, unit, code);
}

static const char *unit_element(struct client *client, const json_t *unit, const char *code)
{
    return element_text(client, json_object_get(json_object_get(unit, "elements"), code));
}

static bool any_unit_has(const json_t *units, const char *code)
{
    const json_t *unit;
    size_t i;

    json_array_foreach(units, i, unit) {
        if (json_object_get(json_object_get(unit, "elements"), code))
            return true;
    }
    return false;
}

static void add_elements(struct client *client, struct listing *listing, const struct form *form, const json_t *units)
{
    json_t *first = json_object_get(json_array_get(units, 0), "elements"), *value;
    const char *code;

    for (size_t i = 0; form && i < form->element_count; i++)
        if (any_unit_has(units, form->elements[i].code))
            add_row(client, listing, element_name(client, form, form->elements[i].code), units, unit_element,
                    form->elements[i].code);
    json_object_foreach(first, code, value) {
        if (!form || !form_element(form, code))
            add_row(client, listing, code, units, unit_element, code);
    }
}

static void show_missing(struct client *client, const struct plan *plan, const json_t *units)
{
    const json_t *unit;
    size_t i;

    json_array_foreach(units, i, unit) {
        const json_t *missing = json_object_get(unit, "missing");

        if (json_array_size(missing) > 0)
            client_print(client, missing_of, figures_unit(client, plan, unit),
                         naming_offices(client, plan, missing, MOST_MISSING));
    }
}

static enum exit_status show(struct client *client, const struct cached_plan *plan, const char *code,
                             const json_t *answer)
{
    const json_t *units = json_object_get(answer, "units");
    const struct form *form = plan_form(plan->plan, code);
    const char *title =
        client_text(client, rollup_of, naming_form(client, plan->plan, code), json_text_member(answer, "period"));
    struct listing *listing = json_array_size(units) <= MOST_UNITS ? new_listing(client, plan->plan, units) : NULL;

    if (!listing)
        return client_usage(client, client_word(client, out_of_memory));
    figures_caption(client, plan, title, answer);
    puts("");
    add_row(client, listing, client_word(client, offices_reported), units, reported_text, "reported");
    add_elements(client, listing, form, units);
    client_show(client, listing);
    puts("");
    show_missing(client, plan->plan, units);
    return EXIT_DONE;
}

static enum exit_status run(struct client *client)
{
    const char *form = client->arguments.words[0], *period = client_option(client, "period");
    const char *part = url_part(client->arena, form);
    struct cached_plan plan;
    json_t *answer;

    if (!period)
        period = client_option(client, "year");
    if (!period)
        return client_usage(client, client_text(client, option_needed, "--period"));
    if (!part)
        return EXIT_USAGE;

    enum exit_status status =
        figures_ask(client, arena_format(client->arena, "rollups/%s", part), "period", period, &plan, &answer);

    if (!answer)
        return status;
    status = show(client, &plan, form, answer);
    json_decref(answer);
    cached_plan_release(&plan);
    return status;
}

const struct command command_rollup = {
    .name = "rollup",
    .usage = "FORM --period PERIOD [--by LEVEL]",
    .summary = {{"一張表單依機關、組或全市彙總", "sums of a form by office, group or city"}},
    .options = figures_options,
    .least_words = 1,
    .most_words = 1,
    .run = run};
