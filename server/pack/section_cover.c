/* section_cover.c: the first page and the contents. */
#include <string.h>

#include "base/json.h"
#include "pack/occasion.h"

enum { MOST_LINES = 8 };

struct lines {
    struct paper_line lines[MOST_LINES];
    size_t count;
};

static void add_line(const struct pack_making *making, struct lines *lines, const char *chinese, const char *english,
                     const char *text)
{
    if (text && lines->count < MOST_LINES)
        lines->lines[lines->count++] = (struct paper_line){making_say(making, chinese, english), text};
}

/* "民國113年9月12日（星期四） 14:00". */
static const char *time_of(const struct pack_making *making)
{
    const char *day = json_text_member(making->meeting, "day"), *begins = json_text_member(making->meeting, "begins");

    day = day ? occasion_day(making, day) : NULL;
    return day && begins ? arena_format(making->arena, "%s %s", day, begins) : day;
}

/* Said of an ad hoc meeting only. */
static const char *kind_of(const struct pack_making *making)
{
    const char *kind = json_text_member(making->meeting, "kind");

    return kind && strcmp(kind, "ad_hoc") == 0 ? making_say(making, "臨時會議", "Ad hoc meeting") : NULL;
}

/* "各區公所（第1組）": of a group's body, whose. */
static const char *attending(const struct pack_making *making)
{
    const struct pack_question *question = making->question;
    const char *who = making_name(making, &question->body->attending);

    if (!who || question->body->per != BODY_PER_GROUP)
        return who;
    return arena_format(making->arena, making_say(making, "%s（%s）", "%s (%s)"), who,
                        making_name(making, question->unit_name));
}

bool section_cover(struct pack_making *making)
{
    const struct body *body = making->question->body;
    const char *place = json_text_member(making->meeting, "place");
    struct lines lines = {.count = 0};

    add_line(making, &lines, "會議種類", "Kind", kind_of(making));
    add_line(making, &lines, "時　　間", "Time", time_of(making));
    add_line(making, &lines, "地　　點", "Place", place);
    add_line(making, &lines, "主　　席", "Chair", making_name(making, &body->convener));
    add_line(making, &lines, "秘書單位", "Secretariat", occasion_secretariat(making));
    add_line(making, &lines, "出席人員", "Attending", attending(making));
    add_line(making, &lines, "列席人員", "Sitting in", making_name(making, &body->sitting_in));
    paper_cover(making->paper, lines.lines, lines.count);
    paper_contents(making->paper);
    return true;
}
