/* changes_paper.c: what changed since an earlier pack, as a paper. */
#include <string.h>

#include "base/json.h"
#include "pack/changes.h"

static const char *say(const struct paper *paper, const char *chinese, const char *english)
{
    return paper->head.language == LANGUAGE_ZH ? chinese : english;
}

static const char *change_word(const struct paper *paper, const char *change)
{
    if (strcmp(change, "added") == 0)
        return say(paper, "新增", "added");
    return strcmp(change, "gone") == 0 ? say(paper, "刪除", "gone") : say(paper, "變更", "changed");
}

/* "桃園區公所　性別主流化" under its group row. */
static const char *row_words(const struct paper *paper, const json_t *row)
{
    const char *words = json_text_member(row, "under");
    const json_t *text;
    size_t i;

    json_array_foreach(json_object_get(row, "row"), i, text)
        words = words ? arena_format(paper->arena, "%s　%s", words, json_string_value(text)) : json_string_value(text);
    return words ? words : "";
}

static const char *cell_words(const struct paper *paper, const json_t *cell, const char *member)
{
    const char *holding = json_text_member(cell, "holding"), *text = json_text_member(cell, member);
    enum paper_holding held = !holding                         ? PAPER_WORDS
                              : strcmp(holding, "number") == 0 ? PAPER_NUMBER
                              : strcmp(holding, "rate") == 0   ? PAPER_RATE
                                                               : PAPER_WORDS;

    return text ? shown_text(paper->arena, held, text) : "";
}

static void add_rows(struct paper *paper, struct paper_table *table, const json_t *rows)
{
    const json_t *row, *cell;
    size_t r, c;

    json_array_foreach(rows, r, row) {
        const char *words = row_words(paper, row), *change = json_text_member(row, "change");

        if (json_array_size(json_object_get(row, "cells")) == 0)
            paper_row(table, PAPER_ROW_PLAIN, (const char *const[]){words, change_word(paper, change), "", ""});
        json_array_foreach(json_object_get(row, "cells"), c, cell)
            paper_row(table, PAPER_ROW_PLAIN,
                      (const char *const[]){c == 0 ? words : "", json_text_member(cell, "column"),
                                            cell_words(paper, cell, "before"), cell_words(paper, cell, "after")});
    }
}

static void add_tables(struct paper *paper, const json_t *tables)
{
    const struct paper_column columns[] = {
        {.heading = say(paper, "項目", "Row")},
        {.heading = say(paper, "欄位", "Column")},
        {.heading = say(paper, "前次", "Before"), .align = PAPER_END},
        {.heading = say(paper, "本次", "Now"), .align = PAPER_END},
    };
    const json_t *table;
    size_t i;

    paper_heading(paper, 1, say(paper, "表列數據之異動", "Figures"));
    if (json_array_size(tables) == 0)
        paper_say(paper, PAPER_BODY, say(paper, "各表數據均無異動。", "Nothing changed in any table."));
    json_array_foreach(tables, i, table) {
        const char *caption = json_text_member(table, "caption"), *change = json_text_member(table, "change");

        if (strcmp(change, "changed") != 0)
            paper_list(paper, 1,
                       arena_format(paper->arena, "%s：%s", change_word(paper, change), caption ? caption : ""));
        else
            add_rows(paper, paper_table(paper, caption ? caption : "", columns, 4, false),
                     json_object_get(table, "rows"));
    }
}

/* A list of things that changed, each with a member that tells it in the paper's language (by enum language). */
struct change_list {
    struct name heading, caption, column, none;
    const char *members[2];
    struct name added, gone; /* empty: as of a row */
};

static const char *list_word(const struct paper *paper, const struct change_list *list, const char *change)
{
    const struct name *word = strcmp(change, "added") == 0  ? &list->added
                              : strcmp(change, "gone") == 0 ? &list->gone
                                                            : NULL;
    const char *text = word ? word->text[paper->head.language] : NULL;

    return text ? text : change_word(paper, change);
}

static void add_list(struct paper *paper, const struct change_list *list, const json_t *changes)
{
    enum language language = paper->head.language;
    const struct paper_column columns[] = {{.heading = say(paper, "異動", "Change")},
                                           {.heading = list->column.text[language]}};
    struct paper_table *table;
    const json_t *one;
    size_t i;

    paper_heading(paper, 1, list->heading.text[language]);
    if (json_array_size(changes) == 0) {
        paper_say(paper, PAPER_BODY, list->none.text[language]);
        return;
    }
    table = paper_table(paper, list->caption.text[language], columns, 2, false);
    json_array_foreach(changes, i, one)
        paper_row(table, PAPER_ROW_PLAIN,
                  (const char *const[]){list_word(paper, list, json_text_member(one, "change")),
                                        json_text_member(one, list->members[language])});
}

static const struct change_list texts = {.heading = {{"文字之異動", "Texts"}},
                                         .caption = {{"文字之異動", "Texts that changed"}},
                                         .column = {{"文字", "Text"}},
                                         .none = {{"文字均無異動。", "Nothing changed in the texts."}},
                                         .members = {"text", "text"}},
                                sources = {.heading = {{"資料來源之異動", "What stands behind them"}},
                                           .caption = {{"資料來源之異動", "Sources that changed"}},
                                           .column = {{"資料來源", "Source"}},
                                           .none = {{"資料來源均無異動。", "Nothing changed behind the tables."}},
                                           .members = {"zh", "en"},
                                           /* what is behind an earlier pack alone is still there */
                                           .added = {{"新引用", "now used"}},
                                           .gone = {{"不再引用", "no longer used"}}};

struct paper *pack_changes_paper(struct arena *arena, const json_t *changes, const struct paper_head *head,
                                 const char *since)
{
    struct paper *paper = paper_in(arena, head);
    const char *format;

    if (!paper)
        return NULL;
    format = say(paper, "前次資料時點：%s；本次資料時點：%s。", "Before: figures as of %s; now: as of %s.");
    paper_cover(paper, NULL, 0);
    paper_say(paper, PAPER_BODY,
              arena_format(arena, format, shown_moment(arena, since, head->language),
                           shown_moment(arena, head->moment, head->language)));
    add_tables(paper, json_object_get(changes, "tables"));
    add_list(paper, &texts, json_object_get(changes, "texts"));
    add_list(paper, &sources, json_object_get(changes, "sources"));
    return paper;
}
