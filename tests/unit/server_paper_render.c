/* server_paper_render.c: papers as files: the same each time, sound whatever the texts say, whole whatever their length. */
#include <criterion/criterion.h>
#include <png.h>
#include <stdlib.h>
#include <string.h>

#include "paper/write.h"
#include "sheet/archive.h"
#include "sheet/xml_text.h"
#include "support/paper_sample.h"

enum { ARENA_LIMIT = 64 * 1024 * 1024 };

/* Escapes, what no page can hold, writing from right to left, joined signs, a character beyond the first plane. */
static const char hostile[] =
    /* NOLINTNEXTLINE(misc-misleading-bidirectional): what turns the writing is to be left out */
    "<script>&amp;\"' ]]></text:p>\x01\xff\xe2\x80\xae 王小明 "
    "\xd9\x85\xd8\xb1\xd8\xad\xd8\xa8\xd8\xa7\x20\xd7\x91\xd6\xb8\xd6\xbc\xd7\xa8\xd7\x95\xd6\xbc\xd7\x9a\xd6\xb0"
    " \xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7"
    " 𠮷 =cmd|' /C calc'!A0";

static struct buffer write_with(bool (*write)(const struct paper *, const struct paper_fonts *, struct buffer *),
                                const struct paper *paper)
{
    struct buffer out = BUFFER_WITH_LIMIT(PAPER_FILE_LIMIT);

    cr_assert(write(paper, NULL, &out));
    cr_assert_gt(out.length, 500);
    return out;
}

static bool write_ods(const struct paper *paper, const struct paper_fonts *fonts, struct buffer *out)
{
    (void)fonts;
    return paper_write_ods(paper, out);
}

typedef bool writer(const struct paper *, const struct paper_fonts *, struct buffer *);

static writer *const writers[] = {paper_write_pdf, paper_write_odt, write_ods};

Test(paper_render, the_same_paper_gives_the_same_bytes, .timeout = 60)
{
    for (int language = LANGUAGE_ZH; language <= LANGUAGE_EN; language++) {
        for (size_t w = 0; w < 3; w++) {
            struct arena *first = arena_new(ARENA_LIMIT), *second = arena_new(ARENA_LIMIT);
            struct buffer a = write_with(writers[w], sample_paper(first, (enum language)language)),
                          b = write_with(writers[w], sample_paper(second, (enum language)language));

            cr_expect_eq(a.length, b.length);
            cr_expect(a.length == b.length && memcmp(a.data, b.data, a.length) == 0, "writer %zu", w);
            buffer_free(&a);
            buffer_free(&b);
            arena_free(first);
            arena_free(second);
        }
    }
}

/* Every XML part of an archive is well-formed. */
static void check_parts(const struct buffer *file, struct arena *arena)
{
    struct archive *archive;
    const struct name *refusal;

    cr_assert_eq(archive_open(file->data, file->length, &archive, &refusal), ARCHIVE_GOOD);
    for (size_t i = 0; i < archive_member_count(archive); i++) {
        const char *name = archive_member_name(archive, i), *text;
        size_t length;

        if (!strstr(name, ".xml"))
            continue;
        cr_assert_eq(archive_read(archive, name, 32 * 1024 * 1024, arena, &text, &length, &refusal), ARCHIVE_GOOD);
        cr_expect(xml_is_sound(text, length), "%s", name);
        cr_expect_null(strstr(text, "<script"), "%s", name);
    }
    archive_close(archive);
}

/* How many dots of a picture have that colour; its four corners are paper. */
static size_t count_dots(const char *bytes, size_t length, const unsigned char colour[static 3])
{
    png_image image = {.version = PNG_IMAGE_VERSION};
    unsigned char *dots;
    size_t count = 0, dot_count;

    cr_assert(png_image_begin_read_from_memory(&image, bytes, length), "%s", image.message);
    image.format = PNG_FORMAT_RGB;
    cr_expect_eq(image.width, 1046, "160 dots to the inch over 166 mm");
    dots = malloc(PNG_IMAGE_SIZE(image));
    cr_assert(dots && png_image_finish_read(&image, NULL, dots, 0, NULL), "%s", image.message);
    dot_count = (size_t)image.width * image.height;
    for (size_t i = 0; i < dot_count; i++)
        count += memcmp(dots + 3 * i, colour, 3) == 0;
    for (int corner = 0; corner < 4; corner++) {
        size_t x = corner % 2 ? image.width - 1 : 0, y = corner / 2 ? image.height - 1 : 0;

        cr_expect_arr_eq(dots + 3 * (y * image.width + x), ((const unsigned char[]){255, 255, 255}), 3);
    }
    free(dots);
    return count;
}

