/* command_pack.c: tributary pack BODY|list|show|get|check|changes: the papers laid before a meeting. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "bodies.h"
#include "command.h"
#include "command_minutes.h"
#include "fetch.h"
#include "meetings.h"
#include "naming.h"
#include "packs.h"
#include "plan_cache.h"
#include "posting.h"
#include "units.h"
#include "url.h"

/* What is ordered; texts live as long as the run. */
struct order {
    const char *plan, *body;
    const json_t *units;
    const char *unit, *meeting, *per;
    int year; /* 0: the one it is */
};

static bool read_year(struct client *client, struct order *order)
{
    const char *text = client_option(client, "year");
    struct period period;

    if (!text)
        return true;
    if (!period_parse(text, &period) || period.kind != PERIOD_YEAR) {
        client_usage(client, client_text(client, bad_period, text));
        return false;
    }
    order->year = period.year;
    return true;
}

static bool is_same(const char *one, const char *other)
{
    return one && other && strcmp(one, other) == 0;
}

/* --group, --office or --unit: whichever is given. An office's own is left to the server. */
static bool read_unit(struct client *client, struct order *order)
{
    const char *text = client_option(client, "group");

    text = text ? text : client_option(client, "office");
    text = text ? text : client_option(client, "unit");
    if (text)
        order->unit = unit_meant(client, order->units, text);
    return !text || order->unit;
}

/* The body of a group or bureau is one of several. */
static bool has_unit(struct client *client, const struct order *order)
{
    if (order->unit || !order->per || (strcmp(order->per, "group") != 0 && strcmp(order->per, "unit") != 0))
        return true;
    client_usage(client, client_text(client, meeting_unit_unknown, naming_all(client, order->units, "unit")));
    return false;
}

/* The id of the meeting that has a number in the year or, with 0, was on `day`; neither: of the last one that was held. */
static bool find_numbered(struct client *client, struct order *order, long number, const char *day)
{
    const char *part = url_part(client->arena, order->plan), *year = arena_format(client->arena, "%d", order->year);
    const struct url_parameter parameters[] = {
        {"body", order->body}, {"unit", order->unit}, {"year", order->year && !day ? year : NULL}};
    json_t *answer = NULL;
    const json_t *one;
    size_t i;

    if (!part ||
        fetch_json(client,
                   url_query(client->arena, arena_format(client->arena, "/v1/plans/%s/meetings", part), parameters, 3),
                   &answer) != EXIT_DONE)
        return false;
    json_array_foreach(json_object_get(answer, "meetings"), i, one)
        if (number ? json_integer_value(json_object_get(one, "number")) == number
            : day  ? is_same(json_text_member(one, "day"), day)
                   : json_text_member(one, "held_on") != NULL)
            order->meeting = arena_text(client->arena, json_text_member(one, "meeting"));
    json_decref(answer);
    if (!order->meeting && (number || day))
        client_usage(client, client_text(client, no_such_meeting, client_option(client, "meeting")));
    else if (!order->meeting)
        client_usage(client, client_word(client, minutes_none_held));
    return order->meeting != NULL;
}

/* --meeting 2, 113.9.26, or a meeting's id. */
static bool read_meeting(struct client *client, struct order *order)
{
    const char *text = client_option(client, "meeting");
    char *end, day[DATE_TEXT_SIZE];
    long number = text ? strtol(text, &end, 10) : 0;
    struct date date;

    if (!text)
        return true;
    if (*text && !*end && number > 0 && number < 1000)
        return find_numbered(client, order, number, NULL);
    if (date_parse_habit(text, &date)) {
        date_format_iso(date, day);
        return find_numbered(client, order, 0, day);
    }
    order->meeting = text;
    return true;
}

static json_t *order_body(struct client *client, const struct order *order)
{
    const char *basis = client_option(client, "basis");

    return json_pack("{ss ss? so* ss* ss* ss}", "body", order->body, "unit", order->unit, "year",
                     order->year ? json_integer(order->year) : NULL, "meeting", order->meeting, "basis", basis,
                     "language", client->language == LANGUAGE_ZH ? "zh" : "en");
}

