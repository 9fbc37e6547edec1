/* base_decimal.c: exact decimals and ratios. The table of ratios was computed apart, with Python's fractions. */
#include "base/decimal.h"
#include "unit/common_support.h"

static struct decimal number(const char *text)
{
    struct decimal value;

    cr_assert(decimal_parse(text, &value), "%s", text);
    return value;
}

static const struct {
    const char *numerator, *denominator, *target, *percent;
    bool met;
    const char *gap;
} ratios[] = {
    {"751", "812", "93", "92.49", false, "5"},
    {"0", "5", "92", "0.00", false, "5"},
    {"5", "5", "100", "100.00", true, "0"},
    {"1", "3", "33.33", "33.33", true, "0"},
    {"2", "3", "66.67", "66.67", false, "1"},
    {"1", "8", "12.5", "12.50", true, "0"},
    {"1", "800", "0.12", "0.13", true, "0"},
    {"1", "800", "0.13", "0.13", false, "1"},
    {"1", "1600", "0.06", "0.06", true, "0"},
    {"3", "1600", "0.19", "0.19", false, "1"},
    {"93", "100", "93", "93.00", true, "0"},
    {"9299", "10000", "93", "92.99", false, "1"},
    {"9300", "10000", "93", "93.00", true, "0"},
    {"92999999", "100000000", "93", "93.00", false, "1"},
    {"1185", "1000", "118.5", "118.50", true, "0"},
    {"2370", "2000", "100", "118.50", true, "0"},
    {"0", "1", "0", "0.00", true, "0"},
    {"7", "7", "99.99", "100.00", true, "0"},
    {"61", "92", "27", "66.30", true, "0"},
    {"12345678901", "98765432109", "12.5", "12.50", false, "113"},
    {"9007199254740992", "9007199254740992", "100", "100.00", true, "0"},
    {"9007199254740991", "9007199254740992", "100", "100.00", false, "1"},
    {"1", "9007199254740992", "50", "0.00", false, "4503599627370495"},
    {"1", "20000", "0.01", "0.01", false, "1"},
    {"1", "20001", "0.01", "0.00", false, "2"},
    {"49999", "1000000", "5", "5.00", false, "1"},
    {"50000", "1000000", "5", "5.00", true, "0"},
    {"36.5", "40", "91.25", "91.25", true, "1"},
    {"0.5", "3", "16.67", "16.67", false, "1"},
    {"12.25", "100.5", "12.2", "12.19", false, "1"},
    {"199", "200", "99.5", "99.50", true, "0"},
    {"399", "400", "99.75", "99.75", true, "0"},
    {"1", "6", "16.666666666", "16.67", true, "0"},
    {"1", "6", "16.666666667", "16.67", false, "1"},
    {"1004", "994", "94", "101.01", true, "0"},
    {"1", "2", "33.33", "50.00", true, "0"},
    {"366616735", "433841086", "100", "84.50", false, "67224351"},
    {"339865342", "539610999", "29", "62.98", true, "0"},
    {"2", "26", "100", "7.69", false, "24"},
    {"6", "13", "100", "46.15", false, "7"},
    {"931271365", "924564329", "96", "100.73", true, "0"},
    {"3739949", "672100203", "30", "0.56", false, "197890112"},
    {"7", "12", "33.33", "58.33", true, "0"},
    {"13", "29", "110.7", "44.83", false, "20"},
    {"140138427", "552477307", "95", "25.37", false, "384715015"},
    {"0", "28", "94", "0.00", false, "27"},
    {"129", "1552", "92", "8.31", false, "1299"},
    {"4", "4", "96", "100.00", true, "0"},
    {"29", "36", "96", "80.56", false, "6"},
    {"21", "40", "27", "52.50", true, "0"},
    {"80", "160", "94", "50.00", false, "71"},
    {"351", "1341", "95", "26.17", false, "923"},
    {"1146", "1108", "33.33", "103.43", true, "0"},
    {"105712595", "195376520", "28", "54.11", true, "0"},
    {"1", "9", "95", "11.11", false, "8"},
    {"1204", "1165", "48.7", "103.35", true, "0"},
    {"19", "18", "30", "105.56", true, "0"},
    {"2", "22", "11.9", "9.09", false, "1"},
    {"174437985", "203774009", "33.33", "85.60", true, "0"},
    {"287488637", "282194004", "0.5", "101.88", true, "0"},
    {"2337", "2497", "100", "93.59", false, "160"},
    {"23", "36", "30", "63.89", true, "0"},
    {"713260694", "649617933", "30", "109.80", true, "0"},
    {"57511600", "147669882", "27", "38.95", true, "0"},
    {"770241586", "736860889", "27", "104.53", true, "0"},
    {"146", "386", "0.5", "37.82", true, "0"},
    {"19", "20", "0.5", "95.00", true, "0"},
    {"960", "1485", "94", "64.65", false, "436"},
    {"0", "31", "30", "0.00", false, "10"},
    {"8", "17", "30", "47.06", true, "0"},
    {"48", "50", "28", "96.00", true, "0"},
    {"7", "7", "92", "100.00", true, "0"},
    {"86", "447", "100", "19.24", false, "361"},
    {"15", "17", "96", "88.24", false, "2"},
    {"474", "1856", "55.0", "25.54", false, "547"},
    {"442263006", "445308235", "94", "99.32", true, "0"},
    {"719912773", "989109455", "33.33", "72.78", true, "0"},
    {"447980938", "975246414", "29", "45.94", true, "0"},
    {"295401078", "992535234", "0.5", "29.76", true, "0"},
    {"839245766", "992783327", "100", "84.53", false, "153537561"},
    {"3", "11", "92", "27.27", false, "8"},
    {"643555472", "930194275", "96", "69.19", false, "249431032"},
    {"49835064", "372664419", "96", "13.37", false, "307922779"},
    {"8", "15", "100", "53.33", false, "7"},
    {"14", "31", "94", "45.16", false, "16"},
    {"16", "29", "30", "55.17", true, "0"},
    {"66818694", "157243684", "96", "42.49", false, "84135243"},
    {"42", "39", "100", "107.69", true, "0"},
    {"596221109", "640481760", "27", "93.09", true, "0"},
    {"574", "1834", "95", "31.30", false, "1169"},
    {"23", "28", "92", "82.14", false, "3"},
    {"11", "22", "93", "50.00", false, "10"},
    {"47202832", "132023160", "93", "35.75", false, "75578707"},
    {"17838456", "903359781", "29", "1.97", false, "244135881"},
    {"30", "35", "27", "85.71", true, "0"},
    {"1", "16", "100", "6.25", false, "15"},
    {"0", "4", "27", "0.00", false, "2"},
    {"217", "266", "96", "81.58", false, "39"},
    {"2184", "2003", "94", "109.04", true, "0"},
    {"8", "41", "55.0", "19.51", false, "15"},
    {"3", "5", "0.5", "60.00", true, "0"},
    {"450410788", "791075709", "95", "56.94", false, "301111136"},
    {"323", "2685", "30", "12.03", false, "483"},
    {"3112", "2999", "100", "103.77", true, "0"},
    {"30", "45", "30", "66.67", true, "0"},
    {"18", "24", "30", "75.00", true, "0"},
    {"518199659", "581202790", "100", "89.16", false, "63003131"},
    {"77669447", "563315974", "27", "13.79", false, "74425866"},
    {"20", "25", "94", "80.00", false, "4"},
    {"113", "160", "100", "70.63", false, "47"},
    {"9", "27", "0.5", "33.33", true, "0"},
    {"92", "710", "94", "12.96", false, "576"},
    {"58", "298", "96", "19.46", false, "229"},
    {"352776385", "518321606", "100", "68.06", false, "165545221"},
    {"14461374", "627370320", "30", "2.31", false, "173749722"},
    {"248", "770", "30", "32.21", true, "0"},
    {"1153", "1282", "93", "89.94", false, "40"},
    {"2361", "2948", "30", "80.09", true, "0"},
    {"2121", "2906", "92", "72.99", false, "553"},
    {"1", "5", "29", "20.00", false, "1"},
};

