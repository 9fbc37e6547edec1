/* command_due.c: tributary due: what is overdue or due next, the most urgent first. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "command.h"
#include "due_decisions.h"
#include "due_reviews.h"
#include "naming.h"
#include "obligations.h"
#include "preparations.h"
#include "remarks.h"

enum { MOST_OFFICES = 6 };

/* Obligations that share a line: the same form, period and date. */
struct line {
    const json_t *first;
    json_t *offices; /* codes */
    size_t order;
};

struct lines {
    struct line *items;
    size_t count, hidden;
};

static const char *member(const json_t *obligation, const char *key)
{
    const char *text = json_text_member(obligation, key);

    return text ? text : "";
}

static bool lacks_attachments(const json_t *obligation)
{
    return json_array_size(json_object_get(obligation, "missing_attachments")) > 0;
}

static bool is_wanted(const json_t *obligation, bool all)
{
    enum standing standing = obligation_standing(obligation);

    return all || standing == STANDING_OVERDUE || standing == STANDING_DUE_SOON || lacks_attachments(obligation);
}

/* Whether an obligation may join a line. What was extended, and how it stands, is said for one office alone. */
static bool fits(const struct line *line, const json_t *obligation)
{
    static const char *const keys[] = {"form", "period", "due_date"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(member(line->first, keys[i]), member(obligation, keys[i])) != 0)
            return false;
    return json_is_null(json_object_get(line->first, "extension")) &&
           json_is_null(json_object_get(obligation, "extension")) &&
           json_equal(json_object_get(line->first, "missing_attachments"),
                      json_object_get(obligation, "missing_attachments")) &&
           remarks_equal(line->first, obligation) &&
           obligation_standing(line->first) == obligation_standing(obligation);
}

static void add(struct lines *lines, const json_t *obligation)
{
    json_t *office = json_object_get(obligation, "office");

    for (size_t i = lines->count; i > 0; i--) {
        if (fits(&lines->items[i - 1], obligation)) {
            json_array_append(lines->items[i - 1].offices, office);
            return;
        }
    }
    lines->items[lines->count] = (struct line){obligation, json_pack("[O]", office), lines->count};
    lines->count++;
}

static int compare(const void *a, const void *b)
{
    const struct line *one = a, *other = b;
    int order = strcmp(member(one->first, "due_date"), member(other->first, "due_date"));

    return order ? order : one->order < other->order ? -1 : one->order > other->order;
}

static bool collect(struct client *client, const json_t *answers, struct lines *lines)
{
    const json_t *answer, *obligation;
    size_t i, k, most = 0;
    bool all = client_option(client, "all") != NULL;

    json_array_foreach(answers, i, answer) {
        most += json_array_size(json_object_get(answer, "obligations"));
    }
    lines->items = arena_alloc_array(client->arena, most + 1, sizeof *lines->items);
    if (!lines->items)
        return false;
    json_array_foreach(answers, i, answer) {
        json_array_foreach(json_object_get(answer, "obligations"), k, obligation) {
            if (is_wanted(obligation, all))
                add(lines, obligation);
            else
                lines->hidden++;
        }
    }
    qsort(lines->items, lines->count, sizeof *lines->items, compare);
    return true;
}

/* Days left, or how it was received. */
static const char *left_text(struct client *client, const struct plan *plan, const json_t *obligation)
{
    int days = days_until(client, plan, member(obligation, "due_date"));

    if (obligation_standing(obligation) <= STANDING_LATE)
        return standing_word(client, obligation_standing(obligation));
    if (days == 0)
        return client_word(client, due_today);
    if (days == 1)
        return client_word(client, day_left);
    return days > 0 ? client_text(client, days_left, client_number(client, days))
                    : client_text(client, days_over, client_number(client, -days));
}

/* The names of the required kinds that nothing is attached to. */
static const char *lacking_text(struct client *client, const struct plan *plan, const json_t *obligation)
{
    const struct form *form = plan_form(plan, member(obligation, "form"));
    const char *names = "";
    const json_t *code;
    size_t i;

    json_array_foreach(json_object_get(obligation, "missing_attachments"), i, code) {
        for (size_t k = 0; form && k < form->slot_count; k++)
            if (strcmp(form->slots[k].code, json_string_value(code)) == 0)
                names = arena_format(client->arena, "%s%s%s", names,
                                     *names ? (client->language == LANGUAGE_ZH ? "、" : ", ") : "",
                                     form->slots[k].name.text[client->language]);
    }
    return names ? names : "";
}

static const char *remark_text(struct client *client, const struct plan *plan, const json_t *obligation)
{
    const json_t *extension = json_object_get(obligation, "extension"), *events = json_object_get(obligation, "events");
    const char *text = "", *planned = member(obligation, "planned_date");

    if (!json_is_true(json_object_get(obligation, "hard")))
        text = remarks_join(client, text, client_word(client, in_principle));
    if (strcmp(planned, member(obligation, "due_date")) != 0)
        text = remarks_join(client, text, client_text(client, planned_for, client_date(client, planned)));
    if (json_is_object(extension))
        text = remarks_join(
            client, text,
            client_text(client, extended_by, member(extension, "granted_by"), member(extension, "reason")));
    if (json_is_true(json_object_get(obligation, "provisional")))
        text = remarks_join(client, text, client_word(client, state_provisional));
    if (lacks_attachments(obligation))
        text =
            remarks_join(client, text, client_text(client, attachment_lacks, lacking_text(client, plan, obligation)));
    if (*remarks_of(client, obligation))
        text = remarks_join(client, text, remarks_of(client, obligation));
    if (json_is_object(events))
        text =
            remarks_join(client, text,
                         client_text(client, events_of,
                                     client_number(client, json_integer_value(json_object_get(events, "reported"))),
                                     client_number(client, json_integer_value(json_object_get(events, "expected")))));
    return text;
}

