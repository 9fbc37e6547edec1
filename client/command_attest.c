/* command_attest.c: tributary attest SUBMISSION: the Gender Equality Office attests that it came earlier. */
#include "base/json.h"
#include "base/period.h"
#include "command.h"
#include "posting.h"
#include "url.h"

/* The order; NULL, having said why, if it isn't one. */
static json_t *make_body(struct client *client, bool takes_back)
{
    const char *reason = posting_needs(client, "reason"),
               *received_at = reason && !takes_back ? posting_needs(client, "received-at") : NULL;
    timestamp moment;

    if (!reason || (!takes_back && !received_at))
        return NULL;
    if (received_at && !timestamp_parse(received_at, &moment)) {
        client_usage(client, client_text(client, bad_moment_option, "--received-at", received_at));
        return NULL;
    }
    return json_pack("{ss? ss}", "received_at", received_at, "reason", reason);
}

static void show_done(struct client *client, const json_t *answer)
{
    const char *received_at = json_text_member(answer, "received_at");

    if (received_at)
        client_print(client, attestation_done, client_exact_moment(client, received_at),
                     json_text_member(answer, "by"));
    else
        client_print(client, attestation_taken_back);
}

static enum exit_status run(struct client *client)
{
    bool takes_back = client_option(client, "take-back") != NULL;
    const char *part = url_part(client->arena, client->arguments.words[0]);
    struct posted posted;

    if (takes_back == (client_option(client, "received-at") != NULL))
        return client_usage(client, client_text(client, option_needed, "--received-at / --take-back"));

    json_t *body = make_body(client, takes_back);

    if (!body)
        return EXIT_USAGE;

    enum exit_status status = posting_send(
        client, part ? arena_format(client->arena, "/v1/submissions/%s/attestations", part) : NULL, body, &posted);

    if (status == EXIT_DONE && !client->json)
        show_done(client, posted.answer);
    json_decref(posted.answer);
    return status;
}

static const struct option options[] = {
    {"received-at",
     "TIME",
     {{"實際收件時間，如 2024-01-30T16:20:00+08:00", "when it truly came, such as 2024-01-30T16:20:00+08:00"}}},
    {"take-back", NULL, {{"收回先前的補登", "take back what was attested"}}},
    {"reason", "TEXT", {{"事由，如「郵寄，1月30日收文」", "why, such as \"came by post\""}}},
    {"sample-clock", "TIME", {{"樣本資料庫的時間", "when it is said to happen; sample databases only"}}},
    {0},
};

const struct command command_attest = {
    .name = "attest",
    .usage = "SUBMISSION --received-at TIME --reason TEXT | --take-back --reason TEXT",
    .summary = {{"補登較早的實際收件時間（性平辦）", "attest an earlier receipt (Gender Equality Office)"}},
    .details =
        {{"只影響是否準時；登錄時間與過去時點的數字不變。真正的收件時間、補登者與事由都會顯示。",
          "It decides timeliness only: when it was recorded, and figures as of past moments, stay. When it came here, who "
          "attests and why are shown with it."}},
    .options = options,
    .least_words = 1,
    .most_words = 1,
    .run = run};
