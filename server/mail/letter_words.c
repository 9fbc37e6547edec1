/* letter_words.c: dates, reports and names as letters say them. */
#include <string.h>

#include "mail/letter_inside.h"

static const char *const days[][2] = {{"日", "Sunday"},   {"一", "Monday"}, {"二", "Tuesday"}, {"三", "Wednesday"},
                                      {"四", "Thursday"}, {"五", "Friday"}, {"六", "Saturday"}};
static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                     "July",    "August",   "September", "October", "November", "December"};

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

const char *letter_words(const struct letter *letter, const char *zh, const char *en)
{
    return letter->mail->language == LANGUAGE_ZH ? zh : en;
}

void letter_say(struct letter *letter, const char *zh, const char *en)
{
    buffer_append_text(&letter->text, letter_words(letter, zh, en));
}

const char *letter_date(const struct letter *letter, struct date date)
{
    const char *day = days[date_weekday(date)][letter->mail->language];

    return or_empty(
        letter->mail->language == LANGUAGE_ZH
            ? arena_format(letter->arena, "%d年%d月%d日（星期%s）", date.year - ROC_EPOCH, date.month, date.day, day)
            : arena_format(letter->arena, "%s %d %s %d", day, date.day, months[date.month - 1], date.year));
}

const char *letter_moment(const struct letter *letter, timestamp moment)
{
    int64_t seconds = moment / 1000000 + letter->utc_offset, rest = seconds % 86400;

    return or_empty(arena_format(letter->arena, letter_words(letter, "%s%02d時%02d分", "%s, %02d:%02d"),
                                 letter_date(letter, date_from_days(seconds / 86400)), (int)(rest / 3600),
                                 (int)(rest / 60 % 60)));
}

const char *letter_report(const struct letter *letter, const struct form *form, struct period period)
{
    const char *name = form->name.text[letter->mail->language];
    bool zh = letter->mail->language == LANGUAGE_ZH;
    const char *text = name;

    if (period.kind == PERIOD_YEAR)
        text = arena_format(letter->arena, zh ? "%s%d年" : "%s, ROC %d", name, period.year);
    if (period.kind == PERIOD_QUARTER)
        text = arena_format(letter->arena, zh ? "%s%d年第%d季" : "%s, ROC %d Q%d", name, period.year, period.quarter);
    return or_empty(text);
}

const char *letter_report_of(const struct letter *letter, const struct plan *plan, const char *form, const char *period)
{
    const struct form *known = plan && form ? plan_form(plan, form) : NULL;
    struct period when;

    return known && period && period_parse(period, &when)
               ? letter_report(letter, known, when)
               : or_empty(arena_format(letter->arena, "%s %s", or_empty(form), or_empty(period)));
}

const char *letter_office(const struct letter *letter, const struct plan *plan, const char *code)
{
    const struct office *office = plan && code ? plan_office(plan, code) : NULL;

    return office ? office->name.text[letter->mail->language] : or_empty(code);
}

const char *letter_checker(const struct letter *letter, const struct plan *plan)
{
    for (size_t i = 0; i < plan->stage_count; i++)
        if (!plan->stages[i].body && plan->stages[i].role && strcmp(plan->stages[i].role, "geo") == 0)
            return plan->stages[i].name.text[letter->mail->language];
    return plan->jurisdiction_name.text[letter->mail->language];
}

const struct plan_version *letter_plan(struct letter *letter, const char *plan)
{
    const struct plan_version *version = plan ? shelf_find(letter->shelf, letter->jurisdiction, plan, NULL) : NULL;

    if (!version && plan && shelf_refresh(letter->shelf, letter->db) == DB_OK)
        version = shelf_find(letter->shelf, letter->jurisdiction, plan, NULL);
    if (version)
        letter->utc_offset = version->plan->calendar.utc_offset;
    return version;
}
