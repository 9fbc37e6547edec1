/* client_program.c: the parts of the client that decide: messages, options, addresses, settings, verdicts, CSV heads. */
#include <errno.h>
#include <sodium.h>
#include <sys/stat.h>

#include "arguments.h"
#include "config.h"
#include "csv_head.h"
#include "message.h"
#include "submission.h"
#include "unit/client_support.h"
#include "url.h"

static void set_up(void)
{
    cr_assert_geq(sodium_init(), 0);
    make_test_folder();
}

/* --- messages ------------------------------------------------------------------------------------------------------ */

static unsigned slots_of(const char *wording)
{
    unsigned slots = 0;

    for (; *wording; wording++)
        if (wording[0] == '{' && wording[1] >= '1' && wording[1] <= '4' && wording[2] == '}')
            slots |= 1u << (wording[1] - '1');
    return slots;
}

Test(client_messages, both_languages_say_the_same_things, .init = set_up, .fini = remove_test_folder)
{
    for (int i = 0; i < MESSAGE_COUNT; i++) {
        const char *zh = message_text((enum message)i, LANGUAGE_ZH), *en = message_text((enum message)i, LANGUAGE_EN);

        cr_assert(*zh && *en);
        cr_expect_eq(slots_of(zh), slots_of(en), "%s / %s", zh, en);
    }
}

Test(client_messages, texts_are_filled_in_once_and_missing_ones_shown_as_such, .init = set_up,
     .fini = remove_test_folder)
{
    const char *const texts[MESSAGE_SLOTS] = {"a{2}", NULL};

    cr_expect_str_eq(message_format(memory, MESSAGE_machine_fault, LANGUAGE_EN, texts), "a{2}: -");
}

static const struct {
    const char *all, *messages, *lang, *option;
    bool good;
    enum language language;
} locales[] = {
    {NULL, NULL, NULL, NULL, true, LANGUAGE_EN},
    {NULL, NULL, "zh_TW.UTF-8", NULL, true, LANGUAGE_ZH},
    {NULL, "en_GB.UTF-8", "zh_TW.UTF-8", NULL, true, LANGUAGE_EN},
    {"zh_TW.UTF-8", "en_GB.UTF-8", "C", NULL, true, LANGUAGE_ZH},
    {"", NULL, "zh", NULL, true, LANGUAGE_ZH},
    {"C", NULL, "zh_TW", NULL, true, LANGUAGE_EN},
    {"zh_TW", NULL, NULL, "en", true, LANGUAGE_EN},
    {"C", NULL, NULL, "zh", true, LANGUAGE_ZH},
    {"C", NULL, NULL, "fr", false, LANGUAGE_EN},
};

static void set_variable(const char *name, const char *value)
{
    if (value)
        setenv(name, value, 1);
    else
        unsetenv(name);
}

Test(client_messages, the_language_is_that_of_the_option_or_the_locale, .init = set_up, .fini = remove_test_folder)
{
    for (size_t i = 0; i < COUNT(locales); i++) {
        enum language language = LANGUAGE_EN;

        set_variable("LC_ALL", locales[i].all);
        set_variable("LC_MESSAGES", locales[i].messages);
        set_variable("LANG", locales[i].lang);
        cr_expect_eq(language_choose(locales[i].option, &language), locales[i].good, "%zu", i);
        cr_expect_eq(language, locales[i].language, "%zu", i);
    }
}

/* --- options ------------------------------------------------------------------------------------------------------- */

static const struct option own[] = {{"base", "N", {{"", ""}}}, {"progress", NULL, {{"", ""}}}, {0}};
static const struct option common[] = {{"lang", "L", {{"", ""}}}, {"help", NULL, {{"", ""}}}, {0}};

static bool read_words(struct arguments *arguments, size_t count, const char **argv)
{
    const char *fault = NULL;
    size_t used;
    bool good = arguments_read(arguments, own, common, false, count, argv, &used, &fault);

    cr_expect(good == !fault);
    return good;
}

Test(client_options, options_and_words_may_mix, .init = set_up, .fini = remove_test_folder)
{
    const char *argv[] = {"submit", "a", "--base", "3", "b", "--lang=en", "-", "--progress", "--base=4", "--", "--c"};
    struct arguments arguments = {0};

    cr_assert(read_words(&arguments, COUNT(argv), argv));
    cr_expect_eq(arguments.word_count, 4);
    cr_expect_str_eq(arguments.words[0], "a");
    cr_expect_str_eq(arguments.words[1], "b");
    cr_expect_str_eq(arguments.words[2], "-");
    cr_expect_str_eq(arguments.words[3], "--c");
    cr_expect_str_eq(arguments_value(&arguments, "base"), "4");
    cr_expect_str_eq(arguments_value(&arguments, "lang"), "en");
    cr_expect_str_eq(arguments_value(&arguments, "progress"), "");
    cr_expect_null(arguments_value(&arguments, "help"));
}

