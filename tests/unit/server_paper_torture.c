/* server_paper_torture.c: each allocation in turn fails, and each limit of an arena in turn is reached, while a paper is
 * built and written: the end is always clean, and what is written is either right or refused. GLib's own allocations, and
 * Cairo's, are not made to fail: GLib ends the program when memory is short. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "paper/write.h"

static size_t allowed = SIZE_MAX, asked, live;
static bool only_one;

static bool may_allocate(void)
{
    size_t number = asked++;

    return only_one ? number != allowed : number < allowed;
}

static void *failing_malloc(size_t size)
{
    void *memory = may_allocate() ? malloc(size) : NULL;

    live += memory != NULL;
    return memory;
}

static void *failing_calloc(size_t count, size_t size)
{
    void *memory = may_allocate() ? calloc(count, size) : NULL;

    live += memory != NULL;
    return memory;
}

static void *failing_realloc(void *old, size_t size)
{
    void *memory = may_allocate() ? realloc(old, size) : NULL;

    live += memory != NULL && old == NULL;
    return memory;
}

static void counting_free(void *memory)
{
    live -= memory != NULL;
    free(memory);
}

#define calloc  failing_calloc
#define realloc failing_realloc
#define free    counting_free
/* NOLINTBEGIN(bugprone-suspicious-include) */
#include "base/arena.c"
#include "base/buffer.c"
/* NOLINTEND(bugprone-suspicious-include) */
#undef calloc
#undef realloc
#undef free

enum { ARENA_LIMIT = 1024 * 1024, FORMATS = 4 };

static void build(struct paper *paper)
{
    const struct paper_column columns[] = {{.heading = "機關", .group = "組"},
                                           {.heading = "數", .holding = PAPER_NUMBER}};
    const struct chart_point points[] = {{.label = "甲", .value = "92.5", .target = "93", .standing = STANDING_BELOW},
                                         {.label = "乙", .value = "97"}};
    struct paper_table *table;
    struct paper_chart *chart;

    paper_cover(paper, &(struct paper_line){"地點", "會議室"}, 1);
    paper_contents(paper);
    paper_heading(paper, 1, "章");
    paper_list(paper, 1, "項");
    table = paper_table(paper, "表", columns, 2, true);
    paper_row(table, PAPER_ROW_PLAIN, (const char *[]){"甲", "1234"});
    paper_note(table, "註");
    chart = paper_chart(paper, &(struct paper_chart){.kind = CHART_BARS, .caption = "圖", .unit = "%"});
    chart_series(chart, "列", points, 2);
    paper_box(paper, "決議", NULL, 0);
}

static bool write_as(int format, const struct paper *paper, struct buffer *out)
{
    json_t *json;
    bool good;

    switch (format) {
    case 0: return paper_write_pdf(paper, NULL, out);
    case 1: return paper_write_odt(paper, NULL, out);
    case 2: return paper_write_ods(paper, out);
    default:
        json = paper_to_json(paper);
        good = json && json_write_canonical(json, out);
        json_decref(json);
        return good;
    }
}

static bool run(int format, size_t arena_limit, struct buffer *out)
{
    struct arena *arena = arena_new(arena_limit);
    struct paper *paper =
        arena ? paper_in(arena, &(struct paper_head){.title = "題", .sample = "樣本", .moment = "2025-09-01T02:30:00Z"})
              : NULL;
    bool good;

    build(paper);
    good = write_as(format, paper, out);
    arena_free(arena);
    return good;
}

/* What comes out with enough memory. */
static void make_reference(int format, struct buffer *ret_reference)
{
    *ret_reference = BUFFER_WITH_LIMIT(PAPER_FILE_LIMIT);
    allowed = SIZE_MAX;
    cr_assert(run(format, ARENA_LIMIT, ret_reference));
}

static void check_run(int format, size_t arena_limit, const struct buffer *reference, size_t number)
{
    struct buffer out = BUFFER_WITH_LIMIT(PAPER_FILE_LIMIT);
    size_t before = live;
    bool good = run(format, arena_limit, &out);

    if (good)
        cr_expect(out.length == reference->length && memcmp(out.data, reference->data, out.length) == 0,
                  "format %d, %zu: other bytes", format, number);
    buffer_free(&out);
    cr_expect_eq(live, before, "format %d, %zu: %zu are never freed", format, number, live - before);
}

static void fail_each(int format)
{
    struct buffer reference;

    make_reference(format, &reference);
    for (size_t number = 0;; number++) {
        allowed = number;
        asked = 0;
        check_run(format, ARENA_LIMIT, &reference, number);
        if (asked <= number) {
            cr_expect_gt(number, 8, "few allocations were seen to fail");
            break;
        }
    }
    allowed = SIZE_MAX;
    buffer_free(&reference);
}

Test(paper_torture, the_first_allocation_that_fails_ends_it_cleanly, .timeout = 300)
{
    json_set_alloc_funcs(failing_malloc, counting_free);
    for (int format = 0; format < FORMATS; format++)
        fail_each(format);
}

Test(paper_torture, one_failing_allocation_among_others_is_noticed, .timeout = 300)
{
    json_set_alloc_funcs(failing_malloc, counting_free);
    only_one = true;
    for (int format = 0; format < FORMATS; format++)
        fail_each(format);
}

Test(paper_torture, each_limit_of_memory_is_refused_cleanly, .timeout = 300)
{
    json_set_alloc_funcs(failing_malloc, counting_free);
    for (int format = 0; format < FORMATS; format++) {
        struct buffer reference;

        make_reference(format, &reference);
        for (size_t limit = 0; limit < 24 * 1024; limit += 512)
            check_run(format, limit, &reference, limit);
        buffer_free(&reference);
    }
}
