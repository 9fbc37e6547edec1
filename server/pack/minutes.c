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

/* "112年10月5日" "5 October 2023" of an ISO date. */
static const char *plain_day_text(const struct minutes *minutes, struct date day)
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
               *day = plain_day_text(minutes, minutes->day);

    return is_chinese(minutes) ? arena_format(minutes->making->arena, "%s（星期%s）", day, weekday)
                               : arena_format(minutes->making->arena, "%s, %s", weekday, day);
}

/* "下午2時30分" "14:30" of "14:30"; NULL for NULL. */
static const char *time_text(const struct minutes *minutes, const char *time)
{
    struct arena *arena = minutes->making->arena;
    int hour, minute, shown;

    if (!time || !is_chinese(minutes) || strlen(time) != 5)
        return time;
    hour = (time[0] - '0') * 10 + time[1] - '0';
    minute = (time[3] - '0') * 10 + time[4] - '0';
    shown = hour > 12 ? hour - 12 : hour;
    return minute ? arena_format(arena, "%s%d時%d分", hour < 12 ? "上午" : "下午", shown, minute)
                  : arena_format(arena, "%s%d時", hour < 12 ? "上午" : "下午", shown);
}

static void head(const struct minutes *minutes, const char *label, const char *text)
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
               *begins = time_text(minutes, json_text_member(minutes->meeting, "begins"));

    paper_say(making->paper, PAPER_TITLE, making->paper->head.title);
    if (minutes->draft)
        paper_say(making->paper, PAPER_CENTRED, making->paper->head.subtitle);
    if (number)
        paper_say(making->paper, PAPER_CENTRED,
                  arena_format(making->arena, say(minutes, "文號：%s", "Document number: %s"), number));
    head(minutes, say(minutes, "時間", "Time"),
         begins ? arena_format(making->arena, say(minutes, "%s%s", "%s, %s"), day_text(minutes), begins)
                : day_text(minutes));
    head(minutes, say(minutes, "地點", "Place"), json_text_member(minutes->meeting, "place"));
    head(minutes, say(minutes, "主席", "Chair"), person_text(minutes, "chair"));
    minutes_labelled(minutes, say(minutes, "紀錄", "Minutes taken by"),
                     recorder ? recorder : say(minutes, "（未登錄）", "(not recorded)"));
}

/* ---- items -------------------------------------------------------------------------------------------------------- */

static enum item_kind kind_of(const json_t *item)
{
    enum item_kind kind = ITEM_MOTION;

    item_kind_parse(json_text_member(item, "kind"), &kind);
    return kind;
}

/* The 決議 of what is proposed, the 決定 on what is reported. */
static const char *outcome_label(const struct minutes *minutes, enum item_kind kind)
{
    return kind == ITEM_DISCUSSION || kind == ITEM_MOTION ? say(minutes, "決議", "Resolved")
                                                          : say(minutes, "決定", "Decided");
}

/* Whether nothing stands on it but the usual title of its kind (meeting.h). */
static bool is_heading(const json_t *item)
{
    const char *title = json_text_member(item, "title");

    return title && strcmp(title, item_titles[kind_of(item)].text[LANGUAGE_ZH]) == 0 &&
           !json_text_member(item, "proposer") && !json_text_member(item, "explanation") &&
           !json_text_member(item, "proposal") && !json_object_get(json_object_get(item, "resolution"), "text");
}

static const char *item_title(const struct minutes *minutes, const json_t *item)
{
    const char *title = json_text_member(item, "title");
    enum item_kind kind = kind_of(item);
    bool single = kind != ITEM_REPORT && kind != ITEM_DISCUSSION && kind != ITEM_MOTION;

    if (single && !is_chinese(minutes))
        return making_name(minutes->making, &item_titles[kind]);
    if (!title || strcmp(title, item_titles[kind].text[LANGUAGE_ZH]) == 0)
        return making_name(minutes->making, &item_titles[kind]);
    return title;
}

static void tell_words(const struct minutes *minutes, const json_t *item)
{
    const json_t *resolution = json_object_get(item, "resolution");

    minutes_labelled(minutes, say(minutes, "說明", "Explanation"), json_text_member(item, "explanation"));
    minutes_labelled(minutes, say(minutes, "辦法", "Proposal"), json_text_member(item, "proposal"));
    minutes_labelled(minutes, say(minutes, "發言摘要", "What was said"), json_text_member(resolution, "remarks"));
    minutes_outcome(minutes, outcome_label(minutes, kind_of(item)), json_text_member(resolution, "text"));
}

/* 主席致詞: what was said, if anybody wrote it down. */
static void tell_opening(const struct minutes *minutes, const json_t *item)
{
    const json_t *resolution = json_object_get(item, "resolution");
    const char *text = json_text_member(resolution, "text"), *remarks = json_text_member(resolution, "remarks");

    if (remarks)
        paper_say(minutes->making->paper, PAPER_BODY, remarks);
    if (text || !remarks)
        paper_say(minutes->making->paper, PAPER_BODY, text ? text : say(minutes, "（略）", "(not minuted)"));
}

