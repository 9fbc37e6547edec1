/* letter_reminder.c: what an office still owes. The facts name reports; how they stand is looked up when the letter is
 * written, so that nobody is reminded of what came in between. */
#include <string.h>

#include "base/json.h"
#include "mail/letter_inside.h"
#include "obligations/obligations.h"

/* Whether the facts name this obligation, and nothing discharges it yet. */
static bool is_meant(const struct obligation *obligation, const json_t *items)
{
    char period[PERIOD_TEXT_SIZE];
    const json_t *item;
    size_t i;

    period_format(obligation->period, period);
    json_array_foreach(items, i, item) {
        const char *form = json_text_member(item, "form"), *when = json_text_member(item, "period");

        if (form && when && strcmp(form, obligation->form->code) == 0 && strcmp(when, period) == 0)
            return !obligation->received;
    }
    return false;
}

static void append_item(struct letter *letter, const struct obligation *obligation, size_t number, struct date today)
{
    int left = date_days_between(today, obligation->due_date);

    letter_line(letter, "  %zu. %s\n     期限：%s", "  %zu. %s\n     due %s", number,
                letter_report(letter, obligation->form, obligation->period), letter_date(letter, obligation->due_date));
    if (!obligation->planned.hard)
        letter_say(letter, "（原則）", " (in principle)");
    if (obligation->extension)
        letter_say(letter, "（已核准展期）", " (extended)");
    if (left > 0)
        letter_line(letter, "，尚有 %d 日\n", "; days left: %d\n", left);
    else if (left == 0)
        letter_say(letter, "，今日截止\n", "; today\n");
    else
        letter_line(letter, "，已逾 %d 日\n", "; days over: %d\n", -left);
    if (obligation->provisional)
        letter_say(letter, "     已收到者為年度結束前之暫定數，仍須報送確定數。\n",
                   "     What came so far was counted before the year's end; final figures are still due.\n");
    if (obligation->form->event && obligation_least(obligation->form) > obligation->events)
        letter_line(letter, "     已報 %d 場次，應報 %d 場次\n", "     reported: %d of %d events\n", obligation->events,
                    obligation_least(obligation->form));
}

/* Appends those past their day, or those before it. Returns how many. */
static size_t append_part(struct letter *letter, const struct obligation *obligations, size_t count, bool past,
                          struct date today)
{
    const json_t *items = json_object_get(letter->mail->facts, "items");
    size_t number = 0;

    for (size_t i = 0; i < count; i++) {
        const struct obligation *one = &obligations[i];

        if (!is_meant(one, items) || (date_compare(one->due_date, today) < 0) != past)
            continue;
        if (number++ == 0 && past)
            letter_say(letter, "【已逾期】\n", "Overdue:\n");
        else if (number == 1)
            letter_say(letter, "【即將屆期】\n", "Due soon:\n");
        append_item(letter, one, number, today);
    }
    if (number > 0)
        letter_say(letter, "\n", "\n");
    return number;
}

static const char *make_subject(const struct letter *letter, size_t soon, size_t past)
{
    if (past == 0)
        return arena_format(letter->arena,
                            letter_words(letter, "報送期限提醒：%zu 項即將屆期", "Reminder: %zu due soon"), soon);
    if (soon == 0)
        return arena_format(letter->arena,
                            letter_words(letter, "報送逾期通知：%zu 項尚未報送", "Overdue: %zu not reported"), past);
    return arena_format(
        letter->arena,
        letter_words(letter, "報送期限提醒：%zu 項逾期、%zu 項即將屆期", "Reminder: %zu overdue, %zu due soon"), past,
        soon);
}

/* Of a letter that names decisions, behind what it says of reports; NULL without memory. */
static const char *make_whole_subject(const struct letter *letter, const char *reports, size_t past, size_t soon)
{
    if (past + soon == 0)
        return reports;
    if (reports)
        return arena_format(letter->arena, letter_words(letter, "%s；列管 %zu 項", "%s; decisions: %zu"), reports,
                            past + soon);
    return arena_format(
        letter->arena,
        letter_words(letter, "列管期限提醒：%zu 項逾期、%zu 項即將屆期", "Decisions: %zu overdue, %zu due soon"), past,
        soon);
}

/* Returns the subject as far as reports go; NULL: none is still to come, or without memory. */
static const char *append_reports(struct letter *letter, const struct plan_version *version,
                                  const struct obligation *obligations, size_t count)
{
    struct date today = calendar_day_of(&version->plan->calendar, letter->now);
    size_t meant = 0, past, soon;

    for (size_t i = 0; i < count; i++)
        meant += is_meant(&obligations[i], json_object_get(letter->mail->facts, "items"));
    if (meant == 0)
        return NULL;
    letter_line(letter, "%s下列資料尚未報送，請依期限辦理：\n\n", "The following reports of %s are still to come:\n\n",
                letter_office(letter, version->plan, letter->mail->office));
    past = append_part(letter, obligations, count, true, today);
    soon = append_part(letter, obligations, count, false, today);
    letter_line(letter, "如因故未能如期報送，請儘速洽%s申請展期。如業已報送，請忽略本通知。\n",
                "If you can't report in time, ask for an extension (%s). If you have reported meanwhile, never mind.\n",
                letter_checker(letter, version->plan));
    return make_subject(letter, soon, past);
}

enum letter_outcome letter_of_reminder(struct letter *letter)
{
    const struct plan_version *version = letter_plan(letter, json_text_member(letter->mail->facts, "plan"));
    struct obligation *obligations;
    size_t count, soon, past;
    const char *reports;
    enum letter_outcome outcome;

    if (!version || !letter->mail->office)
        return LETTER_FAILED;

    struct obligations_question question = {.version = version,
                                            .from_year = version->plan->from,
                                            .to_year = version->plan->to,
                                            .office = letter->mail->office,
                                            .now = letter->now};

    if (obligations_list(letter->db, &question, letter->arena, &obligations, &count) != DB_OK)
        return LETTER_UNAVAILABLE;
    reports = append_reports(letter, version, obligations, count);
    outcome = letter_due_decisions(letter, version, &past, &soon);
    if (outcome != LETTER_WRITTEN)
        return outcome;
    if (!reports && past + soon == 0)
        return LETTER_NEEDLESS;
    letter->subject = make_whole_subject(letter, reports, past, soon);
    return LETTER_WRITTEN;
}
