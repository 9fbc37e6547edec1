/* minutes.c: minutes (會議紀錄) drafted from a meeting's agenda in the usual form (文書處理手冊; domain.md 8). */
#include "pack/minutes.h"

#include <string.h>

#include "base/json.h"
#include "meeting/meeting.h"
#include "pack/figures.h"

/* ---- words -------------------------------------------------------------------------------------------------------- */

static const char *say(const struct minutes *minutes, const char *chinese, const char *english)
{
    return making_say(minutes->making, chinese, english);
}

static bool is_chinese(const struct minutes *minutes)
{
    return minutes->making->question->language == LANGUAGE_ZH;
}

void minutes_labelled(const struct minutes *minutes, const char *label, const char *text)
{
    const struct paper_run runs[] = {{arena_format(minutes->making->arena, say(minutes, "%s：", "%s: "), label), true},
                                     {text, false}};

    if (text)
        paper_paragraph(minutes->making->paper, PAPER_BODY, runs, 2);
}

void minutes_outcome(const struct minutes *minutes, const char *label, const char *text)
{
    if (text)
        minutes_labelled(minutes, label, text);
    else if (minutes->draft)
        paper_box(minutes->making->paper, arena_format(minutes->making->arena, say(minutes, "%s：", "%s:"), label),
                  NULL, 0);
    else
        minutes_labelled(minutes, label, say(minutes, "（未登錄）", "(none on record)"));
}

const char *minutes_day(const struct minutes *minutes, struct date day)
{
    static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                         "July",    "August",   "September", "October", "November", "December"};

    if (is_chinese(minutes))
        return arena_format(minutes->making->arena, "%d年%d月%d日", day.year - ROC_EPOCH, day.month, day.day);
    return arena_format(minutes->making->arena, "%d %s %d", day.day, months[day.month - 1], day.year);
}

/* "113年9月26日（星期四）" "Thursday, 26 September 2024". */
static const char *day_text(const struct minutes *minutes)
{
    static const struct name weekdays[] = {{{"日", "Sunday"}},    {{"一", "Monday"}},   {{"二", "Tuesday"}},
                                           {{"三", "Wednesday"}}, {{"四", "Thursday"}}, {{"五", "Friday"}},
                                           {{"六", "Saturday"}}};
    const char *weekday = making_name(minutes->making, &weekdays[date_weekday(minutes->day)]),
               *day = minutes_day(minutes, minutes->day);

    return is_chinese(minutes) ? arena_format(minutes->making->arena, "%s（星期%s）", day, weekday)
                               : arena_format(minutes->making->arena, "%s, %s", weekday, day);
}

const char *minutes_time(const struct minutes *minutes, const char *time)
{
    struct arena *arena = minutes->making->arena;
    const char *part;
    int hour, minute, shown;

    if (!time || !is_chinese(minutes) || strlen(time) != 5)
        return time;
    hour = (time[0] - '0') * 10 + time[1] - '0';
    minute = (time[3] - '0') * 10 + time[4] - '0';
    shown = hour > 12 ? hour - 12 : hour;
    part = hour < 12 ? "上午" : hour == 12 ? "中午" : "下午";
    return minute ? arena_format(arena, "%s%d時%d分", part, shown, minute) : arena_format(arena, "%s%d時", part, shown);
}

void minutes_head(const struct minutes *minutes, const char *label, const char *text)
{
    paper_heading(minutes->making->paper, 1,
                  arena_format(minutes->making->arena, say(minutes, "%s：%s", "%s: %s"), label,
                               text ? text : say(minutes, "（未登錄）", "(not recorded)")));
}

/* ---- the head ----------------------------------------------------------------------------------------------------- */

/* Which one of its year, where there may be several; 0: it need not be said. */
static int number_shown(const struct pack_making *making, const json_t *meeting)
{
    int number = (int)json_integer_value(json_object_get(meeting, "number"));

    return number > 1 || making->question->body->meetings_least > 1 ? number : 0;
}

static bool ends_in(const char *text, const char *ending)
{
    size_t length = strlen(text), tail = strlen(ending);

    return length >= tail && strcmp(text + length - tail, ending) == 0;
}

/* The name of the unit whose body it is; NULL: a body of the city. */
static const char *unit_of(const struct pack_making *making)
{
    return making->question->unit ? making_name(making, making->question->unit_name) : NULL;
}

/* "桃園市政府113年度第1組性別平等業務聯繫會議紀錄", "桃園市政府113年度性別主流化推動組第2次會議紀錄", "桃園市性別平等會113年度第1次會議紀錄". */
static const char *chinese_title(const struct pack_making *making, const json_t *meeting)
{
    const struct pack_question *question = making->question;
    const char *city = question->version->plan->jurisdiction_name.text[LANGUAGE_ZH],
               *body = question->body->name.text[LANGUAGE_ZH], *unit = unit_of(making) ? unit_of(making) : "",
               *which = "";
    int number = number_shown(making, meeting);

    if (number)
        which = arena_format(making->arena, "第%d次", number);
    if (strncmp(body, city, strlen(city)) == 0)
        return arena_format(making->arena, "%s%d年度%s會議紀錄", body, question->year, which);
    if (ends_in(body, "會議"))
        return arena_format(making->arena, "%s政府%d年度%s%s%s紀錄", city, question->year, unit, which, body);
    return arena_format(making->arena, "%s政府%d年度%s%s%s會議紀錄", city, question->year, unit, body, which);
}

