/* base_problem.c: the catalogue of codes, digests, settings. */
#include <unistd.h>

#include "base/digest.h"
#include "base/problem.h"
#include "base/settings.h"
#include "unit/common_support.h"

/* Which of {label}, {expected}, {found} and {other} a wording holds, as bits; -1 for any other placeholder. */
static int placeholders(const char *wording)
{
    static const char *const slots[] = {"{label}", "{expected}", "{found}", "{other}"};
    int seen = 0;

    for (const char *p = strchr(wording, '{'); p; p = strchr(p + 1, '{')) {
        int here = 0;

        for (int i = 0; i < 4; i++)
            here |= strncmp(p, slots[i], strlen(slots[i])) == 0 ? 1 << i : 0;
        if (!here)
            return -1;
        seen |= here;
    }
    return seen;
}

static bool is_ascii(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text >= 0x80)
            return false;
    return true;
}

Test(problems, every_finding_says_the_same_in_both_languages)
{
    cr_assert_geq(FINDING_CODE_COUNT, 39);
    for (int i = FINDING_NONE + 1; i < FINDING_CODE_COUNT; i++) {
        const struct problem_entry *entry = finding_entry((enum finding_code)i);
        int zh = placeholders(entry->wording[LANGUAGE_ZH]), en = placeholders(entry->wording[LANGUAGE_EN]);

        cr_expect_neq(zh, -1, "%s has a placeholder that nothing fills", entry->code);
        cr_expect_neq(en, -1, "%s has a placeholder that nothing fills", entry->code);
        cr_expect_eq(zh & 4, en & 4, "%s shows {found} in one language only", entry->code);
        cr_expect_not(is_ascii(entry->wording[LANGUAGE_ZH]), "%s has no Chinese wording", entry->code);
        cr_expect_eq(finding_code_parse(entry->code), (enum finding_code)i);
        cr_expect_eq(entry->status, 422);
    }
}

Test(problems, every_problem_has_a_status_and_both_wordings)
{
    cr_assert_geq(PROBLEM_COUNT, 28);
    for (int i = PROBLEM_NONE + 1; i < PROBLEM_COUNT; i++) {
        const struct problem_entry *entry = problem_entry((enum problem)i);

        cr_expect(entry->status >= 400 && entry->status < 600, "%s", entry->code);
        cr_expect_not(is_ascii(entry->wording[LANGUAGE_ZH]), "%s", entry->code);
        cr_expect_eq(placeholders(entry->wording[LANGUAGE_ZH]), 0, "%s", entry->code);
        cr_expect_eq(placeholders(entry->wording[LANGUAGE_EN]), 0, "%s", entry->code);
        cr_expect_eq(problem_entry_find(entry->code), entry);
    }
}

Test(problems, codes_are_looked_up_by_name)
{
    cr_assert_eq(finding_code_parse("sum_mismatch"), FINDING_sum_mismatch);
    cr_assert_eq(finding_code_parse("no_such_code"), FINDING_NONE);
    cr_assert_eq(finding_code_parse(""), FINDING_NONE);
    cr_assert_eq(problem_entry_find("sum_mismatch"), finding_entry(FINDING_sum_mismatch));
    cr_assert_null(problem_entry_find("no_such_code"));
}

Test(digest, is_sha_256_in_lower_case_hexadecimal)
{
    struct digest digest = digest_of("abc", 3), back;
    char text[DIGEST_TEXT_SIZE];

    digest_format(&digest, text);
    cr_assert_str_eq(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    cr_assert(digest_parse(text, &back));
    cr_assert_eq(memcmp(&digest, &back, sizeof digest), 0);
    text[0] = 'B';
    cr_assert_not(digest_parse(text, &back));
    cr_assert_not(digest_parse("ba78", &back));
    cr_assert_not(digest_parse("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad0", &back));
}

#define SETTINGS                                                                                                       \
    {                                                                                                                  \
        {.key = "port", .default_value = "8013"}, {.key = "signing_key_file"},                                         \
        {                                                                                                              \
            .key = "log_level", .default_value = "info"                                                                \
        }                                                                                                              \
    }

/* Writes a file that the caller unlinks; the path is overwritten by the next call. */
static const char *write_settings(const char *text)
{
    static char path[4096];
    const char *directory = getenv("TRIBUTARY_TEST_DIRECTORY");

    snprintf(path, sizeof path, "%s/settings-XXXXXX", directory ? directory : "/tmp");

    int file = mkstemp(path);

    cr_assert_geq(file, 0);
    cr_assert_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
    close(file);
    return path;
}

Test(settings, environment_wins_over_file_and_file_over_default)
{
    struct setting settings[] = SETTINGS;
    char fault[256] = "";
    const char *path;

    setenv("TRIBUTARY_LOG_LEVEL", "debug", 1);
    unsetenv("TRIBUTARY_PORT");
    unsetenv("TRIBUTARY_SIGNING_KEY_FILE");
    path = write_settings("# remark\n\n  port =  9000 \r\nlog_level = warning\n");
    cr_assert(settings_load(settings, COUNT(settings), path, "TRIBUTARY_", fault, sizeof fault), "%s", fault);
    unlink(path);
    cr_assert_str_eq(settings_get(settings, COUNT(settings), "port"), "9000");
    cr_assert_str_eq(settings_get(settings, COUNT(settings), "log_level"), "debug");
    cr_assert_null(settings_get(settings, COUNT(settings), "signing_key_file"));
    settings_free(settings, COUNT(settings));
}

Test(settings, a_fault_names_the_file_the_line_and_the_word)
{
    static const struct {
        const char *text, *words;
    } faulty[] = {{"port = 1\nprot = 2\n", ":2: no setting is called 'prot'"},
                  {"port\n", ":1: expected"},
                  {"\n\n=3\n", ":3: no setting"}};

    cr_assert_geq(COUNT(faulty), 3);
    for (size_t i = 0; i < COUNT(faulty); i++) {
        struct setting settings[] = SETTINGS;
        const char *path = write_settings(faulty[i].text);
        char fault[256] = "";

        cr_expect_not(settings_load(settings, COUNT(settings), path, "TRIBUTARY_", fault, sizeof fault));
        cr_expect_not_null(strstr(fault, faulty[i].words), "%s", fault);
        cr_expect_not_null(strstr(fault, path), "%s", fault);
        unlink(path);
        settings_free(settings, COUNT(settings));
    }
}

Test(settings, a_file_that_is_not_there_is_a_fault)
{
    struct setting settings[] = SETTINGS;
    char fault[256] = "";

    cr_assert_not(settings_load(settings, COUNT(settings), "no/such/file", "TRIBUTARY_", fault, sizeof fault));
    cr_assert_not_null(strstr(fault, "no/such/file"));
    settings_free(settings, COUNT(settings));
}

Test(settings, numbers_keep_to_their_range)
{
    static const struct {
        const char *value;
        bool good;
    } values[] = {{"1", true},
                  {"65535", true},
                  {"0", false},
                  {"65536", false},
                  {"8o13", false},
                  {"", false},
                  {"99999999999999999999", false},
                  {NULL, false}};

    cr_assert_geq(COUNT(values), 8);
    for (size_t i = 0; i < COUNT(values); i++) {
        struct setting settings[] = {{.key = "port", .value = values[i].value ? strdup(values[i].value) : NULL}};
        char fault[256] = "";
        long port = -1;

        cr_expect_eq(settings_get_number(settings, 1, "port", 1, 65535, &port, fault, sizeof fault), values[i].good,
                     "%s", values[i].value);
        cr_expect_eq(fault[0] != '\0', !values[i].good);
        settings_free(settings, 1);
    }
}