Test(client_options, the_file_to_write_may_be_given_in_short, .init = set_up, .fini = remove_test_folder)
{
    static const struct option writes[] = {{"output", "FILE", {{"a", "a"}}}, {0}};
    const char *argv[] = {"template", "webpage", "-o", "-"}, *fault = NULL;
    struct arguments arguments = {0};
    size_t used;

    cr_assert(arguments_read(&arguments, writes, common, false, COUNT(argv), argv, &used, &fault));
    cr_expect_str_eq(arguments_value(&arguments, "output"), "-");
    cr_expect_eq(arguments.word_count, 1);

    struct arguments others = {0};

    cr_expect_not(arguments_read(&others, own, common, false, COUNT(argv), argv, &used, &fault));
}

Test(client_options, what_is_unknown_or_incomplete_is_refused, .init = set_up, .fini = remove_test_folder)
{
    const char *wrong[][2] = {{"x", "--nosuch"}, {"x", "--base"}, {"x", "--progress=1"}, {"x", "-b"}, {"x", "--bas=1"}};

    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct arguments arguments = {0};

        cr_expect_not(read_words(&arguments, 2, wrong[i]), "%s", wrong[i][1]);
    }
}

/* --- addresses ----------------------------------------------------------------------------------------------------- */

Test(client_url, addresses_are_made_the_same_or_refused, .init = set_up, .fini = remove_test_folder)
{
    static const char *const wrong[] = {"",           "example.org", "ftp://x",    "http://",     "https://u:p@x",
                                        "http://x?y", "http://x#y",  "http://x y", "javascript:x"};

    cr_expect_str_eq(url_server(memory, "https://example.org/"), "https://example.org");
    cr_expect_str_eq(url_server(memory, "http://127.0.0.1:8013/a//"), "http://127.0.0.1:8013/a");
    for (size_t i = 0; i < COUNT(wrong); i++)
        cr_expect_null(url_server(memory, wrong[i]), "%s", wrong[i]);
}

Test(client_url, only_plain_http_to_elsewhere_shows_the_token, .init = set_up, .fini = remove_test_folder)
{
    cr_expect(url_is_readable_by_others("http://example.org"));
    cr_expect(url_is_readable_by_others("http://localhost.example.org"));
    cr_expect(url_is_readable_by_others("http://127.0.0.1.example.org:80"));
    cr_expect_not(url_is_readable_by_others("https://example.org"));
    cr_expect_not(url_is_readable_by_others("http://127.0.0.1:8013"));
    cr_expect_not(url_is_readable_by_others("http://[::1]:8013/x"));
    cr_expect_not(url_is_readable_by_others("http://LOCALHOST"));
}

Test(client_url, values_cannot_leave_their_place, .init = set_up, .fini = remove_test_folder)
{
    const struct url_parameter parameters[] = {
        {"form", "a&b=c/d"}, {"office", NULL}, {"as_of", "2024-05-02T03:04:05+08:00"}};

    cr_expect_str_eq(url_part(memory, "../x y/計"), "..%2Fx%20y%2F%E8%A8%88");
    cr_expect_str_eq(url_query(memory, "/v1/x", parameters, COUNT(parameters)),
                     "/v1/x?form=a%26b%3Dc%2Fd&as_of=2024-05-02T03%3A04%3A05%2B08%3A00");
}

/* --- settings ------------------------------------------------------------------------------------------------------ */

Test(client_config, what_is_saved_is_read_back_by_its_owner_only, .init = set_up, .fini = remove_test_folder)
{
    static const char *const keys[] = {"server", "token"};
    const char *const first[] = {"http://127.0.0.1:1", "secret = # token"}, *const second[] = {NULL, "another"};
    struct config config;
    struct stat file;
    char fault[256];

    setenv("XDG_CONFIG_HOME", test_folder, 1);
    setenv("XDG_STATE_HOME", test_folder, 1);
    setenv("TRIBUTARY_PLAN", "from-environment", 1);
    unsetenv("TRIBUTARY_SERVER");
    unsetenv("TRIBUTARY_TOKEN");
    for (int round = 0; round < 2; round++) {
        cr_assert(config_load(memory, &config, fault, sizeof fault), "%s", fault);
        cr_assert_eq(config_save(&config, keys, round == 0 ? first : second, 2), 0);
        cr_assert_eq(stat(config.file, &file), 0);
        cr_expect_eq(file.st_mode & 0777, 0600);
        cr_expect_not(config_is_exposed(&config));
        config_free(&config);
    }
    unsetenv("TRIBUTARY_PLAN");
    cr_assert(config_load(memory, &config, fault, sizeof fault), "%s", fault);
    cr_expect_str_eq(config_get(&config, "server"), "http://127.0.0.1:1");
    cr_expect_str_eq(config_get(&config, "token"), "another");
    cr_expect_null(config_get(&config, "plan"), "what the environment says isn't written");
    cr_expect_eq(config_save(&config, keys, (const char *const[]){"x\nplan = y", NULL}, 2), EINVAL);
    chmod(config.file, 0644);
    cr_expect(config_is_exposed(&config));
    config_free(&config);
}

/* --- verdicts ------------------------------------------------------------------------------------------------------ */