/* While the server sets the pages, a terminal says so. */
static void say_making(struct client *client, bool begins)
{
    if (isatty(STDERR_FILENO) && !client->json)
        fprintf(stderr, begins ? "%s" : "\r\033[K", begins ? client_word(client, pack_making) : "");
}

static enum exit_status make(struct client *client, struct order *order)
{
    const char *paths[PACK_FILES_MOST], *part = url_part(client->arena, order->plan);
    size_t count;
    struct posted posted;
    enum exit_status status;

    if (!pack_outputs(client, paths, &count) || !read_year(client, order) || !read_unit(client, order) ||
        !has_unit(client, order) || !read_meeting(client, order))
        return EXIT_USAGE;
    say_making(client, true);
    status = posting_send(client, part ? arena_format(client->arena, "/v1/plans/%s/packs", part) : NULL,
                          order_body(client, order), &posted);
    say_making(client, false);
    if (status == EXIT_DONE && !client->json) {
        pack_tell(client, posted.answer);
        if (json_is_true(json_object_get(posted.answer, "unchanged")))
            client_print(client, pack_unchanged);
        if (count == 0)
            client_print(client, pack_get_it, json_text_member(posted.answer, "pack"));
    }
    if (status == EXIT_DONE)
        status = pack_save_files(client, posted.answer, paths, count);
    json_decref(posted.answer);
    return status;
}

/* The minutes of a meeting of a body, by --group, --year and --meeting. */
static enum exit_status minute(struct client *client, struct order *order)
{
    if (!read_year(client, order) || !read_unit(client, order) || !has_unit(client, order) ||
        !read_meeting(client, order) || (!order->meeting && !find_numbered(client, order, 0, NULL)))
        return EXIT_USAGE;
    return minutes_make(client, order->meeting);
}

/* `pack minutes liaison/第1組/113.9.26`. */
static enum exit_status minute_named(struct client *client, const char *name)
{
    struct cached_plan plan;
    json_t *meeting = NULL;
    const char *id = NULL;
    enum exit_status status = plan_cached(client, &plan);

    if (status != EXIT_DONE)
        return status;
    status = meetings_find(client, plan.plan, name, &meeting);
    cached_plan_release(&plan);
    if (status == EXIT_DONE)
        id = arena_text(client->arena, json_text_member(meeting, "meeting"));
    json_decref(meeting);
    return id ? minutes_make(client, id) : status;
}

static bool is_id(const char *text)
{
    return strlen(text) == 36 && strspn(text, "0123456789abcdefABCDEF-") == 36;
}

static enum exit_status make_or_list(struct client *client)
{
    bool minutes = strcmp(client->arguments.words[0], "minutes") == 0;
    const char *what = client->arguments.words[minutes ? 1 : 0];
    enum exit_status status;
    const char *plan = plan_code(client, &status), *part = plan ? url_part(client->arena, plan) : NULL;
    json_t *answer = NULL;
    const json_t *body;

    if (!part)
        return plan ? EXIT_USAGE : status;
    if (minutes && strchr(what, '/'))
        return minute_named(client, what);
    if (strcmp(what, "list") == 0)
        return pack_list(client, plan);
    status = fetch_json(client, arena_format(client->arena, "/v1/plans/%s/bodies", part), &answer);
    if (status != EXIT_DONE)
        return status;
    body = body_meant(client, answer, what);
    status = body ? (minutes ? minute : make)(client, &(struct order){.plan = plan,
                                                                      .body = json_text_member(body, "body"),
                                                                      .units = json_object_get(body, "units"),
                                                                      .per = json_text_member(body, "per")})
                  : EXIT_USAGE;
    json_decref(answer);
    return status;
}

static enum exit_status run(struct client *client)
{
    static const struct {
        const char *word;
        enum exit_status (*run)(struct client *client, const char *id);
    } of_one[] = {{"show", pack_show}, {"get", pack_get}, {"check", pack_check}};
    const char **words = client->arguments.words;
    size_t count = client->arguments.word_count;

