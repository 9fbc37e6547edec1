/* server_passwords.c: which passwords may be chosen, and what their hashes tell. */
#include "identity/passwords.h"

#include <criterion/criterion.h>
#include <string.h>

#include "identity/accounts.h"

static const struct {
    const char *password, *login;
    bool good;
} rules[] = {
    {"twelve chars", "x", true},
    {"elevenchars", "x", false},
    {"", "x", false},
    {"aaaaaaaaaaaa", "x", true}, /* no rule about kinds of characters */
    {"十二個字的密碼就夠長了喔", "x", true},
    {"十一個字的密碼不夠長啦", "x", false},
    {"a.very.long.login", "a.very.long.login", false},
    {"A.Very.Long.LOGIN", "a.very.long.login", false},
    {"a.very.long.login2", "a.very.long.login", true},
};

Test(passwords, length_counts_characters_and_the_login_is_none)
{
    char longest[PASSWORD_MOST_BYTES + 2];

    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        cr_expect_eq(password_is_good(rules[i].password, rules[i].login), rules[i].good, "%s", rules[i].password);
    memset(longest, 'x', sizeof longest);
    longest[PASSWORD_MOST_BYTES + 1] = '\0';
    cr_expect_not(password_is_good(longest, "x"));
    cr_expect(password_is_good(longest + 1, "x"));
}

Test(passwords, a_hash_knows_its_password_and_no_other)
{
    struct passwords *passwords = passwords_new(2);
    char hash[PASSWORD_HASH_SIZE], again[PASSWORD_HASH_SIZE];

    cr_assert(passwords);
    cr_assert(password_hash(passwords, "correct horse", hash) && password_hash(passwords, "correct horse", again));
    cr_expect_str_neq(hash, again); /* salted */
    cr_expect(strncmp(hash, "$argon2id$", 10) == 0);
    cr_expect_eq(password_verify(passwords, hash, "correct horse"), PASSWORD_RIGHT);
    cr_expect_eq(password_verify(passwords, hash, "correct horsf"), PASSWORD_WRONG);
    cr_expect_eq(password_verify(passwords, "no hash", "correct horse"), PASSWORD_WRONG);
    cr_expect_eq(password_verify(passwords, NULL, "correct horse"), PASSWORD_WRONG);
    passwords_free(passwords);
}

Test(passwords, too_many_at_once_are_turned_away)
{
    struct passwords *passwords = passwords_new(0);
    char hash[PASSWORD_HASH_SIZE];

    cr_assert(passwords);
    cr_expect_eq(password_verify(passwords, NULL, "correct horse"), PASSWORD_BUSY);
    cr_expect_not(password_hash(passwords, "correct horse", hash));
    passwords_free(passwords);
}

Test(passwords, first_ones_are_long_and_not_the_same)
{
    char one[FIRST_PASSWORD_SIZE], two[FIRST_PASSWORD_SIZE];

    password_make_first(one);
    password_make_first(two);
    cr_expect_eq(strlen(one), (size_t)FIRST_PASSWORD_SIZE - 1);
    cr_expect_str_neq(one, two);
    cr_expect(password_is_good(one, "x"));
}

Test(passwords, logins_are_plain)
{
    static const char *const good[] = {"a", "wang.xm", "g68000070", "a@b.c", "1"}, *const bad[] = {"",    "A",  ".a",
                                                                                                   "a b", "王", "a'",
                                                                                                   "a/b"};

    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        cr_expect(login_is_good(good[i]), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect_not(login_is_good(bad[i]), "%s", bad[i]);
}

Test(passwords, roles_are_read_as_a_list)
{
    unsigned roles = 1;

    cr_expect(roles_parse("", &roles) && roles == 0);
    cr_expect(roles_parse("admin, geo", &roles) && roles == (ROLE_ADMIN | ROLE_GEO));
    cr_expect_not(roles_parse("admin,king", &roles));
    cr_expect_not(roles_parse("admingeoadmingeoadmingeoadmingeoadmin", &roles));
}
