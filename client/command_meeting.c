/* command_meeting.c: tributary meeting: planning meetings of bodies, what becomes of them, and lists of them. */
#include <string.h>

#include "base/json.h"
#include "command.h"
#include "export.h"
#include "fetch.h"
#include "meetings.h"
#include "naming.h"
#include "plan_cache.h"
#include "posting.h"
#include "units.h"
#include "url.h"

/* ---- list --------------------------------------------------------------------------------------------------------- */

static void show_list(struct client *client, const json_t *list)
{
    const struct listing_column columns[] = {{client_word(client, meeting), LISTING_WRAPS},
                                             {client_word(client, meeting_number_word), LISTING_RIGHT},
                                             {client_word(client, meeting_day_word), LISTING_LEFT},
                                             {client_word(client, state), LISTING_LEFT},
                                             {client_word(client, document_number), LISTING_WRAPS},
                                             {client_word(client, id), LISTING_LEFT}};
    struct listing *listing = listing_new(client->arena, columns, sizeof columns / sizeof *columns);
    const json_t *one;
    size_t i;

    json_array_foreach(list, i, one) {
        const json_t *number = json_object_get(one, "number");

        listing_row(listing, (const char *[]){
                                 meeting_name(client, one),
                                 json_is_integer(number) ? client_number(client, json_integer_value(number)) : "",
                                 client_date(client, json_text_member(one, "day")), meeting_shown_state(client, one),
                                 json_text_member(one, "document_number"), json_text_member(one, "meeting")});
    }
    if (listing_row_count(listing) == 0)
        client_print(client, meetings_none);
    else
        client_show(client, listing);
}

static enum exit_status list(struct client *client, const struct plan *plan)
{
    const char *unit;
    json_t *answer = NULL;
    enum exit_status status = unit_option(client, plan->code, NULL, &unit);

    if (status != EXIT_DONE)
        return status;

    const struct url_parameter parameters[] = {{"body", client_option(client, "body")},
                                               {"unit", unit},
                                               {"year", client_option(client, "year")},
                                               {"state", meeting_state_meant(client_option(client, "state"))}};

    status = fetch_shown(
        client, meetings_path(client, plan, "meetings", parameters, sizeof parameters / sizeof *parameters), &answer);
    if (answer)
        show_list(client, json_object_get(answer, "meetings"));
    json_decref(answer);
    return status;
}

static enum exit_status show(struct client *client, const struct plan *plan)
{
    json_t *meeting;
    enum exit_status status = meetings_find(client, plan, client->arguments.words[1], &meeting);

    if (status == EXIT_DONE && client->json)
        client_print_json(meeting);
    else if (status == EXIT_DONE)
        meeting_show(client, meeting);
    json_decref(meeting);
    return status;
}

/* ---- plan, and what becomes of it ---------------------------------------------------------------------------------- */

/* Minutes went out: which reports and proposals nothing is resolved of. */
static void tell_unresolved(struct client *client, const json_t *meeting)
{
    const char *state = json_text_member(meeting, "state"), *all = NULL;
    const json_t *item;
    size_t i;

    if (!state || strcmp(state, "on_record") != 0)
        return;
    json_array_foreach(json_object_get(json_object_get(meeting, "agenda"), "items"), i, item) {
        const char *kind = json_text_member(item, "kind"), *number = client_number(client, (long long)i + 1);
        bool resolves = kind && (strcmp(kind, "report") == 0 || strcmp(kind, "discussion") == 0);

        if (resolves && !meeting_item_is_heading(item) && !json_is_object(json_object_get(item, "resolution")))
            all = all ? arena_format(client->arena, client->language == LANGUAGE_ZH ? "%s、%s" : "%s, %s", all, number)
                      : number;
    }
    if (all)
        client_say(client, meeting_unresolved, all);
}

/* `of` and `unit`: whose meeting it is. */
static enum exit_status post(struct client *client, const struct plan *plan, const char *of, const char *unit,
                             const char *path, json_t *body)
{
    struct posted posted;
    json_t *before = meeting_numbers(client, plan, of, unit);
    enum exit_status status = posting_send(client, path, body, &posted);

    if (status == EXIT_UNREACHABLE)
        client_say(client, meeting_offline);
    if (status == EXIT_DONE && posted.unchanged)
        client_say(client, meeting_call_changes_nothing);
    if (status == EXIT_DONE && !client->json)
        meeting_show(client, posted.answer);
    if (status == EXIT_DONE)
        tell_unresolved(client, posted.answer);
    if (status == EXIT_DONE)
        meeting_tell_renumbered(client, plan, before, of, unit, json_text_member(posted.answer, "meeting"));
    else
        json_decref(before);
    json_decref(posted.answer);
    return status;
}