/* The meeting before, whose minutes were confirmed. False: it gave up. */
static bool tell_last_minutes(const struct minutes *minutes)
{
    struct pack_making *making = minutes->making;
    const struct meeting_filter filter = {.plan = making->question->version->plan->code,
                                          .body = json_text_member(minutes->meeting, "body"),
                                          .unit = making->question->unit,
                                          .took_place = true,
                                          .as_of = &making->question->as_of};
    json_t *list = NULL;
    const json_t *one, *last = NULL;
    struct date day;
    const char *number;
    size_t i;
    enum db_status status = meetings_list(making->db, &filter, &list);

    if (status != DB_OK)
        return making_failed(making, status);
    json_array_foreach(list, i, one)
        if (strcmp(json_text_member(one, "day"), json_text_member(minutes->meeting, "day")) < 0)
            last = one;
    number = json_text_member(last, "minutes_number");
    if (last && date_parse_iso(json_text_member(last, "day"), &day)) {
        making_source(making, "meeting", json_text_member(last, "meeting"),
                      json_pack("{ss}", "day", json_text_member(last, "day")));
        paper_say(making->paper, PAPER_BODY,
                  arena_format(making->arena, say(minutes, "前次會議：%s%s%s", "The meeting before: %s%s%s"),
                               plain_day_text(minutes, day),
                               number ? say(minutes, "，紀錄文號：", "; its minutes: ") : "", number ? number : ""));
    }
    json_decref(list);
    return true;
}

/* An item that stands under a heading of its own. */
static bool tell_single(const struct minutes *minutes, const json_t *item)
{
    const char *ends;

    switch (kind_of(item)) {
    case ITEM_CLOSING:
        ends = time_text(minutes, json_text_member(minutes->meeting, "ends"));
        head(minutes, item_title(minutes, item), ends);
        return true;
    case ITEM_OPENING:
        paper_heading(minutes->making->paper, 1, item_title(minutes, item));
        tell_opening(minutes, item);
        return true;
    case ITEM_MINUTES:
        paper_heading(minutes->making->paper, 1, item_title(minutes, item));
        if (!tell_last_minutes(minutes))
            return false;
        break;
    case ITEM_TRACKING:
        paper_heading(minutes->making->paper, 1, item_title(minutes, item));
        if (!minutes_tracking(minutes))
            return false;
        break;
    default: break;
    }
    tell_words(minutes, item);
    return true;
}

/* One of several reports, proposals or motions. */
static void tell_listed(const struct minutes *minutes, const json_t *item)
{
    const struct pack_making *making = minutes->making;
    const char *title = item_title(minutes, item), *proposer = json_text_member(item, "proposer");
    bool reports = kind_of(item) == ITEM_REPORT;

    if (!reports)
        title = arena_format(making->arena, say(minutes, "案由：%s", "%s"), title);
    if (proposer)
        title = arena_format(making->arena,
                             reports ? say(minutes, "%s（報告單位：%s）", "%s (reported by %s)")
                                     : say(minutes, "%s（提案單位：%s）", "%s (proposed by %s)"),
                             title, proposer);
    paper_heading(making->paper, 2, title);
    tell_words(minutes, item);
}

static bool is_listed(enum item_kind kind)
{
    return kind == ITEM_REPORT || kind == ITEM_DISCUSSION || kind == ITEM_MOTION;
}

/* The items of one kind that follow one another, from `i` on. The next one is returned. */
static size_t tell_list(const struct minutes *minutes, const json_t *items, size_t i)
{
    enum item_kind kind = kind_of(json_array_get(items, i));
    size_t told = 0;

    paper_heading(minutes->making->paper, 1, making_name(minutes->making, &item_titles[kind]));
    for (; i < json_array_size(items) && kind_of(json_array_get(items, i)) == kind; i++) {
        const json_t *item = json_array_get(items, i);
        const char *remarks = json_text_member(json_object_get(item, "resolution"), "remarks");

        if (is_heading(item) && !remarks)
            continue;
        tell_listed(minutes, item);
        told++;
    }
    if (told == 0 && minutes->draft)
        minutes_outcome(minutes, outcome_label(minutes, kind), NULL);
    else if (told == 0)
        paper_say(minutes->making->paper, PAPER_BODY, say(minutes, "無。", "None."));
    return i;
}

static bool tell_items(const struct minutes *minutes)
{
    const json_t *items = json_object_get(json_object_get(minutes->meeting, "agenda"), "items"), *item;
    size_t i = 0;

    while ((item = json_array_get(items, i))) {
        const char *id = json_text_member(item, "item");

        if (id)
            making_source(minutes->making, "agenda", id, json_pack("{ss*}", "title", json_text_member(item, "title")));
        if (is_listed(kind_of(item)))
            i = tell_list(minutes, items, i);
        else if (!tell_single(minutes, json_array_get(items, i++)))
            return false;
    }
    return true;
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
    return tell_items(minutes);
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
