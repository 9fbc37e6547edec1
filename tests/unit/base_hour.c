/* base_hour.c: times of the day as people write them. */
#include "base/hour.h"

#include "unit/common_support.h"

Test(hour, reads_what_people_write)
{
    static const struct {
        const char *text, *hour;
    } texts[] = {
        {"14:00", "14:00"},        {"9:30", "09:30"},       {"09:05", "09:05"},
        {"00:00", "00:00"},        {"23:59", "23:59"},      {"1400", "14:00"},
        {"0930", "09:30"},         {"１４：００", "14:00"}, {"14時", "14:00"},
        {"14點", "14:00"},         {"14時30分", "14:30"},   {"14點5分", "14:05"},
        {"下午2點", "14:00"},      {"下午2點半", "14:30"},  {"下午 2 時 30 分", "14:30"},
        {"下午２：３０", "14:30"}, {"下午14時", "14:00"},   {"下午12時", "12:00"},
        {"午後1時整", "13:00"},    {"上午9點", "09:00"},    {"上午 9:30", "09:30"},
        {"早上8點半", "08:30"},    {"中午12點", "12:00"},   {"中午1點", "13:00"},
        {"中午11時50分", "11:50"}, {"晚上7點", "19:00"},    {"2pm", "14:00"},
        {"2:30 PM", "14:30"},      {"9 a.m.", "09:00"},     {"12pm", "12:00"},
        {"　下午2點　", "14:00"},  {"8點", "08:00"},        {"下午2", "14:00"},
    };

    for (size_t i = 0; i < COUNT(texts); i++) {
        char hour[HOUR_TEXT_SIZE] = "?";

        cr_expect(hour_parse_habit(texts[i].text, hour), "'%s'", texts[i].text);
        cr_expect_str_eq(hour, texts[i].hour, "'%s' is %s", texts[i].text, hour);
    }
}

Test(hour, refuses_what_is_none_or_says_no_half_of_the_day)
{
    static const char *const texts[] = {"",
                                        "14",
                                        "24:00",
                                        "14:60",
                                        "14:5",
                                        "2點",
                                        "7時30分",
                                        "上午12時",
                                        "上午14時",
                                        "晚上12點",
                                        "下午0時",
                                        "0pm",
                                        "14:00:00",
                                        "140",
                                        "25時",
                                        "14時60分",
                                        "下午",
                                        "pm",
                                        "14:00 xm",
                                        "半",
                                        "下午2點半30分",
                                        "-1:00",
                                        "1 4:0 0 0",
                                        "十四時",
                                        "下午下午下午下午下午下午下午下午下午2點",
                                        "１４：０"};

    for (size_t i = 0; i < COUNT(texts); i++) {
        char hour[HOUR_TEXT_SIZE] = "?";

        cr_expect_not(hour_parse_habit(texts[i], hour), "'%s' is %s", texts[i], hour);
        cr_expect_str_eq(hour, "?", "untouched on failure");
    }
}
