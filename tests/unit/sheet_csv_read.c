/* sheet_csv_read.c: bytes to cells: encodings, quotes, line ends, limits. */
#include <time.h>

#include "unit/sheet_support.h"

/* The grid as "A1=x|B1=y", with the rows' numbers. */
static char *list_grid(const struct grid *grid)
{
    struct buffer text = BUFFER_WITH_LIMIT(1024 * 1024);

    for (size_t r = 0; r < grid->sheets[0].row_count; r++)
        for (size_t c = 0; c < grid->sheets[0].rows[r].cell_count; c++)
            buffer_append_format(&text, "%s%c%zu=%s", text.length ? "|" : "", (int)('A' + c),
                                 grid->sheets[0].rows[r].number, grid->sheets[0].rows[r].cells[c].text);
    return buffer_take(&text, NULL);
}

struct reading {
    const char *bytes;
    size_t length;
    const char *grid, *findings;
};

#define BYTES(text) (text), sizeof(text) - 1

Test(csv, rows_and_cells_are_cut_as_rfc_4180_says_and_people_write)
{
    static const struct reading readings[] = {
        {BYTES(""), "", ""},
        {BYTES("\n\r\n\r"), "", ""},
        {BYTES("a,b\r\nc,d\r\n"), "A1=a|B1=b|A2=c|B2=d", ""},
        {BYTES("a,b\nc,d"), "A1=a|B1=b|A2=c|B2=d", ""},
        {BYTES("a,b\rc,d\r"), "A1=a|B1=b|A2=c|B2=d", ""},
        {BYTES("a\n\n\nb"), "A1=a|A4=b", ""},
        {BYTES("a,,\n,,\n,b,\n"), "A1=a|A3=|B3=b", ""},
        {BYTES("\"a,b\",\"c\"\"d\"\n"), "A1=a,b|B1=c\"d", ""},
        {BYTES("\"a\r\nb\",c\nd\n"), "A1=a\r\nb|B1=c|A2=d", ""},
        {BYTES("\"\",\"\"\n\"x\""), "A2=x", ""},
        {BYTES("\"a\"b,c\n"), "A1=ab|B1=c", ""},
        {BYTES("a\"b\",c\n"), "A1=a\"b\"|B1=c", ""},
        {BYTES("a,\"b\nc"), "", "unreadable_file B1"}, /* nor is the row kept */
        {BYTES("x\na,\"b\n,\"\"c"), "A1=x", "unreadable_file B2"},
        {BYTES("\""), "", "unreadable_file A1"},
        {BYTES(" a , b \n"), "A1= a |B1= b ", ""},
        {BYTES("\xef\xbb\xbf"
               "a,\xe9\xbe\x9c\n"),
         "A1=a|B1=龜", ""},
        {BYTES("\xef\xbb\xbf"), "", ""},
        {BYTES("\xe3\x80\x80,\xc2\xa0, \t\nb"), "A2=b", ""},
        {BYTES("a\0b,c\n"), "A1=ab|B1=c", "undecodable_byte A1"},
    };

    cr_assert_geq(COUNT(readings), 20);
    for (size_t i = 0; i < COUNT(readings); i++) {
        struct arena *arena = arena_new(JUDGED_MEMORY);
        struct findings findings = FINDINGS_IN(arena);
        struct grid grid;

        cr_assert(grid_read_csv(readings[i].bytes, readings[i].length, &findings, &grid));
        char *cells = list_grid(&grid), *found = list_cells(&findings);

        cr_expect_str_eq(cells, readings[i].grid, "%zu: %s", i, cells);
        cr_expect_str_eq(found, readings[i].findings, "%zu: %s", i, found);
        expect_whole_messages(&findings);
        free(cells);
        free(found);
        arena_free(arena);
    }
}

Test(csv, utf_8_and_cp950_are_told_apart)
{
    static const struct reading readings[] = {
        /* 桃園市龜山區 in CP950, then in UTF-8 */
        {BYTES("\xae\xe7\xb6\xe9\xa5\xab,\xc0\x74\xa4\x73\xb0\xcf\n"), "A1=桃園市|B1=龜山區", ""},
        {BYTES("\xe6\xa1\x83\xe5\x9c\x92\xe5\xb8\x82,\xe9\xbe\x9c\xe5\xb1\xb1\xe5\x8d\x80\n"), "A1=桃園市|B1=龜山區",
         ""},
        /* 功 and 許 end in the backslash and the stroke of ASCII; neither is one */
        {BYTES("\xa5\x5c,\xb3\x5c|\n"), "A1=功|B1=許|", ""},
        /* the euro sign and a letter of the ETEN extension */
        {BYTES("\xa3\xe1,\xf9\xd6\n"), "A1=€|B1=碁", ""},
        /* a broken byte in UTF-8 doesn't make the file CP950 */
        {BYTES("\xe6\xa1\x83\xff\xe5\x9c\x92,\xe5\xb8\x82\n"), "A1=桃園|B1=市", "undecodable_byte A1"},
        {BYTES("\xef\xbb\xbf\xff,x\n"), "A1=|B1=x", "undecodable_byte A1"},
        {BYTES("\xe6\xa1\x83,\xe5\x9c\x92,\xe5\xb8"), "A1=桃|B1=園", "undecodable_byte C1; undecodable_byte C1"},
        /* overlong forms, surrogates and what lies beyond U+10FFFF aren't UTF-8 */
        {BYTES("\xef\xbb\xbf\xc0\xaf,\xed\xa0\x80,\xf4\x90\x80\x80,x"), "A1=|B1=|C1=|D1=x",
         "undecodable_byte A1; undecodable_byte A1; undecodable_byte B1; undecodable_byte B1; undecodable_byte B1; "
         "undecodable_byte C1; undecodable_byte C1; undecodable_byte C1; undecodable_byte C1"},
        /* CP950 with a lead byte that has no trail, at the end of a cell, a row and the file */
        {BYTES("\xae\xe7\xb6,\xa5\xab\xff\n\xae\xe7\xb6\n\xae\xe7\xb6"), "A1=桃|B1=市|A2=桃|A3=桃",
         "undecodable_byte A1; undecodable_byte B1; undecodable_byte A2; undecodable_byte A3"},
        /* user-defined characters mean nothing to anyone else */
        {BYTES("\xc7\xe9\xae\xe7,\x81\x40\n"), "A1=桃|B1=@",
         "undecodable_byte A1; undecodable_byte A1; undecodable_byte B1"},
    };

    cr_assert_geq(COUNT(readings), 10);
    for (size_t i = 0; i < COUNT(readings); i++) {
        struct arena *arena = arena_new(JUDGED_MEMORY);
        struct findings findings = FINDINGS_IN(arena);
        struct grid grid;

        cr_assert(grid_read_csv(readings[i].bytes, readings[i].length, &findings, &grid));
        char *cells = list_grid(&grid), *found = list_cells(&findings);

        cr_expect_str_eq(cells, readings[i].grid, "%zu: %s", i, cells);
        cr_expect_str_eq(found, readings[i].findings, "%zu: %s", i, found);
        free(cells);
        free(found);
        arena_free(arena);
    }
}

