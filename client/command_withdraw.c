/* command_withdraw.c: tributary withdraw SUBMISSION --reason TEXT: what was handed in is taken back. */
#include "base/json.h"
#include "command.h"
#include "naming.h"
#include "plan_cache.h"
#include "posting.h"
#include "url.h"

static void show_done(struct client *client, const json_t *receipt)
{
    struct cached_plan plan;

    plan_if_cached(client, &plan);
    client_print(client, withdrawal_done,
                 naming_document(client, plan.plan, json_text_member(receipt, "form"),
                                 json_text_member(receipt, "office"), json_text_member(receipt, "period")),
                 client_number(client, json_integer_value(json_object_get(receipt, "revision"))),
                 client_exact_moment(client, json_text_member(receipt, "recorded_at")),
                 json_is_true(json_object_get(receipt, "on_behalf")) ? client_word(client, on_behalf_in_brackets) : "");
    client_print(client, withdrawal_receipt, json_text_member(receipt, "submission"));
    cached_plan_release(&plan);
}

static enum exit_status run(struct client *client)
{
    const char *reason = posting_needs(client, "reason"),
               *part = reason ? url_part(client->arena, client->arguments.words[0]) : NULL;
    struct posted posted;

    if (!reason)
        return EXIT_USAGE;

    enum exit_status status =
        posting_send(client, part ? arena_format(client->arena, "/v1/submissions/%s/withdrawal", part) : NULL,
                     json_pack("{ss}", "reason", reason), &posted);

    if (status == EXIT_DONE && !client->json)
        show_done(client, posted.answer);
    json_decref(posted.answer);
    return status;
}

static const struct option options[] = {
    {"reason", "TEXT", {{"撤回的理由", "why it is withdrawn"}}},
    {"sample-clock", "TIME", {{"樣本資料庫的時間", "when it is said to happen; sample databases only"}}},
    {0},
};

const struct command command_withdraw = {
    .name = "withdraw",
    .usage = "SUBMISSION --reason TEXT",
    .summary = {{"撤回已報送的資料", "withdraw what was handed in"}},
    .details =
        {{"SUBMISSION 為目前版本的識別碼（tributary status 可查）。撤回後視為未填報，理由與先前各版均保留；之後可再報送。",
          "SUBMISSION is the id of the current revision (`tributary status` shows it). It then counts as missing; the "
          "reason and every revision are kept, and it can be handed in again."}},
    .options = options,
    .least_words = 1,
    .most_words = 1,
    .run = run};
