/* command_body.c: tributary body list|show|member|end|watch: bodies, who sits on them, and which of their rules hold. */
#include <string.h>

#include "base/json.h"
#include "body_words.h"
#include "command.h"
#include "export.h"
#include "fetch.h"
#include "naming.h"
#include "plan_cache.h"
#include "posting.h"
#include "units.h"
#include "url.h"

/* "/v1/plans/PLAN" and what follows. NULL without memory. */
static const char *path_of(struct client *client, const struct plan *plan, const char *rest,
                           const struct url_parameter *parameters, size_t count)
{
    const char *part = url_part(client->arena, plan->code);
    const char *path = part && rest ? arena_format(client->arena, "/v1/plans/%s/%s", part, rest) : NULL;

    return path ? url_query(client->arena, path, parameters, count) : NULL;
}

/* A date in any habit, as the contract writes it; *ret_date NULL if the option isn't given. False, having said so, if it is
 * none. */
static bool read_date(struct client *client, const char *option, const char **ret_date)
{
    const char *text = client_option(client, option);
    char iso[DATE_TEXT_SIZE];
    struct date date;

    *ret_date = NULL;
    if (!text)
        return true;
    if (!date_parse_habit(text, &date)) {
        client_usage(client, client_text(client, bad_date_option, arena_format(client->arena, "--%s", option), text));
        return false;
    }
    date_format_iso(date, iso);
    *ret_date = arena_text(client->arena, iso);
    return *ret_date != NULL;
}

static const char *name_in(struct client *client, const json_t *object, const char *member)
{
    const json_t *name = json_object_get(object, member);

    return json_is_object(name) ? naming_of(client, name) : "";
}

/* ---- list --------------------------------------------------------------------------------------------------------- */

static const char *units_of(struct client *client, const json_t *body)
{
    const json_t *units = json_object_get(body, "units"), *unit;
    const char *all = "";
    size_t i;

    json_array_foreach(units, i, unit) {
        const char *code = json_text_member(unit, "unit");

        if (code && all)
            all = arena_format(client->arena, "%s%s%s %s", all, *all ? "\n" : "", code, name_in(client, unit, "name"));
    }
    return all;
}

static enum exit_status list(struct client *client, const struct plan *plan)
{
    const struct listing_column columns[] = {{client_word(client, code), LISTING_LEFT},
                                             {client_word(client, name), LISTING_WRAPS},
                                             {client_word(client, secretariat), LISTING_WRAPS},
                                             {client_word(client, unit), LISTING_LEFT}};
    struct listing *listing = listing_new(client->arena, columns, sizeof columns / sizeof *columns);
    json_t *answer;
    const json_t *body;
    size_t i;
    enum exit_status status = fetch_shown(client, path_of(client, plan, "bodies", NULL, 0), &answer);

    json_array_foreach(json_object_get(answer, "bodies"), i, body)
        listing_row(listing, (const char *[]){json_text_member(body, "body"), name_in(client, body, "name"),
                                              json_is_true(json_object_get(body, "rotating"))
                                                  ? client_word(client, takes_turns)
                                                  : name_in(client, body, "secretariat"),
                                              units_of(client, body)});
    if (answer)
        client_show(client, listing);
    json_decref(answer);
    return status;
}

/* ---- show --------------------------------------------------------------------------------------------------------- */

static const char *number_of(struct client *client, const json_t *object, const char *member)
{
    return client_number(client, json_integer_value(json_object_get(object, member)));
}

static void show_members(struct client *client, const json_t *answer)
{
    const struct listing_column columns[] = {
        {client_word(client, name), LISTING_LEFT},     {client_word(client, sex), LISTING_LEFT},
        {client_word(client, role), LISTING_LEFT},     {client_word(client, seat), LISTING_LEFT},
        {client_word(client, post), LISTING_WRAPS},    {client_word(client, from_day), LISTING_LEFT},
        {client_word(client, last_day), LISTING_LEFT}, {client_word(client, id), LISTING_LEFT}};
    struct listing *listing = listing_new(client->arena, columns, sizeof columns / sizeof *columns);
    const json_t *counts = json_object_get(answer, "counts"), *one;
    size_t i;

    client_print_text(client, name_in(client, answer, "name"));
    client_print(client, body_counts, number_of(client, counts, "members"), number_of(client, counts, "m"),
                 number_of(client, counts, "f"), number_of(client, counts, "external"));
    json_array_foreach(json_object_get(answer, "members"), i, one) {
        const char *from = json_text_member(one, "from"), *to = json_text_member(one, "to");

        listing_row(listing,
                    (const char *[]){json_text_member(one, "name"), body_sex_word(client, json_text_member(one, "sex")),
                                     body_role_word(client, json_text_member(one, "role")),
                                     body_seat_word(client, json_text_member(one, "seat")),
                                     json_text_member(one, "post"), from ? client_date(client, from) : "",
                                     to ? client_date(client, to) : "", json_text_member(one, "member")});
    }
    if (listing_row_count(listing))
        client_show(client, listing);
}

