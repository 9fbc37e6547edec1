/* meeting_sheet_words.c: what people write into the table of who was there. */
#include <string.h>

#include "meeting_sheet.h"

const struct name sheet_headings[SHEET_COLUMN_COUNT] = {
    [SHEET_PART] = {{"出席別", "Part"}},
    [SHEET_OFFICE] = {{"機關", "Office"}},
    [SHEET_POST] = {{"職稱", "Post"}},
    [SHEET_NAME] = {{"姓名", "Name"}},
    [SHEET_SEX] = {{"性別", "Sex"}},
    [SHEET_DUTY] = {{"會議職務", "Duty"}},
    [SHEET_SEAT] = {{"內外聘", "Seat"}},
    [SHEET_SERVED] = {{"曾任性平會外聘委員", "Served on the council"}},
    [SHEET_AUTHORISED] = {{"充分授權", "Fully authorised"}},
};

/* "yes" and "no" stand for the truth of a column that is ticked. */
static const struct sheet_word parts[] = {{"出席", "present"},          {"列席", "sitting_in"},
                                          {"請假", "excused"},          {"缺席", "absent"},
                                          {"公假", "excused"},          {"事假", "excused"},
                                          {"病假", "excused"},          {"未出席", "absent"},
                                          {"present", "present"},       {"sitting in", "sitting_in"},
                                          {"sitting_in", "sitting_in"}, {"excused", "excused"},
                                          {"absent", "absent"},         {NULL, NULL}},
                               sexes[] = {{"男", "m"},   {"女", "f"},   {"male", "m"}, {"female", "f"},
                                          {"m", "m"},    {"f", "f"},    {"man", "m"},  {"woman", "f"},
                                          {"男性", "m"}, {"女性", "f"}, {NULL, NULL}},
                               duties[] = {{"主席", "chair"},  {"紀錄", "recorder"},     {"記錄", "recorder"},
                                           {"chair", "chair"}, {"recorder", "recorder"}, {NULL, NULL}},
                               seats[] = {{"內聘", "internal"},
                                          {"外聘", "external"},
                                          {"internal", "internal"},
                                          {"external", "external"},
                                          {NULL, NULL}},
                               ticks[] = {{"是", "yes"},   {"否", "no"},    {"yes", "yes"}, {"no", "no"}, {"y", "yes"},
                                          {"n", "no"},     {"有", "yes"},   {"無", "no"},   {"✓", "yes"}, {"✔", "yes"},
                                          {"v", "yes"},    {"ˇ", "yes"},    {"○", "yes"},   {"-", "no"},  {"－", "no"},
                                          {"true", "yes"}, {"false", "no"}, {"1", "yes"},   {"0", "no"},  {NULL, NULL}};

const struct sheet_word *const sheet_words[SHEET_COLUMN_COUNT] = {
    [SHEET_PART] = parts, [SHEET_SEX] = sexes,    [SHEET_DUTY] = duties,
    [SHEET_SEAT] = seats, [SHEET_SERVED] = ticks, [SHEET_AUTHORISED] = ticks};

static bool is_chinese(const char *text)
{
    return (unsigned char)text[0] >= 0x80;
}

const char *sheet_written(const struct client *client, enum sheet_column column, const char *code)
{
    for (const struct sheet_word *word = sheet_words[column]; code && word->written; word++)
        if (strcmp(word->code, code) == 0 && is_chinese(word->written) == (client->language == LANGUAGE_ZH))
            return word->written;
    return NULL;
}
