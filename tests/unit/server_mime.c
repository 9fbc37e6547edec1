/* Headers and bodies of mails: what is ASCII stays readable, what isn't is encoded, nothing ends a header. */
#include "mail/mime.h"

#include <criterion/criterion.h>
#include <sodium.h>
#include <string.h>

enum { LIMIT = 1024 * 1024 };

/* A header made of a text, from the buffer. */
static char *header_of(const char *name, const char *text)
{
    struct buffer out = BUFFER_WITH_LIMIT(LIMIT);
    size_t length;

    mime_header(&out, name, text);
    return buffer_take(&out, &length);
}

/* What the encoded words of a header decode to, as a reader joins them (RFC 2047 6.2). */
static void decode(const char *header, char *ret_text, size_t size)
{
    size_t length = 0;

    for (const char *word = strstr(header, "=?UTF-8?B?"); word; word = strstr(word, "=?UTF-8?B?")) {
        const char *end = strstr(word, "?=");
        size_t got = 0;

        word += 10;
        cr_assert_not_null(end);
        cr_assert_eq(sodium_base642bin((unsigned char *)ret_text + length, size - length - 1, word,
                                       (size_t)(end - word), NULL, &got, NULL, sodium_base64_VARIANT_ORIGINAL),
                     0);
        length += got;
    }
    ret_text[length] = '\0';
}

/* RFC 5322 2.1.1 and RFC 2047 2: lines, and that a line but the first begins with a space. */
static void check_lines(const char *header)
{
    const char *line = header;

    cr_assert(strlen(header) >= 2 && strcmp(header + strlen(header) - 2, "\r\n") == 0, "%s", header);
    while (*line) {
        const char *end = strstr(line, "\r\n");
        size_t length = (size_t)(end - line);

        cr_assert_leq(length, 78, "%s", header);
        if (memmem(line, length, "=?UTF-8?B?", 10))
            cr_assert_leq(length, 76, "%s", header);
        if (line != header)
            cr_assert(line[0] == ' ' && length > 1, "a line that isn't a continuation: %s", header);
        for (size_t i = 0; i < length; i++)
            cr_assert(line[i] >= ' ' && line[i] <= '~', "byte %d in %s", line[i], header);
        line = end + 2;
    }
}

Test(mime, ascii_stays_as_it_is_and_is_folded_at_spaces)
{
    char *text = header_of("Subject", "Returned: training results, ROC 113 Q2");

    cr_assert_str_eq(text, "Subject: Returned: training results, ROC 113 Q2\r\n");
    free(text);
    text = header_of("Subject",
                     "a word and another word and another word and another word and another word and another word");
    check_lines(text);
    cr_assert_not_null(strstr(text, "\r\n "));
    cr_assert_null(strstr(text, "=?"));
    free(text);
}

Test(mime, chinese_of_any_length_is_whole_characters_in_short_words)
{
    static const char character[] = "匯";
    char long_text[3 * 400 + 1] = "", decoded[3 * 400 + 8];

    for (size_t count = 1; count <= 400; count++) {
        memcpy(long_text + 3 * (count - 1), character, sizeof character);
        if (count > 60 && count % 37 != 0)
            continue;
        char *text = header_of("Subject", long_text);

        check_lines(text);
        decode(text, decoded, sizeof decoded);
        cr_assert_str_eq(decoded, long_text);
        /* a word by itself is UTF-8: no character is cut */
        for (const char *word = strstr(text, "?B?"); word; word = strstr(word + 3, "?B?")) {
            unsigned char bytes[64];
            size_t got = 0;

            sodium_base642bin(bytes, sizeof bytes, word + 3, strcspn(word + 3, "?"), NULL, &got, NULL,
                              sodium_base64_VARIANT_ORIGINAL);
            cr_assert_eq(got % 3, 0);
        }
        free(text);
    }
}