Test(decimal, ratios_agree_with_exact_fractions)
{
    cr_assert_geq(COUNT(ratios), 120);
    for (size_t i = 0; i < COUNT(ratios); i++) {
        struct decimal n = number(ratios[i].numerator), d = number(ratios[i].denominator),
                       target = number(ratios[i].target), gap;
        char text[DECIMAL_TEXT_SIZE];
        bool met;

        cr_assert(ratio_percent(n, d, text));
        cr_expect_str_eq(text, ratios[i].percent, "%s / %s is %s, not %s", ratios[i].numerator, ratios[i].denominator,
                         ratios[i].percent, text);
        cr_assert(ratio_meets(n, d, target, &met));
        cr_expect_eq(met, ratios[i].met, "%s / %s against %s", ratios[i].numerator, ratios[i].denominator,
                     ratios[i].target);
        cr_assert(ratio_gap(n, d, target, &gap));
        decimal_format(gap, text);
        cr_expect_str_eq(text, ratios[i].gap, "gap of %s / %s to %s is %s, not %s", ratios[i].numerator,
                         ratios[i].denominator, ratios[i].target, ratios[i].gap, text);
    }
}

Test(decimal, a_rate_is_rounded_half_up_at_the_very_edge)
{
    static const struct {
        const char *numerator, *denominator, *percent;
    } edges[] = {
        {"1", "20000", "0.01"},               /* 0.005 exactly */
        {"1", "20001", "0.00"},               /* a hair below */
        {"99995", "100000", "100.00"},        /* 99.995 */
        {"999949999", "1000000000", "99.99"}, /* 99.9949999 */
        {"92485", "100000", "92.49"},         /* 92.485, which binary floating point holds as 92.48499… */
        {"1005", "100000", "1.01"},           /* 1.005 */
    };

    cr_assert_geq(COUNT(edges), 6);
    for (size_t i = 0; i < COUNT(edges); i++) {
        char text[DECIMAL_TEXT_SIZE];

        cr_assert(ratio_percent(number(edges[i].numerator), number(edges[i].denominator), text));
        cr_expect_str_eq(text, edges[i].percent);
    }
}

