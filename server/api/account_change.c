/* account_change.c: members of accounts, and If-Match. */
#include "api/account_change.h"

#include <stdlib.h>
#include <string.h>

#include "api/common.h"
#include "api/if_match.h"
#include "api/members.h"
#include "identity/accounts.h"

enum { LONGEST_NAME = 255, LONGEST_EMAIL = 254, LONGEST_REASON = 500 };

const struct refusal account_refusals[] = {
    {"not_found", PROBLEM_not_found, NULL},
    {"stale", PROBLEM_precondition_failed, NULL},
    {"forbidden", PROBLEM_forbidden, NULL},
    {"login_taken", PROBLEM_login_taken, NULL},
    {"unknown_office", PROBLEM_bad_member, "office"},
    {"bad_office", PROBLEM_bad_member, "role, office, duty"},
    {"account_disabled", PROBLEM_account_disabled, NULL},
    {NULL, PROBLEM_NONE, NULL},
};

static bool is_text(const json_t *value, size_t most)
{
    const char *text = json_string_value(value);

    if (!text || !*text || strlen(text) != json_string_length(value) || strlen(text) > most)
        return false;
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return false;
    return true;
}

static bool is_good_name(const json_t *value)
{
    return is_text(value, LONGEST_NAME);
}

static bool is_good_email(const json_t *value)
{
    const char *text = json_string_value(value);
    const char *at = text ? strchr(text, '@') : NULL;

    return json_is_null(value) || (is_text(value, LONGEST_EMAIL) && at && at > text && at[1] && !strchr(at + 1, '@') &&
                                   strcspn(text, " ,;<>\"()\\") == strlen(text));
}

static bool is_good_role(const json_t *value)
{
    enum role role;

    return json_is_string(value) && role_parse(json_string_value(value), &role);
}

static bool is_good_office(const json_t *value)
{
    return json_is_null(value) || is_text(value, 40);
}

static bool is_good_duty(const json_t *value)
{
    enum duty duty;

    return json_is_string(value) && duty_parse(json_string_value(value), &duty);
}

static bool is_good_language(const json_t *value)
{
    const char *text = json_string_value(value);

    return text && (strcmp(text, "zh") == 0 || strcmp(text, "en") == 0);
}

static bool is_good_flag(const json_t *value)
{
    return json_is_boolean(value);
}

static bool is_good_reason(const json_t *value)
{
    return is_text(value, LONGEST_REASON);
}

static bool is_true(const json_t *value)
{
    return json_is_true(value);
}

static bool is_false(const json_t *value)
{
    return json_is_false(value);
}

static bool is_good_login(const json_t *value)
{
    return json_is_string(value) && login_is_good(json_string_value(value));
}

#define SAME(words)                                                                                                    \
    {                                                                                                                  \
        words, words                                                                                                   \
    }

static const struct {
    const char *name, *wanted[2]; /* by language */
    bool (*is_good)(const json_t *value);
} members[] = {
    {"login", {"由 a-z 0-9 . _ @ + - 組成的帳號", "a login of a-z 0-9 . _ @ + -"}, is_good_login},
    {"name", {"1–255 位元組的文字", "a text of 1–255 bytes"}, is_good_name},
    {"email", {"電子郵件地址，或 null", "an e-mail address, or null"}, is_good_email},
    {"role", SAME("office, geo, dbas, supervision, admin, auditor"), is_good_role},
    {"office", {"機關代碼，或 null", "the code of an office, or null"}, is_good_office},
    {"duty", SAME("both, prepare, release"), is_good_duty},
    {"language", SAME("zh, en"), is_good_language},
    {"disabled", SAME("true, false"), is_good_flag},
    {"reason", {"1–500 位元組的事由", "a reason of 1–500 bytes"}, is_good_reason},
    {"unlocked", SAME("true"), is_true},
    {"totp", SAME("false"), is_false},
};

bool account_member_is_good(const char *name, const json_t *value)
{
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (strcmp(members[i].name, name) == 0)
            return members[i].is_good(value);
    return false;
}

const char *account_member_wanted(const struct request *request, const char *name)
{
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (strcmp(members[i].name, name) == 0)
            return members[i].wanted[request->language];
    return "";
}

/* "7", in quotes as the entity tag was given. NULL: a problem is replied. */
static const char *read_version(struct request *request)
{
    enum { MOST_DIGITS = 9 };
    const char *tag;

    if (!if_match_read(request, true, &tag))
        return NULL;
    if (!tag || !if_match_is_number(tag) || strlen(tag) > MOST_DIGITS)
        if_match_refuse(request);
    else
        return tag;
    return NULL;
}

bool account_change_read(struct request *request, const char *const *known, struct account_change *ret_change)
{
    const char *version = read_version(request), *name;
    json_t *body = version ? members_read(request, known) : NULL, *value;
    char *text;

    if (!body)
        return false;
    json_object_foreach(body, name, value) {
        if (account_member_is_good(name, value))
            continue;
        members_refuse_value(request, name, value, account_member_wanted(request, name));
        json_decref(body);
        return false;
    }
    *ret_change =
        (struct account_change){.version = version, .disables = json_is_true(json_object_get(body, "disabled"))};
    if (ret_change->disables && !json_object_get(body, "reason")) {
        members_refuse_value(request, "reason", NULL, account_member_wanted(request, "reason"));
        json_decref(body);
        return false;
    }
    text = json_dumps(body, JSON_COMPACT);
    ret_change->text = text ? arena_text(request->arena, text) : NULL;
    free(text);
    json_decref(body);
    if (!ret_change->text)
        reply_problem(request, PROBLEM_internal, NULL);
    return ret_change->text != NULL;
}