Test(paper_render, pictures_are_in_the_inks_of_the_charts, .timeout = 60)
{
    static const unsigned char blue[] = {0, 114, 178}, its_reverse[] = {178, 114, 0};
    struct arena *arena = arena_new(ARENA_LIMIT);
    struct buffer file = write_with(paper_write_odt, sample_paper(arena, LANGUAGE_ZH));
    size_t picture_count = 0, blue_count = 0;
    struct archive *archive;
    const struct name *refusal;

    cr_assert_eq(archive_open(file.data, file.length, &archive, &refusal), ARCHIVE_GOOD);
    for (size_t i = 0; i < archive_member_count(archive); i++) {
        const char *name = archive_member_name(archive, i), *bytes;
        size_t length;

        if (!strstr(name, ".png"))
            continue;
        cr_assert_eq(archive_read(archive, name, 32 * 1024 * 1024, arena, &bytes, &length, &refusal), ARCHIVE_GOOD);
        blue_count += count_dots(bytes, length, blue);
        cr_expect_eq(count_dots(bytes, length, its_reverse), 0, "%s", name);
        picture_count++;
    }
    cr_expect_gt(picture_count, 0);
    cr_expect_gt(blue_count, 1000);
    archive_close(archive);
    buffer_free(&file);
    arena_free(arena);
}

static void write_all(const struct paper *paper, struct arena *arena, size_t writer_count)
{
    for (size_t w = 0; w < writer_count; w++) {
        struct buffer out = write_with(writers[w], paper);

        if (w > 0)
            check_parts(&out, arena);
        buffer_free(&out);
    }
}

static void add_hostile_chart(struct paper *paper, enum chart_kind kind)
{
    const struct chart_point points[] = {
        {.label = hostile, .value = "92.49", .low = "-5", .high = "1e5", .target = "x", .size = "3", .remark = hostile},
        {.label = NULL, .value = NULL},
        {.label = "大", .value = "999999999999999999", .size = "-4", .small = true},
        {.label = "小", .value = "-0.000000001", .size = "0", .standing = STANDING_BELOW}};
    struct paper_chart *chart = paper_chart(
        paper, &(struct paper_chart){.kind = kind, .caption = hostile, .unit = hostile, .small_name = hostile});

    chart_series(chart, hostile, points, 4);
    chart_limits(chart, points, 4);
    chart_note(chart, hostile);
}

Test(paper_render, no_text_breaks_out_of_its_place, .timeout = 60)
{
    struct arena *arena = arena_new(ARENA_LIMIT);
    struct paper *paper = paper_in(
        arena, &(struct paper_head){hostile, hostile, hostile, hostile, hostile, hostile, hostile, LANGUAGE_ZH});
    const struct paper_line line = {hostile, hostile};
    const struct paper_column columns[] = {{.heading = hostile, .group = hostile},
                                           {.heading = hostile, .holding = PAPER_NUMBER}};
    struct paper_table *table;

    paper_cover(paper, &line, 1);
    paper_contents(paper);
    for (unsigned level = 1; level <= 3; level++)
        paper_heading(paper, level, hostile);
    for (unsigned level = 4; level > 0; level--)
        paper_list(paper, level, hostile);
    paper_say(paper, PAPER_CENTRED, hostile);
    table = paper_table(paper, hostile, columns, 2, true);
    paper_row(table, PAPER_ROW_GROUP, (const char *[]){hostile});
    paper_row(table, PAPER_ROW_PLAIN, (const char *[]){hostile, hostile});
    paper_note(table, hostile);
    for (int kind = CHART_BARS; kind <= CHART_FUNNEL; kind++)
        add_hostile_chart(paper, (enum chart_kind)kind);
    paper_box(paper, hostile, &line, 1);
    cr_assert(paper_is_sound(paper));
    write_all(paper, arena, 3);
    arena_free(arena);
}

/* A text of one word, or of very many lines. */
static char *long_text(struct arena *arena, const char *piece, size_t count)
{
    size_t length = strlen(piece);
    char *text = arena_alloc(arena, length * count + 1);

    for (size_t i = 0; text && i < count; i++)
        memcpy(text + i * length, piece, length);
    return text;
}