static enum exit_status show(struct client *client, const struct plan *plan)
{
    const char *part = url_part(client->arena, client->arguments.words[1]), *date, *unit;
    json_t *answer;
    enum exit_status status;

    if (!read_date(client, "date", &date))
        return EXIT_USAGE;
    status = unit_option(client, plan->code, client->arguments.words[1], &unit);
    if (status != EXIT_DONE)
        return status;

    const struct url_parameter parameters[] = {{"unit", unit}, {"date", date}};

    status = fetch_shown(client,
                         path_of(client, plan, part ? arena_format(client->arena, "bodies/%s", part) : NULL, parameters,
                                 sizeof parameters / sizeof *parameters),
                         &answer);
    if (answer)
        show_members(client, answer);
    json_decref(answer);
    return status;
}

/* ---- member add, member end ---------------------------------------------------------------------------------------- */

static json_t *make_member(struct client *client, const char *unit, const char *from)
{
    const char *name = posting_needs(client, "name"), *sex = name ? posting_needs(client, "sex") : NULL;

    if (!sex)
        return NULL;
    return json_pack("{ss? ss ss ss ss ss? ss sb}", "unit", unit, "name", name, "sex", sex, "seat",
                     client_option(client, "external") ? "external" : "internal", "role",
                     client_option(client, "role") ? client_option(client, "role") : "member", "post",
                     client_option(client, "post"), "from", from, "served_on_council",
                     client_option(client, "served") != NULL);
}

static enum exit_status send_order(struct client *client, const char *path, json_t *body)
{
    struct posted posted;
    enum exit_status status = posting_send(client, path, body, &posted);

    if (status == EXIT_DONE && !client->json) {
        const char *to = json_text_member(posted.answer, "to"), *name = json_text_member(posted.answer, "name");

        if (to)
            client_print(client, member_ends, name ? name : "", client_date(client, to));
        else
            client_print(client, member_sits, name ? name : "",
                         client_date(client, json_text_member(posted.answer, "from")));
        client_print_text(client, json_text_member(posted.answer, "member"));
    }
    json_decref(posted.answer);
    return status;
}

static enum exit_status add_member(struct client *client, const struct plan *plan)
{
    const char *part = url_part(client->arena, client->arguments.words[2]), *from, *unit;
    json_t *body;
    enum exit_status status;

    if (!posting_needs(client, "from") || !read_date(client, "from", &from))
        return EXIT_USAGE;
    status = unit_option(client, plan->code, client->arguments.words[2], &unit);
    if (status != EXIT_DONE)
        return status;
    body = make_member(client, unit, from);
    if (!body)
        return EXIT_USAGE;
    return send_order(
        client, path_of(client, plan, part ? arena_format(client->arena, "bodies/%s/members", part) : NULL, NULL, 0),
        body);
}

static enum exit_status end_member(struct client *client)
{
    const char *part = url_part(client->arena, client->arguments.words[2]), *on = NULL;
    bool takes_back = client_option(client, "take-back") != NULL;

    if (!takes_back && (!posting_needs(client, "on") || !read_date(client, "on", &on)))
        return EXIT_USAGE;
    return send_order(client, part ? arena_format(client->arena, "/v1/body-members/%s/end", part) : NULL,
                      json_pack("{ss?}", "ended_on", on));
}

/* ---- watch --------------------------------------------------------------------------------------------------------- */

static const char *day_of(struct client *client, const json_t *one, const char *member)
{
    const char *day = json_text_member(one, member);

    return day ? client_date(client, day) : "";
}