static const struct {
    long status;
    bool is_receipt;
    const char *code;
    struct verdict verdict;
} verdicts[] = {
    {201, true, NULL, {SHELF_RECEIPTS, EXIT_DONE, false}},
    {200, true, NULL, {SHELF_RECEIPTS, EXIT_DONE, false}},
    {200, false, NULL, {SHELF_OUTBOX, EXIT_SERVER_FAULT, true}}, /* some page that calls itself 200 */
    {302, false, NULL, {SHELF_OUTBOX, EXIT_SERVER_FAULT, true}},
    {400, false, "malformed_json", {SHELF_REFUSED, EXIT_REFUSED, false}},
    {401, false, "unauthenticated", {SHELF_OUTBOX, EXIT_NOT_ALLOWED, true}},
    {403, false, "forbidden", {SHELF_REFUSED, EXIT_NOT_ALLOWED, false}},
    {403, false, NULL, {SHELF_OUTBOX, EXIT_SERVER_FAULT, true}}, /* a wall on the way */
    {404, false, NULL, {SHELF_OUTBOX, EXIT_SERVER_FAULT, true}},
    {408, false, "request_timeout", {SHELF_OUTBOX, EXIT_UNREACHABLE, true}},
    {409, false, "revision_conflict", {SHELF_CONFLICTS, EXIT_REFUSED, false}},
    {409, false, "idempotency_conflict", {SHELF_REFUSED, EXIT_REFUSED, false}},
    {413, false, "body_too_large", {SHELF_REFUSED, EXIT_REFUSED, false}},
    {422, false, "findings_refused", {SHELF_REFUSED, EXIT_REFUSED, false}},
    {429, false, "too_many_requests", {SHELF_OUTBOX, EXIT_UNREACHABLE, true}},
    {500, false, "internal", {SHELF_OUTBOX, EXIT_SERVER_FAULT, false}},
    {502, false, NULL, {SHELF_OUTBOX, EXIT_UNREACHABLE, true}},
    {503, false, "overloaded", {SHELF_OUTBOX, EXIT_UNREACHABLE, true}},
};

Test(client_submission, only_what_the_server_decided_leaves_the_outbox, .init = set_up, .fini = remove_test_folder)
{
    for (size_t i = 0; i < COUNT(verdicts); i++) {
        struct verdict verdict = submission_verdict(verdicts[i].status, verdicts[i].is_receipt, verdicts[i].code);

        cr_expect_eq(verdict.shelf, verdicts[i].verdict.shelf, "%ld %s", verdicts[i].status, verdicts[i].code);
        cr_expect_eq(verdict.status, verdicts[i].verdict.status, "%ld %s", verdicts[i].status, verdicts[i].code);
        cr_expect_eq(verdict.stop, verdicts[i].verdict.stop, "%ld %s", verdicts[i].status, verdicts[i].code);
    }
}

/* --- the head of a CSV file ---------------------------------------------------------------------------------------- */

static const char *change(const char *text, long long base, const char *note)
{
    size_t length = strlen(text);

    cr_assert_eq(csv_head_change(memory, base, note, &text, &length), 0);
    cr_assert_eq(length, strlen(text));
    return text;
}

Test(client_csv_head, identity_is_read_from_the_lines_at_the_top, .init = set_up, .fini = remove_test_folder)
{
    static const char text[] =
        "\xef\xbb\xbf#form,training-a\r\n#Office, \"1\" \r\n#base,3,,\r\n#note,document,x\r\ncode,value\r\n#period,113\r\n";
    struct identity identity = {.base = -1};

    csv_head_read(memory, text, sizeof text - 1, &identity);
    cr_expect_str_eq(identity.form, "training-a");
    cr_expect_str_eq(identity.office, "1");
    cr_expect_eq(identity.base, 3);
    cr_expect_null(identity.period, "what stands below the rows isn't the head");
}

Test(client_csv_head, base_is_replaced_and_a_note_added_without_touching_the_rest, .init = set_up,
     .fini = remove_test_folder)
{
    static const char text[] = "\xef\xbb\xbf#form,f\n#base,1\ncode,value\n#base,9\n";
    const char *cp950 = "#form,f\na,\xa4\xa4\n";
    size_t length = strlen(cp950);

    cr_expect_str_eq(change(text, -1, NULL), text);
    cr_expect_str_eq(change(text, 4, NULL), "\xef\xbb\xbf#form,f\n#base,4\ncode,value\n#base,9\n");
    cr_expect_str_eq(change("#base,1,,\r\n#Base, 2\n#base", 4, NULL), "#base,4\r\n#base,4\n#base");
    cr_expect_str_eq(change(text, -1, "say \"x\", y"),
                     "\xef\xbb\xbf#note,document,\"say \"\"x\"\", y\"\r\n#form,f\n#base,1\ncode,value\n#base,9\n");
    cr_expect_str_eq(change(cp950, 2, NULL), cp950, "without a line for it nothing moves");
    cr_expect_eq(csv_head_change(memory, -1, "中", &cp950, &length), EILSEQ);
    cr_expect_str_eq(change("", 0, NULL), "");
}
