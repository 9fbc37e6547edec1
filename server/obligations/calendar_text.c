/* calendar_text.c: one event for what is due on one day. */
#include "obligations/calendar_text.h"

#include <stdio.h>
#include <string.h>

#include "obligations/ical.h"

enum { TEXT_LIMIT = 256 * 1024, UID_SIZE = 512 };

/* An event while it is written: the obligations it stands for, all of one form and period, due on one day. */
struct event {
    const struct obligations_question *question;
    const struct obligation **members;
    size_t count, received;
    int extension_changes; /* that may have moved it */
    timestamp changed_at;
    enum language language;
    struct buffer *out;
};

static bool is_shared(const struct event *event)
{
    return !event->question->office && !event->members[0]->extension;
}

static void append_moment(struct buffer *out, const char *name, timestamp moment)
{
    char iso[TIMESTAMP_TEXT_SIZE];

    timestamp_format(moment, iso);
    ical_moment(out, name, iso);
}

/* Stays the same whatever happens to the obligation: what it is about, and nothing else. */
static void append_uid(const struct event *event)
{
    const struct obligation *one = event->members[0];
    char period[PERIOD_TEXT_SIZE], uid[UID_SIZE];

    period_format(one->period, period);
    snprintf(uid, sizeof uid, "%s/%s/%s/%s@%s.tributary", event->question->version->plan->code, one->form->code, period,
             is_shared(event) ? "all" : one->office->code, event->question->version->plan->jurisdiction);
    ical_text(event->out, "UID", uid);
}

/* The form and the period, as a person says them. */
static void append_what(struct buffer *text, const struct obligation *one, enum language language)
{
    bool zh = language == LANGUAGE_ZH;

    buffer_append_text(text, one->form->name.text[language]);
    if (one->period.kind == PERIOD_YEAR)
        buffer_append_format(text, zh ? "（%d年）" : " (%d)", one->period.year);
    if (one->period.kind == PERIOD_QUARTER)
        buffer_append_format(text, zh ? "（%d年第%d季）" : " (%dQ%d)", one->period.year, one->period.quarter);
}

/* What a reader must see first: whether anything is left to do, then who, then what. */
static void append_summary(const struct event *event)
{
    const struct obligation *one = event->members[0];
    bool zh = event->language == LANGUAGE_ZH, done = event->received == event->count;
    struct buffer text = BUFFER_WITH_LIMIT(TEXT_LIMIT);

    if (done)
        buffer_append_text(&text, zh ? "已收件：" : "Received: ");
    else if (one->due == DUE_PAST)
        buffer_append_text(&text, zh ? "逾期：" : "Overdue: ");
    if (!event->question->office && !is_shared(event))
        buffer_append_format(&text, "%s ", one->office->name.text[event->language]);
    append_what(&text, one, event->language);
    if (is_shared(event))
        buffer_append_format(&text, zh ? "　收件 %zu／%zu" : ", %zu of %zu received", event->received, event->count);
    if (text.failed)
        buffer_fail(event->out);
    else
        ical_text(event->out, "SUMMARY", text.data);
    buffer_free(&text);
}

static void append_planned(struct buffer *text, const struct obligation *one, bool zh)
{
    struct date planned = one->planned.planned;

    if (date_compare(planned, one->due_date) != 0)
        buffer_append_format(text, zh ? "計畫原定期限：%d年%d月%d日\n" : "By the plan: %d-%02d-%02d\n",
                             zh ? planned.year - ROC_EPOCH : planned.year, planned.month, planned.day);
}

static void append_extension(struct buffer *text, const struct extension_in_force *extension, bool zh)
{
    if (extension)
        buffer_append_format(text, zh ? "展期核准：%s；事由：%s\n" : "Extension granted by: %s; reason: %s\n",
                             extension->granted_by, extension->reason);
}

static void append_outstanding(struct buffer *text, const struct event *event, bool zh)
{
    if (!is_shared(event) || event->received == event->count)
        return;
    buffer_append_text(text, zh ? "尚未收件：" : "Not received: ");
    for (size_t i = 0, listed = 0; i < event->count; i++)
        if (!event->members[i]->received)
            buffer_append_format(text, "%s%s", listed++ ? (zh ? "、" : ", ") : "",
                                 event->members[i]->office->name.text[event->language]);
    buffer_append_char(text, '\n');
}

static void append_description(const struct event *event, bool sample)
{
    const struct obligation *one = event->members[0];
    bool zh = event->language == LANGUAGE_ZH;
    struct buffer text = BUFFER_WITH_LIMIT(TEXT_LIMIT);

    if (!one->planned.hard)
        buffer_append_text(&text, zh ? "期限為原則性規定。\n" : "Due in principle.\n");
    append_planned(&text, one, zh);
    append_extension(&text, one->extension, zh);
    append_outstanding(&text, event, zh);
    if (sample)
        buffer_append_text(&text, zh ? "合成樣本資料\n" : "Synthetic sample data\n");
    if (text.failed)
        buffer_fail(event->out);
    else if (text.length > 0)
        ical_text(event->out, "DESCRIPTION", text.data);
    buffer_free(&text);
}