Test(decimal, a_rate_shown_as_the_target_may_still_miss_it)
{
    char text[DECIMAL_TEXT_SIZE];
    bool met;

    cr_assert(ratio_percent(number("929999"), number("1000000"), text));
    cr_assert_str_eq(text, "93.00");
    cr_assert(ratio_meets(number("929999"), number("1000000"), number("93"), &met));
    cr_assert_not(met);
    cr_assert(ratio_meets(number("930000"), number("1000000"), number("93.000"), &met));
    cr_assert(met);
}

Test(decimal, no_rate_without_a_denominator)
{
    char text[DECIMAL_TEXT_SIZE] = "untouched";

    cr_assert_not(ratio_percent(number("0"), number("0"), text));
    cr_assert_not(ratio_percent(number("5"), number("0"), text));
    cr_assert_str_eq(text, "untouched");
}

Test(decimal, only_plain_decimals_are_read)
{
    static const struct {
        const char *text, *shortest; /* NULL: refused */
    } texts[] = {
        {"0", "0"},
        {"-0", "0"},
        {"0.0", "0"},
        {"36.50", "36.5"},
        {"36.0", "36"},
        {"-12.50", "-12.5"},
        {"007", "7"},
        {"0.000000001", "0.000000001"},
        {"999999999999999999999999999999999999", "999999999999999999999999999999999999"},
        {"-99999999999999999999999999.999999999", "-99999999999999999999999999.999999999"},
        {"", NULL},
        {"-", NULL},
        {".5", NULL},
        {"5.", NULL},
        {"+5", NULL},
        {" 5", NULL},
        {"5 ", NULL},
        {"1e3", NULL},
        {"1,000", NULL},
        {"0x10", NULL},
        {"1.2.3", NULL},
        {"--1", NULL},
        {"NaN", NULL},
        {"0.0000000001", NULL},
        {"1000000000000000000000000000000000000", NULL},
        {"１", NULL},
    };

    cr_assert_geq(COUNT(texts), 26);
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct decimal value;
        char text[DECIMAL_TEXT_SIZE] = "";
        bool good = decimal_parse(texts[i].text, &value);

        cr_expect_eq(good, texts[i].shortest != NULL, "'%s'", texts[i].text);
        if (good)
            decimal_format(value, text);
        cr_expect_str_eq(text, texts[i].shortest ? texts[i].shortest : "");
    }
}

