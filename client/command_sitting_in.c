/* command_sitting_in.c: tributary sitting-in show|give|take-back|propose: 列席分配, who of the supervision team sits in where. */
#include <string.h>

#include "base/json.h"
#include "command.h"
#include "export.h"
#include "fetch.h"
#include "naming.h"
#include "plan_cache.h"
#include "posting.h"
#include "url.h"

static const char *name_in(struct client *client, const json_t *object, const char *member)
{
    const json_t *name = json_object_get(object, member);

    return json_is_object(name) ? naming_of(client, name) : "";
}

static const char *number_in(struct client *client, const json_t *object, const char *member)
{
    return client_number(client, json_integer_value(json_object_get(object, member)));
}

/* The member's name; where that isn't to be read, the post. */
static const char *who(const json_t *member)
{
    const char *name = json_text_member(member, "name"), *post = json_text_member(member, "post");

    return name ? name : post ? post : json_text_member(member, "member");
}

static const char *people(struct client *client, const json_t *list)
{
    const char *all = "";
    const json_t *one;
    size_t i;

    json_array_foreach(list, i, one)
        if (all)
            all = arena_format(client->arena, "%s%s%s", all, *all ? "\n" : "", who(one));
    return all;
}

/* ---- meetings ------------------------------------------------------------------------------------------------------ */

static const char *title_of(struct client *client, const json_t *meeting)
{
    const char *unit = json_text_member(meeting, "unit") ? name_in(client, meeting, "unit_name") : "";
    const char *name = name_in(client, meeting, "name");

    return *unit ? arena_format(client->arena, "%s\n%s", name, unit) : name;
}

static const char *time_of(struct client *client, const json_t *meeting)
{
    const char *begins = json_text_member(meeting, "begins"), *ends = json_text_member(meeting, "ends");

    return begins ? arena_format(client->arena, "%s–%s", begins, ends ? ends : "") : "";
}

/* Who is there, or would be; nobody is said so. */
static const char *sitters(struct client *client, const json_t *meeting)
{
    const json_t *proposed = json_object_get(meeting, "proposed"), *list = json_object_get(meeting, "sitting_in"),
                 *chairs = json_object_get(meeting, "chaired_by");

    if (proposed)
        return json_is_true(json_object_get(proposed, "tight")) ? client_text(client, sitting_in_tight, who(proposed))
                                                                : who(proposed);
    if (json_array_size(list))
        return people(client, list);
    return json_array_size(chairs) ? client_text(client, sitting_in_chaired, people(client, chairs))
                                   : client_word(client, sitting_in_nobody);
}

static void show_meetings(struct client *client, const json_t *list)
{
    const struct listing_column columns[] = {
        {client_word(client, day_word), LISTING_LEFT},    {client_word(client, time_word), LISTING_LEFT},
        {client_word(client, meeting), LISTING_WRAPS},    {client_word(client, venue), LISTING_WRAPS},
        {client_word(client, sitting_in), LISTING_WRAPS}, {client_word(client, id), LISTING_LEFT}};
    struct listing *listing = listing_new(client->arena, columns, sizeof columns / sizeof *columns);
    const json_t *one;
    size_t i;

    json_array_foreach(list, i, one)
        listing_row(listing, (const char *[]){client_date(client, json_text_member(one, "day")), time_of(client, one),
                                              title_of(client, one), json_text_member(one, "place"),
                                              sitters(client, one), json_text_member(one, "meeting")});
    if (listing_row_count(listing) == 0)
        client_print(client, meetings_none);
    else
        client_show(client, listing);
}

static void show_clashes(struct client *client, const json_t *list)
{
    const json_t *one;
    size_t i;

    json_array_foreach(list, i, one)
        client_print(client, sitting_in_clash, who(one), client_date(client, json_text_member(one, "day")),
                     name_in(client, one, "message"));
}

/* ---- show ---------------------------------------------------------------------------------------------------------- */

