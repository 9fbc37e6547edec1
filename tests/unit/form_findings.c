/* form_findings.c: findings in words, in JSON, and as many as there are. */
#include "unit/common_support.h"

static const struct name label = {{"男", "Men"}};

static struct finding full_finding(enum finding_code code)
{
    return (struct finding){
        .code = code, .place = {.field = "people.m"}, .label = &label, .expected = "E", .found = "F"};
}

Test(findings, every_code_makes_a_whole_sentence_in_both_languages)
{
    struct arena *arena = arena_new(1024 * 1024);
    struct findings findings = FINDINGS_IN(arena);

    for (int i = FINDING_NONE + 1; i < FINDING_CODE_COUNT; i++)
        findings_add(&findings, full_finding((enum finding_code)i));
    cr_assert_geq(findings.count, 38);
    cr_assert_eq(findings.count, findings.error_count);
    expect_whole_messages(&findings);
    arena_free(arena);
}

Test(findings, a_sentence_names_label_expected_and_found)
{
    struct arena *arena = arena_new(1024 * 1024);
    struct finding finding = full_finding(FINDING_sum_mismatch);

    finding.expected = "2151";
    finding.found = "2178";
    cr_assert_str_eq(finding_message(arena, &finding, LANGUAGE_ZH), "「男」填 2178，但各項合計為 2151");
    cr_assert_str_eq(finding_message(arena, &finding, LANGUAGE_EN), "Men says 2178, but its parts add up to 2151");
    arena_free(arena);
}

Test(findings, a_rule_may_have_words_of_its_own)
{
    static const struct name words = {{"自訂 {found}", "own words {found} of {expected}"}};
    struct arena *arena = arena_new(1024 * 1024);
    struct finding finding = full_finding(FINDING_sum_mismatch);

    finding.message = &words;
    cr_assert_str_eq(finding_message(arena, &finding, LANGUAGE_ZH), "自訂 F");
    cr_assert_str_eq(finding_message(arena, &finding, LANGUAGE_EN), "own words F of E");
    arena_free(arena);
}

Test(findings, what_was_found_is_quoted_and_not_filled_in_again)
{
    struct arena *arena = arena_new(1024 * 1024);
    struct finding finding = full_finding(FINDING_sum_mismatch);

    finding.found = "{expected}";
    cr_assert_str_eq(finding_message(arena, &finding, LANGUAGE_EN), "Men says {expected}, but its parts add up to E");
    arena_free(arena);
}

Test(findings, json_holds_what_the_contract_says)
{
    struct arena *arena = arena_new(1024 * 1024);
    struct findings findings = FINDINGS_IN(arena);
    struct finding finding = {
        .severity = SEVERITY_ERROR,
        .code = FINDING_sum_mismatch,
        .label = &label,
        .expected = "2151",
        .found = "2178",
        .place = {.table = "outreach", .row_identity = "b7", .row = 6, .column = "attendance.total"}};

    finding.sheet = "宣導";
    finding.ref = "H7";
    findings_add(&findings, finding);
    findings_add(
        &findings,
        (struct finding){.severity = SEVERITY_WARNING, .code = FINDING_nothing_reported, .place = {.member = ""}});
    json_t *json = findings_to_json(&findings, LANGUAGE_EN);
    char *text = canonical_text(json);

    cr_assert_str_eq(
        text,
        "[{\"cell\":{\"ref\":\"H7\",\"sheet\":\"宣導\"},\"code\":\"sum_mismatch\",\"expected\":\"2151\",\"found\":\"2178\","
        "\"message\":\"Men says 2178, but its parts add up to 2151\",\"path\":\"tables.outreach[b7].attendance.total\",\"row\":6,"
        "\"severity\":\"error\"},{\"code\":\"nothing_reported\",\"message\":\"Nothing is filled in; this does not count as "
        "reported\",\"path\":\"\",\"severity\":\"warning\"}]");
    free(text);
    json_decref(json);
    arena_free(arena);
}

