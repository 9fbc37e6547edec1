/* server_totp.c: one-time codes against the table of RFC 6238, appendix B (SHA-1; its eight digits end in our six). */
#include "identity/totp.h"

#include <criterion/criterion.h>
#include <string.h>

static const unsigned char secret[] = "12345678901234567890";
enum { SECRET_LENGTH = 20 };

static const struct {
    int64_t moment;
    uint32_t code;
    const char *text;
} vectors[] = {
    {59, 287082, "287082"},       {1111111109, 81804, "081804"},  {1111111111, 50471, "050471"},
    {1234567890, 5924, "005924"}, {2000000000, 279037, "279037"}, {20000000000, 353130, "353130"},
};

Test(totp, codes_are_those_of_the_rfc)
{
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        int64_t step = 0;

        cr_expect_eq(totp_code(secret, SECRET_LENGTH, (uint64_t)vectors[i].moment / TOTP_SECONDS), vectors[i].code,
                     "%zu", i);
        cr_expect(totp_check(secret, SECRET_LENGTH, vectors[i].text, vectors[i].moment, 0, &step), "%zu", i);
        cr_expect_eq(step, vectors[i].moment / TOTP_SECONDS);
    }
}

Test(totp, one_step_before_and_after_will_do_and_no_more)
{
    int64_t step;

    for (int64_t off = -3; off <= 3; off++)
        cr_expect_eq(totp_check(secret, SECRET_LENGTH, "081804", 1111111109 + off * TOTP_SECONDS, 0, &step),
                     off >= -1 && off <= 1, "%d", (int)off);
}

Test(totp, no_step_is_taken_twice)
{
    int64_t step;

    cr_assert(totp_check(secret, SECRET_LENGTH, "081804", 1111111109, 0, &step));
    cr_expect_not(totp_check(secret, SECRET_LENGTH, "081804", 1111111109, step, &step));
    cr_expect_not(totp_check(secret, SECRET_LENGTH, "081804", 1111111109 + TOTP_SECONDS, step, &step));
}

Test(totp, what_is_no_code_is_none)
{
    static const char *const wrong[] = {"", "0", "81804", "0081804", " 81804", "08180a", "-81804", "08180\xef\xbc\x94"};
    int64_t step;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        cr_expect_not(totp_check(secret, SECRET_LENGTH, wrong[i], 1111111109, 0, &step), "%s", wrong[i]);
}

Test(totp, a_secret_is_written_in_base32)
{
    char text[TOTP_SECRET_TEXT_SIZE];

    totp_write_secret(secret, text);
    cr_expect_str_eq(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}