Test(mime, mixed_widths_are_not_cut)
{
    static const char text[] =
        "a匯é😀流b中華民國113年度培力總成果表（附表3）😀😀😀退回補正：龜山區公所 Guishan 😀é匯流流流流";
    char decoded[512];
    char *header = header_of("Subject", text);

    check_lines(header);
    decode(header, decoded, sizeof decoded);
    cr_assert_str_eq(decoded, text);
    free(header);
}

Test(mime, nothing_ends_a_header)
{
    static const char *const attacks[] = {"x\r\nBcc: a@b.test",
                                          "x\nBcc: a@b.test",
                                          "x\rBcc: a@b.test",
                                          "x\r\n\r\nbody",
                                          "\r\n",
                                          "\n\n.\r\n",
                                          "x\302\205Bcc: a@b.test",
                                          "x\342\200\250Bcc: a@b.test",
                                          "x\013Bcc: a",
                                          "x\177",
                                          "x\033[31m",
                                          "x\377\376\r\nBcc: a",
                                          "x\300\212Bcc: a",
                                          "x\340\200\212Bcc: a",
                                          "x\355\240\200",
                                          "x\365\200\200\200",
                                          "x\345\214",
                                          "=?UTF-8?B?Cg==?= Bcc: a@b.test",
                                          " x",
                                          "=?utf-8?q?=0d=0aBcc:_a@b.test?=",
                                          "x ",
                                          "x  y",
                                          "",
                                          "匯\r\n流",
                                          "(comment) <a@b.test>, \"x\""};

    for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++) {
        char *text = header_of("Subject", attacks[i]);
        char decoded[256];

        check_lines(text);
        cr_assert_null(strstr(text, "\r\nB"), "attack %zu: %s", i, text);
        decode(text, decoded, sizeof decoded);
        cr_assert_null(strpbrk(decoded, "\r\n\x0b\x7f\x1b"), "attack %zu", i);
        free(text);
    }
}