static void show_loads(struct client *client, const json_t *answer)
{
    const struct listing_column columns[] = {{client_word(client, name), LISTING_LEFT},
                                             {client_word(client, post), LISTING_WRAPS},
                                             {client_word(client, sitting_in_load), LISTING_RIGHT},
                                             {client_word(client, sitting_in_chairs), LISTING_RIGHT},
                                             {client_word(client, last_day), LISTING_LEFT},
                                             {client_word(client, id), LISTING_LEFT}};
    struct listing *listing = listing_new(client->arena, columns, sizeof columns / sizeof *columns);
    const json_t *one;
    size_t i;

    json_array_foreach(json_object_get(answer, "members"), i, one) {
        const char *to = json_text_member(one, "to");

        listing_row(listing, (const char *[]){json_text_member(one, "name"), json_text_member(one, "post"),
                                              number_in(client, one, "load"), number_in(client, one, "chairs"),
                                              to ? client_date(client, to) : "", json_text_member(one, "member")});
    }
    if (listing_row_count(listing))
        client_show(client, listing);
}

static void show_table(struct client *client, const json_t *answer)
{
    size_t uncovered = json_array_size(json_object_get(answer, "uncovered"));

    show_meetings(client, json_object_get(answer, "meetings"));
    show_loads(client, answer);
    show_clashes(client, json_object_get(answer, "clashes"));
    if (uncovered)
        client_print(client, sitting_in_uncovered, client_number(client, (long long)uncovered));
}

static const char *path_of(struct client *client, const struct plan *plan, const char *rest)
{
    const char *part = url_part(client->arena, plan->code);

    return part ? arena_format(client->arena, "/v1/plans/%s/sitting-in%s", part, rest) : NULL;
}

static enum exit_status show(struct client *client, const struct plan *plan)
{
    const struct url_parameter parameters[] = {{"year", client_option(client, "year")},
                                               {"as_of", client_option(client, "as-of")}};
    const char *path = path_of(client, plan, "");
    json_t *answer;
    enum exit_status status = fetch_shown(client, path ? url_query(client->arena, path, parameters, 2) : NULL, &answer);

    if (answer)
        show_table(client, answer);
    json_decref(answer);
    return status;
}

/* ---- give, take-back ----------------------------------------------------------------------------------------------- */

static enum exit_status give(struct client *client, bool given)
{
    const char *part = url_part(client->arena, client->arguments.words[1]), *reason = client_option(client, "reason");
    struct posted posted;
    enum exit_status status;

    if (!given && !posting_needs(client, "reason"))
        return EXIT_USAGE;
    status = posting_send(
        client, part ? arena_format(client->arena, "/v1/meetings/%s/sitting-in", part) : NULL,
        json_pack("{ss sb ss*}", "member", client->arguments.words[2], "given", given, "reason", reason), &posted);
    if (status == EXIT_DONE && !client->json) {
        const json_t *meeting = json_object_get(posted.answer, "meeting");

        if (json_is_object(meeting))
            client_print(client, sitting_in_now, name_in(client, meeting, "name"),
                         client_date(client, json_text_member(meeting, "day")), sitters(client, meeting));
        show_clashes(client, json_object_get(posted.answer, "clashes"));
    }
    json_decref(posted.answer);
    return status;
}

/* ---- propose ------------------------------------------------------------------------------------------------------- */