Test(csv, an_undecodable_byte_is_named_by_its_number_and_cell)
{
    static const char bytes[] = "\xae\xe7,x\n1,\xb6\xe9\xff\n";
    struct arena *arena = arena_new(JUDGED_MEMORY);
    struct findings findings = FINDINGS_IN(arena);
    struct grid grid;

    cr_assert(grid_read_csv(bytes, sizeof bytes - 1, &findings, &grid));
    cr_assert_eq(findings.count, 1);
    cr_assert_eq(findings.items[0].code, FINDING_undecodable_byte);
    cr_assert_str_eq(findings.items[0].ref, "B2");
    cr_assert_str_eq(findings.items[0].found, "10", "the tenth byte of the file");
    cr_assert_str_eq(grid.sheets[0].rows[1].cells[1].text, "園", "read around it, and no ? in its place");
    arena_free(arena);
}

static void expect_refused(const char *bytes, size_t length, const char *word)
{
    struct arena *arena = arena_new(JUDGED_MEMORY);
    struct findings findings = FINDINGS_IN(arena);
    struct grid grid;

    cr_assert(grid_read_csv(bytes, length, &findings, &grid));
    const struct finding *finding = find_finding(&findings, FINDING_unreadable_file, NULL);

    cr_assert_not_null(finding, "%s", word);
    cr_expect_not_null(strstr(finding_message(arena, finding, LANGUAGE_EN), word), "%s in %s", word,
                       finding_message(arena, finding, LANGUAGE_EN));
    cr_expect_leq(findings.count, 1001);
    expect_whole_messages(&findings);
    arena_free(arena);
}

Test(csv, what_is_no_text_or_too_large_is_refused_with_the_reason)
{
    char *bytes = malloc(9 * 1024 * 1024);

    expect_refused("\xff\xfe\x31\x00", 4, "UTF-16");
    expect_refused("\xfe\xff\x00\x31", 4, "UTF-16");
    memset(bytes, 'x', 9 * 1024 * 1024);
    expect_refused(bytes, 8 * 1024 * 1024 + 1, "8 MiB");
    for (size_t i = 0; i < 100000; i++)
        bytes[i] = (char)(i * 7919 >> 3);
    expect_refused(bytes, 100000, "no text file");
    memset(bytes, 0, 100000);
    expect_refused(bytes, 100000, "no text file");
    memset(bytes, '\n', 1000000);
    for (size_t i = 0; i < 1000000; i += 2)
        bytes[i] = 'x';
    expect_refused(bytes, 1000000, "100,000 rows");
    memset(bytes, ',', 2000);
    bytes[1999] = 'x';
    expect_refused(bytes, 2000, "1,024 columns");
    memset(bytes, ',', 8 * 1024 * 1024);
    for (size_t i = 1000; i < 8 * 1024 * 1024; i += 1000)
        bytes[i - 1] = 'x', bytes[i] = '\n';
    expect_refused(bytes, 8 * 1024 * 1024, "too many cells");
    free(bytes);
}

static double seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

Test(csv, blank_rows_and_columns_behind_the_data_cost_next_to_nothing)
{
    enum { ROWS = 400000 };
    struct arena *arena = arena_new(JUDGED_MEMORY);
    struct findings findings = FINDINGS_IN(arena);
    struct buffer text = BUFFER_WITH_LIMIT(8 * 1024 * 1024);
    struct grid grid;

    buffer_append_text(&text, "a,b,,,,,,,,,,,,,,,,\r\n");
    for (int i = 0; i < ROWS; i++)
        buffer_append_text(&text, ",,,,,,,,,,,,,,,,\r\n");

    double start = seconds_now();

    cr_assert(grid_read_csv(text.data, text.length, &findings, &grid));
    cr_assert_lt(seconds_now() - start, 5.0);
    cr_assert_eq(grid.sheets[0].row_count, 1);
    cr_assert_eq(grid.sheets[0].rows[0].cell_count, 2);
    cr_assert_lt(arena_used(arena), text.length + 100000, "nothing is kept of what is blank");
    buffer_free(&text);
    arena_free(arena);
}
