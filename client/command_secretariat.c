/* command_secretariat.c: tributary secretariat show|history|record|swap: whose turn it is to keep a group's secretariat. */
#include <string.h>

#include "base/json.h"
#include "command.h"
#include "export.h"
#include "fetch.h"
#include "naming.h"
#include "offices.h"
#include "plan_cache.h"
#include "posting.h"
#include "units.h"
#include "url.h"

static const char *path_of(struct client *client, const struct plan *plan, const char *rest)
{
    const char *part = url_part(client->arena, plan->code);

    return part ? arena_format(client->arena, "/v1/plans/%s/secretariat%s", part, rest) : NULL;
}

static const char *name_in(struct client *client, const json_t *object, const char *member)
{
    const json_t *name = json_object_get(object, member);

    return json_is_object(name) ? naming_of(client, name) : "";
}

static const char *number_in(struct client *client, const json_t *object, const char *member)
{
    const json_t *number = json_object_get(object, member);

    return json_is_integer(number) ? arena_format(client->arena, "%" JSON_INTEGER_FORMAT, json_integer_value(number))
                                   : "";
}

/* The group where it must be given. */
static enum exit_status need_unit(struct client *client, const struct plan *plan, const char **ret_unit)
{
    if (!client_option(client, "group") && !posting_needs(client, "unit"))
        return EXIT_USAGE;
    return unit_option(client, plan->code, NULL, ret_unit);
}

/* ---- show, history ------------------------------------------------------------------------------------------------- */

static const char *waiting_text(struct client *client, const struct plan *plan, const json_t *finding)
{
    json_t *codes = json_array();
    const json_t *office;
    const char *text;
    size_t i;

    json_array_foreach(json_object_get(finding, "waiting"), i, office) {
        json_array_append(codes, json_object_get(office, "office"));
    }
    text = naming_offices(client, plan, codes, json_array_size(codes));
    json_decref(codes);
    return text;
}

static const char *days_text(struct client *client, const json_t *finding)
{
    const char *text = "";
    const json_t *meeting;
    size_t i;

    json_array_foreach(json_object_get(finding, "meetings"), i, meeting) {
        text = arena_format(client->arena, "%s%s%s", text,
                            i == 0                            ? ""
                            : client->language == LANGUAGE_ZH ? "、"
                                                              : ", ",
                            client_date(client, json_text_member(meeting, "day")));
    }
    return text;
}

static void show_findings(struct client *client, const struct plan *plan, const json_t *list)
{
    const json_t *one;
    size_t i;

    json_array_foreach(list, i, one) {
        const char *year = number_in(client, one, "year"),
                   *office = naming_office(client, plan, json_text_member(one, "office"));

        if (json_array_size(json_object_get(one, "waiting")) > 0)
            client_print(client, turn_before_others, year, office, waiting_text(client, plan, one));
        else if (json_array_size(json_object_get(one, "meetings")) > 0)
            client_print(client, turn_after_meeting, year, office, days_text(client, one));
        else
            client_print_text(client, name_in(client, one, "message"));
    }
}

static const char *turn_words(struct client *client, const json_t *year)
{
    const json_t *suggestion = json_object_get(year, "suggestion");

    if (json_is_object(json_object_get(year, "turn")))
        return name_in(client, json_object_get(year, "turn"), "name");
    return json_is_object(suggestion) ? client_text(client, turn_suggested, name_in(client, suggestion, "name")) : "";
}

static void show_years(struct client *client, const struct plan *plan, const json_t *answer)
{
    const struct listing_column columns[] = {{client_word(client, unit), LISTING_LEFT},
                                             {client_word(client, year_word), LISTING_LEFT},
                                             {client_word(client, secretariat), LISTING_LEFT},
                                             {client_word(client, reason), LISTING_WRAPS}};
    struct listing *listing = listing_new(client->arena, columns, sizeof columns / sizeof *columns);
    const json_t *unit, *year;
    size_t i, place;

    json_array_foreach(json_object_get(answer, "units"), i, unit)
        json_array_foreach(json_object_get(unit, "years"), place, year) {
            const char *reason = json_text_member(json_object_get(year, "turn"), "reason");

            listing_row(listing,
                        (const char *[]){
                            name_in(client, unit, "name"), number_in(client, year, "year"), turn_words(client, year),
                            reason ? reason : name_in(client, json_object_get(year, "suggestion"), "reason")});
        }
    client_show(client, listing);
    client_print(client, turn_convener, name_in(client, answer, "convener"));
    json_array_foreach(json_object_get(answer, "units"), i, unit)
        show_findings(client, plan, json_object_get(unit, "findings"));
}

static void show_history(struct client *client, const json_t *answer)
{
    const struct listing_column columns[] = {
        {client_word(client, unit), LISTING_LEFT},         {client_word(client, year_word), LISTING_LEFT},
        {client_word(client, secretariat), LISTING_LEFT},  {client_word(client, in_force), LISTING_LEFT},
        {client_word(client, swapped_with), LISTING_LEFT}, {client_word(client, reason), LISTING_WRAPS},
        {client_word(client, recorded_at), LISTING_LEFT}};
    struct listing *listing = listing_new(client->arena, columns, sizeof columns / sizeof *columns);
    const json_t *unit, *turn;
    size_t i, place;

    json_array_foreach(json_object_get(answer, "units"), i, unit)
        json_array_foreach(json_object_get(unit, "history"), place, turn)
            listing_row(listing,
                        (const char *[]){name_in(client, unit, "name"), number_in(client, turn, "year"),
                                         name_in(client, turn, "name"),
                                         json_is_true(json_object_get(turn, "current")) ? client_word(client, yes) : "",
                                         number_in(client, turn, "swapped_with"), json_text_member(turn, "reason"),
                                         client_moment(client, json_text_member(turn, "recorded_at"))});
    if (listing_row_count(listing) == 0)
        client_print(client, turns_none);
    else
        client_show(client, listing);
}