static const char *english_title(const struct pack_making *making, const json_t *meeting)
{
    const struct pack_question *question = making->question;
    const char *unit = unit_of(making), *which = "";
    int number = number_shown(making, meeting);

    if (number)
        which = arena_format(making->arena, ", meeting %d", number);
    return arena_format(making->arena, "Minutes: %s%s%s, %d%s", question->body->name.text[LANGUAGE_EN],
                        unit ? ", " : "", unit ? unit : "", question->year + ROC_EPOCH, which);
}

/* What stands on every page: that it is a draft, that nobody in it is real. */
static const char *mark_of(const struct pack_making *making, bool draft)
{
    const char *sample = making_say(making, "合成樣本資料", "Synthetic sample data"),
               *drafted = making_say(making, "草案", "Draft");

    if (draft && making->question->sample)
        return arena_format(making->arena, making_say(making, "%s．%s", "%s. %s"), drafted, sample);
    return draft ? drafted : making->question->sample ? sample : NULL;
}

static struct paper *begin_paper(const struct minutes *minutes)
{
    const struct pack_making *making = minutes->making;
    const struct pack_question *question = making->question;
    const struct paper_head head = {.title = is_chinese(minutes) ? chinese_title(making, minutes->meeting)
                                                                 : english_title(making, minutes->meeting),
                                    .subtitle = minutes->draft ? say(minutes, "（草案）", "Draft") : NULL,
                                    .organisation = unit_of(making),
                                    .identifier = arena_format(making->arena, "%d-%s%s%s-m%llu", question->year,
                                                               question->body->code, question->unit ? "-" : "",
                                                               question->unit ? question->unit : "",
                                                               (unsigned long long)question->log_sequence),
                                    .moment = making->as_of,
                                    .sample = mark_of(making, minutes->draft),
                                    .language = question->language};

    return paper_in(making->arena, &head);
}

/* "龜山區公所 區長 ○○○" of who was in the chair or kept the minutes. */
static const char *person_text(const struct minutes *minutes, const char *duty)
{
    const struct pack_making *making = minutes->making;
    const json_t *person = json_object_get(minutes->meeting, duty);
    const char *code = json_text_member(person, "office"), *post = json_text_member(person, "post"),
               *name = making->question->names ? json_text_member(person, "name") : NULL;
    const struct office *office = code ? plan_office(making->question->version->plan, code) : NULL;
    const char *parts[] = {office ? making_name(making, &office->name) : NULL, post, name}, *text = NULL;

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i])
            text = text ? arena_format(making->arena, "%s %s", text, parts[i]) : arena_text(making->arena, parts[i]);
    return text;
}

static void tell_head(const struct minutes *minutes)
{
    const struct pack_making *making = minutes->making;
    const char *number = json_text_member(minutes->meeting, "minutes_number"),
               *recorder = person_text(minutes, "recorder"),
               *begins = minutes_time(minutes, json_text_member(minutes->meeting, "begins"));

    paper_say(making->paper, PAPER_TITLE, making->paper->head.title);
    if (minutes->draft)
        paper_say(making->paper, PAPER_CENTRED, making->paper->head.subtitle);
    if (number)
        paper_say(making->paper, PAPER_CENTRED,
                  arena_format(making->arena, say(minutes, "文號：%s", "Document number: %s"), number));
    minutes_head(minutes, say(minutes, "時間", "Time"),
                 begins ? arena_format(making->arena, say(minutes, "%s%s", "%s, %s"), day_text(minutes), begins)
                        : day_text(minutes));
    minutes_head(minutes, say(minutes, "地點", "Place"), json_text_member(minutes->meeting, "place"));
    minutes_head(minutes, say(minutes, "主席", "Chair"), person_text(minutes, "chair"));
    minutes_labelled(minutes, say(minutes, "紀錄", "Minutes taken by"),
                     recorder ? recorder : say(minutes, "（未登錄）", "(not recorded)"));
}

/* ---- together ----------------------------------------------------------------------------------------------------- */

static bool tell(struct minutes *minutes)
{
    struct pack_making *making = minutes->making;

    making->paper = begin_paper(minutes);
    if (!making->paper)
        return making_failed(making, DB_FAILED);
    making_source(making, "meeting", making->question->meeting,
                  json_pack("{ss ss*}", "day", json_text_member(minutes->meeting, "day"), "number",
                            json_text_member(minutes->meeting, "minutes_number")));
    tell_head(minutes);
    minutes_attendance(minutes);
    if (!minutes_items(minutes))
        return false;
    minutes_corrections(minutes);
    return true;
}

bool minutes_fill(struct pack_making *making)
{
    const struct meeting_question question = {
        .plan = making->question->version->plan, .id = making->question->meeting, .as_of = &making->question->as_of};
    struct minutes minutes = {.making = making};
    json_t *meeting = NULL;
    enum db_status status = meeting_to_json(making->db, &question, making->arena, &meeting);
    bool good = status == DB_OK && meeting && date_parse_iso(json_text_member(meeting, "day"), &minutes.day);

    if (good) {
        minutes.meeting = meeting;
        minutes.draft = strcmp(json_text_member(meeting, "state"), "on_record") != 0;
        good = tell(&minutes);
    } else {
        making_failed(making, status);
    }
    json_decref(meeting);
    return good;
}