    for (size_t i = 0; i < sizeof of_one / sizeof *of_one; i++)
        if (strcmp(words[0], of_one[i].word) == 0)
            return count == 2 ? of_one[i].run(client, words[1])
                              : client_usage(client, client_word(client, wrong_words));
    if (strcmp(words[0], "changes") == 0)
        return count == 3 ? pack_changes(client, words[1], words[2])
                          : client_usage(client, client_word(client, wrong_words));
    if (strcmp(words[0], "minutes") == 0 && count == 2)
        return is_id(words[1]) ? minutes_make(client, words[1]) : make_or_list(client);
    return count == 1 ? make_or_list(client) : client_usage(client, client_word(client, wrong_words));
}

static const struct option options[] = {
    {"group", "GROUP", {{"哪一組，如 1、第1組", "the group: its number, name or code"}}},
    {"office", "OFFICE", {{"哪一個區公所，如 龜山", "the office: 龜山, Guishan or its code"}}},
    {"unit", "UNIT", {{"哪一個單位：代碼或名稱", "the unit, by its code or name"}}},
    {"year", "YEAR", {{"年度，如 113；預設為今年", "the ROC year, such as 113; this year by default"}}},
    {"meeting", "NUMBER", {{"該年第幾次會議，或會議識別碼", "the meeting: its number in the year, or its id"}}},
    {"names", NULL, {{"minutes：載明出席者姓名，不凍結", "minutes: name those who were there; nothing is frozen"}}},
    {"basis",
     "latest|official",
     {{"以最新版或已核定版計算", "of the latest revisions (the default), or the official ones"}}},
    {"body", "BODY", {{"list：只列這個會議", "list: only of this body"}}},
    {"limit", "N", {{"list：每頁筆數", "list: so many at most"}}},
    {"after", "NEXT", {{"list：接續前一頁", "list: the page that follows"}}},
    {"output",
     "FILE",
     {{"存成檔案，可簡寫為 -o，可重複；格式依副檔名：.odt、.pdf、.ods、.json",
       "a file to keep, in short -o; may be repeated; its ending says the format: .odt, .pdf, .ods, .json"}}},
    {"format", "csv|ods|xlsx|json", {{"list：檔案格式", "list: as a file of this format"}}},
    {"force", NULL, {{"檔案已存在時覆寫", "overwrite files that are there"}}},
    {"sample-clock", "TIME", {{"樣本資料庫的時間", "when it is said to happen; sample databases only"}}},
    {0},
};

const struct command command_pack = {
    .name = "pack",
    .usage =
        "BODY [--group GROUP] [--year YEAR] [-o FILE]… | list | show ID | get ID -o FILE | check ID | changes ID SINCE | minutes MEETING|BODY [-o FILE]…",
    .summary = {{"會議資料：製作並凍結、取回、核對、比較",
                 "papers for a meeting: freeze, get, check and compare them"}},
    .details =
        {{"會議資料凍結後不再變動，日後取回的檔案與當時相同。例：\n"
          "  tributary pack liaison --group 1 --year 113 -o 資料.odt -o 資料.pdf\n"
          "  tributary pack 會議代碼 --office 龜山 -o 龜山.odt\n"
          "  tributary pack council --year 113 --meeting 1 --basis official\n"
          "  tributary pack changes 新識別碼 舊識別碼 -o 異動.odt\n"
          "  tributary pack minutes liaison --group 1 --year 113 -o 紀錄.odt　（會議紀錄；--names 另附姓名，不凍結）",
          "A frozen pack never changes; its files are given back as they were. Examples:\n"
          "  tributary pack liaison --group 1 --year 113 -o pack.odt -o pack.pdf\n"
          "  tributary pack BODY --office Guishan -o guishan.odt\n"
          "  tributary pack council --year 113 --meeting 1 --basis official\n"
          "  tributary pack changes NEW OLD -o changes.odt\n"
          "  tributary pack minutes liaison --group 1 --year 113 -o minutes.odt   (with --names not frozen)"}},
    .options = options,
    .least_words = 1,
    .most_words = 3,
    .run = run};
