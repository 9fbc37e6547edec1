/* letter_digest.c: the week's digest. Everything in it stands in its facts: it tells of one moment. */
#include <string.h>

#include "base/json.h"
#include "mail/letter_inside.h"

static const struct {
    const char *code, *zh, *en;
} parts[] = {{"overdue", "逾期未報", "Overdue"},
             {"received", "近七日收件", "Received in the last seven days"},
             {"returned", "退回待補正", "Returned, not yet corrected"},
             {"waiting", "待審查", "Waiting for review"}};

enum { PARTS = sizeof parts / sizeof *parts };

static size_t count_offices(const json_t *list)
{
    const json_t *line;
    size_t i, count = 0;

    json_array_foreach(list, i, line)
        count += json_array_size(json_object_get(line, "offices"));
    return count;
}

static const char *stage_name(const struct letter *letter, const struct plan *plan, const char *code)
{
    for (size_t i = 0; i < plan->stage_count; i++)
        if (strcmp(plan->stages[i].code, code) == 0)
            return plan->stages[i].name.text[letter->mail->language];
    return code;
}

static void append_line(struct letter *letter, const struct plan *plan, const json_t *line)
{
    const char *stage = json_text_member(line, "stage");
    const json_t *office;
    size_t i;

    buffer_append_format(
        &letter->text, "    %s",
        letter_report_of(letter, plan, json_text_member(line, "form"), json_text_member(line, "period")));
    if (stage)
        letter_line(letter, "〔%s〕", " [%s]", stage_name(letter, plan, stage));
    letter_say(letter, "：", ": ");
    json_array_foreach(json_object_get(line, "offices"), i, office) {
        if (i > 0)
            letter_say(letter, "、", ", ");
        buffer_append_text(&letter->text, letter_office(letter, plan, json_string_value(office)));
    }
    letter_say(letter, "\n", "\n");
}

static void append_group(struct letter *letter, const struct plan *plan, const json_t *facts)
{
    const char *code = json_text_member(facts, "group");
    const json_t *line;
    size_t i;

    for (size_t g = 0; code && g < plan->group_count; g++)
        if (strcmp(plan->groups[g].code, code) == 0)
            code = plan->groups[g].name.text[letter->mail->language];
    letter_line(letter, "【%s】\n", "%s\n", code ? code : "");
    for (size_t p = 0; p < PARTS; p++) {
        const json_t *list = json_object_get(facts, parts[p].code);

        letter_line(letter, "  %s：%zu 件\n", "  %s: %zu\n", letter_words(letter, parts[p].zh, parts[p].en),
                    count_offices(list));
        json_array_foreach(list, i, line)
            append_line(letter, plan, line);
    }
    letter_say(letter, "\n", "\n");
}

static const char *make_subject(const struct letter *letter, const json_t *groups, struct date day)
{
    size_t counts[PARTS] = {0}, i;
    const json_t *group;

    json_array_foreach(groups, i, group)
        for (size_t p = 0; p < PARTS; p++)
            counts[p] += count_offices(json_object_get(group, parts[p].code));
    return arena_format(
        letter->arena,
        letter_words(letter, "每週彙報（%d年%d月%d日）：逾期 %zu、收件 %zu、退回 %zu、待審 %zu",
                     "Weekly digest, %d-%02d-%02d: %zu overdue, %zu received, %zu returned, %zu waiting"),
        letter->mail->language == LANGUAGE_ZH ? day.year - ROC_EPOCH : day.year, day.month, day.day, counts[0],
        counts[1], counts[2], counts[3]);
}

enum letter_outcome letter_of_digest(struct letter *letter)
{
    const json_t *facts = letter->mail->facts, *groups = json_object_get(facts, "groups"), *group;
    const json_t *made_at = json_object_get(facts, "made_at"), *sequence = json_object_get(facts, "sequence");
    const char *head = json_text_member(facts, "head");
    const struct plan_version *version = letter_plan(letter, json_text_member(facts, "plan"));
    size_t i;

    if (!version || !json_is_array(groups) || !json_is_integer(made_at))
        return LETTER_FAILED;
    letter_line(letter, "截至 %s，%s辦理情形如下：\n\n", "How things stood on %s, %s:\n\n",
                letter_moment(letter, json_integer_value(made_at)), version->plan->name.text[letter->mail->language]);
    json_array_foreach(groups, i, group)
        append_group(letter, version->plan, group);
    if (head && json_is_integer(sequence))
        letter_line(letter,
                    "紀錄鏈首（第 %" JSON_INTEGER_FORMAT " 筆）：\n  %s\n"
                    "請保存本信；以 tributaryd verify --head 加上列值，可查驗其後有無遭截去。\n",
                    "Head of the log (entry %" JSON_INTEGER_FORMAT "):\n  %s\n"
                    "Keep this mail: tributaryd verify --head with this value finds whether the log was cut off.\n",
                    json_integer_value(sequence), head);
    letter->subject =
        make_subject(letter, groups, calendar_day_of(&version->plan->calendar, json_integer_value(made_at)));
    return LETTER_WRITTEN;
}