static void append_alarms(const struct event *event)
{
    struct buffer text = BUFFER_WITH_LIMIT(TEXT_LIMIT);

    append_what(&text, event->members[0], event->language);
    if (text.failed) {
        buffer_fail(event->out);
    } else {
        ical_alarm(event->out, "-P7D", text.data);
        ical_alarm(event->out, "-P1D", text.data);
    }
    buffer_free(&text);
}

static void append_event(struct event *event, bool sample)
{
    const struct obligation *one = event->members[0];
    char sequence[16];

    snprintf(sequence, sizeof sequence, "%d", event->question->version->version - 1 + event->extension_changes);
    ical_line(event->out, "BEGIN", "VEVENT");
    append_uid(event);
    append_moment(event->out, "DTSTAMP", event->changed_at);
    append_moment(event->out, "LAST-MODIFIED", event->changed_at);
    ical_line(event->out, "SEQUENCE", sequence);
    ical_day(event->out, "DTSTART;VALUE=DATE", one->due_date);
    ical_day(event->out, "DTEND;VALUE=DATE", date_from_days(date_to_days(one->due_date) + 1));
    append_summary(event);
    append_description(event, sample);
    ical_line(event->out, "STATUS", one->planned.hard ? "CONFIRMED" : "TENTATIVE");
    ical_line(event->out, "TRANSP", "TRANSPARENT");
    if (event->received < event->count)
        append_alarms(event);
    ical_line(event->out, "END", "VEVENT");
}

static void add_member(struct event *event, const struct obligation *one)
{
    event->members[event->count++] = one;
    event->received += one->received;
    event->extension_changes += one->extension_changes;
    if (one->received && one->first_received_at > event->changed_at)
        event->changed_at = one->first_received_at;
    if (one->extension_changes && one->extension_changed_at > event->changed_at)
        event->changed_at = one->extension_changed_at;
}

static bool is_same(const struct obligation *a, const struct obligation *b)
{
    return a->form == b->form && memcmp(&a->period, &b->period, sizeof a->period) == 0;
}

/* The obligations of one form and period: together, or each for itself. */
static void append_run(const struct event *empty, const struct obligation *run, size_t count, bool sample)
{
    struct event shared = *empty;

    for (size_t i = 0; i < count; i++)
        if (!empty->question->office && !run[i].extension)
            add_member(&shared, &run[i]);
    if (shared.count > 0)
        append_event(&shared, sample);
    for (size_t i = 0; i < count; i++) {
        struct event own = *empty;

        if (!empty->question->office && !run[i].extension)
            continue;
        add_member(&own, &run[i]);
        append_event(&own, sample);
    }
}

static void append_head(const struct obligations_question *question, const struct name *title, enum language language,
                        struct buffer *out)
{
    const struct plan *plan = question->version->plan;
    const struct office *office = question->office ? plan_office(plan, question->office) : NULL;
    char name[1024];

    snprintf(name, sizeof name, language == LANGUAGE_ZH ? "%s%s" : "%s: %s",
             office ? office->name.text[language] : plan->jurisdiction_name.text[language], title->text[language]);
    ical_line(out, "BEGIN", "VCALENDAR");
    ical_line(out, "VERSION", "2.0");
    ical_line(out, "PRODID", language == LANGUAGE_ZH ? "-//Tributary//Due dates//ZH" : "-//Tributary//Due dates//EN");
    ical_line(out, "CALSCALE", "GREGORIAN");
    ical_line(out, "METHOD", "PUBLISH");
    ical_text(out, "NAME", name);
    ical_text(out, "X-WR-CALNAME", name);
    ical_line(out, "REFRESH-INTERVAL;VALUE=DURATION", "PT6H");
    ical_line(out, "X-PUBLISHED-TTL", "PT6H");
}

bool calendar_text_write(const struct obligations_question *question, const struct obligation *obligations,
                         size_t count, struct arena *arena, enum language language, bool sample, const char *more,
                         struct buffer *out)
{
    static const struct name title = {{"填報期限", "reports due"}};
    struct event empty = {.question = question,
                          .members = arena_alloc_array(arena, count + 1, sizeof(struct obligation *)),
                          .changed_at = question->version->recorded_at,
                          .language = language,
                          .out = out};

    if (!empty.members)
        return false;
    append_head(question, &title, language, out);
    for (size_t first = 0, end; first < count; first = end) {
        for (end = first + 1; end < count && is_same(&obligations[first], &obligations[end]);)
            end++;
        append_run(&empty, &obligations[first], end - first, sample);
    }
    buffer_append_text(out, more);
    ical_line(out, "END", "VCALENDAR");
    return !out->failed;
}

bool calendar_text_write_others(const struct obligations_question *question, const struct name *title,
                                enum language language, const char *events, struct buffer *out)
{
    append_head(question, title, language, out);
    buffer_append_text(out, events);
    ical_line(out, "END", "VCALENDAR");
    return !out->failed;
}