static void show_proposal(struct client *client, const json_t *answer)
{
    const struct listing_column columns[] = {{client_word(client, name), LISTING_LEFT},
                                             {client_word(client, post), LISTING_WRAPS},
                                             {client_word(client, sitting_in_before), LISTING_RIGHT},
                                             {client_word(client, sitting_in_after), LISTING_RIGHT}};
    struct listing *listing = listing_new(client->arena, columns, sizeof columns / sizeof *columns);
    size_t unfilled = json_array_size(json_object_get(answer, "unfilled")), i;
    const json_t *one;

    show_meetings(client, json_object_get(answer, "proposal"));
    json_array_foreach(json_object_get(answer, "loads"), i, one)
        listing_row(listing, (const char *[]){json_text_member(one, "name"), json_text_member(one, "post"),
                                              number_in(client, one, "before"), number_in(client, one, "after")});
    if (listing_row_count(listing))
        client_show(client, listing);
    if (unfilled) {
        client_print(client, sitting_in_unfilled, client_number(client, (long long)unfilled));
        show_meetings(client, json_object_get(answer, "unfilled"));
    }
    if (json_array_size(json_object_get(answer, "proposal")))
        client_print(client, sitting_in_confirm, number_in(client, answer, "year"), json_text_member(answer, "digest"));
}

static enum exit_status propose(struct client *client, const struct plan *plan)
{
    const char *text = posting_needs(client, "year"), *confirm = client_option(client, "confirm");
    struct period period;
    struct posted posted;
    enum exit_status status;

    if (!text)
        return EXIT_USAGE;
    if (!period_parse(text, &period) || period.kind != PERIOD_YEAR)
        return client_usage(client, client_text(client, turn_bad_year, text));
    status = posting_send(
        client, path_of(client, plan, "/propose"),
        json_pack("{si ss* ss*}", "year", period.year, "confirm", confirm, "reason", client_option(client, "reason")),
        &posted);
    if (status == EXIT_DONE && !client->json) {
        if (confirm)
            show_table(client, posted.answer);
        else
            show_proposal(client, posted.answer);
    }
    json_decref(posted.answer);
    return status;
}

static enum exit_status dispatch(struct client *client, const struct plan *plan)
{
    const char **words = client->arguments.words;
    size_t count = client->arguments.word_count;

    if (strcmp(words[0], "show") == 0 && count == 1)
        return show(client, plan);
    if (strcmp(words[0], "give") == 0 && count == 3)
        return give(client, true);
    if (strcmp(words[0], "take-back") == 0 && count == 3)
        return give(client, false);
    if (strcmp(words[0], "propose") == 0 && count == 1)
        return propose(client, plan);
    return client_usage(client, client_word(client, sitting_in_what));
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
    {"year", "YEAR", {{"哪一年度的會議；show 預設為今年", "the ROC year of the meetings; show: this one by default"}}},
    {"confirm",
     "DIGEST",
     {{"propose：登錄此一建議（全部一次登錄）", "propose: record that proposal, all of it at once"}}},
    {"reason", "TEXT", {{"事由；take-back 必填", "why; needed by take-back"}}},
    {"as-of", "TIME", {{"show：回到某一時點", "show: as it was then"}}},
    EXPORT_OPTIONS,
    {"sample-clock", "TIME", {{"樣本資料庫的時間", "when it is said to happen; sample databases only"}}},
    {0},
};

const struct command command_sitting_in = {
    .name = "sitting-in",
    .usage = "show [--year YEAR] | give MEETING MEMBER | take-back MEETING MEMBER --reason TEXT | propose --year YEAR",
    .summary = {{"督導小組列席分配：誰列席哪一場會議",
                 "which member of the supervision team sits in on which meeting"}},
    .details =
        {{"例：tributary sitting-in propose --year 114\n"
          "　　tributary sitting-in show --year 114 -o 列席分配表.ods\n"
          "建議只分配尚無人列席的會議：不衝突、各成員場次儘量平均；以 --confirm 確認後才登錄。\n"
          "成員以 tributary body member add 登錄於督導小組。",
          "Example: tributary sitting-in propose --year 114\n"
          "         tributary sitting-in show --year 114 -o sitting-in.ods\n"
          "Only meetings that nobody sits in on are proposed, without clashes and as evenly as can be; a proposal is\n"
          "recorded once it is confirmed with --confirm. Members are recorded with tributary body member add."}},
    .options = options,
    .least_words = 1,
    .most_words = 3,
    .run = run};
