/* minutes_items.c: what a meeting dealt with, item by item, as its minutes tell it. */
#include <string.h>

#include "base/json.h"
#include "meeting/meeting.h"
#include "pack/minutes.h"

static const char *say(const struct minutes *minutes, const char *chinese, const char *english)
{
    return making_say(minutes->making, chinese, english);
}

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

/* Whether what was resolved says only that there was nothing. */
static bool is_nothing(const char *resolution)
{
    static const char *const words[] = {"無", "無。", "None", "None."};

    for (size_t i = 0; resolution && i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], resolution) == 0)
            return true;
    return !resolution;
}

/* Whether nothing stands on it but the usual title of its kind (meeting.h). */
static bool is_heading(const json_t *item)
{
    const char *title = json_text_member(item, "title");

    return title && strcmp(title, item_titles[kind_of(item)].text[LANGUAGE_ZH]) == 0 &&
           !json_text_member(item, "proposer") && !json_text_member(item, "explanation") &&
           !json_text_member(item, "proposal") &&
           is_nothing(json_text_member(json_object_get(item, "resolution"), "text"));
}

static const char *item_title(const struct minutes *minutes, const json_t *item)
{
    const char *title = json_text_member(item, "title");
    enum item_kind kind = kind_of(item);
    bool single = kind != ITEM_REPORT && kind != ITEM_DISCUSSION && kind != ITEM_MOTION;

    if (single && minutes->making->question->language != LANGUAGE_ZH)
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
                               minutes_day(minutes, day), number ? say(minutes, "，紀錄文號：", "; its minutes: ") : "",
                               number ? number : ""));
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
        ends = minutes_time(minutes, json_text_member(minutes->meeting, "ends"));
        minutes_head(minutes, item_title(minutes, item), ends);
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

bool minutes_items(const struct minutes *minutes)
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