Test(findings, places_are_written_as_paths)
{
    static const struct {
        struct place place;
        const char *path;
    } places[] = {
        {{.field = "a.b"}, "fields.a.b"},
        {{.table = "t"}, "tables.t"},
        {{.table = "t", .column = "c"}, "tables.t.c"},
        {{.table = "t", .row = 3}, "tables.t[#3]"},
        {{.table = "t", .row = 3, .column = "c"}, "tables.t[#3].c"},
        {{.table = "t", .row = 3, .row_identity = "x"}, "tables.t[x]"},
        {{.table = "t", .row = 3, .row_identity = "x", .column = "c"}, "tables.t[x].c"},
        {{.member = "period"}, "period"},
        {{0}, ""},
    };
    struct arena *arena = arena_new(100000);

    cr_assert_geq(COUNT(places), 9);
    for (size_t i = 0; i < COUNT(places); i++)
        cr_expect_str_eq(place_path(arena, places[i].place), places[i].path);
    arena_free(arena);
}

Test(findings, all_findings_come_however_many)
{
    enum { MANY = 30000 };
    struct plan *plan = load_plan(small_plan);
    struct buffer text = BUFFER_WITH_LIMIT(8 * 1024 * 1024);

    buffer_append_text(&text, "{'form':'tally','office':'s1','period':'112','fields':{");
    for (int i = 0; i < MANY; i++)
        buffer_append_format(&text, "%s'x%d':1", i ? "," : "", i);
    buffer_append_text(&text, "}}");
    struct judged judged = judge_json(plan, parse_quoted(text.data));

    cr_assert_eq(judged.findings.count, MANY);
    cr_assert_eq(judged.findings.error_count, MANY);
    release_judged(&judged);
    buffer_free(&text);
    plan_free(plan);
}

Test(findings, behind_50000_one_says_that_there_are_more_and_errors_are_counted_on)
{
    struct arena *arena = arena_new(JUDGED_MEMORY);
    struct findings findings = FINDINGS_IN(arena);

    for (int i = 0; i < 50003; i++)
        findings_add(&findings, (struct finding){.code = FINDING_unknown_field, .found = "x"});
    cr_assert_eq(findings.count, 50001);
    cr_assert_eq(findings.error_count, 50003);
    cr_expect_eq(findings.items[49999].code, FINDING_unknown_field);
    cr_expect_eq(findings.items[50000].code, FINDING_too_many_findings);
    arena_free(arena);
}

Test(findings, what_was_wanted_is_said_in_words)
{
    static const struct {
        const char *document, *zh, *en;
    } said[] = {
        {"{'form':'tally','office':'s1','period':'113Q1','fields':{'people.m':1}}",
         "「113Q1」不是此表單的期間，應為年度，如 113",
         "'113Q1' is not a period of this form; expected a year such as 113"},
        {"{'form':'tally','office':'s1','period':'x','fields':{'people.m':1}}",
         "「x」不是此表單的期間，應為年度，如 112", "'x' is not a period of this form; expected a year such as 112"},
    };
    struct plan *plan = load_plan(small_plan);

    for (size_t i = 0; i < COUNT(said); i++) {
        struct judged judged = judge_json(plan, parse_quoted(said[i].document));

        cr_assert_eq(judged.findings.count, 1);
        cr_expect_str_eq(finding_message(judged.findings.arena, &judged.findings.items[0], LANGUAGE_ZH), said[i].zh);
        cr_expect_str_eq(finding_message(judged.findings.arena, &judged.findings.items[0], LANGUAGE_EN), said[i].en);
        release_judged(&judged);
    }
    plan_free(plan);
}

Test(findings, a_reason_that_is_too_long_is_said_by_its_length)
{
    struct plan *plan = load_plan(small_plan);
    json_t *document = parse_quoted("{'form':'tally','office':'s1','period':'112','fields':{'people.f':1}}");
    char reason[5001];

    memset(reason, 'x', sizeof reason - 1);
    reason[sizeof reason - 1] = '\0';
    json_object_set_new(json_object_get(document, "fields"), "people.m", json_pack("{ss}", "not_yet", reason));

    struct judged judged = judge_json(plan, document);

    cr_assert_eq(judged.findings.count, 1);
    cr_expect_eq(judged.findings.items[0].code, FINDING_text_too_long);
    cr_expect_str_eq(judged.findings.items[0].found, "5000");
    cr_expect_str_eq(judged.findings.items[0].expected, "2000");
    release_judged(&judged);
    plan_free(plan);
}

