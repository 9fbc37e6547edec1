/* sheet_annotate_csv.c: comment lines in a CSV file; every other byte as it was. */
#include "unit/annotate_support.h"
#include "unit/sheet_support.h"

#define MARKED "##【Tributary 匯流】"

struct case_of_csv {
    const char *bytes;
    struct given given;
    const char *expected;
};

Test(annotate_csv, a_comment_line_follows_the_row_concerned)
{
    static const struct case_of_csv cases[] = {
        {"\xef\xbb\xbf甲,乙\r\n1,2\r\n3,4\r\n",
         {SEVERITY_ERROR, NULL, "B2", "2", "7"},
         "\xef\xbb\xbf甲,乙\r\n1,2\r\n" MARKED "B2 錯誤：填 2，應為 7\r\n3,4\r\n"},
        {"甲,\"乙\n丙\"\n1,2",
         {SEVERITY_WARNING, NULL, "A2", "1", "0"},
         "甲,\"乙\n丙\"\n1,2\n" MARKED "A2 提醒：填 1，應為 0\n"},
        {"甲\n", {SEVERITY_ERROR, NULL, NULL, "a", "b"}, MARKED "錯誤：填 a，應為 b\n甲\n"},
        {"甲\n", {SEVERITY_ERROR, NULL, "A9", "a", "b"}, "甲\n" MARKED "A9 錯誤：填 a，應為 b\n"},
        {"甲\n", {SEVERITY_ERROR, NULL, "A1", "a,\"b\"", "c"}, "甲\n\"" MARKED "A1 錯誤：填 a,\"\"b\"\"，應為 c\"\n"},
        {"甲\n", {SEVERITY_ERROR, NULL, "A1", "=1\n2", "c"}, "甲\n" MARKED "A1 錯誤：填 =1；2，應為 c\n"},
        /* ASCII doesn't say which encoding it is, so the mark says it */
        {"a\r\n",
         {SEVERITY_ERROR, NULL, "A1", "1", "2"},
         "\xef\xbb\xbf"
         "a\r\n" MARKED "A1 錯誤：填 1，應為 2\r\n"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct made_file out = annotate_bytes(cases[i].bytes, strlen(cases[i].bytes), &cases[i].given, 1);

        cr_assert_str_eq(out.bytes, cases[i].expected);
        free(out.bytes);
    }
}

Test(annotate_csv, an_earlier_comment_line_gives_way)
{
    const char *text = "甲,乙\r\n1,2\r\n";
    struct given first = {SEVERITY_ERROR, NULL, "B2", "2,", "7"}, second = {SEVERITY_ERROR, NULL, "A1", "甲", "丁"};
    struct made_file marked = annotate_bytes(text, strlen(text), &first, 1),
                     again = annotate_bytes(marked.bytes, marked.length, &second, 1),
                     clean = annotate_bytes(again.bytes, again.length, NULL, 0);

    cr_assert_str_eq(again.bytes, "甲,乙\r\n" MARKED "A1 錯誤：填 甲，應為 丁\r\n1,2\r\n");
    cr_assert_str_eq(clean.bytes, text);
    free(marked.bytes);
    free(again.bytes);
    free(clean.bytes);
}

/* 甲,合計 / 1,2 in CP950, in which the words stand too; what it lacks is said by its code. */
Test(annotate_csv, the_words_are_in_the_files_own_encoding)
{
    static const char text[] = "\xa5\xd2,\xa6X\xadp\r\n1,2\r\n";
    struct given common = {SEVERITY_ERROR, NULL, "B2", "2", "7"}, rare = {SEVERITY_ERROR, NULL, "B2", "😀", "7"};
    struct made_file first = annotate_bytes(text, sizeof text - 1, &common, 1),
                     second = annotate_bytes(first.bytes, first.length, &rare, 1),
                     clean = annotate_bytes(second.bytes, second.length, NULL, 0);

    cr_assert_eq(memcmp(first.bytes, text, sizeof text - 1), 0);
    cr_assert_not_null(strstr(first.bytes, "\xbf\xf9\xbb~")); /* 錯誤 */
    cr_assert_null(strstr(first.bytes, "錯誤"));
    cr_assert_not_null(strstr(second.bytes, "B2 sum_mismatch\r\n"));
    cr_assert_eq(clean.length, sizeof text - 1);
    cr_assert_eq(memcmp(clean.bytes, text, clean.length), 0);
    free(first.bytes);
    free(second.bytes);
    free(clean.bytes);
}

Test(annotate_csv, the_lines_are_no_content_when_the_file_is_read_again)
{
    const char *text = "#form,training-annual\r\ncode,value\r\ngeneral.staff.m,61\r\n";
    const struct given given[] = {{SEVERITY_ERROR, NULL, NULL, "a", "b"},
                                  {SEVERITY_ERROR, NULL, "A1", "a", "b"},
                                  {SEVERITY_ERROR, NULL, "A2", "a", "b"},
                                  {SEVERITY_ERROR, NULL, "B3", "a", "b"}};
    struct plan *plan = load_plan(taoyuan_plan);
    struct made_file out = annotate_bytes(text, strlen(text), given, COUNT(given));
    struct read_file before = read_csv_text(plan, text), after = read_csv_bytes(plan, out.bytes, out.length, NOT_GIVEN);

    cr_assert_eq(count_of(out.bytes, MARKED), 4);
    cr_assert_not_null(before.json);
    cr_assert(json_equal(before.json, after.json));
    release_file(&before);
    release_file(&after);
    free(out.bytes);
}