/* How many offices owe the same. */
static size_t owing(const struct plan *plan, const json_t *obligation)
{
    const struct form *form = plan_form(plan, member(obligation, "form"));
    struct period period;
    size_t count = 0;

    for (size_t i = 0; form && period_parse(member(obligation, "period"), &period) && i < plan->office_count; i++)
        count += form_owed_by(form, &plan->offices[i], plan_period_year(plan, period));
    return count;
}

static const char *offices_text(struct client *client, const struct plan *plan, const struct line *line)
{
    size_t count = json_array_size(line->offices);

    if (count > MOST_OFFICES && count == owing(plan, line->first))
        return client_text(client, all_offices, client_number(client, (long long)count));
    return naming_offices(client, plan, line->offices, MOST_OFFICES);
}

static bool one_office(const struct lines *lines)
{
    for (size_t i = 0; i < lines->count; i++)
        if (json_array_size(lines->items[i].offices) > 1 ||
            strcmp(member(lines->items[i].first, "office"), member(lines->items[0].first, "office")) != 0)
            return false;
    return true;
}

static void show_lines(struct client *client, const struct plan *plan, const struct lines *lines)
{
    bool alone = one_office(lines);
    const struct listing_column columns[] = {
        {client_word(client, due_date), LISTING_LEFT}, {client_word(client, state), LISTING_LEFT},
        {client_word(client, form), LISTING_WRAPS},    {client_word(client, period), LISTING_LEFT},
        {client_word(client, remark), LISTING_WRAPS},  {client_word(client, offices_word), LISTING_WRAPS}};
    struct listing *listing = listing_new(client->arena, columns, alone ? 5 : 6);

    for (size_t i = 0; i < lines->count; i++) {
        const struct line *line = &lines->items[i];
        const json_t *one = line->first;

        listing_row(listing,
                    (const char *[]){client_date(client, member(one, "due_date")), left_text(client, plan, one),
                                     naming_of(client, json_object_get(one, "form_name")), member(one, "period"),
                                     remark_text(client, plan, one), offices_text(client, plan, line)});
    }
    client_show(client, listing);
}

static void show(struct client *client, const struct cached_plan *plan, const json_t *answers)
{
    struct lines lines = {0};

    if (plan->sample)
        client_print(client, sample_label);
    due_reviews_show(client, plan->plan, answers);
    if (!client_option(client, "as-of"))
        preparations_show(client, plan->plan);
    due_decisions_show(client, plan->plan, answers);
    if (!collect(client, answers, &lines)) {
        client_say(client, out_of_memory);
        return;
    }
    if (lines.count == 0 && lines.hidden == 0) {
        client_print(client, due_nothing_at_all);
    } else if (lines.count == 0) {
        client_print(client, due_nothing);
    } else {
        const char *office = naming_office(client, plan->plan, member(lines.items[0].first, "office"));

        client_print(client, due_title, one_office(&lines) ? office : name_text(plan->plan->name, client->language));
        puts("");
        show_lines(client, plan->plan, &lines);
        if (lines.hidden > 0)
            client_print(client, due_hidden, client_number(client, (long long)lines.hidden));
    }
    for (size_t i = 0; i < lines.count; i++)
        json_decref(lines.items[i].offices);
}

/* Of one year, or of all: what is overdue since last year is as urgent as what is due tomorrow. */
static enum exit_status ask(struct client *client, const struct plan *plan, json_t *answers)
{
    const char *year = client_option(client, "year");
    enum exit_status status = EXIT_DONE;

    for (int y = plan->from; status == EXIT_DONE && y <= (year ? plan->from : plan->to); y++) {
        json_t *answer;

        status = obligations_ask(client, plan, "obligations", year ? year : client_number(client, y), NULL, &answer);
        if (status == EXIT_DONE)
            json_array_append_new(answers, answer);
    }
    return status;
}

static enum exit_status run(struct client *client)
{
    struct cached_plan plan;
    json_t *answers = json_array();
    enum exit_status status = plan_current(client, &plan);

    if (status == EXIT_DONE) {
        status = ask(client, plan.plan, answers);
        if (status == EXIT_DONE && client->json)
            client_print_json(client_option(client, "year") ? json_array_get(answers, 0) : answers);
        else if (status == EXIT_DONE)
            show(client, &plan, answers);
        cached_plan_release(&plan);
    }
    json_decref(answers);
    return status;
}

static const struct option options[] = {
    {"office", "OFFICE", {{"只列這個機關", "only this office"}}},
    {"form", "FORM", {{"只列這張表單", "only this form"}}},
    {"year",
     "YEAR",
     {{"只列這個年度的期間，如 113（預設：全部年度）", "only periods of this ROC year, such as 113 (by default all)"}}},
    {"all", NULL, {{"也列尚未到期與已收件的項目", "also what is not due yet or was received"}}},
    {"as-of", "TIME", {{"回到某一時點，如 2024-05-02T03:04:05Z", "as it was then, such as 2024-05-02T03:04:05Z"}}},
    {0},
};

const struct command command_due = {.name = "due",
                                    .usage = "[--office OFFICE] [--year YEAR] [--all]",
                                    .summary = {{"逾期與即將到期的填報項目", "what is overdue or due next"}},
                                    .options = options,
                                    .run = run};