static enum exit_status plan_of(struct client *client, const struct plan *plan, const json_t *body, const char *day)
{
    const char *group = client_option(client, "group"), *unit;

    if (!meetings_unit(client, body, group ? group : client_option(client, "unit"), &unit))
        return EXIT_USAGE;
    return post(client, plan, json_text_member(body, "body"), unit, meetings_path(client, plan, "meetings", NULL, 0),
                json_pack("{ss ss ss* ss ss* ss* ss* ss*}", "body", json_text_member(body, "body"), "day", day, "unit",
                          unit, "kind", client_option(client, "ad-hoc") ? "ad_hoc" : "regular", "begins",
                          client_option(client, "begins"), "ends", client_option(client, "ends"), "place",
                          client_option(client, "place"), "document_number", client_option(client, "number")));
}

static enum exit_status plan_one(struct client *client, const struct plan *plan)
{
    const char *day = meetings_day(client, client->arguments.words[2]);
    json_t *body = NULL;
    enum exit_status status = day ? meetings_body(client, plan, client->arguments.words[1], &body) : EXIT_USAGE;

    if (status == EXIT_DONE)
        status = plan_of(client, plan, body, day);
    json_decref(body);
    return status;
}

/* The day of a step: a word behind the meeting, or --day. False, having said so, if it is no date. */
static bool day_of_step(struct client *client, const char **ret_day)
{
    const char *given = client->arguments.word_count > 2 ? client->arguments.words[2] : client_option(client, "day");

    *ret_day = given ? meetings_day(client, given) : NULL;
    return !given || *ret_day;
}

/* A document number that takes the place of another one isn't taken in silence. */
static void tell_replaced(struct client *client, const json_t *meeting, const char *state)
{
    const char *given = client_option(client, "number"), *before = NULL;

    if (state && strcmp(state, "on_record") == 0)
        before = json_text_member(meeting, "minutes_number");
    else if (state && strcmp(state, "called") == 0)
        before = json_text_member(meeting, "call_number");
    if (given && before && strcmp(given, before) != 0)
        client_say(client, meeting_number_replaced, before, given);
}

static bool took_place(const json_t *meeting)
{
    return json_is_string(json_object_get(meeting, "held_on"));
}

/* Whether it can be meant of a meeting as it stands; says what is, if not. */
typedef enum exit_status may_fn(struct client *client, const json_t *meeting);

static enum exit_status may_put_off(struct client *client, const json_t *meeting)
{
    return took_place(meeting) ? client_usage(client, client_text(client, meeting_was_held, client->arguments.words[1]))
                               : EXIT_DONE;
}

static enum exit_status may_correct(struct client *client, const json_t *meeting)
{
    if (!took_place(meeting))
        return client_usage(client, client_text(client, meeting_not_held_yet, client->arguments.words[1]));
    if (client->arguments.word_count < 3 && !client_option(client, "day") && !client_option(client, "begins") &&
        !client_option(client, "ends") && !client_option(client, "place") && !client_option(client, "number"))
        return client_usage(client, client_word(client, meeting_correct_what));
    return client_option(client, "reason") ? EXIT_DONE : client_usage(client, client_word(client, meeting_say_why));
}

/* After a refusal what can be done with the meeting as it stands, if it was that step that can't. */
static void tell_what_may_be(struct client *client, const json_t *meeting, const char *state)
{
    static const struct {
        const char *state, *order;
    } orders[] = {{"called", "call"}, {"held", "hold"}, {"on_record", "record"}, {"cancelled", "cancel"}};
    const char *may = NULL;

    if (!state || meeting_lets(meeting, state))
        return;
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
        if (meeting_lets(meeting, orders[i].state))
            may = may ? arena_format(client->arena, "%s|%s", may, orders[i].order) : orders[i].order;
    if (may)
        client_say(client, meeting_may_now, meeting_shown_state(client, meeting), may);
}

/* `state` NULL: it stays what it is; `may` NULL: the server judges. */
static enum exit_status step(struct client *client, const struct plan *plan, const char *state, may_fn *may)
{
    const char *day;
    json_t *meeting = NULL;
    enum exit_status status =
        day_of_step(client, &day) ? meetings_find(client, plan, client->arguments.words[1], &meeting) : EXIT_USAGE;

