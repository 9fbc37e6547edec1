/* minutes_attendance.c: who was there, in minutes. Names stand in them only where the question says so: a frozen paper is
 * read by offices, and keeps its bytes when a name is erased. */
#include <string.h>

#include "base/json.h"
#include "pack/minutes.h"

/* The parts in the order in which they are told, with the member of "counts" that counts each. */
static const struct {
    const char *part;
    struct name name;
} parts[] = {{"present", {{"出席人員", "Present"}}},
             {"sitting_in", {{"列席人員", "Sitting in"}}},
             {"excused", {{"請假人員", "Excused"}}},
             {"absent", {{"缺席人員", "Absent"}}}};

enum { MOST_COLUMNS = 4 };

static const char *say(const struct minutes *minutes, const char *chinese, const char *english)
{
    return making_say(minutes->making, chinese, english);
}

static bool says(const json_t *row, const char *member, const char *word)
{
    const char *text = json_text_member(row, member);

    return text && strcmp(text, word) == 0;
}

static int count_of(const struct minutes *minutes, const char *counter)
{
    const json_t *counts = json_object_get(json_object_get(minutes->meeting, "attendance"), "counts");

    return (int)json_integer_value(json_object_get(counts, counter));
}

static const char *join(const struct minutes *minutes, const char *first, const char *second)
{
    return first ? arena_format(minutes->making->arena, say(minutes, "%s、%s", "%s, %s"), first, second) : second;
}

/* "主席", "外聘委員（曾任性平會委員）", "授權代表". */
static const char *remark(const struct minutes *minutes, const json_t *row)
{
    const char *text = NULL;

    if (says(row, "duty", "chair"))
        text = join(minutes, text, say(minutes, "主席", "in the chair"));
    if (says(row, "duty", "recorder"))
        text = join(minutes, text, say(minutes, "紀錄", "took the minutes"));
    if (says(row, "seat", "external"))
        text = join(minutes, text, say(minutes, "外聘委員", "from outside"));
    if (json_is_true(json_object_get(row, "served")))
        text = join(minutes, text, say(minutes, "現任或曾任性平會委員", "serves or served on the council"));
    if (says(row, "part", "present") && json_is_true(json_object_get(row, "authorised")))
        text = join(minutes, text, say(minutes, "授權代表", "fully authorised"));
    return text;
}

static void add_person(const struct minutes *minutes, struct paper_table *table, const json_t *row)
{
    const struct pack_question *question = minutes->making->question;
    const char *code = json_text_member(row, "office"), *post = json_text_member(row, "post");
    const struct office *office = code ? plan_office(question->version->plan, code) : NULL;
    const char *texts[MOST_COLUMNS] = {office ? making_name(minutes->making, &office->name) : code, post};
    size_t count = 2;

    if (question->names)
        texts[count++] = json_text_member(row, "name");
    texts[count] = remark(minutes, row);
    paper_row(table, PAPER_ROW_PLAIN, texts);
}

static void tell_people(const struct minutes *minutes, const json_t *rows)
{
    struct pack_making *making = minutes->making;
    struct paper_column columns[MOST_COLUMNS] = {
        {say(minutes, "機關（單位）", "Office"), NULL, PAPER_WORDS, PAPER_AS_HELD, 14},
        {say(minutes, "職稱", "Post"), NULL, PAPER_WORDS, PAPER_AS_HELD, 20}};
    size_t count = 2, i;
    struct paper_table *table;
    const json_t *row;

    if (making->question->names)
        columns[count++] = (struct paper_column){say(minutes, "姓名", "Name"), NULL, PAPER_WORDS, PAPER_AS_HELD, 12};
    columns[count++] = (struct paper_column){say(minutes, "備註", "Remarks"), NULL, PAPER_WORDS, PAPER_AS_HELD, 20};
    table = paper_table(making->paper, say(minutes, "出席、列席、請假及缺席人員", "Attendance"), columns, count, false);
    paper_key(table, "attendance", 2);
    for (size_t p = 0; p < sizeof parts / sizeof *parts; p++) {
        int here = count_of(minutes, parts[p].part);
        const char *heading = arena_format(making->arena, say(minutes, "%s（%d人）", "%s (%d)"),
                                           making_name(making, &parts[p].name), here);

        if (here == 0)
            continue;
        paper_row(table, PAPER_ROW_GROUP, &heading);
        json_array_foreach(rows, i, row)
            if (says(row, "part", parts[p].part))
                add_person(minutes, table, row);
    }
    if (!making->question->names)
        paper_note(table,
                   say(minutes, "本件凍結後不再變動，故不載姓名；姓名依簽到簿。",
                       "This paper never changes once it is frozen, so it names nobody; see the attendance sheet."));
}

