/* form_personal.c: people's data live apart from what is stored, come back whole, and can be erased for good. */
#include "base/digest.h"
#include "form/personal.h"
#include "unit/common_support.h"

static const char document_text[] =
    "{'form':'care-quarterly','office':'yl-01','period':'113Q2','fields':{'overview':'fine'},'tables':{'visits':["
    "{'_row':'a','title':'x','host':'王小明','contact':'a@b.tw'},{'_row':'b','title':'y','host':{'not_applicable':'no host'}},{'_row':'c','host':'王小明'}]}}";

static unsigned char next_salt;

static void make_salt(unsigned char salt[16])
{
    memset(salt, ++next_salt, 16);
}

static const json_t *find_apart(const json_t *apart, const char *path)
{
    const json_t *one;
    size_t i;

    json_array_foreach(apart, i, one)
        if (strcmp(json_text_member(one, "path"), path) == 0)
            return one;
    return NULL;
}

Test(personal, what_is_stored_holds_no_personal_value)
{
    struct plan *plan = load_plan(yunling_plan);
    struct judged judged = judge_json(plan, parse_quoted(document_text));
    json_t *apart = NULL, *stored = personal_split(judged.document, make_salt, &apart);
    char *text = canonical_text(stored), *original = canonical_text(judged.document->json);

    cr_assert_eq(judged.findings.count, 0);
    cr_assert_null(strstr(text, "王小明"));
    cr_assert_null(strstr(text, "a@b.tw"));
    cr_assert_not_null(strstr(text, "no host"), "an absence is no personal value");
    cr_assert_not_null(strstr(original, "王小明"), "the document itself is left alone");
    cr_assert_eq(json_array_size(apart), 3);
    cr_assert_not_null(find_apart(apart, "tables.visits[a].host"));
    cr_assert_not_null(find_apart(apart, "tables.visits[a].contact"));
    cr_assert_not_null(find_apart(apart, "tables.visits[c].host"));
    free(text);
    free(original);
    json_decref(apart);
    json_decref(stored);
    release_judged(&judged);
    plan_free(plan);
}

Test(personal, equal_values_have_different_digests)
{
    struct plan *plan = load_plan(yunling_plan);
    struct judged judged = judge_json(plan, parse_quoted(document_text));
    json_t *apart = NULL, *stored = personal_split(judged.document, make_salt, &apart);

    cr_assert_str_neq(json_text_member(find_apart(apart, "tables.visits[a].host"), "digest"),
                      json_text_member(find_apart(apart, "tables.visits[c].host"), "digest"));
    json_decref(apart);
    json_decref(stored);
    release_judged(&judged);
    plan_free(plan);
}

Test(personal, a_digest_is_that_of_salt_and_canonical_value)
{
    struct plan *plan = load_plan(yunling_plan);
    struct judged judged = judge_json(plan, parse_quoted(document_text));
    json_t *apart = NULL, *stored = personal_split(judged.document, make_salt, &apart);
    const json_t *one = find_apart(apart, "tables.visits[a].contact");
    unsigned char salted[16 + 8];
    struct digest digest;
    char text[DIGEST_TEXT_SIZE];

    memset(salted,
           (int)strtoul((char[]){json_text_member(one, "salt")[0], json_text_member(one, "salt")[1], '\0'}, NULL, 16),
           16);
    memcpy(salted + 16, "\"a@b.tw\"", 8);
    digest = digest_of(salted, sizeof salted);
    digest_format(&digest, text);
    cr_assert_str_eq(json_text_member(one, "digest"), text);
    json_decref(apart);
    json_decref(stored);
    release_judged(&judged);
    plan_free(plan);
}

Test(personal, joining_gives_the_document_back_and_what_was_erased_stays_gone)
{
    struct plan *plan = load_plan(yunling_plan);
    struct judged judged = judge_json(plan, parse_quoted(document_text));
    json_t *apart = NULL, *stored = personal_split(judged.document, make_salt, &apart),
           *joined = json_deep_copy(stored);
    size_t i;
    const json_t *one;

    cr_assert(personal_join(joined, apart));
    cr_assert(json_equal(joined, judged.document->json));
    json_decref(joined);

    json_array_foreach(apart, i, one) {
        if (strcmp(json_text_member(one, "path"), "tables.visits[a].host") == 0) {
            json_array_remove(apart, i);
            break;
        }
    }
    joined = json_deep_copy(stored);
    cr_assert(personal_join(joined, apart));
    char *text = canonical_text(joined);

    cr_assert_not_null(strstr(text, "\"_row\":\"a\",\"contact\":\"a@b.tw\",\"host\":{\"erased\":true}"), "%s", text);
    cr_assert_not_null(strstr(text, "\"host\":\"王小明\""), "the other row keeps its host");
    free(text);
    json_decref(joined);
    json_decref(apart);
    json_decref(stored);
    release_judged(&judged);
    plan_free(plan);
}

Test(personal, a_form_without_personal_items_is_stored_as_it_is)
{
    struct plan *plan = load_plan(small_plan);
    struct judged judged =
        judge_json(plan, parse_quoted("{'form':'tally','office':'s1','period':'112','fields':{'people.m':1}}"));
    json_t *apart = NULL, *stored = personal_split(judged.document, make_salt, &apart);

    cr_assert_eq(stored, judged.document->json);
    cr_assert_eq(json_array_size(apart), 0);
    json_decref(apart);
    json_decref(stored);
    release_judged(&judged);
    plan_free(plan);
}