    if (status == EXIT_DONE && may)
        status = may(client, meeting);
    if (status == EXIT_DONE)
        status =
            post(client, plan, json_text_member(meeting, "body"), json_text_member(meeting, "unit"),
                 meeting_path(client, json_text_member(meeting, "meeting"), "steps"),
                 json_pack("{ss ss* ss* ss* ss* ss* ss*}", "state", state ? state : json_text_member(meeting, "state"),
                           "day", day, "begins", client_option(client, "begins"), "ends", client_option(client, "ends"),
                           "place", client_option(client, "place"), "document_number", client_option(client, "number"),
                           "reason", client_option(client, "reason")));
    if (status == EXIT_DONE)
        tell_replaced(client, meeting, state);
    else if (status == EXIT_REFUSED)
        tell_what_may_be(client, meeting, state);
    json_decref(meeting);
    return status;
}

static enum exit_status call(struct client *client, const struct plan *plan)
{
    return step(client, plan, "called", NULL);
}

static enum exit_status postpone(struct client *client, const struct plan *plan)
{
    return step(client, plan, NULL, may_put_off);
}

/* What is known of one that took place. */
static enum exit_status correct(struct client *client, const struct plan *plan)
{
    return step(client, plan, NULL, may_correct);
}

static enum exit_status hold(struct client *client, const struct plan *plan)
{
    return step(client, plan, "held", NULL);
}

static enum exit_status put_on_record(struct client *client, const struct plan *plan)
{
    return step(client, plan, "on_record", NULL);
}

static enum exit_status cancel(struct client *client, const struct plan *plan)
{
    return step(client, plan, "cancelled", NULL);
}

/* ---- the command --------------------------------------------------------------------------------------------------- */

static enum exit_status run(struct client *client)
{
    static const struct {
        const char *word;
        size_t least_words;
        enum exit_status (*run)(struct client *client, const struct plan *plan);
    } orders[] = {{"plan", 3, plan_one},
                  {"call", 2, call},
                  {"postpone", 2, postpone},
                  {"hold", 2, hold},
                  {"record", 2, put_on_record},
                  {"correct", 2, correct},
                  {"cancel", 2, cancel},
                  {"list", 1, list},
                  {"show", 2, show},
                  {"agenda", 2, meeting_agenda},
                  {"attendance", 2, meeting_attendance},
                  {"resolve", 2, meeting_resolve},
                  {"calendar", 1, meeting_calendar},
                  {"add", 1, meeting_add}};
    struct cached_plan plan;
    enum exit_status status;

    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        if (strcmp(orders[i].word, client->arguments.words[0]) != 0 ||
            client->arguments.word_count < orders[i].least_words)
            continue;
        status = plan_cached(client, &plan);
        if (status != EXIT_DONE)
            return status;
        status = orders[i].run(client, plan.plan);
        cached_plan_release(&plan);
        return status;
    }
    return client_usage(client, client_word(client, meeting_what));
}

static const struct option options[] = {
    {"unit", "UNIT", {{"哪一組、哪個機關或局處的會議", "whose meeting: the group, office or bureau"}}},
    {"group", "GROUP", {{"同 --unit", "as --unit"}}},
    {"ad-hoc", NULL, {{"臨時會議", "an ad hoc meeting"}}},
    {"day", "DATE", {{"會議日期", "its day"}}},
    {"begins", "TIME", {{"開始時間，如 14:00、下午2點", "when it begins, such as 14:00 or 2 pm"}}},
    {"ends", "TIME", {{"結束時間", "when it ends"}}},
    {"place", "TEXT", {{"地點", "where"}}},
    {"number", "TEXT", {{"公文文號（開會通知或會議紀錄）", "the document number, of the call or of the minutes"}}},
    {"reason", "TEXT", {{"延期、取消或更正的事由", "why it is put off, cancelled or corrected"}}},
    {"add", "TITLE", {{"agenda：增列一案的案由", "agenda: one item more, by its title"}}},
    {"kind",
     "report|discussion|motion",
     {{"agenda --add：案別，預設 discussion", "agenda --add: discussion if left out"}}},
    {"proposer", "TEXT", {{"agenda --add：提案單位", "agenda --add: who proposes it"}}},
    {"explanation", "TEXT", {{"agenda --add：說明", "agenda --add: explanation"}}},
    {"proposal", "TEXT", {{"agenda --add：辦法", "agenda --add: what is proposed"}}},
    {"remarks",
     "TEXT",
     {{"resolve：發言摘要；省略則保留原有者，空字串則刪除",
       "resolve: what was said; what was there stays if left out, and goes if empty"}}},
    {"body", "BODY", {{"list、calendar：只列這個會議", "list, calendar: only this body"}}},
    {"year", "YEAR", {{"list、calendar：民國年度", "list, calendar: the ROC year"}}},
    {"state", "STATE", {{"list：只列這種狀態", "list: only those in this state"}}},
    {"ics",
     "FILE",
     {{"calendar：改存成行事曆檔（iCalendar）；「-」為標準輸出",
       "calendar: instead, a file for a calendar program (iCalendar); \"-\" is standard output"}}},
    EXPORT_OPTIONS,
    {"sample-clock", "TIME", {{"樣本資料庫的時間", "when it is said to happen; sample databases only"}}},
    {0},
};

