/* calendar.c: the days that open decisions are due, as events of a calendar. */
#include "decision/calendar.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/period.h"
#include "obligations/ical.h"

enum { LINE_SIZE = 256, SUMMARY_LIMIT = 16 * 1024 };

/* When the owner's day was said last: by the newest ruling, or by the decision. */
static const char *changed_at(const json_t *decision, const json_t *rulings)
{
    size_t count = json_array_size(rulings);

    return json_text_member(count ? json_array_get(rulings, count - 1) : decision, "recorded_at");
}

/* Whose it is only where a calendar holds those of several. */
static bool append_summary(const json_t *decision, const json_t *owner, bool names_owner, enum language language,
                           struct buffer *ret_summary)
{
    bool zh = language == LANGUAGE_ZH, late = json_integer_value(json_object_get(owner, "overdue_days")) > 0;
    const char *name = json_text_member(json_object_get(owner, "name"), zh ? "zh" : "en"),
               *number = json_text_member(decision, "number"), *title = json_text_member(decision, "title");

    if (late)
        buffer_append_text(ret_summary, zh ? "逾期：" : "Overdue: ");
    if (names_owner && name)
        buffer_append_format(ret_summary, "%s ", name);
    buffer_append_format(ret_summary, zh ? "列管 %s %s" : "Decision %s %s", number ? number : "", title ? title : "");
    return !ret_summary->failed;
}

static void append_event(const json_t *decision, const json_t *owner, struct date day, const char *summary,
                         struct buffer *out)
{
    const json_t *rulings = json_object_get(owner, "rulings");
    char line[LINE_SIZE];

    ical_line(out, "BEGIN", "VEVENT");
    snprintf(line, sizeof line, "decision/%s/%d.tributary", json_text_member(decision, "decision"),
             (int)json_integer_value(json_object_get(owner, "owner")));
    ical_text(out, "UID", line);
    ical_moment(out, "DTSTAMP", changed_at(decision, rulings));
    ical_moment(out, "LAST-MODIFIED", changed_at(decision, rulings));
    snprintf(line, sizeof line, "%zu", json_array_size(rulings));
    ical_line(out, "SEQUENCE", line);
    ical_day(out, "DTSTART;VALUE=DATE", day);
    ical_day(out, "DTEND;VALUE=DATE", date_from_days(date_to_days(day) + 1));
    ical_text(out, "SUMMARY", summary);
    ical_text(out, "DESCRIPTION", json_text_member(decision, "text"));
    ical_line(out, "STATUS", "CONFIRMED");
    ical_line(out, "TRANSP", "TRANSPARENT");
    ical_alarm(out, "-P7D", summary);
    ical_alarm(out, "-P1D", summary);
    ical_line(out, "END", "VEVENT");
}

static bool is_wanted(const json_t *owner, const char *office, struct date *ret_day)
{
    const char *state = json_text_member(owner, "state"), *code = json_text_member(owner, "office"),
               *day = json_text_member(owner, "due_on");

    return state && strcmp(state, "open") == 0 && day && date_parse_iso(day, ret_day) &&
           (!office || (code && strcmp(code, office) == 0));
}

bool decision_events_write(const json_t *decisions, const char *office, enum language language, struct buffer *out)
{
    const json_t *decision, *owner;
    struct date day;
    size_t i, k;

    json_array_foreach(decisions, i, decision) {
        json_array_foreach(json_object_get(decision, "owners"), k, owner) {
            struct buffer summary = BUFFER_WITH_LIMIT(SUMMARY_LIMIT);

            if (!is_wanted(owner, office, &day))
                continue;
            if (append_summary(decision, owner, !office, language, &summary))
                append_event(decision, owner, day, summary.data, out);
            else
                buffer_fail(out);
            buffer_free(&summary);
        }
    }
    return !out->failed;
}
