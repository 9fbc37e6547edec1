/* server_ical.c: content lines of RFC 5545: escaping, and folding that cuts no character. */
#include "obligations/ical.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static char *written(void (*write)(struct buffer *, const char *, const char *), const char *name, const char *value)
{
    struct buffer out = BUFFER_WITH_LIMIT(1024 * 1024);

    write(&out, name, value);
    cr_assert(!out.failed);
    return buffer_take(&out, NULL);
}

Test(ical, text_is_escaped_and_control_characters_are_left_out)
{
    static const struct {
        const char *text, *line;
    } texts[] = {
        {"a,b;c\\d", "SUMMARY:a\\,b\\;c\\\\d\r\n"},       {"one\ntwo", "SUMMARY:one\\ntwo\r\n"},
        {"tab\there\rand\x7f", "SUMMARY:tabhereand\r\n"}, {"", "SUMMARY:\r\n"},
        {"龜山：\"x\"", "SUMMARY:龜山：\"x\"\r\n"},
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char *line = written(ical_text, "SUMMARY", texts[i].text);

        cr_expect_str_eq(line, texts[i].line);
        free(line);
    }
}

Test(ical, every_length_folds_within_75_octets_and_unfolds_to_itself)
{
    static const char *const units[] = {"a", "é", "區", "𠮷"};

    for (size_t u = 0; u < 4; u++)
        for (size_t length = 0; length < 200; length++) {
            char value[1024] = "", unfolded[2048] = "";

            for (size_t i = 0; i < length; i++)
                memcpy(value + i * strlen(units[u]), units[u], strlen(units[u]));

            char *line = written(ical_line, "X", value);
            size_t end = strlen(line), out = 0;

            for (size_t i = 0, column = 0; i < end; i++) {
                if (line[i] == '\r') {
                    cr_assert_leq(column, 75);
                    cr_assert_eq(line[i + 1], '\n');
                    column = 0;
                    i += line[i + 2] == ' ' ? 2 : 1;
                    column += line[i] == ' ';
                    cr_assert_neq((unsigned char)line[i + 1] & 0xc0, 0x80, "a character is cut");
                    continue;
                }
                column++;
                unfolded[out++] = line[i];
            }
            cr_expect_eq(strncmp(unfolded, "X:", 2), 0);
            cr_expect_str_eq(unfolded + 2, value);
            free(line);
        }
}

Test(ical, what_is_no_utf8_is_folded_all_the_same)
{
    char value[400];

    memset(value, 0x80, sizeof value - 1);
    value[sizeof value - 1] = '\0';

    char *line = written(ical_line, "X", value);

    cr_expect_gt(strlen(line), sizeof value);
    free(line);
}
