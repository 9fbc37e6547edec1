/* section_minutes.c: the minutes of the last meeting, to be confirmed. */
#include <string.h>

#include "base/json.h"
#include "pack/occasion.h"

/* "114年度…會議業於民國…召開，會議紀錄以 府性平字第… 號函送，請確認。" */
static const char *sentence(const struct pack_making *making)
{
    const json_t *last = making->last;
    const char *day = occasion_day(making, json_text_member(last, "held_on")),
               *number = json_text_member(last, "minutes_number"), *count = occasion_number(making, last);
    bool chinese = making->question->language == LANGUAGE_ZH;
    const char *sent = !number   ? making_say(making, "", "")
                       : chinese ? arena_format(making->arena, "，會議紀錄業以%s函送", number)
                                 : arena_format(making->arena, "; its minutes were sent out as %s", number);

    if (chinese)
        return arena_format(making->arena, "前次會議%s%s%s於%s召開%s，決議（決定）事項如下，請確認。",
                            count ? "（" : "", count ? count : "", count ? "）" : "", day, sent);
    return arena_format(making->arena, "The last meeting%s%s was held on %s%s. What it resolved is to be confirmed:",
                        count ? ", " : "", count ? count : "", day, sent);
}

static const char *resolution_of(const json_t *item)
{
    return json_text_member(json_object_get(item, "resolution"), "text");
}

static void add_resolutions(struct pack_making *making, const json_t *items)
{
    const struct paper_column columns[] = {
        {making_say(making, "類別", "Kind"), NULL, PAPER_WORDS, PAPER_AS_HELD, 10},
        {making_say(making, "案由", "Item"), NULL, PAPER_WORDS, PAPER_AS_HELD, 30},
        {making_say(making, "決議（決定）", "Resolved"), NULL, PAPER_WORDS, PAPER_AS_HELD, 40}};
    struct paper_table *table = NULL;
    const json_t *item;
    size_t i;

    json_array_foreach(items, i, item) {
        if (!resolution_of(item))
            continue;
        if (!table) {
            table =
                paper_table(making->paper, making_say(making, "前次會議決議事項", "Resolutions of the last meeting"),
                            columns, 3, false);
            paper_key(table, "minutes", 2);
        }
        paper_row(table, PAPER_ROW_PLAIN,
                  (const char *const[]){occasion_kind(making, json_text_member(item, "kind")),
                                        json_text_member(item, "title"), resolution_of(item)});
    }
    if (!table)
        paper_say(making->paper, PAPER_BODY,
                  making_say(making, "前次會議未登錄決議事項。", "No resolution of the last meeting was recorded."));
}

bool section_minutes(struct pack_making *making)
{
    paper_heading(making->paper, 1, making_say(making, "確認前次會議紀錄", "Minutes of the last meeting"));
    if (!making->last) {
        paper_say(making->paper, PAPER_BODY,
                  making_say(making, "系統尚無前次會議之紀錄。", "No earlier meeting is on record."));
        return true;
    }
    paper_say(making->paper, PAPER_LEAD, sentence(making));
    add_resolutions(making, json_object_get(json_object_get(making->last, "agenda"), "items"));
    return true;
}