Test(decimal, comparing_and_adding_are_exact_across_scales)
{
    static const struct {
        const char *a, *b;
        int order;
        const char *sum;
    } pairs[] = {
        {"0.1", "0.2", -1, "0.3"},
        {"2", "2.000", 0, "4"},
        {"-1.5", "1", -1, "-0.5"},
        {"9007199254740992", "0.000000001", 1, "9007199254740992.000000001"},
        {"100000000000000000000000000000000000", "900000000000000000000000000.000000000", 1, NULL},
        {"900000000000000000000000000.000000000", "100000000000000000000000000000000000", -1, NULL},
        {"-100000000000000000000000000000000000", "-900000000000000000000000000.000000000", -1, NULL},
        {"-100000000000000000000000000000000000", "900000000000000000000000000.000000000", -1, NULL},
    };

    cr_assert_geq(COUNT(pairs), 8);
    for (size_t i = 0; i < COUNT(pairs); i++) {
        struct decimal sum, a = number(pairs[i].a), b = number(pairs[i].b);
        char text[DECIMAL_TEXT_SIZE];

        cr_expect_eq(decimal_compare(a, b), pairs[i].order, "%s against %s", pairs[i].a, pairs[i].b);
        cr_expect_eq(decimal_compare(b, a), -pairs[i].order);
        cr_assert_eq(decimal_add(a, b, &sum), pairs[i].sum != NULL, "%s + %s", pairs[i].a, pairs[i].b);
        if (pairs[i].sum) {
            decimal_format(sum, text);
            cr_expect_str_eq(text, pairs[i].sum);
        }
    }
}

Test(decimal, steps_are_whole_multiples)
{
    static const struct {
        const char *value, *step;
        bool fits;
    } steps[] = {{"1.5", "0.5", true},     {"1.25", "0.5", false}, {"0", "0.5", true}, {"3", "0.01", true},
                 {"0.001", "0.01", false}, {"12.0", "1", true},    {"7", "2", false},  {"8", "2.0", true}};

    cr_assert_geq(COUNT(steps), 8);
    for (size_t i = 0; i < COUNT(steps); i++)
        cr_expect_eq(decimal_is_multiple(number(steps[i].value), number(steps[i].step)), steps[i].fits, "%s of %s",
                     steps[i].value, steps[i].step);
}

Test(decimal, beyond_exact_reach_there_is_no_answer_rather_than_a_wrong_one)
{
    struct decimal huge = number("999999999999999999999999999999999999"), tiny = number("0.000000001"), result;
    char text[DECIMAL_TEXT_SIZE];
    bool met;

    cr_assert_not(ratio_percent(huge, tiny, text));
    cr_assert_not(ratio_meets(huge, tiny, number("99.999999999"), &met));
    cr_assert_not(ratio_gap(tiny, huge, number("99.999999999"), &result));
    cr_assert_not(decimal_add(huge, tiny, &result));
}