Test(findings, a_very_long_word_leaves_a_sentence_and_whole_characters)
{
    struct plan *plan = load_plan(small_plan);
    json_t *document = parse_quoted("{'form':'tally','office':'s1','period':'112','fields':{'people.m':1}}");
    char *word = malloc(3 * 100000 + 2);

    word[0] = 'x';
    for (size_t i = 0; i < 100000; i++)
        memcpy(word + 1 + 3 * i, "龜", 3);
    word[300001] = '\0';
    json_object_set_new(json_object_get(document, "fields"), word, json_integer(1));
    json_object_set_new(document, "notes", json_pack("{sb}", word, 1));
    json_object_set_new(document, word, json_integer(1));
    struct judged judged = judge_json(plan, document);
    json_t *json = findings_to_json(&judged.findings, LANGUAGE_ZH);

    cr_assert_eq(judged.findings.count, 3);
    cr_assert_not_null(json, "every sentence is valid UTF-8 and fits");
    cr_assert_eq(json_array_size(json), 3);
    json_decref(json);
    release_judged(&judged);
    plan_free(plan);
    free(word);
}

Test(findings, an_excerpt_is_short_and_never_cut_inside_a_character)
{
    struct arena *arena = arena_new(100000);
    static const struct {
        const char *text, *excerpt;
    } excerpts[] = {
        {"12", "12"}, {"'text'", "text"}, {"{'a':[1,2]}", "{\"a\":[1,2]}"}, {"null", "null"}, {"1.5", "1.5"}};

    for (size_t i = 0; i < COUNT(excerpts); i++) {
        json_t *json = parse_quoted(excerpts[i].text);

        cr_expect_str_eq(json_excerpt(arena, json), excerpts[i].excerpt);
        json_decref(json);
    }
    for (size_t lead = 0; lead < 3; lead++) {
        char text[700] = "";

        memset(text, 'x', lead);
        for (size_t i = 0; i < 100; i++)
            memcpy(text + lead + 3 * i, "龜", 3);
        json_t *json = json_string(text);
        const char *excerpt = json_excerpt(arena, json);
        json_t *back = json_string(excerpt);

        cr_expect_not_null(back, "valid UTF-8");
        cr_expect_leq(strlen(excerpt), 204);
        json_decref(back);
        json_decref(json);
    }
    arena_free(arena);
}

Test(findings, out_of_memory_is_remembered_and_errors_are_still_counted)
{
    struct arena *arena = arena_new(4096);
    struct findings findings = FINDINGS_IN(arena);

    for (int i = 0; i < 1000; i++)
        findings_add(&findings, full_finding(FINDING_negative));
    cr_assert(findings.out_of_memory);
    cr_assert_eq(findings.error_count, 1000);
    arena_free(arena);
}

Test(findings, dates_stand_in_chinese_sentences_as_offices_write_them)
{
    struct arena *arena = arena_new(65536);
    struct finding finding = {.code = FINDING_date_outside_period,
                              .path = "fields.date",
                              .expected = "2026-10-01–2026-12-31",
                              .found = "2026-08-01"};

    cr_assert(strstr(finding_message(arena, &finding, LANGUAGE_ZH), "115/8/1 不在填報期間 115/10/1–115/12/31 之內"));
    cr_assert(strstr(finding_message(arena, &finding, LANGUAGE_EN),
                     "2026-08-01 lies outside the period 2026-10-01–2026-12-31"));
    finding.found = "2026-02-30";
    cr_assert(strstr(finding_message(arena, &finding, LANGUAGE_ZH), "2026-02-30"));
    arena_free(arena);
}

static void expect_untold(const char *message, const char *expected, const char *found, const char *untold_expected,
                          const char *untold_found)
{
    struct arena *arena = arena_new(65536);

    finding_untold(arena, message, LANGUAGE_ZH, &expected, &found);
    cr_expect(expected == untold_expected || (expected && untold_expected && strcmp(expected, untold_expected) == 0));
    cr_expect(found == untold_found || (found && untold_found && strcmp(found, untold_found) == 0));
    arena_free(arena);
}

Test(findings, a_sentence_lacks_only_the_figures_that_it_does_not_tell)
{
    expect_untold("結束日期不得早於開始日期。", "2026-08-01", "2026-07-01", "115/8/1", "115/7/1");
    expect_untold("合計填 2178，但相加為 2151。", "2151", "2178", NULL, NULL);
    expect_untold("不可為負數，填的是 -3", "0", "-3", NULL, NULL);
    expect_untold("應達 28", "28", "25.5", NULL, "25.5");
    expect_untold("不得以網絡研習方式辦理。", "kind = cedaw", "online", NULL, NULL);
    expect_untold("無法讀取", "a whole number", NULL, NULL, NULL);
}
