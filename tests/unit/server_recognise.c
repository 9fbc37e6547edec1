/* server_recognise.c: what resolutions say, held against a table written by hand (tests/support/resolutions.tsv). */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common_support.h"
#include "decision/owners.h"
#include "decision/recognise.h"

enum { LINE = 4096, COLUMNS = 6, MEMORY = 4 * 1024 * 1024 };

static struct plan *plan;
static struct arena *arena;

static void open_plan(void)
{
    plan = load_plan(taoyuan_plan);
    arena = arena_new(MEMORY);
    cr_assert(plan && arena);
}

static void close_plan(void)
{
    arena_free(arena);
    plan_free(plan);
}

TestSuite(recognise, .init = open_plan, .fini = close_plan);

/* "龜山" of 龜山區公所, an agency as it is. */
static void append_owner(char *text, const struct named_owner *owner)
{
    const char *name = owner->office ? owner->office->name.text[LANGUAGE_ZH] : owner->agency;
    size_t length = owner->office ? strlen(name) - strlen("區公所") : strlen(name);

    snprintf(text + strlen(text), LINE - strlen(text), "%s%.*s", *text ? "," : "", (int)length, name);
}

static void check_row(char *const *column, int line)
{
    static struct recognised found;
    struct named_owner owners[NAMED_OWNERS_MOST];
    struct date meeting, day;
    char text[LINE] = "", due[DATE_TEXT_SIZE] = "", what[LINE] = "";
    size_t count;

    cr_assert(date_parse_iso(column[0], &meeting), "line %d", line);
    cr_assert(recognise(plan, meeting.year - ROC_EPOCH, meeting, column[2], arena, &found));
    count = owners_named(plan, plan_body(plan, "liaison"), column[1], meeting.year - ROC_EPOCH, &found, owners);
    for (size_t i = 0; i < count; i++)
        append_owner(text, &owners[i]);
    if (recognised_due(&found, meeting, &day))
        date_format_iso(day, due);
    for (size_t i = 0; i < found.request_count && !*what; i++)
        snprintf(what, sizeof what, "%.*s", (int)found.requests[i].what.length, column[2] + found.requests[i].what.at);
    cr_expect_str_eq(text, column[3], "line %d, who: %s, not %s", line, text, column[3]);
    cr_expect_str_eq(due, column[4], "line %d, by when: %s, not %s", line, due, column[4]);
    cr_expect_str_eq(what, column[5], "line %d, what: %s, not %s", line, what, column[5]);
}

Test(recognise, resolutions_say_what_a_person_reads_in_them)
{
    char *file = read_project_file("tests/support/resolutions.tsv", NULL), *left = file, *column[COLUMNS];
    int line = 0, rows = 0;

    for (char *rest; (rest = strsep(&left, "\n"));) {
        line++;
        if (*rest == '#' || !*rest)
            continue;
        for (int i = 0; i < COLUMNS; i++)
            column[i] = strsep(&rest, "\t");
        cr_assert(column[COLUMNS - 1] && !rest, "line %d", line);
        check_row(column, line);
        rows++;
    }
    free(file);
    cr_expect_geq(rows, 40);
}

Test(recognise, positions_are_where_the_words_stand)
{
    static const char text[] = "請龜山區公所於113年12月底前提報參訓人數。";
    static struct recognised found;

    cr_assert(recognise(plan, 113, (struct date){2024, 9, 26}, text, arena, &found));
    cr_assert_eq(found.mention_count, 1);
    cr_assert_eq(found.day_count, 1);
    cr_assert_eq(found.request_count, 1);
    cr_expect_eq(strncmp(text + found.mentions[0].where.at, "龜山區公所", found.mentions[0].where.length), 0);
    cr_expect_eq(found.mentions[0].where.length, strlen("龜山區公所"));
    cr_expect_eq(strncmp(text + found.days[0].where.at, "113年12月底前", found.days[0].where.length), 0);
    cr_expect_eq(found.days[0].where.length, strlen("113年12月底前"));
    cr_expect_eq(strncmp(text + found.requests[0].verb.at, "提報", found.requests[0].verb.length), 0);
}

Test(recognise, more_than_there_is_room_for_is_said)
{
    static char text[16 * (RECOGNISED_MOST + 8)];
    static struct recognised found;
    struct date day;

    size_t length = 0;

    for (int i = 0; i < RECOGNISED_MOST + 8; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "主計處 ");
    snprintf(text + length, sizeof text - length, "113年12月底前");
    cr_assert(recognise(plan, 113, (struct date){2024, 9, 26}, text, arena, &found));
    cr_expect(found.more);
    cr_expect_eq(found.mention_count, RECOGNISED_MOST);
    cr_expect_not(recognised_due(&found, (struct date){2024, 9, 26}, &day));
}