Test(mime, a_long_word_is_encoded_as_it_cannot_be_folded)
{
    char word[200], decoded[256];
    char *text;

    memset(word, 'x', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    text = header_of("Subject", word);
    check_lines(text);
    decode(text, decoded, sizeof decoded);
    cr_assert_str_eq(decoded, word);
    free(text);
}

Test(mime, a_mailbox_shows_its_name_encoded_where_it_needs_to_be)
{
    static const struct {
        const char *display, *expected;
    } cases[] = {{NULL, "To: <a@b.test>\r\n"},
                 {"", "To: <a@b.test>\r\n"},
                 {"Mei Chen", "To: Mei Chen <a@b.test>\r\n"},
                 {"王小明", "To: =?UTF-8?B?546L5bCP5piO?= <a@b.test>\r\n"},
                 {"Chen, Mei", "To: =?UTF-8?B?Q2hlbiwgTWVp?= <a@b.test>\r\n"},
                 {"\"x\" <c@d.test>", "To: =?UTF-8?B?IngiIDxjQGQudGVzdD4=?= <a@b.test>\r\n"}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buffer out = BUFFER_WITH_LIMIT(LIMIT);
        size_t length;

        mime_mailbox_header(&out, "To", cases[i].display, "a@b.test");
        char *text = buffer_take(&out, &length);

        cr_assert_str_eq(text, cases[i].expected);
        free(text);
    }
}

Test(mime, a_token_is_never_encoded_and_holds_nothing_else)
{
    struct buffer out = BUFFER_WITH_LIMIT(LIMIT);

    mime_token_header(&out, "Message-ID", "<a@b.test>");
    cr_assert_str_eq(out.data, "Message-ID: <a@b.test>\r\n");
    mime_token_header(&out, "Message-ID", "<a@b.test>\r\nBcc: x");
    cr_assert(out.failed);
    buffer_free(&out);
}

Test(mime, dates_are_those_of_rfc_5322)
{
    static const struct {
        const char *moment;
        int offset;
        const char *expected;
    } cases[] = {{"2026-11-28T13:05:09Z", 28800, "Sat, 28 Nov 2026 21:05:09 +0800"},
                 {"2024-02-29T16:30:00Z", 28800, "Fri, 1 Mar 2024 00:30:00 +0800"},
                 {"2024-01-01T00:00:00Z", 0, "Mon, 1 Jan 2024 00:00:00 +0000"},
                 {"2024-01-01T02:00:00Z", -12600, "Sun, 31 Dec 2023 22:30:00 -0330"}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[MIME_DATE_SIZE];
        timestamp moment;

        cr_assert(timestamp_parse(cases[i].moment, &moment));
        mime_date(moment, cases[i].offset, text);
        cr_assert_str_eq(text, cases[i].expected);
    }
}

Test(mime, a_body_is_base64_in_short_lines_with_line_ends_of_mail)
{
    struct buffer out = BUFFER_WITH_LIMIT(LIMIT);
    static const char text[] = "第一行\n.\r\n第三行，夠長夠長夠長夠長夠長夠長夠長夠長夠長夠長夠長夠長夠長\n";
    unsigned char decoded[512];
    size_t got = 0;

    mime_text_body(&out, "zh-TW", text);
    const char *body = strstr(out.data, "\r\n\r\n");

    cr_assert_not_null(body);
    for (const char *line = body + 4; *line; line = strstr(line, "\r\n") + 2)
        cr_assert_leq(strcspn(line, "\r"), 76);
    cr_assert_eq(sodium_base642bin(decoded, sizeof decoded, body + 4, strlen(body + 4), "\r\n", &got, NULL,
                                   sodium_base64_VARIANT_ORIGINAL),
                 0);
    decoded[got] = '\0';
    cr_assert_str_eq((char *)decoded,
                     "第一行\r\n.\r\n第三行，夠長夠長夠長夠長夠長夠長夠長夠長夠長夠長夠長夠長夠長\r\n");
    buffer_free(&out);
}

Test(mime, addresses_that_could_say_more_than_one_thing_are_none)
{
    static const char *const good[] = {"a@b", "wang.ming+x@mail.taoyuan.gov.tw", "a-b_c@x-y.test", "0@1.2"};
    static const char *const bad[] = {"",          "a",         "@b",
                                      "a@",        "a b@c",     "a@b c",
                                      "a@b>c",     "<a@b>",     "a@b\r\nRCPT TO:<c@d>",
                                      "a\"b@c",    ".a@b",      "a.@b",
                                      "a..b@c",    "a@.b",      "a@b.",
                                      "a@b..c",    "a@-b",      "a@b-",
                                      "王@b.test", "a@桃園.tw", "a@b,c@d",
                                      "a@b;",      "a(x)@b",    "a@[127.0.0.1]",
                                      "a\x01@b"};

    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        cr_assert(mime_is_address(good[i]), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_assert_not(mime_is_address(bad[i]), "%s", bad[i]);
}

Test(mime, a_mailbox_is_read_with_and_without_a_name)
{
    static const struct {
        const char *text, *display, *address; /* NULL: refused */
    } cases[] = {{"a@b.test", "", "a@b.test"},
                 {"匯流 <a@b.test>", "匯流", "a@b.test"},
                 {"\"Tributary, x\" <a@b.test>", "Tributary, x", "a@b.test"},
                 {"a <b@c.test>\r\nBcc: <d@e.test>", NULL, NULL},
                 {"a b", NULL, NULL},
                 {"x <a@b.test", NULL, NULL},
                 {"", NULL, NULL},
                 {"x <>", NULL, NULL}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char display[64], address[64];
        bool good = mime_read_mailbox(cases[i].text, display, sizeof display, address, sizeof address);

        cr_assert_eq(good, cases[i].display != NULL, "%s", cases[i].text);
        if (good) {
            cr_assert_str_eq(display, cases[i].display);
            cr_assert_str_eq(address, cases[i].address);
        }
    }
}
