/* client_listing.c: tables stay aligned whatever is in them, and fit the screen; text of others can't steer the terminal. */
#include "listing.h"
#include "unit/client_support.h"
#include "width.h"

static const struct {
    const char *text;
    size_t width;
} widths[] = {
    {"", 0},          {"abc", 3}, {"第1組", 5}, {"性別平等", 8}, {"ＡＢ１２", 8}, {"ｶﾅ", 2}, /* half-width katakana */
    {"e\xcc\x81", 1},                                                                        /* a combining accent */
    {"✓ 達標", 6},    {"𠮷", 2},                                                             /* beyond 16 bits */
    {"\xff\xfe", 2},                                                                         /* no UTF-8 */
    {"ab\ncdef", 2},                                                                         /* the first line */
};

Test(client_listing, chinese_takes_two_columns, .init = make_test_folder, .fini = remove_test_folder)
{
    for (size_t i = 0; i < COUNT(widths); i++)
        cr_expect_eq(text_width(widths[i].text), widths[i].width, "%s: %zu", widths[i].text,
                     text_width(widths[i].text));
}

static const struct {
    const char *text;
    size_t columns;
    const char *line;
} breaks[] = {
    {"short", 10, "short"},
    {"two words", 5, "two "},
    {"two words", 3, "two "},
    {"性別平等辦公室", 6, "性別平"},
    {"性別平等辦公室", 7, "性別平"},
    {"性別，平等", 4, "性"},     /* no comma begins a line */
    {"說明（年度）", 6, "說明"}, /* no opening bracket ends one */
    {"unbreakable", 4, "unbr"},
    {"tables.courses[a1].hours", 10, "tables."},
    {"found 2026-07-01", 11, "found "},
    {"found -3", 7, "found "},
    {"gender-equality", 9, "gender-"},
    {"3.5 hours", 3, "3.5 "},
    {"組", 1, "組"}, /* never nothing */
};

Test(client_listing, lines_break_where_a_reader_expects, .init = make_test_folder, .fini = remove_test_folder)
{
    for (size_t i = 0; i < COUNT(breaks); i++) {
        size_t length = text_break(breaks[i].text, breaks[i].columns);

        cr_expect(length == strlen(breaks[i].line) && strncmp(breaks[i].text, breaks[i].line, length) == 0,
                  "%s at %zu: %.*s", breaks[i].text, breaks[i].columns, (int)length, breaks[i].text);
    }
}

Test(client_listing, text_of_others_cannot_steer_the_terminal, .init = make_test_folder, .fini = remove_test_folder)
{
    cr_expect_str_eq(text_printable(memory, "a\x1b[31mb\x07\x7f"), "a\xef\xbf\xbd[31mb\xef\xbf\xbd\xef\xbf\xbd");
    const char override[] = {'\xe2', '\x80', '\xae', 'a',
                             '\xc2', '\x9b', '\0'}; /* right to left, and a control of C1 */

    cr_expect_str_eq(text_printable(memory, override), "\xef\xbf\xbd"
                                                       "a\xef\xbf\xbd");
    cr_expect_str_eq(text_printable(memory, "第\t1\n組\r"), "第 1\n組");
    cr_expect_str_eq(text_printable(memory, "\xe7\xac"), "\xef\xbf\xbd\xef\xbf\xbd");
}

static struct listing *sample(void)
{
    static const struct listing_column columns[] = {
        {"單位", LISTING_WRAPS}, {"N", LISTING_RIGHT}, {"說明", LISTING_WRAPS}};
    struct listing *listing = listing_new(memory, columns, 3);

    listing_row(listing, (const char *[]){"第1組", "1,234", "six of seven offices are counted here"});
    listing_row(listing, (const char *[]){"Group 2", "7", "復興區公所未納計，因其資料尚未到齊"});
    listing_row(listing, (const char *[]){"\x1b[2J全市", NULL, "a\nb"});
    return listing;
}

static const char *write(const struct listing *listing, size_t screen)
{
    struct buffer out = BUFFER_WITH_LIMIT(100000);

    cr_assert(listing_write(listing, screen, &out));

    const char *text = arena_copy(memory, out.data, out.length);

    buffer_free(&out);
    return text;
}

Test(client_listing, columns_are_aligned_by_width_and_not_by_bytes, .init = make_test_folder,
     .fini = remove_test_folder)
{
    cr_expect_str_eq(write(sample(), 0), "單位          N  說明\n"
                                         "--------  -----  -------------------------------------\n"
                                         "第1組     1,234  six of seven offices are counted here\n"
                                         "Group 2       7  復興區公所未納計，因其資料尚未到齊\n"
                                         "\xef\xbf\xbd[2J全市         a\n"
                                         "                 b\n");
}

Test(client_listing, no_line_is_wider_than_the_screen, .init = make_test_folder, .fini = remove_test_folder)
{
    for (size_t screen = 26; screen < 120; screen++) {
        const char *text = write(sample(), screen);

        for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
            cr_assert_leq(text_width(line), screen, "%zu columns:\n%s", screen, text);
    }
}

Test(client_listing, what_can_never_fit_becomes_blocks, .init = make_test_folder, .fini = remove_test_folder)
{
    cr_expect_str_eq(write(sample(), 24), "單位  第1組\n"
                                          "N     1,234\n"
                                          "說明  six of seven\n"
                                          "      offices are\n"
                                          "      counted here\n"
                                          "\n"
                                          "單位  Group 2\n"
                                          "N     7\n"
                                          "說明  復興區公所未納計，\n"
                                          "      因其資料尚未到齊\n"
                                          "\n"
                                          "單位  \xef\xbf\xbd[2J全市\n"
                                          "說明  a\n"
                                          "      b\n");
}

Test(client_listing, running_out_of_memory_is_told, .init = make_test_folder, .fini = remove_test_folder)
{
    static const struct listing_column columns[] = {{"a", LISTING_LEFT}};
    struct arena *small = arena_new(600);
    struct listing *listing = listing_new(small, columns, 1);
    struct buffer out = BUFFER_WITH_LIMIT(1000);

    for (int i = 0; i < 100; i++)
        listing_row(listing, (const char *[]){"some text that fills it"});
    cr_expect_not(listing_write(listing, 0, &out));
    buffer_free(&out);
    arena_free(small);
}
