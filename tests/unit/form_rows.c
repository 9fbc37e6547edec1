/* form_rows.c: each row has an identity that stays the same however it comes back, at any number of rows. */
#include <time.h>

#include "unit/common_support.h"

#define VISITS "'form':'care-quarterly','office':'yl-01','period':'113Q2'"

static struct judged judge_visits(const struct plan *plan, const char *rows)
{
    struct buffer text = BUFFER_WITH_LIMIT(64 * 1024 * 1024);

    buffer_append_format(&text, "{" VISITS ",'tables':{'visits':[%s]}}", rows);
    struct judged judged = judge_json(plan, parse_quoted(text.data));

    buffer_free(&text);
    return judged;
}

static const struct row *visit(const struct judged *judged, size_t index)
{
    const struct table *table = form_table(judged->document->form, "visits");

    return &judged->document->tables[table->index].rows[index];
}

Test(rows, an_identity_is_the_digest_of_the_canonical_row)
{
    struct plan *plan = load_plan(yunling_plan);
    struct judged judged = judge_visits(plan, "{'title':'x','cost':5}");

    /* sha256 of {"cost":5,"title":"x"} begins so, computed apart */
    cr_assert_str_eq(visit(&judged, 0)->identity, "h4e904bd2");
    cr_assert_str_eq(json_text_member(visit(&judged, 0)->json, "_row"), "h4e904bd2");
    release_judged(&judged);
    plan_free(plan);
}

Test(rows, equal_rows_are_told_apart_by_a_number)
{
    struct plan *plan = load_plan(yunling_plan);
    struct judged judged = judge_visits(plan, "{'cost':5},{'cost':6},{'cost':5},{'cost':5}");
    char second[32], third[32];

    snprintf(second, sizeof second, "%s-2", visit(&judged, 0)->identity);
    snprintf(third, sizeof third, "%s-3", visit(&judged, 0)->identity);
    cr_assert_str_eq(visit(&judged, 2)->identity, second);
    cr_assert_str_eq(visit(&judged, 3)->identity, third);
    cr_assert_str_neq(visit(&judged, 1)->identity, visit(&judged, 0)->identity);
    cr_assert_eq(judged.findings.count, 0);
    release_judged(&judged);
    plan_free(plan);
}

Test(rows, a_made_identity_never_takes_a_given_ones_place)
{
    struct plan *plan = load_plan(yunling_plan);
    struct judged first = judge_visits(plan, "{'cost':5}"), judged;
    char rows[256];

    snprintf(rows, sizeof rows, "{'cost':5},{'_row':'%s','cost':7},{'_row':'%s-2','cost':8},{'cost':5}",
             visit(&first, 0)->identity, visit(&first, 0)->identity);
    judged = judge_visits(plan, rows);
    cr_assert_eq(judged.findings.count, 0);
    for (size_t a = 0; a < 4; a++)
        for (size_t b = a + 1; b < 4; b++)
            cr_assert_str_neq(visit(&judged, a)->identity, visit(&judged, b)->identity);
    release_judged(&judged);
    release_judged(&first);
    plan_free(plan);
}

Test(rows, what_comes_back_with_its_identities_is_the_same_document)
{
    struct plan *plan = load_plan(yunling_plan);
    struct judged first = judge_visits(plan, "{'cost':5},{'cost':5},{'title':'a','cost':1}");
    json_t *sent_back = json_deep_copy(first.document->json);
    struct judged second = judge_json(plan, sent_back);
    char *a = canonical_text(first.document->json), *b = canonical_text(second.document->json);

    cr_assert_str_eq(a, b);
    free(a);
    free(b);
    release_judged(&first);
    release_judged(&second);
    plan_free(plan);
}

static double seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The sanitizers' variant is some ten times slower. */
static double patience(void)
{
    const char *variant = getenv("TRIBUTARY_TEST_VARIANT");

    return variant && strcmp(variant, "release") == 0 ? 1.0 : 10.0;
}

Test(rows, twenty_thousand_equal_rows_stay_quick)
{
    enum { ROWS = 20000 };
    struct plan *plan = load_plan(yunling_plan);
    struct buffer rows = BUFFER_WITH_LIMIT(1024 * 1024);

    for (int i = 0; i < ROWS; i++)
        buffer_append_text(&rows, i ? ",{'cost':5}" : "{'cost':5}");

    double start = seconds_now();
    struct judged judged = judge_visits(plan, rows.data);

    cr_assert_lt(seconds_now() - start, patience());
    cr_assert_eq(judged.document->row_count, ROWS);
    cr_assert_eq(judged.findings.count, 0);
    cr_assert_str_eq(strrchr(visit(&judged, ROWS - 1)->identity, '-'), "-20000");
    release_judged(&judged);
    buffer_free(&rows);
    plan_free(plan);
}

Test(rows, a_note_on_each_of_many_rows_stays_quick)
{
    enum { ROWS = 20000 };
    struct plan *plan = load_plan(yunling_plan);
    struct buffer text = BUFFER_WITH_LIMIT(8 * 1024 * 1024);

    buffer_append_text(&text, "{" VISITS ",'tables':{'visits':[");
    for (int i = 0; i < ROWS; i++)
        buffer_append_format(&text, "%s{'_row':'r%d','cost':5}", i ? "," : "", i);
    buffer_append_text(&text, "]},'notes':{");
    for (int i = 0; i < ROWS; i++)
        buffer_append_format(&text, "%s'tables.visits[r%d].cost':'x'", i ? "," : "", i);
    buffer_append_text(&text, "}}");

    double start = seconds_now();
    struct judged judged = judge_json(plan, parse_quoted(text.data));

    cr_assert_lt(seconds_now() - start, patience());
    cr_assert_eq(judged.findings.count, 0);
    release_judged(&judged);
    buffer_free(&text);
    plan_free(plan);
}