static enum exit_status show(struct client *client, const struct plan *plan, bool history)
{
    const char *unit;
    enum exit_status status = unit_option(client, plan->code, NULL, &unit);

    if (status != EXIT_DONE)
        return status;

    const struct url_parameter parameters[] = {{"body", client_option(client, "body")},
                                               {"unit", unit},
                                               {"year", client_option(client, "year")},
                                               {"as_of", client_option(client, "as-of")}};
    const char *path = path_of(client, plan, "");
    json_t *answer;

    status = fetch_shown(
        client, path ? url_query(client->arena, path, parameters, sizeof parameters / sizeof *parameters) : NULL,
        &answer);

    if (answer && history)
        show_history(client, answer);
    else if (answer)
        show_years(client, plan, answer);
    json_decref(answer);
    return status;
}

/* ---- record, swap -------------------------------------------------------------------------------------------------- */

static enum exit_status send_order(struct client *client, const struct plan *plan, const char *path, json_t *body)
{
    struct posted posted;
    enum exit_status status = posting_send(client, path, body, &posted);
    const json_t *turn;
    size_t i;

    if (status == EXIT_DONE && !client->json) {
        json_array_foreach(json_object_get(posted.answer, "turns"), i, turn)
            client_print(client, turn_recorded, number_in(client, turn, "year"), name_in(client, turn, "name"));
        show_findings(client, plan, json_object_get(posted.answer, "findings"));
    }
    json_decref(posted.answer);
    return status;
}

/* False, having said so, if a word is no ROC year. */
static bool read_year(struct client *client, const char *word, int *ret_year)
{
    struct period period;

    if (period_parse(word, &period) && period.kind == PERIOD_YEAR) {
        *ret_year = period.year;
        return true;
    }
    client_usage(client, client_text(client, turn_bad_year, word));
    return false;
}

static enum exit_status record(struct client *client, const struct plan *plan)
{
    const char *const *words = client->arguments.words, *office = office_meant(plan, words[2]), *unit;
    int year;
    enum exit_status status = read_year(client, words[1], &year) ? need_unit(client, plan, &unit) : EXIT_USAGE;

    if (status != EXIT_DONE)
        return status;
    return send_order(client, plan, path_of(client, plan, ""),
                      json_pack("{ss* ss si ss ss*}", "body", client_option(client, "body"), "unit", unit, "year", year,
                                "office", office ? office : words[2], "reason", client_option(client, "reason")));
}

static enum exit_status swap(struct client *client, const struct plan *plan)
{
    const char *const *words = client->arguments.words, *reason = posting_needs(client, "reason"), *unit;
    int one, two;
    enum exit_status status = reason && read_year(client, words[1], &one) && read_year(client, words[2], &two)
                                  ? need_unit(client, plan, &unit)
                                  : EXIT_USAGE;

    if (status != EXIT_DONE)
        return status;
    return send_order(client, plan, path_of(client, plan, "/swap"),
                      json_pack("{ss* ss s[ii] ss}", "body", client_option(client, "body"), "unit", unit, "years", one,
                                two, "reason", reason));
}

static enum exit_status dispatch(struct client *client, const struct plan *plan)
{
    const char **words = client->arguments.words;
    size_t count = client->arguments.word_count;

    if (strcmp(words[0], "show") == 0 && count == 1)
        return show(client, plan, false);
    if (strcmp(words[0], "history") == 0 && count == 1)
        return show(client, plan, true);
    if (strcmp(words[0], "record") == 0 && count == 3)
        return record(client, plan);
    if (strcmp(words[0], "swap") == 0 && count == 3)
        return swap(client, plan);
    return client_usage(client, client_word(client, secretariat_what));
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
    {"unit",
     "GROUP",
     {{"哪一組：其名稱、序號或代碼，如 第1組、1", "which group, by its name, number or code, such as 1"}}},
    {"group", "GROUP", {{"同 --unit", "as --unit"}}},
    {"year", "YEAR", {{"show：哪一年度及其次年；預設為今年", "show: that ROC year and the next; this one by default"}}},
    {"reason", "TEXT", {{"事由；變更及對調時必填", "why; needed to change or exchange turns"}}},
    {"body", "CODE", {{"哪一個會議；預設為計畫中輪值者", "which body; by default the one whose secretariat rotates"}}},
    {"as-of", "TIME", {{"回到某一時點", "as it was then"}}},
    EXPORT_OPTIONS,
    {"sample-clock", "TIME", {{"樣本資料庫的時間", "when it is said to happen; sample databases only"}}},
    {0},
};

const struct command command_secretariat = {
    .name = "secretariat",
    .usage = "show | history | record YEAR OFFICE --unit GROUP | swap YEAR YEAR --unit GROUP --reason TEXT",
    .summary = {{"聯繫會議秘書單位輪值：登錄、對調與建議", "whose turn the secretariat of a liaison meeting is"}},
    .details = {{"例：tributary secretariat record 113 機關 --unit 分組\n"
                 "　　tributary secretariat swap 113 114 --unit 分組 --reason 颱風停班\n"
                 "尚未登錄的年度，建議由該年度屬於該組、最久未輪值的機關擔任。對調可再對調回來。",
                 "Example: tributary secretariat record 113 OFFICE --unit GROUP\n"
                 "         tributary secretariat swap 113 114 --unit GROUP --reason typhoon\n"
                 "For a year without a turn, the office that has waited longest is suggested. Swap again to undo."}},
    .options = options,
    .least_words = 1,
    .most_words = 3,
    .run = run};