const struct command command_meeting = {
    .name = "meeting",
    .usage =
        "plan BODY DATE | call|hold|record|correct|cancel|show MEETING | postpone MEETING DATE | agenda|attendance MEETING [FILE]"
        " | resolve MEETING ITEM TEXT | list | calendar [--year YEAR] [--ics FILE] | add BODY DATE",
    .summary = {{"會議：排定、通知、延期、召開、紀錄、議程、出席、決議、年度行事曆",
                 "meetings: plan, call, put off, hold, record; agenda, attendance, resolutions, the year's calendar"}},
    .details =
        {{"MEETING 可寫識別碼，或如 liaison/第1組/113.10.15、council/113.6.12。一次會議：\n"
          "  tributary meeting plan liaison 113.10.15 --unit 第1組\n"
          "  tributary meeting call liaison/第1組/113.10.15 --begins 14:00 --place 三樓會議室 --number 府性平字第1號\n"
          "  tributary meeting agenda liaison/第1組/113.10.15 --add 聯合宣導案 --explanation … --proposal …\n"
          "  tributary meeting hold liaison/第1組/113.10.15\n"
          "  tributary meeting attendance liaison/第1組/113.10.15 -o 出席.csv   （填好後再送）\n"
          "  tributary meeting attendance liaison/第1組/113.10.15 出席.csv\n"
          "  tributary meeting resolve liaison/第1組/113.10.15 5 照案通過。 --remarks …\n"
          "  tributary meeting record liaison/第1組/113.10.15 --number 府性平字第2號\n"
          "已召開者以 correct 更正日期、時間、地點、文號；已備紀錄後更正議程、出席或決議者同樣加 --reason 事由，紀錄與列管隨之註明。\n"
          "出席表的欄位：出席別（出席、列席、請假、缺席）、機關、職稱、姓名、性別、會議職務（主席、紀錄）、內外聘、曾任性平會外聘委員、"
          "充分授權。機關自己的專案小組會議可在此排定；召開後以其會議紀錄表單報送。add 只以日期登錄已召開的會議，供審查使用。",
          "MEETING is an id, or such as liaison/GROUP/2024-10-15, council/2024-06-12. One meeting:\n"
          "  tributary meeting plan liaison 2024-10-15 --unit GROUP\n"
          "  tributary meeting call liaison/GROUP/2024-10-15 --begins 14:00 --place 'third floor' --number A1\n"
          "  tributary meeting agenda liaison/GROUP/2024-10-15 --add 'Joint outreach' --explanation … --proposal …\n"
          "  tributary meeting hold liaison/GROUP/2024-10-15\n"
          "  tributary meeting attendance liaison/GROUP/2024-10-15 -o sheet.csv   (fill it in, then send it)\n"
          "  tributary meeting attendance liaison/GROUP/2024-10-15 sheet.csv\n"
          "  tributary meeting resolve liaison/GROUP/2024-10-15 5 'Approved.' --remarks …\n"
          "  tributary meeting record liaison/GROUP/2024-10-15 --number A2\n"
          "`correct` corrects the day, times, place or document number of one that was held; once its minutes are out, agenda, "
          "attendance and resolve want --reason, too, and the minutes and tracked decisions say so.\n"
          "Columns of the sheet: Part (present, sitting_in, excused, absent), Office, Post, Name, Sex, Duty (chair, recorder), Seat, "
          "Served on the council, Fully authorised. An office's own task group is planned here; that it met is told by the form "
          "that records its meeting. `add` records a meeting that was held by its day only, for reviews."}},
    .options = options,
    .least_words = 1,
    .most_words = 4,
    .run = run};
