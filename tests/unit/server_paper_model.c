/* server_paper_model.c: what a paper takes in, how it numbers and writes figures, and where its limits are. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "paper/wording.h"
#include "paper/write.h"

enum { ARENA_LIMIT = 64 * 1024 * 1024 };

static struct arena *arena;

static struct paper *new_paper(enum language language)
{
    arena = arena_new(ARENA_LIMIT);
    return paper_in(arena, &(struct paper_head){.title = "題", .language = language});
}

static void end(void)
{
    arena_free(arena);
}

Test(paper_model, headings_are_numbered_as_official_documents_are, .fini = end)
{
    static const struct {
        unsigned level;
        const char *chinese, *english;
    } expected[] = {{1, "壹、", "1"}, {2, "一、", "1.1"}, {3, "（一）", "1.1.1"}, {3, "（二）", "1.1.2"},
                    {1, "貳、", "2"}, {2, "一、", "2.1"}, {9, "（一）", "2.1.1"}, {0, "參、", "3"}};

    for (int language = LANGUAGE_ZH; language <= LANGUAGE_EN; language++) {
        struct paper *paper = new_paper((enum language)language);

        for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
            paper_heading(paper, expected[i].level, "標題");
            cr_expect_str_eq(paper->blocks[i].number, language ? expected[i].english : expected[i].chinese);
        }
        cr_assert(paper_is_sound(paper));
        if (language == LANGUAGE_ZH)
            arena_free(arena);
    }
}

Test(paper_model, items_are_numbered_by_level_and_a_heading_begins_anew, .fini = end)
{
    static const unsigned levels[] = {1, 2, 2, 3, 4, 1, 2};
    static const char *const numbers[] = {"一、", "（一）", "（二）", "1.", "（1）", "二、", "（一）"};
    struct paper *paper = new_paper(LANGUAGE_ZH);

    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        paper_list(paper, levels[i], "項目");
        cr_expect_str_eq(paper->blocks[i].number, numbers[i]);
        cr_expect_eq(paper->blocks[i].restarts, i == 0);
    }
    paper_heading(paper, 1, "次章");
    paper_list(paper, 1, "項目");
    cr_expect_str_eq(paper->blocks[paper->block_count - 1].number, "一、");
    cr_expect(paper->blocks[paper->block_count - 1].restarts);
    for (int i = 0; i < 20; i++)
        paper_list(paper, 1, "項目");
    cr_expect_str_eq(paper->blocks[paper->block_count - 1].number, "二十一、");
}

Test(paper_model, figures_are_written_with_separators_and_anything_else_stands_as_it_is, .fini = end)
{
    static const struct {
        enum paper_holding holding;
        const char *text, *shown;
    } texts[] = {
        {PAPER_NUMBER, "0", "0"},
        {PAPER_NUMBER, "999", "999"},
        {PAPER_NUMBER, "1000", "1,000"},
        {PAPER_NUMBER, "-1234567.50", "-1,234,567.50"},
        {PAPER_NUMBER, "-100", "-100"},
        {PAPER_NUMBER, "未報", "未報"},
        {PAPER_NUMBER, "1e9", "1e9"},
        {PAPER_NUMBER, "", ""},
        {PAPER_RATE, "92.49", "92.49%"},
        {PAPER_RATE, "1234.5", "1,234.5%"},
        {PAPER_RATE, "N/A", "N/A"},
        {PAPER_WORDS, "1234", "1234"},
        {PAPER_NUMBER, "9007199254740993", "9,007,199,254,740,993"},
    };

    new_paper(LANGUAGE_ZH);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        cr_expect_str_eq(shown_text(arena, texts[i].holding, texts[i].text), texts[i].shown);
}

Test(paper_model, texts_lose_what_no_page_can_hold_and_what_turns_the_writing, .fini = end)
{
    struct paper *paper = new_paper(LANGUAGE_ZH);

    paper_say(paper, PAPER_BODY,
              "甲\x01\x02乙\xff\r\n丙\xe2\x80\xae"
              "321\xe2\x81\xa6"
              "x\t\x7f");
    cr_expect_str_eq(paper->blocks[0].runs[0].text, "甲乙\n丙321x ");
    paper_heading(paper, 1, "一行\n標題");
    cr_expect_str_eq(paper->blocks[1].text, "一行 標題");
    cr_assert(paper_is_sound(paper));
}

Test(paper_model, moments_are_told_in_taipei, .fini = end)
{
    new_paper(LANGUAGE_ZH);
    cr_expect_str_eq(shown_moment(arena, "2025-08-31T17:05:59.999999Z", LANGUAGE_ZH), "民國114年9月1日 01:05");
    cr_expect_str_eq(shown_moment(arena, "2025-08-31T17:05:00Z", LANGUAGE_EN), "2025-09-01 01:05 (Taipei)");
    cr_expect_str_eq(shown_moment(arena, "昨天", LANGUAGE_ZH), "昨天");
}

Test(paper_model, headings_of_two_lines_part_at_a_bracket_or_before_an_even_number_of_characters, .fini = end)
{
    static const struct {
        const char *text;
        unsigned room; /* in halves of a Chinese character */
        const char *lines;
    } expected[] = {
        {"年度定期會議次數", 16, "年度定期會議次數"},
        {"年度定期會議次數", 14, "年度定期\n會議次數"},
        {"達標準人數", 8, "達標準\n人數"},
        {"最近更新日期", 10, "最近更新\n日期"},
        {"性別預算數（元）", 12, "性別預算數\n（元）"},
        {"自己的\n換行", 2, "自己的\n換行"},
        {"一二三四五六七八九", 6, "一二三\n四五六\n七八九"},
        {"regular meetings in the year", 20, "regular meetings\nin the year"},
        {"indivisible", 4, "indivisible"},
        {"", 4, ""},
    };

    new_paper(LANGUAGE_ZH);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        cr_expect_str_eq(balanced_heading(arena, expected[i].text, expected[i].room), expected[i].lines);
}

