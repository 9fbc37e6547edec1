/* section_minutes.c: the minutes of the last meeting, to be confirmed. */
#include <string.h>

#include "base/json.h"
#include "meeting/meeting.h"
#include "meeting/records.h"
#include "pack/minutes.h"
#include "pack/occasion.h"
#include "pack/parts.h"

/* "114年度…會議業於民國…召開，會議紀錄以 府性平字第… 號函送，請確認。" */
static const char *sentence(const struct pack_making *making, bool resolved)
{
    const json_t *last = making->last;
    const char *day = occasion_day(making, json_text_member(last, "held_on")),
               *number = json_text_member(last, "minutes_number"), *count = occasion_number(making, last);
    bool chinese = making->question->language == LANGUAGE_ZH;
    const char *sent = !number   ? making_say(making, "", "")
                       : chinese ? arena_format(making->arena, "，會議紀錄業以%s函送", number)
                                 : arena_format(making->arena, "; its minutes were sent out as %s", number);

    if (chinese)
        return arena_format(making->arena, "前次會議%s%s%s於%s召開%s%s，請確認。", count ? "（" : "",
                            count ? count : "", count ? "）" : "", day, sent, resolved ? "，決議（決定）事項如下" : "");
    return arena_format(making->arena, "The last meeting%s%s%s was held on %s%s. %s", count ? ", " : "",
                        count ? count : "", count ? "," : "", day, sent,
                        resolved ? "What it resolved is to be confirmed:" : "It is to be confirmed.");
}

static const char *resolution_of(const json_t *item)
{
    return json_text_member(json_object_get(item, "resolution"), "text");
}

static bool any_resolved(const json_t *items)
{
    const json_t *item;
    size_t i;

    json_array_foreach(items, i, item)
        if (resolution_of(item))
            return true;
    return false;
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
    paper_note(table, making->moment_note);
    if (!table)
        paper_say(making->paper, PAPER_BODY,
                  making_say(making, "前次會議未登錄決議事項。", "No resolution of the last meeting was recorded."));
}

/* ---- of an office's own body, by its record ------------------------------------------------------------------------ */

enum { RECORD_COLUMNS = 12 };

/* What the record holds in one of its form's tables; names of people stay out. */
static void add_record_table(struct pack_making *making, const struct table *table, const json_t *rows)
{
    const struct item *items[RECORD_COLUMNS];
    struct paper_column columns[RECORD_COLUMNS];
    struct paper_table *paper;
    size_t count = 0, i;
    const json_t *row;

    for (i = 0; i < table->column_count && count < RECORD_COLUMNS; i++)
        if (!table->columns[i].personal)
            items[count++] = &table->columns[i];
    for (i = 0; i < count; i++)
        columns[i] = (struct paper_column){making_name(making, &items[i]->name), NULL,
                                           item_is_number(items[i]) ? PAPER_NUMBER : PAPER_WORDS, PAPER_AS_HELD, 0};
    if (count == 0 || json_array_size(rows) == 0)
        return;
    paper = paper_table(making->paper,
                        arena_format(making->arena, making_say(making, "前次會議：%s", "The last meeting: %s"),
                                     making_name(making, &table->name)),
                        columns, count, false);
    json_array_foreach(rows, i, row) {
        const char *texts[RECORD_COLUMNS];

        for (size_t j = 0; j < count; j++)
            texts[j] = item_text(making, items[j], json_object_get(row, items[j]->code));
        paper_row(paper, PAPER_ROW_PLAIN, texts);
    }
    paper_note(paper, making->moment_note);
}

static void tell_record(struct pack_making *making, const struct stage *stage, const json_t *record)
{
    const struct form *form = stage->meetings;
    const char *day = json_text_member(json_object_get(record, "fields"), stage->held_on->code);

    paper_say(making->paper, PAPER_LEAD,
              arena_format(making->arena,
                           making_say(making, "前次會議於%s召開，會議紀錄摘要如下，請確認。",
                                      "The last meeting was held on %s. Its record, to be confirmed:"),
                           occasion_day(making, day)));
    for (size_t i = 0; i < form->table_count; i++)
        add_record_table(making, &form->tables[i],
                         json_object_get(json_object_get(record, "tables"), form->tables[i].code));
}

/* The newest one that had its quorum, before the meeting that the pack is for, or within its year. */
static bool section_record(struct pack_making *making)
{
    const struct pack_question *question = making->question;
    const struct stage *stage = question->body->stage;
    struct date before = {question->year + ROC_EPOCH + 1, 1, 1};
    const char *revision = NULL;
    json_t *record = NULL;
    enum db_status status;

    if (making->meeting)
        date_parse_iso(json_text_member(making->meeting, "day"), &before);
    status = meeting_record_before(making->db, question->version->plan, stage, question->unit, before, question->as_of,
                                   making->arena, &revision, &record);
    if (status != DB_OK)
        return making_failed(making, status);
    if (record) {
        tell_record(making, stage, record);
        making_source(making, "revision", revision,
                      json_pack("{ss ss sO?}", "office", question->unit, "form", stage->meetings->code, "period",
                                json_object_get(record, "period")));
    } else {
        paper_say(
            making->paper, PAPER_BODY,
            making_say(making, "截至資料時點尚無前次會議之紀錄。", "No earlier meeting has been recorded so far."));
    }
    json_decref(record);
    return true;
}

static void begin_corrections(struct pack_making *making)
{
    paper_say(making->paper, PAPER_LEAD,
              making_say(making, "會議紀錄函送後更正或補登者如下，請併予確認：",
                         "What was corrected or added since the minutes went out, to be confirmed, too:"));
}

bool section_minutes(struct pack_making *making)
{
    const json_t *items;
    const char *state;

    paper_heading(making->paper, 1, making_say(making, "確認前次會議紀錄", "Minutes of the last meeting"));
    if (meeting_is_by_record(making->question->body))
        return section_record(making);
    if (!making->last) {
        paper_say(making->paper, PAPER_BODY,
                  making_say(making, "系統尚無前次會議之紀錄。", "No earlier meeting is on record."));
        return true;
    }
    items = json_object_get(json_object_get(making->last, "agenda"), "items");
    paper_say(making->paper, PAPER_LEAD, sentence(making, any_resolved(items)));
    add_resolutions(making, items);
    state = json_text_member(making->last, "state");
    if (state && strcmp(state, "on_record") == 0)
        tell_corrections(making, making->last, begin_corrections);
    return true;
}
