/* server_router.c: addresses, queries and preferences as they come from outside. */
#include "http/router.h"

#include <criterion/criterion.h>
#include <string.h>

static struct arena *arena;

static void open_arena(void)
{
    arena = arena_new(1024 * 1024);
}

static void close_arena(void)
{
    arena_free(arena);
}

TestSuite(router, .init = open_arena, .fini = close_arena);

static struct request *request_for(const char *method, const char *path, const char *query)
{
    struct request *request = arena_alloc(arena, sizeof *request);

    request->arena = arena;
    request->method = method;
    request->path = path;
    request->raw_query = query;
    return request;
}

Test(router, percent_signs_are_read_strictly)
{
    static const struct {
        const char *text, *decoded; /* NULL: refused */
    } cases[] = {
        {"abc", "abc"}, {"%41b", "Ab"},   {"%e7%ac%ac", "第"}, {"a+b", "a b"}, {"", ""},
        {"%", NULL},    {"%4", NULL},     {"%4x", NULL},       {"%00", NULL},  {"%0a", NULL},
        {"%ff", NULL},  {"%c0%af", NULL}, {"%ed%a0%80", NULL}, {"a%7f", NULL},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *decoded = percent_decode(arena, cases[i].text, strlen(cases[i].text), true);

        if (cases[i].decoded)
            cr_expect_str_eq(decoded ? decoded : "(refused)", cases[i].decoded, "%s", cases[i].text);
        else
            cr_expect_null(decoded, "%s was read", cases[i].text);
    }
    cr_expect_str_eq(percent_decode(arena, "a+b", 3, false), "a+b");
}

Test(router, every_route_finds_itself_and_nothing_else_answers_for_it)
{
    for (const struct route *route = routes; route->method; route++) {
        struct request *request = request_for(route->method, route->path, NULL);

        cr_expect_eq(router_find(routes, request), PROBLEM_NONE, "%s", route->path);
        cr_expect_eq(request->route, route, "%s %s", route->method, route->path);
    }
}

Test(router, an_unknown_path_is_not_found_and_a_wrong_method_names_the_right_ones)
{
    static const char *const nowhere[] = {
        "/",          "/v1",       "/v1/plans/",        "/v1/plans//forms/x",       "/v1/plans/a/b",
        "//v1/plans", "/V1/plans", "/v1/plans/a/forms", "/v1/submissions/a/diff/x", ""};
    struct request *request;

    for (size_t i = 0; i < sizeof nowhere / sizeof *nowhere; i++)
        cr_expect_eq(router_find(routes, request_for("GET", nowhere[i], NULL)), PROBLEM_not_found, "%s", nowhere[i]);
    request = request_for("DELETE", "/v1/plans/a/submissions", NULL);
    cr_expect_eq(router_find(routes, request), PROBLEM_method_not_allowed);
    cr_expect_str_eq(request->reply.allow, "POST, GET, HEAD");
    cr_expect_eq(router_find(routes, request_for("HEAD", "/healthz", NULL)), PROBLEM_NONE);
}

Test(router, a_query_is_read_once_and_unknown_or_missing_parameters_are_named)
{
    const char *name = NULL;
    struct request *request =
        request_for("GET", "/v1/plans/a/indicators", "year=113&by=group&as_of=2024-01-01T00%3A00%3A00Z");

    cr_assert_eq(router_find(routes, request), PROBLEM_NONE);
    cr_assert_eq(read_query(request), PROBLEM_NONE);
    cr_expect_eq(check_query(request, &name), PROBLEM_NONE);
    cr_expect_str_eq(request_query(request, "as_of"), "2024-01-01T00:00:00Z");
    cr_expect_null(request_query(request, "basis"));

    request = request_for("GET", "/v1/plans/a/indicators", "year=113&year=114");
    router_find(routes, request);
    cr_expect_neq(read_query(request), PROBLEM_NONE, "a parameter given twice");

    request = request_for("GET", "/v1/plans/a/indicators", "year=113&as-of=x");
    router_find(routes, request);
    read_query(request);
    cr_expect_eq(check_query(request, &name), PROBLEM_unknown_parameter);
    cr_expect_str_eq(name, "as-of");

    request = request_for("GET", "/v1/plans/a/indicators", "by=group");
    router_find(routes, request);
    read_query(request);
    cr_expect_neq(check_query(request, &name), PROBLEM_NONE);
    cr_expect_str_eq(name, "year");
}