static void tell_counts(const struct minutes *minutes)
{
    struct pack_making *making = minutes->making;

    paper_say(
        making->paper, PAPER_BODY,
        arena_format(making->arena,
                     say(minutes, "出席%d人（男%d人、女%d人；其中外聘委員%d人），列席%d人，請假%d人，缺席%d人。",
                         "%d present (men: %d, women: %d; from outside: %d), %d sitting in, %d excused, %d absent."),
                     count_of(minutes, "present"), count_of(minutes, "present_m"), count_of(minutes, "present_f"),
                     count_of(minutes, "external_present"), count_of(minutes, "sitting_in"),
                     count_of(minutes, "excused"), count_of(minutes, "absent")));
}

/* Whether enough members were there, where the body has a quorum. */
static void tell_quorum(const struct minutes *minutes)
{
    struct pack_making *making = minutes->making;
    const json_t *quorum = json_object_get(json_object_get(minutes->meeting, "attendance"), "quorum");
    bool of_external = says(quorum, "kind", "half_of_external");
    const char *verdict = says(quorum, "verdict", "holds") ? say(minutes, "已達法定人數", "there is a quorum")
                          : says(quorum, "verdict", "broken")
                              ? say(minutes, "未達法定人數", "there is no quorum")
                              : say(minutes, "是否達法定人數不明", "whether there is a quorum isn't known");

    if (!json_is_object(quorum))
        return;
    paper_say(making->paper, PAPER_BODY,
              arena_format(making->arena,
                           of_external ? say(minutes, "外聘委員%d人，出席%d人：%s。",
                                             "Of %d members from outside %d are present: %s.")
                                       : say(minutes, "委員%d人，出席%d人：%s。", "Of %d members %d are present: %s."),
                           (int)json_integer_value(json_object_get(quorum, "members")),
                           (int)json_integer_value(json_object_get(quorum, "present")), verdict));
}

static void tell_counted(const struct minutes *minutes)
{
    struct paper *paper = minutes->making->paper;
    const json_t *counted = json_object_get(minutes->meeting, "counted");

    if (says(minutes->meeting, "kind", "ad_hoc"))
        paper_say(paper, PAPER_BODY, say(minutes, "本次為臨時會議。", "This is an ad hoc meeting."));
    else if (json_is_true(counted))
        paper_say(
            paper, PAPER_BODY,
            say(minutes, "本次會議計入年度應召開之定期會議。", "It counts as one of the year’s regular meetings."));
    else if (json_is_false(counted))
        paper_say(paper, PAPER_BODY,
                  say(minutes, "本次會議不計入年度應召開之定期會議，應另行召開。",
                      "It doesn’t count as one of the year’s regular meetings; another one is owed."));
}

void minutes_attendance(const struct minutes *minutes)
{
    struct pack_making *making = minutes->making;
    const json_t *attendance = json_object_get(minutes->meeting, "attendance");

    paper_heading(making->paper, 1, say(minutes, "出席、列席、請假及缺席人員", "Attendance"));
    if (json_integer_value(json_object_get(attendance, "sequence")) == 0) {
        minutes_outcome(minutes, say(minutes, "出席人員", "Present"), NULL);
        return;
    }
    tell_counts(minutes);
    tell_quorum(minutes);
    tell_counted(minutes);
    tell_people(minutes, json_object_get(attendance, "rows"));
}
