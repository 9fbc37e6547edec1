/* occasion.c: which meeting it is. */
#include "pack/occasion.h"

#include <string.h>

#include "base/json.h"
#include "meeting/meeting.h"

/* Whether a meeting is still to come. */
static bool is_coming(const json_t *meeting)
{
    const char *state = json_text_member(meeting, "state");

    return strcmp(state, "planned") == 0 || strcmp(state, "called") == 0;
}

static bool is_of_year(const json_t *meeting, int year)
{
    return json_integer_value(json_object_get(meeting, "year")) == year &&
           strcmp(json_text_member(meeting, "state"), "cancelled") != 0;
}

static bool is_called(const json_t *meeting)
{
    return strcmp(json_text_member(meeting, "state"), "called") == 0;
}

static const json_t *find_meeting(const json_t *list, const char *id)
{
    const json_t *one;
    size_t i;

    json_array_foreach(list, i, one)
        if (strcmp(json_text_member(one, "meeting"), id) == 0)
            return one;
    return NULL;
}

/* Which of the year's meetings papers are for if nobody says: of those for today or later the first that was called, else the
 * first that is planned; else the newest, whose papers are read again. Among the body's meetings by their day. NULL: there is
 * none yet. */
static const json_t *choose(const struct pack_question *question, const json_t *list)
{
    const json_t *one, *called = NULL, *coming = NULL, *newest = NULL;
    char today[DATE_TEXT_SIZE];
    size_t i;

    if (question->meeting)
        return find_meeting(list, question->meeting);
    if (question->made_again)
        return question->occasion ? find_meeting(list, question->occasion) : NULL;
    date_format_iso(calendar_day_of(&question->version->plan->calendar, question->as_of), today);
    json_array_foreach(list, i, one) {
        if (!is_of_year(one, question->year))
            continue;
        newest = one;
        if (!is_coming(one) || strcmp(json_text_member(one, "day"), today) < 0)
            continue;
        if (!called && is_called(one))
            called = one;
        if (!coming)
            coming = one;
    }
    return called ? called : coming ? coming : newest;
}

/* The newest one held before `meeting` (NULL: of all). */
static const json_t *choose_last(const json_t *list, const json_t *meeting)
{
    const json_t *one, *last = NULL;
    size_t i;

    json_array_foreach(list, i, one) {
        if (one == meeting)
            break;
        if (json_text_member(one, "held_on"))
            last = one;
    }
    return last;
}

/* When something of it was corrected or added last; NULL: never, and packs of before said nothing of it. */
static json_t *corrected_at(const json_t *meeting)
{
    const json_t *corrections = json_object_get(meeting, "corrections");
    size_t count = json_array_size(corrections);

    return count ? json_incref(json_object_get(json_array_get(corrections, count - 1), "recorded_at")) : NULL;
}

/* One with all that belongs to it, named among the sources; `occasion`: the papers are for it. */
static enum db_status read_whole(struct pack_making *making, const json_t *one, bool occasion, json_t **ret_meeting)
{
    const struct pack_question *question = making->question;
    const char *id = json_text_member(one, "meeting");
    const struct meeting_question asked = {.plan = question->version->plan, .id = id, .as_of = &question->as_of};
    enum db_status status = meeting_to_json(making->db, &asked, making->arena, ret_meeting);

    if (status == DB_OK && *ret_meeting)
        making_source(making, "meeting", id,
                      json_pack("{ss ss sO sb sO sO so*}", "day", json_text_member(one, "day"), "state",
                                json_text_member(one, "state"), "number", json_object_get(*ret_meeting, "number"),
                                "occasion", occasion, "agenda",
                                json_object_get(json_object_get(*ret_meeting, "agenda"), "sequence"), "resolved",
                                json_object_get(json_object_get(*ret_meeting, "agenda"), "resolved"), "corrected_at",
                                corrected_at(*ret_meeting)));
    return status;
}

enum db_status find_occasion(struct pack_making *making)
{
    const struct pack_question *question = making->question;
    struct meeting_filter filter = {.plan = question->version->plan->code,
                                    .body = meeting_code(question->body),
                                    .unit = question->unit,
                                    .as_of = &question->as_of};
    const json_t *meeting, *last;
    json_t *list = NULL;
    enum db_status status = meetings_list(making->db, &filter, &list);

    if (status != DB_OK)
        return status;
    meeting = choose(question, list);
    last = choose_last(list, meeting);
    if (meeting)
        status = read_whole(making, meeting, true, &making->meeting);
    if (status == DB_OK && last)
        status = read_whole(making, last, false, &making->last);
    json_decref(list);
    return status;
}

/* ---- words -------------------------------------------------------------------------------------------------------- */

const char *occasion_number(const struct pack_making *making, const json_t *meeting)
{
    long long number = json_integer_value(json_object_get(meeting, "number"));

    if (number < 1 || (number == 1 && making->question->body->meetings_least <= 1))
        return NULL;
    return arena_format(making->arena, making->question->language == LANGUAGE_ZH ? "第%lld次會議" : "meeting %lld",
                        number);
}

const char *occasion_day(const struct pack_making *making, const char *iso)
{
    static const char *const days[2][7] = {
        {"四", "五", "六", "日", "一", "二", "三"},
        {"Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"}};
    static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                         "July",    "August",   "September", "October", "November", "December"};
    struct date date;
    int64_t place;

    if (!iso || !date_parse_iso(iso, &date))
        return iso;
    place = ((date_to_days(date) % 7) + 7) % 7;
    if (making->question->language == LANGUAGE_EN)
        return arena_format(making->arena, "%s, %d %s %d", days[1][place], date.day, months[date.month - 1], date.year);
    return arena_format(making->arena, "民國%d年%d月%d日（星期%s）", date.year - ROC_EPOCH, date.month, date.day,
                        days[0][place]);
}

const char *occasion_secretariat(const struct pack_making *making)
{
    const json_t *turn = json_object_get(json_object_get(making->meeting, "secretariat"), "name");
    const char *name = json_text_member(turn, making_say(making, "zh", "en"));

    return name ? name : making_name(making, &making->question->body->secretariat);
}

const char *occasion_kind(const struct pack_making *making, const char *kind)
{
    enum item_kind found;

    return kind && item_kind_parse(kind, &found) ? making_name(making, &item_titles[found]) : kind;
}

bool item_is_heading(const json_t *item)
{
    static const char *const members[] = {"proposer", "explanation", "proposal", "referral"};
    const char *title = json_text_member(item, "title");
    enum item_kind kind;

    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (json_text_member(item, members[i]))
            return false;
    return item_kind_parse(json_text_member(item, "kind"), &kind) &&
           (strcmp(title, item_titles[kind].text[LANGUAGE_ZH]) == 0 ||
            strcmp(title, item_titles[kind].text[LANGUAGE_EN]) == 0);
}
