/* command_period.c: tributary period close|reopen|list: until a period is opened again nothing of it is taken in. */
#include <string.h>

#include "base/json.h"
#include "command.h"
#include "export.h"
#include "fetch.h"
#include "naming.h"
#include "plan_cache.h"
#include "posting.h"
#include "url.h"

static const char *path_of(struct client *client, const struct plan *plan, const char *as_of)
{
    const struct url_parameter parameter = {"as_of", as_of};
    const char *part = url_part(client->arena, plan->code);
    const char *path = part ? arena_format(client->arena, "/v1/plans/%s/closings", part) : NULL;

    return path ? url_query(client->arena, path, &parameter, 1) : NULL;
}

/* "113Q2, 附表2 培力成果表", or every form. */
static const char *what_of(struct client *client, const struct plan *plan, const json_t *closing)
{
    const char *code = json_text_member(closing, "form");
    const struct form *form = code ? plan_form(plan, code) : NULL;

    return client_text(client, period_and_form, json_text_member(closing, "period"),
                       form   ? name_text(form->name, client->language)
                       : code ? code
                              : client_word(client, every_form));
}

/* ---- list --------------------------------------------------------------------------------------------------------- */

static void show_list(struct client *client, const struct plan *plan, const json_t *list)
{
    const struct listing_column columns[] = {
        {client_word(client, period), LISTING_WRAPS},  {client_word(client, state), LISTING_LEFT},
        {client_word(client, in_force), LISTING_LEFT}, {client_word(client, reason), LISTING_WRAPS},
        {client_word(client, done_by), LISTING_WRAPS}, {client_word(client, recorded_at), LISTING_LEFT}};
    struct listing *listing = listing_new(client->arena, columns, sizeof columns / sizeof *columns);
    const json_t *one;
    size_t i;

    json_array_foreach(list, i, one) {
        bool closed = json_is_true(json_object_get(one, "closed"));

        listing_row(listing,
                    (const char *[]){what_of(client, plan, one),
                                     closed ? client_word(client, closed) : client_word(client, reopened),
                                     json_is_true(json_object_get(one, "current")) ? client_word(client, yes) : "",
                                     json_text_member(one, "reason"), json_text_member(one, "by"),
                                     client_moment(client, json_text_member(one, "recorded_at"))});
    }
    if (listing_row_count(listing) == 0)
        client_print(client, closings_none);
    else
        client_show(client, listing);
}

static enum exit_status list(struct client *client, const struct plan *plan)
{
    json_t *answer;
    enum exit_status status = fetch_shown(client, path_of(client, plan, client_option(client, "as-of")), &answer);

    if (answer)
        show_list(client, plan, json_object_get(answer, "closings"));
    json_decref(answer);
    return status;
}

/* ---- close, reopen ------------------------------------------------------------------------------------------------ */

static void show_done(struct client *client, const struct plan *plan, const struct posted *posted, bool closes)
{
    const char *what = what_of(client, plan, posted->answer);

    if (posted->unchanged)
        client_print(client, closing_unchanged, what);
    else if (closes)
        client_print(client, closing_done, what);
    else
        client_print(client, reopening_done, what);
}

static enum exit_status change(struct client *client, const struct plan *plan, bool closes)
{
    const char *reason = posting_needs(client, "reason");
    struct posted posted;
    enum exit_status status;

    if (!reason)
        return EXIT_USAGE;
    status = posting_send(client, path_of(client, plan, NULL),
                          json_pack("{ss ss? sb ss}", "period", client->arguments.words[1], "form",
                                    client_option(client, "form"), "closed", closes, "reason", reason),
                          &posted);
    if (status == EXIT_DONE && !client->json)
        show_done(client, plan, &posted, closes);
    json_decref(posted.answer);
    return status;
}

static enum exit_status run(struct client *client)
{
    const char *what = client->arguments.words[0];
    bool lists = strcmp(what, "list") == 0, closes = strcmp(what, "close") == 0;
    struct cached_plan plan;
    enum exit_status status;

    if ((!lists && !closes && strcmp(what, "reopen") != 0) || client->arguments.word_count != (lists ? 1 : 2))
        return client_usage(client, client_word(client, period_what));
    status = plan_current(client, &plan);
    if (status != EXIT_DONE)
        return status;
    status = lists ? list(client, plan.plan) : change(client, plan.plan, closes);
    cached_plan_release(&plan);
    return status;
}

static const struct option options[] = {
    {"form", "FORM", {{"只就這張表單（預設：所有表單）", "only this form (by default every form)"}}},
    {"reason", "TEXT", {{"事由", "why"}}},
    {"as-of", "TIME", {{"list：回到某一時點", "list: as it was then"}}},
    EXPORT_OPTIONS,
    {"sample-clock", "TIME", {{"樣本資料庫的時間", "when it is said to happen; sample databases only"}}},
    {0},
};

const struct command command_period = {
    .name = "period",
    .usage = "close|reopen PERIOD [--form FORM] --reason TEXT | list",
    .summary = {{"關閉、重開期間，或列出紀錄", "close a period, open it again, or list what was closed"}},
    .details =
        {{"關閉後不再收件、撤回或附加檔案；關閉年度亦關閉其各季。範本仍可下載。",
          "Nothing of a closed period is handed in, withdrawn or attached; a year closes its quarters too. Templates "
          "still work."}},
    .options = options,
    .least_words = 1,
    .most_words = 2,
    .run = run};
