/* base_json.c: strict reading and RFC 8785 writing. */
#include "unit/common_support.h"

Test(json, only_one_strict_text_is_read)
{
    static const struct {
        const char *text;
        bool good;
        enum json_fault_kind kind;
    } texts[] = {
        {"{}", true, 0},
        {"null", true, 0},
        {"\"\\ud83d\\ude00\"", true, 0},
        {"[1,-2,9223372036854775807]", true, 0},
        {"", false, JSON_FAULT_MALFORMED},
        {"{\"a\":1,\"a\":1}", false, JSON_FAULT_DUPLICATE_KEY},
        {"{\"x\":{\"a\":1,\"\\u0061\":2}}", false, JSON_FAULT_DUPLICATE_KEY},
        {"[NaN]", false, JSON_FAULT_MALFORMED},
        {"[Infinity]", false, JSON_FAULT_MALFORMED},
        {"[1e999]", true, 0},
        {"[9223372036854775808]", true, 0},
        {"[01e999]", false, JSON_FAULT_MALFORMED},
        {"[1.e999]", false, JSON_FAULT_MALFORMED},
        {"[1e999,01]", false, JSON_FAULT_MALFORMED},
        {"[9223372036854775808e]", false, JSON_FAULT_MALFORMED},
        {"[9223372036854775808.]", false, JSON_FAULT_MALFORMED},
        {"[9223372036854775808 1]", false, JSON_FAULT_MALFORMED},
        {"[1e999,\"\\\"]", false, JSON_FAULT_MALFORMED},
        {"{\"a\":1e999,\"a\":1}", false, JSON_FAULT_DUPLICATE_KEY},
        {"[01]", false, JSON_FAULT_MALFORMED},
        {"[1,]", false, JSON_FAULT_MALFORMED},
        {"{\"a\" 1}", false, JSON_FAULT_MALFORMED},
        {"{} {}", false, JSON_FAULT_MALFORMED},
        {"{}x", false, JSON_FAULT_MALFORMED},
        {"\"\\u0000\"", false, JSON_FAULT_MALFORMED},
        {"{\"\\u0000\":1}", false, JSON_FAULT_MALFORMED},
        {"\"\\ud800\"", false, JSON_FAULT_MALFORMED},
        {"\"\xff\"", false, JSON_FAULT_MALFORMED},
        {"\"\xc0\x80\"", false, JSON_FAULT_MALFORMED},
        {"\"\xed\xa0\x80\"", false, JSON_FAULT_MALFORMED},
        {"\"a\nb\"", false, JSON_FAULT_MALFORMED},
        {"'a'", false, JSON_FAULT_MALFORMED},
        {"\xef\xbb\xbf{}", false, JSON_FAULT_MALFORMED},
        {"// remark\n{}", false, JSON_FAULT_MALFORMED},
    };

    cr_assert_geq(COUNT(texts), 34);
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct json_fault fault = {0};
        json_t *json = json_parse_strict(texts[i].text, strlen(texts[i].text), 1000, &fault);

        cr_expect_eq(json != NULL, texts[i].good, "%s", texts[i].text);
        if (!json) {
            cr_expect_eq(fault.kind, texts[i].kind, "%s: kind %d", texts[i].text, (int)fault.kind);
            cr_expect_neq(fault.text[0], '\0');
        }
        json_decref(json);
    }
}

Test(json, beside_a_number_too_large_all_else_is_as_written)
{
    static const char text[] =
        "{\"1e999 \\\" 9223372036854775808\":[-9223372036854775808,9223372036854775807,0,1.5],\"b\":"
        "[9223372036854775808,-9223372036854775809,99999999999999999999,1e400,-1e400]}";
    struct json_fault fault;
    json_t *json = json_parse_strict(text, strlen(text), 1000, &fault);
    const json_t *exact = json_object_get(json, "1e999 \" 9223372036854775808"), *large = json_object_get(json, "b");
    static const double reals[] = {9223372036854775808.0, -9223372036854775808.0, 1e20, 1e308, -1e308};

    cr_assert_not_null(json, "%s", fault.text);
    cr_expect_eq(json_integer_value(json_array_get(exact, 0)), INT64_MIN);
    cr_expect_eq(json_integer_value(json_array_get(exact, 1)), INT64_MAX);
    cr_expect(json_is_integer(json_array_get(exact, 2)));
    cr_assert_eq(json_array_size(large), COUNT(reals));
    for (size_t i = 0; i < COUNT(reals); i++)
        cr_expect(json_is_real(json_array_get(large, i)) && json_real_value(json_array_get(large, i)) == reals[i],
                  "%zu", i);
    json_decref(json);
}

Test(json, a_nul_byte_is_refused_wherever_it_stands)
{
    static const char texts[][8] = {"{}\0", "\0{}", "[1,\0 2]", "\"a\0b\""};
    static const size_t lengths[] = {3, 3, 7, 5};
    struct json_fault fault;

    for (size_t i = 0; i < COUNT(texts); i++)
        cr_expect_null(json_parse_strict(texts[i], lengths[i], 1000, &fault));
}