static void show_watch(struct client *client, const json_t *answer)
{
    const struct listing_column columns[] = {
        {client_word(client, unit), LISTING_WRAPS},     {client_word(client, rule), LISTING_WRAPS},
        {client_word(client, verdict), LISTING_LEFT},   {client_word(client, found), LISTING_LEFT},
        {client_word(client, wanted), LISTING_LEFT},    {client_word(client, since), LISTING_LEFT},
        {client_word(client, last_held), LISTING_LEFT}, {client_word(client, advice), LISTING_WRAPS}};
    struct listing *listing = listing_new(client->arena, columns, sizeof columns / sizeof *columns);
    bool only_broken = client_option(client, "broken") != NULL;
    const json_t *one;
    size_t i;

    json_array_foreach(json_object_get(answer, "watch"), i, one) {
        const char *verdict = json_text_member(one, "verdict");

        if (only_broken && (!verdict || strcmp(verdict, "broken") != 0))
            continue;
        listing_row(listing, (const char *[]){name_in(client, one, "unit_name"), name_in(client, one, "rule_name"),
                                              body_verdict_word(client, verdict), json_text_member(one, "found"),
                                              json_text_member(one, "wanted"), day_of(client, one, "since"),
                                              day_of(client, one, "last_held"), name_in(client, one, "advice")});
    }
    if (listing_row_count(listing) == 0)
        client_print(client, watch_none);
    else
        client_show(client, listing);
}

static enum exit_status watch(struct client *client, const struct plan *plan)
{
    const char *date, *unit;
    json_t *answer;
    enum exit_status status;

    if (!read_date(client, "date", &date))
        return EXIT_USAGE;
    status = unit_option(client, plan->code, NULL, &unit);
    if (status != EXIT_DONE)
        return status;

    const struct url_parameter parameters[] = {{"body", client_option(client, "body")}, {"unit", unit}, {"date", date}};

    status = fetch_shown(client, path_of(client, plan, "watch", parameters, sizeof parameters / sizeof *parameters),
                         &answer);
    if (answer)
        show_watch(client, answer);
    json_decref(answer);
    return status;
}

static enum exit_status dispatch(struct client *client, const struct plan *plan)
{
    const char **words = client->arguments.words;
    size_t count = client->arguments.word_count;

    if (strcmp(words[0], "list") == 0 && count == 1)
        return list(client, plan);
    if (strcmp(words[0], "show") == 0 && count == 2)
        return show(client, plan);
    if (strcmp(words[0], "watch") == 0 && count == 1)
        return watch(client, plan);
    if (strcmp(words[0], "member") == 0 && count == 3 && strcmp(words[1], "add") == 0)
        return add_member(client, plan);
    if (strcmp(words[0], "member") == 0 && count == 3 && strcmp(words[1], "end") == 0)
        return end_member(client);
    return client_usage(client, client_word(client, body_what));
}

static enum exit_status run(struct client *client)
{
    struct cached_plan plan;
    enum exit_status status = plan_current(client, &plan);

    if (status != EXIT_DONE)
        return status;
    status = dispatch(client, plan.plan);
    cached_plan_release(&plan);
    return status;
}

static const struct option options[] = {
    {"unit", "UNIT", {{"哪一個機關、分組或局處的小組", "of which office, group or bureau"}}},
    {"body", "CODE", {{"watch：只看這個小組", "watch: only this body"}}},
    {"date", "DATE", {{"哪一日的情形；預設為今日", "as it is on this day; today by default"}}},
    {"broken", NULL, {{"watch：只列不符者", "watch: only what doesn't hold"}}},
    {"name", "TEXT", {{"member add：姓名", "member add: the name"}}},
    {"sex", "m|f", {{"member add：性別", "member add: the sex"}}},
    {"role",
     "ROLE",
     {{"member add：convener、deputy、executive_secretary 或 member（預設）",
       "member add: convener, deputy, executive_secretary, or member (the default)"}}},
    {"post", "TEXT", {{"member add：席次所隨職務", "member add: the post that the seat goes with"}}},
    {"external", NULL, {{"member add：外聘", "member add: from outside"}}},
    {"served",
     NULL,
     {{"member add：現任或曾任性平會外聘委員", "member add: a current or former external member of the council"}}},
    {"from", "DATE", {{"member add：就任日", "member add: the first day"}}},
    {"on", "DATE", {{"member end：最後一日", "member end: the last day"}}},
    {"take-back", NULL, {{"member end：收回先前登錄的卸任", "member end: take an end back"}}},
    EXPORT_OPTIONS,
    {"sample-clock", "TIME", {{"樣本資料庫的時間", "when it is said to happen; sample databases only"}}},
    {0},
};

const struct command command_body = {
    .name = "body",
    .usage = "list | show BODY [--unit UNIT] | member add BODY … | member end MEMBER --on DATE | watch …",
    .summary = {{"小組與會議：名單、委員異動及組成規定檢視",
                 "bodies: who sits on them, and which of their rules hold"}},
    .options = options,
    .least_words = 1,
    .most_words = 3,
    .run = run};
