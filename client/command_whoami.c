/* command_whoami.c: tributary whoami: whom the token names and what it may see. */
#include "base/json.h"
#include "command.h"
#include "fetch.h"
#include "naming.h"
#include "plan_cache.h"

/* "龜山區（68000070）" where the plan knows the code. */
static const char *office_text(struct client *client, const char *code)
{
    struct cached_plan plan;
    const char *text = code;

    plan_if_cached(client, &plan);
    if (code && plan.plan && plan_office(plan.plan, code))
        text = client_text(client, name_and_code, naming_office(client, plan.plan, code), code);
    cached_plan_release(&plan);
    return text;
}

static enum exit_status run(struct client *client)
{
    const struct listing_column columns[] = {{client_word(client, item), LISTING_LEFT},
                                             {client_word(client, value), LISTING_WRAPS}};
    json_t *answer;
    enum exit_status status = fetch_shown(client, "/v1/whoami", &answer);

    if (status != EXIT_DONE || !answer)
        return status;

    struct listing *listing = listing_new(client->arena, columns, 2);
    const char *office = json_text_member(answer, "office");

    listing_row(listing, (const char *[]){client_word(client, label), json_text_member(answer, "label")});
    listing_row(listing, (const char *[]){client_word(client, role), json_text_member(answer, "role")});
    if (office)
        listing_row(listing, (const char *[]){client_word(client, office), office_text(client, office)});
    listing_row(listing, (const char *[]){client_word(client, jurisdiction), json_text_member(answer, "jurisdiction")});
    if (json_is_true(json_object_get(answer, "sample")))
        client_print(client, sample_label);
    client_show(client, listing);
    json_decref(answer);
    return EXIT_DONE;
}

const struct command command_whoami = {
    .name = "whoami", .usage = "", .summary = {{"這個權杖代表誰", "whom your token names"}}, .run = run};