Test(paper_render, endless_words_and_rows_higher_than_a_page_are_set, .timeout = 60)
{
    struct arena *arena = arena_new(ARENA_LIMIT);
    struct paper *paper = paper_in(
        arena, &(struct paper_head){.title = long_text(arena, "長", 3000), .sample = long_text(arena, "x", 500)});
    const struct paper_column columns[] = {{.heading = long_text(arena, "W", 400), .share = 1},
                                           {.heading = "乙", .share = 30}};
    struct paper_table *table;

    paper_cover(paper, NULL, 0);
    paper_contents(paper);
    paper_heading(paper, 1, long_text(arena, "標", 2000));
    paper_say(paper, PAPER_BODY, long_text(arena, "x", 20000));
    paper_say(paper, PAPER_LEAD, long_text(arena, "行\n", 400));
    table = paper_table(paper, "高", columns, 2, false);
    paper_row(table, PAPER_ROW_PLAIN, (const char *[]){"短", long_text(arena, "句子，很長。", 3000)});
    paper_row(table, PAPER_ROW_GROUP, (const char *[]){long_text(arena, "組", 9000)});
    paper_row(table, PAPER_ROW_TOTAL, (const char *[]){long_text(arena, "9", 300), long_text(arena, "\n", 500)});
    for (size_t i = 0; i < PAPER_MOST_NOTES; i++)
        paper_note(table, long_text(arena, "註", 300));
    paper_box(paper, "盒", NULL, 0);
    cr_assert(paper_is_sound(paper));
    write_all(paper, arena, 3);
    arena_free(arena);
}

Test(paper_render, empty_tables_and_charts_and_papers_are_sound, .timeout = 60)
{
    struct arena *arena = arena_new(ARENA_LIMIT);
    struct paper *paper = paper_in(arena, &(struct paper_head){.title = NULL});

    write_all(paper, arena, 2);
    paper_paragraph(paper, PAPER_BODY, NULL, 0);
    paper_table(paper, NULL, &(struct paper_column){.heading = NULL}, 1, true);
    paper_table(
        paper, "空",
        (struct paper_column[]){{"甲", "組", PAPER_RATE, PAPER_CENTRE, 0}, {"乙", "組", PAPER_RATE, PAPER_CENTRE, 0}},
        2, false);
    for (int kind = CHART_BARS; kind <= CHART_FUNNEL; kind++) {
        paper_chart(paper, &(struct paper_chart){.kind = (enum chart_kind)kind});
        chart_series(paper_chart(paper, &(struct paper_chart){.kind = (enum chart_kind)kind}), NULL,
                     (struct chart_point[]){{.label = "無"}}, 1);
    }
    cr_assert(paper_is_sound(paper));
    write_all(paper, arena, 3);
    arena_free(arena);
}

Test(paper_render, five_hundred_rows_are_set, .timeout = 60)
{
    struct arena *arena = arena_new(ARENA_LIMIT);
    struct paper *paper = paper_in(arena, &(struct paper_head){.title = "長表"});
    struct paper_table *table = paper_table(
        paper, "表", (struct paper_column[]){{.heading = "序"}, {.heading = "數", .holding = PAPER_NUMBER}}, 2, false);
    int *pages, page_count;

    for (unsigned i = 0; i < 500; i++)
        paper_row(table, i % 50 ? PAPER_ROW_PLAIN : PAPER_ROW_GROUP,
                  (const char *[]){arena_format(arena, "%u", i), "1234"});
    write_all(paper, arena, 3);
    cr_assert(paper_paginate(paper, NULL, arena, &pages, &page_count));
    cr_expect_geq(page_count, 12);
    cr_expect_leq(page_count, 20);
    arena_free(arena);
}

Test(paper_render, a_heading_is_never_left_alone_at_the_foot_of_a_page, .timeout = 60)
{
    /* Whatever stands above it, the heading of a table comes to stand on the page of the table's first row: the page on
     * which the paper ends, since the table is short. */
    for (unsigned lines = 20; lines < 50; lines++) {
        struct arena *arena = arena_new(ARENA_LIMIT);
        struct paper *paper = paper_in(arena, &(struct paper_head){.title = "題"});
        struct paper_table *table;
        int *pages, page_count;

        for (unsigned i = 0; i < lines; i++)
            paper_say(paper, PAPER_BODY, "一行");
        paper_heading(paper, 1, "章");
        paper_heading(paper, 2, "節");
        table = paper_table(paper, "表", &(struct paper_column){.heading = "欄"}, 1, false);
        paper_row(table, PAPER_ROW_PLAIN, (const char *[]){"值"});
        cr_assert(paper_paginate(paper, NULL, arena, &pages, &page_count));
        cr_expect_eq(pages[lines], page_count, "%u lines", lines);
        cr_expect_eq(pages[lines + 1], page_count, "%u lines", lines);
        arena_free(arena);
    }
}

Test(paper_render, a_file_beyond_the_limit_is_refused, .timeout = 60)
{
    struct arena *arena = arena_new(ARENA_LIMIT);
    struct paper *paper = sample_paper(arena, LANGUAGE_EN);

    for (size_t w = 0; w < 3; w++) {
        struct buffer out = BUFFER_WITH_LIMIT(4000);

        cr_expect_not(writers[w](paper, NULL, &out), "writer %zu", w);
        buffer_free(&out);
    }
    arena_free(arena);
}