Test(paper_model, shares_fill_the_page_exactly_and_groups_span_their_columns, .fini = end)
{
    struct paper *paper = new_paper(LANGUAGE_ZH);
    const struct paper_column columns[] = {{.heading = "機關"},
                                           {.heading = "男", .group = "人數"},
                                           {.heading = "女", .group = "人數"},
                                           {.heading = "男", .group = "完訓"},
                                           {.heading = "率", .share = 100000}};
    struct paper_table *table = paper_table(paper, "表", columns, 5, false);
    unsigned shares[PAPER_MOST_COLUMNS], total = 0;

    column_shares(table, shares);
    for (size_t c = 0; c < 5; c++) {
        cr_expect_gt(shares[c], 0);
        total += shares[c];
    }
    cr_expect_eq(total, PAPER_WHOLE);
    cr_expect(has_groups(table));
    cr_expect_eq(group_span(table, 0), 1);
    cr_expect_eq(group_span(table, 1), 2);
    cr_expect_eq(group_span(table, 3), 1);
}

Test(paper_model, a_limit_that_is_passed_makes_every_writer_fail, .fini = end)
{
    struct paper *paper = new_paper(LANGUAGE_ZH);
    struct buffer out = BUFFER_WITH_LIMIT(PAPER_FILE_LIMIT);

    for (size_t i = 0; i < PAPER_MOST_BLOCKS; i++)
        paper_break(paper);
    cr_expect(paper_is_sound(paper));
    paper_break(paper);
    cr_expect_not(paper_is_sound(paper));
    cr_expect_not(paper_write_pdf(paper, NULL, &out));
    cr_expect_not(paper_write_odt(paper, NULL, &out));
    cr_expect_not(paper_write_ods(paper, &out));
    cr_expect_null(paper_to_json(paper));
    cr_expect_eq(out.length, 0);
}

static void too_many_columns(struct paper *paper)
{
    struct paper_column columns[PAPER_MOST_COLUMNS + 1] = {{0}};

    paper_row(paper_table(paper, "表", columns, PAPER_MOST_COLUMNS + 1, false), PAPER_ROW_PLAIN, NULL);
}

static void no_column(struct paper *paper)
{
    paper_table(paper, "表", NULL, 0, false);
}

static void too_many_rows(struct paper *paper)
{
    struct paper_table *table = paper_table(paper, "表", &(struct paper_column){.heading = "欄"}, 1, false);

    for (size_t i = 0; i <= PAPER_MOST_ROWS; i++)
        paper_row(table, PAPER_ROW_PLAIN, (const char *[]){NULL});
}

static void too_many_points(struct paper *paper)
{
    static const struct chart_point points[PAPER_MOST_POINTS + 1];

    chart_series(paper_chart(paper, &(struct paper_chart){.caption = "圖"}), "列", points, PAPER_MOST_POINTS + 1);
}

static void too_many_notes(struct paper *paper)
{
    struct paper_chart *chart = paper_chart(paper, &(struct paper_chart){.caption = "圖"});

    for (size_t i = 0; i <= PAPER_MOST_NOTES; i++)
        chart_note(chart, "註");
}

static void too_many_runs(struct paper *paper)
{
    static const struct paper_run runs[PAPER_MOST_RUNS + 1];

    paper_paragraph(paper, PAPER_BODY, runs, PAPER_MOST_RUNS + 1);
}

Test(paper_model, every_list_has_a_limit, .fini = end)
{
    static void (*const passes[])(struct paper *) = {too_many_columns, no_column,      too_many_rows,
                                                     too_many_points,  too_many_notes, too_many_runs};

    for (size_t i = 0; i < sizeof passes / sizeof *passes; i++) {
        struct paper *paper = new_paper(LANGUAGE_ZH);

        passes[i](paper);
        cr_expect_not(paper_is_sound(paper), "limit %zu", i);
        if (i + 1 < sizeof passes / sizeof *passes)
            arena_free(arena);
    }
}

Test(paper_model, json_holds_every_block_in_its_order, .fini = end)
{
    struct paper *paper = new_paper(LANGUAGE_EN);
    json_t *json, *table;

    paper_heading(paper, 1, "Key");
    paper_row(paper_table(paper, "T", &(struct paper_column){.heading = "n", .holding = PAPER_NUMBER}, 1, true),
              PAPER_ROW_PLAIN, (const char *[]){"1234"});
    json = paper_to_json(paper);
    cr_assert_not_null(json);
    table = json_array_get(json_object_get(json, "blocks"), 1);
    cr_expect_str_eq(json_string_value(json_object_get(table, "kind")), "table");
    cr_expect_str_eq(json_string_value(json_array_get(
                         json_object_get(json_array_get(json_object_get(table, "rows"), 0), "texts"), 0)),
                     "1234", "figures are exact, without separators");
    json_decref(json);
}

Test(paper_model, nothing_comes_of_nothing)
{
    struct buffer out = BUFFER_WITH_LIMIT(1024);

    paper_heading(NULL, 1, "x");
    paper_row(NULL, PAPER_ROW_PLAIN, NULL);
    chart_note(NULL, "x");
    cr_expect_not(paper_is_sound(NULL));
    cr_expect_not(paper_write_pdf(NULL, NULL, &out));
    cr_expect_null(paper_to_json(NULL));
}