Test(json, depth_has_an_end)
{
    enum { DEPTH = 100000 };
    char *deep = malloc(2 * DEPTH);
    struct json_fault fault;

    memset(deep, '[', DEPTH);
    memset(deep + DEPTH, ']', DEPTH);
    cr_assert_null(json_parse_strict(deep, (size_t)2 * DEPTH, (size_t)4 * DEPTH, &fault));
    cr_assert_eq(fault.kind, JSON_FAULT_MALFORMED);
    free(deep);
}

Test(json, more_values_than_allowed_are_refused_before_they_cost_memory)
{
    struct json_fault fault;
    json_t *json = json_parse_strict("[1,2,3]", 7, 4, &fault);

    cr_assert_not_null(json);
    json_decref(json);
    cr_assert_null(json_parse_strict("[1,2,3]", 7, 3, &fault));
    cr_assert_eq(fault.kind, JSON_FAULT_TOO_MANY_VALUES);
}

Test(json, the_canonical_form_is_rfc_8785)
{
    static const struct {
        const char *text, *canonical;
    } texts[] = {
        {" { } ", "{}"},
        {"[ 56, {\"d\": true, \"10\": null, \"1\": [ ] } ]", "[56,{\"1\":[],\"10\":null,\"d\":true}]"},
        /* RFC 8785 3.2.3: keys by UTF-16 code units, so the surrogates of U+1F600 come before U+FB33 */
        {"{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\\ufb33\":\"Hebrew Letter Dalet With Dagesh\",\"1\":\"One\","
         "\"\\ud83d\\ude00\":\"Emoji: Grinning Face\",\"\\u0080\":\"Control\",\"\\u00f6\":\"Latin Small Letter O With Diaeresis\"}",
         "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\","
         "\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\"\xef\xac\xb3\":\"Hebrew Letter Dalet With Dagesh\"}"},
        /* RFC 8785 3.2.2.2 */
        {"\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\"", "\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\""},
        {"\"\\b\\t\\n\\f\\r\\u001f\\u007f\"", "\"\\b\\t\\n\\f\\r\\u001f\x7f\""},
        {"{\"ab\":1,\"a\":2,\"\":3,\"aa\":4}", "{\"\":3,\"a\":2,\"aa\":4,\"ab\":1}"},
        {"[-0,0,9007199254740992,-1]", "[0,0,9007199254740992,-1]"},
        {"{\"\\ud83d\\ude02\":1,\"\\ud83d\\ude01\":2,\"\\ud800\\udc00\":3,\"\\uffff\":4}",
         "{\"𐀀\":3,\"😁\":2,\"😂\":1,\"\xef\xbf\xbf\":4}"},
    };

    cr_assert_geq(COUNT(texts), 8);
    for (size_t i = 0; i < COUNT(texts); i++) {
        json_t *json = parse_json(texts[i].text);
        char *canonical = canonical_text(json);

        cr_expect_str_eq(canonical, texts[i].canonical);
        free(canonical);
        json_decref(json);
    }
}

Test(json, real_numbers_have_no_canonical_form_here)
{
    struct buffer out = BUFFER_WITH_LIMIT(1000);
    json_t *json = parse_json("{\"a\":[1,{\"b\":1.5}]}");

    cr_assert_not(json_write_canonical(json, &out));
    buffer_free(&out);
    json_decref(json);
}

Test(json, a_document_larger_than_the_buffer_has_no_half_form)
{
    struct buffer out = BUFFER_WITH_LIMIT(20);
    json_t *json = parse_json("{\"a\":\"0123456789\",\"b\":\"0123456789\"}");

    cr_assert_not(json_write_canonical(json, &out));
    cr_assert_null(out.data);
    json_decref(json);
}

Test(json, objects_of_many_keys_are_sorted_too)
{
    json_t *json = json_object();
    char key[16];

    for (int i = 0; i < 1000; i++) {
        snprintf(key, sizeof key, "k%03d", (i * 7919) % 1000);
        json_object_set_new(json, key, json_integer(i));
    }
    char *canonical = canonical_text(json);
    const char *at = canonical;

    for (int i = 0; i < 1000; i++) {
        snprintf(key, sizeof key, "\"k%03d\":", i);
        const char *found = strstr(at, key);

        cr_assert_not_null(found, "%s behind the one before", key);
        at = found;
    }
    free(canonical);
    json_decref(json);
}

Test(json, sorted_keys_are_those_of_the_canonical_form)
{
    struct arena *arena = arena_new(4096);
    json_t *json = parse_json("{\"b\":1,\"a\":2,\"\\ufb33\":3,\"\\ud83d\\ude00\":4}");
    size_t count;
    const char **keys = json_sorted_keys(arena, json, &count);

    cr_assert_eq(count, 4);
    cr_assert_str_eq(keys[0], "a");
    cr_assert_str_eq(keys[2], "😀");
    cr_assert_str_eq(keys[3], "\xef\xac\xb3");
    cr_assert_null(json_text_member(json, "a"), "no text");
    cr_assert_null(json_text_member(json, "none"));
    json_decref(json);
    arena_free(arena);
}