Test(router, the_readers_language_is_chinese_unless_english_is_preferred)
{
    static const struct {
        const char *header;
        enum language language;
    } cases[] = {
        {NULL, LANGUAGE_ZH},         {"", LANGUAGE_ZH},
        {"en", LANGUAGE_EN},         {"en-GB,en;q=0.9", LANGUAGE_EN},
        {"zh-TW", LANGUAGE_ZH},      {"zh-TW,zh;q=0.9,en;q=0.8", LANGUAGE_ZH},
        {"fr", LANGUAGE_ZH},         {"zh;q=0.1, en;q=0.5", LANGUAGE_EN},
        {"en;q=0, zh", LANGUAGE_ZH}, {"de, en;q=0.7", LANGUAGE_EN},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_eq(read_language(cases[i].header), cases[i].language, "%s",
                     cases[i].header ? cases[i].header : "(none)");
}

Test(router, the_format_is_what_accept_or_format_ask_for_where_the_route_can_give_it)
{
    static const struct {
        const char *query, *accept;
        enum problem problem;
        enum format format;
    } cases[] =
        {
            {"year=113", NULL, PROBLEM_NONE, FORMAT_JSON},
            {"year=113", "*/*", PROBLEM_NONE, FORMAT_JSON},
            {"year=113", "text/csv", PROBLEM_NONE, FORMAT_CSV},
            {"year=113", "text/*", PROBLEM_NONE, FORMAT_CSV},
            {"year=113", "application/json;q=0.2, text/csv;q=0.9", PROBLEM_NONE, FORMAT_CSV},
            {"year=113", "image/png", PROBLEM_not_acceptable, FORMAT_JSON},
            {"year=113&format=csv", "application/json", PROBLEM_NONE, FORMAT_CSV},
            {"year=113&format=pdf", NULL, PROBLEM_not_acceptable, FORMAT_JSON},
        },
      of_template[] = {
          {"", NULL, PROBLEM_NONE, FORMAT_ODS},
          {"", "*/*", PROBLEM_NONE, FORMAT_ODS},
          {"", "application/*", PROBLEM_NONE, FORMAT_ODS},
          {"", "text/*", PROBLEM_NONE, FORMAT_CSV},
          {"", "application/json", PROBLEM_NONE, FORMAT_JSON},
          {"", "application/json, */*;q=0.1", PROBLEM_NONE, FORMAT_JSON},
          {"", "image/png", PROBLEM_not_acceptable, FORMAT_JSON},
          {"format=xlsx", "text/csv", PROBLEM_NONE, FORMAT_XLSX},
      };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct request *request = request_for("GET", "/v1/plans/a/indicators", cases[i].query);
        enum format format;

        router_find(routes, request);
        read_query(request);
        cr_expect_eq(read_format(request, cases[i].accept, &format), cases[i].problem, "case %zu", i);
        if (cases[i].problem == PROBLEM_NONE)
            cr_expect_eq(format, cases[i].format, "case %zu", i);
    }
    for (size_t i = 0; i < sizeof of_template / sizeof *of_template; i++) {
        struct request *request = request_for("GET", "/v1/plans/a/forms/b/template", of_template[i].query);
        enum format format;

        router_find(routes, request);
        read_query(request);
        cr_expect_eq(read_format(request, of_template[i].accept, &format), of_template[i].problem, "case %zu", i);
        if (of_template[i].problem == PROBLEM_NONE)
            cr_expect_eq(format, of_template[i].format, "case %zu", i);
    }
}
