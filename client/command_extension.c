/* command_extension.c: tributary extension grant|revoke|list: due dates that are put off. */
#include <string.h>

#include "base/json.h"
#include "command.h"
#include "export.h"
#include "fetch.h"
#include "naming.h"
#include "plan_cache.h"
#include "posting.h"
#include "url.h"

static const char *path_of(struct client *client, const struct plan *plan, const struct url_parameter *parameters,
                           size_t count)
{
    const char *part = url_part(client->arena, plan->code);
    const char *path = part ? arena_format(client->arena, "/v1/plans/%s/extensions", part) : NULL;

    return path ? url_query(client->arena, path, parameters, count) : NULL;
}

/* ---- list --------------------------------------------------------------------------------------------------------- */

static void show_list(struct client *client, const struct plan *plan, const json_t *list)
{
    const struct listing_column columns[] = {
        {client_word(client, document), LISTING_WRAPS},   {client_word(client, until), LISTING_LEFT},
        {client_word(client, in_force), LISTING_LEFT},    {client_word(client, reason), LISTING_WRAPS},
        {client_word(client, granted_by), LISTING_WRAPS}, {client_word(client, recorded_at), LISTING_LEFT}};
    struct listing *listing = listing_new(client->arena, columns, sizeof columns / sizeof *columns);
    const json_t *one;
    size_t i;

    json_array_foreach(list, i, one) {
        const char *until = json_text_member(one, "until");

        listing_row(listing,
                    (const char *[]){naming_document(client, plan, json_text_member(one, "form"),
                                                     json_text_member(one, "office"), json_text_member(one, "period")),
                                     until ? client_date(client, until) : client_word(client, taken_back),
                                     json_is_true(json_object_get(one, "current")) ? client_word(client, yes) : "",
                                     json_text_member(one, "reason"), json_text_member(one, "granted_by"),
                                     client_moment(client, json_text_member(one, "recorded_at"))});
    }
    if (listing_row_count(listing) == 0)
        client_print(client, extensions_none);
    else
        client_show(client, listing);
}

static enum exit_status list(struct client *client, const struct plan *plan)
{
    const struct url_parameter parameters[] = {{"office", client_option(client, "office")},
                                               {"form", client_option(client, "form")},
                                               {"year", client_option(client, "year")},
                                               {"as_of", client_option(client, "as-of")}};
    json_t *answer;
    enum exit_status status =
        fetch_shown(client, path_of(client, plan, parameters, sizeof parameters / sizeof *parameters), &answer);

    if (answer)
        show_list(client, plan, json_object_get(answer, "extensions"));
    json_decref(answer);
    return status;
}

/* ---- grant, revoke ------------------------------------------------------------------------------------------------ */

/* A date in any habit, as the contract writes it; NULL, having said so, if it is none. */
static const char *read_until(struct client *client)
{
    const char *text = posting_needs(client, "until");
    char iso[DATE_TEXT_SIZE];
    struct date date;

    if (!text)
        return NULL;
    if (!date_parse_habit(text, &date)) {
        client_usage(client, client_text(client, bad_date_option, "--until", text));
        return NULL;
    }
    date_format_iso(date, iso);
    return arena_text(client->arena, iso);
}

static json_t *make_body(struct client *client, bool grants)
{
    const char *office = posting_needs(client, "office"), *form = office ? posting_needs(client, "form") : NULL,
               *period = form ? posting_needs(client, "period") : NULL,
               *reason = period ? posting_needs(client, "reason") : NULL,
               *until = reason && grants ? read_until(client) : NULL;

    if (!reason || (grants && !until))
        return NULL;
    return json_pack("{ss ss ss ss? ss ss*}", "office", office, "form", form, "period", period, "until", until,
                     "reason", reason, "granted_by", client_option(client, "granted-by"));
}

static void show_done(struct client *client, const struct plan *plan, const struct posted *posted)
{
    const json_t *extension = posted->answer;
    const char *until = json_text_member(extension, "until");
    const char *what = naming_document(client, plan, json_text_member(extension, "form"),
                                       json_text_member(extension, "office"), json_text_member(extension, "period"));

    if (!until)
        client_print(client, extension_ended, what);
    else if (posted->unchanged)
        client_print(client, extension_unchanged, what);
    else
        client_print(client, extension_granted, what, client_date(client, until));
}

static enum exit_status change(struct client *client, const struct plan *plan, bool grants)
{
    json_t *body = make_body(client, grants);
    struct posted posted;
    enum exit_status status = EXIT_USAGE;

    if (!body)
        return status;
    status = posting_send(client, path_of(client, plan, NULL, 0), body, &posted);
    if (status == EXIT_DONE && !client->json)
        show_done(client, plan, &posted);
    json_decref(posted.answer);
    return status;
}

static enum exit_status run(struct client *client)
{
    const char *what = client->arguments.words[0];
    bool lists = strcmp(what, "list") == 0, grants = strcmp(what, "grant") == 0;
    struct cached_plan plan;
    enum exit_status status;

    if (!lists && !grants && strcmp(what, "revoke") != 0)
        return client_usage(client, client_word(client, extension_what));
    status = plan_current(client, &plan);
    if (status != EXIT_DONE)
        return status;
    status = lists ? list(client, plan.plan) : change(client, plan.plan, grants);
    cached_plan_release(&plan);
    return status;
}

static const struct option options[] = {
    {"office", "OFFICE", {{"機關", "the office"}}},
    {"form", "FORM", {{"表單", "the form"}}},
    {"period", "PERIOD", {{"期間，如 113、113Q2 或 plan", "the period: 113, 113Q2 or plan"}}},
    {"until", "DATE", {{"展期至哪一日（含），如 113年2月15日", "the last day in time, such as 2024-02-15"}}},
    {"reason", "TEXT", {{"事由", "why"}}},
    {"granted-by",
     "TEXT",
     {{"核准的機關或職務（預設為權杖名稱）", "the office or post that granted it (by default the token's label)"}}},
    {"year", "YEAR", {{"list：只列這個年度", "list: only this ROC year"}}},
    {"as-of", "TIME", {{"list：回到某一時點", "list: as it was then"}}},
    EXPORT_OPTIONS,
    {"sample-clock", "TIME", {{"樣本資料庫的時間", "when it is said to happen; sample databases only"}}},
    {0},
};

const struct command command_extension = {
    .name = "extension",
    .usage = "grant|revoke|list [--office OFFICE] [--form FORM] …",
    .summary = {{"核准、收回或列出展期", "put a due date off, take that back, or list what was put off"}},
    .options = options,
    .least_words = 1,
    .most_words = 1,
    .run = run};
