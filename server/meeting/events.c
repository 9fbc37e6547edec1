/* events.c: meetings as events of a calendar, those recorded here and those told by their records. */
#include "meeting/events.h"

#include <stdio.h>
#include <string.h>

#include "meeting/gathering.h"
#include "meeting/inside.h"
#include "obligations/ical.h"

enum {
    TEXT_LIMIT = 64 * 1024,
    LINE_SIZE = 128,
    MINUTES_OF_DAY = 24 * 60,
    MINUTES_AHEAD = 8 * 60 /* of UTC, in Taipei */
};

/* What becomes an event; texts in the arena, those that aren't known NULL. */
struct occasion {
    const struct body *body;
    const char *uid, *unit, *begins, *ends, *place, *call_number, *minutes_number, *reason, *changed_at;
    struct date day;
    int year;
    long long sequence;
    bool planned, cancelled, open, ad_hoc;
};

struct occasions {
    struct occasion *all;
    size_t count;
};

/* ---- reading --------------------------------------------------------------------------------------------------------- */

static bool covers(const struct meeting_events_question *question, const struct body *body, const char *unit, int year)
{
    if (!body || (question->body && question->body != body))
        return false;
    if (question->unit && (!unit || strcmp(unit, question->unit) != 0))
        return false;
    return !question->office || body_unit_has(question->plan, body, unit, question->office, year);
}

/* The columns in the order of the statement below. */
enum {
    MEETING,
    BODY,
    UNIT,
    KIND,
    YEAR,
    STATE,
    DAY,
    BEGINS,
    ENDS,
    PLACE,
    CALL_NUMBER,
    MINUTES_NUMBER,
    REASON,
    CHANGED_AT,
    STEPS
};

static struct occasion read_row(const PGresult *rows, int row, const struct body *body, struct arena *arena)
{
    const char *state = PQgetvalue(rows, row, STATE);
    struct occasion one = {.body = body,
                           .uid = arena_format(arena, "meeting/%s.tributary", PQgetvalue(rows, row, MEETING)),
                           .unit = arena_text(arena, result_text(rows, row, UNIT)),
                           .begins = arena_text(arena, result_text(rows, row, BEGINS)),
                           .ends = arena_text(arena, result_text(rows, row, ENDS)),
                           .place = arena_text(arena, result_text(rows, row, PLACE)),
                           .call_number = arena_text(arena, result_text(rows, row, CALL_NUMBER)),
                           .minutes_number = arena_text(arena, result_text(rows, row, MINUTES_NUMBER)),
                           .changed_at = arena_text(arena, PQgetvalue(rows, row, CHANGED_AT)),
                           .year = (int)result_int64(rows, row, YEAR),
                           .sequence = result_int64(rows, row, STEPS),
                           .planned = strcmp(state, "planned") == 0,
                           .cancelled = strcmp(state, "cancelled") == 0,
                           .ad_hoc = strcmp(PQgetvalue(rows, row, KIND), "ad_hoc") == 0};

    one.open = one.planned || strcmp(state, "called") == 0;
    if (one.cancelled)
        one.reason = arena_text(arena, result_text(rows, row, REASON));
    date_parse_iso(PQgetvalue(rows, row, DAY), &one.day);
    return one;
}

static enum db_status read_meetings(struct db *db, const struct meeting_events_question *question, struct arena *arena,
                                    struct occasions *ret_occasions)
{
    static const struct db_statement list = {
        "meeting_events",
        "select m.meeting, m.body, m.unit, m.kind, m.year, m.state, m.day, to_char(m.begins, 'HH24:MI'),"
        " to_char(m.ends, 'HH24:MI'), m.place, m.call_number, m.minutes_number, m.reason,"
        " tributary.moment_text(greatest(m.recorded_at, s.changed_at)), s.steps"
        " from tributary.meetings_as_of($1, $2::timestamptz) m"
        " cross join lateral (select count(*) as steps, max(t.recorded_at) as changed_at from tributary.meeting_step t"
        "  where t.meeting = m.meeting and ($2::timestamptz is null or t.recorded_at <= $2)) s"
        " where m.year between $3::integer and $4::integer order by m.day, m.body, m.unit, m.meeting",
        4};
    char moment[TIMESTAMP_TEXT_SIZE], from[16], to[16];
    PGresult *rows = NULL;
    enum db_status status;

    if (question->as_of)
        timestamp_format(*question->as_of, moment);
    snprintf(from, sizeof from, "%d", question->from_year);
    snprintf(to, sizeof to, "%d", question->to_year);
    status = db_run(db, &list, (const char *const[]){question->plan->code, question->as_of ? moment : NULL, from, to},
                    &rows);
    if (status != DB_OK)
        return status;
    ret_occasions->all = arena_alloc_array(arena, (size_t)PQntuples(rows) + 1, sizeof *ret_occasions->all);
    for (int i = 0; ret_occasions->all && i < PQntuples(rows); i++) {
        const struct body *body = meeting_body(question->plan, PQgetvalue(rows, i, BODY));

        if (covers(question, body, result_text(rows, i, UNIT), (int)result_int64(rows, i, YEAR)))
            ret_occasions->all[ret_occasions->count++] = read_row(rows, i, body, arena);
    }
    PQclear(rows);
    return arena_is_short(arena) ? DB_FAILED : DB_OK;
}

/* The meeting that was planned on the day that a record tells of; NULL: none was. */
static struct occasion *find_planned(const struct occasions *occasions, const struct gathering *record)
{
    for (size_t i = 0; i < occasions->count; i++) {
        struct occasion *one = &occasions->all[i];

        if (one->body == record->body && one->unit && record->unit && strcmp(one->unit, record->unit) == 0 &&
            !one->cancelled && date_compare(one->day, record->day) == 0)
            return one;
    }
    return NULL;
}

static struct occasion of_record(const struct gathering *record, int year, struct arena *arena)
{
    return (struct occasion){.body = record->body,
                             .uid = arena_format(arena, "record/%s.tributary", record->event),
                             .unit = record->unit,
                             .changed_at = record->recorded_at,
                             .day = record->day,
                             .year = year,
                             .sequence = record->revision,
                             .ad_hoc = !record->regular};
}

/* Adds those that records tell of, or says of the planned ones that they were held. */
static bool add_records(const struct meeting_events_question *question, const struct gatherings *records, int year,
                        struct arena *arena, struct occasions *occasions)
{
    struct occasion *all = arena_alloc_array(arena, occasions->count + records->count + 1, sizeof *all);

    if (!all)
        return false;
    if (occasions->count > 0)
        memcpy(all, occasions->all, occasions->count * sizeof *all);
    occasions->all = all;
    for (size_t i = 0; i < records->count; i++) {
        const struct gathering *record = &records->all[i];
        struct occasion *planned = find_planned(occasions, record);

        if (planned) {
            planned->planned = planned->open = false;
            planned->sequence += record->revision;
            if (strcmp(planned->changed_at, record->recorded_at) < 0)
                planned->changed_at = record->recorded_at;
        } else if (record->event && covers(question, record->body, record->unit, year)) {
            all[occasions->count++] = of_record(record, year, arena);
        }
    }
    return true;
}

static enum db_status read_records(struct db *db, const struct meeting_events_question *question, struct arena *arena,
                                   struct occasions *occasions)
{
    enum db_status status = DB_OK;

    for (int year = question->from_year; status == DB_OK && year <= question->to_year; year++) {
        const struct meeting_calendar_question asked = {.plan = question->plan,
                                                        .year = year,
                                                        .body = question->body,
                                                        .unit = question->unit,
                                                        .as_of = question->as_of};
        struct gatherings records = {0};

        status = gatherings_of_records(db, &asked, arena, &records);
        if (status == DB_OK && !add_records(question, &records, year, arena, occasions))
            status = DB_FAILED;
    }
    return arena_is_short(arena) ? DB_FAILED : status;
}

/* ---- writing --------------------------------------------------------------------------------------------------------- */

/* "14:30" of a day in Taipei, in UTC: calendar programs need no time zone for it. */
static void append_hour(struct buffer *out, const char *name, struct date day, const char *hour)
{
    int minutes = ((hour[0] - '0') * 10 + hour[1] - '0') * 60 + (hour[3] - '0') * 10 + hour[4] - '0' - MINUTES_AHEAD;
    char text[LINE_SIZE];

    if (minutes < 0) {
        minutes += MINUTES_OF_DAY;
        day = date_from_days(date_to_days(day) - 1);
    }
    snprintf(text, sizeof text, "%04d%02d%02dT%02d%02d00Z", day.year % 10000, day.month % 100, day.day % 100,
             minutes / 60, minutes % 60);
    ical_line(out, name, text);
}

static void append_when(const struct occasion *one, struct buffer *out)
{
    if (!one->begins) {
        ical_day(out, "DTSTART;VALUE=DATE", one->day);
        ical_day(out, "DTEND;VALUE=DATE", date_from_days(date_to_days(one->day) + 1));
        return;
    }
    append_hour(out, "DTSTART", one->day, one->begins);
    if (one->ends)
        append_hour(out, "DTEND", one->day, one->ends);
}

/* "取消：性別平等業務聯繫會議 第1組（113年臨時會議）" */
static const char *summary_of(const struct plan *plan, const struct occasion *one, enum language language,
                              struct arena *arena)
{
    const struct name *unit = one->unit ? meeting_unit_name(plan, one->body, one->unit, one->year) : NULL;
    bool zh = language == LANGUAGE_ZH;

    return arena_format(arena, zh ? "%s%s%s%s（%d年%s）" : "%s%s%s%s (%d%s)",
                        !one->cancelled ? ""
                        : zh            ? "取消："
                                        : "Cancelled: ",
                        one->body->name.text[language], unit ? " " : "", unit ? unit->text[language] : "", one->year,
                        !one->ad_hoc ? ""
                        : zh         ? "臨時會議"
                                     : ", ad hoc");
}

static void append_description(const struct occasion *one, enum language language, bool sample, struct buffer *out)
{
    bool zh = language == LANGUAGE_ZH;
    struct buffer text = BUFFER_WITH_LIMIT(TEXT_LIMIT);

    if (one->reason)
        buffer_append_format(&text, zh ? "取消原因：%s\n" : "Why it is cancelled: %s\n", one->reason);
    if (one->call_number)
        buffer_append_format(&text, zh ? "開會通知：%s\n" : "Called by: %s\n", one->call_number);
    if (one->minutes_number)
        buffer_append_format(&text, zh ? "會議紀錄：%s\n" : "Minutes: %s\n", one->minutes_number);
    if (sample)
        buffer_append_text(&text, zh ? "合成樣本資料\n" : "Synthetic sample data\n");
    if (text.failed)
        buffer_fail(out);
    else if (text.length > 0)
        ical_text(out, "DESCRIPTION", text.data);
    buffer_free(&text);
}

static void append_event(const struct plan *plan, const struct occasion *one, enum language language, bool sample,
                         struct arena *arena, struct buffer *out)
{
    const char *summary = summary_of(plan, one, language, arena);
    char sequence[24];

    if (!summary) {
        buffer_fail(out);
        return;
    }
    snprintf(sequence, sizeof sequence, "%lld", one->sequence);
    ical_line(out, "BEGIN", "VEVENT");
    ical_text(out, "UID", one->uid);
    ical_moment(out, "DTSTAMP", one->changed_at);
    ical_moment(out, "LAST-MODIFIED", one->changed_at);
    ical_line(out, "SEQUENCE", sequence);
    append_when(one, out);
    ical_text(out, "SUMMARY", summary);
    if (one->place)
        ical_text(out, "LOCATION", one->place);
    append_description(one, language, sample, out);
    ical_line(out, "STATUS", one->cancelled ? "CANCELLED" : one->planned ? "TENTATIVE" : "CONFIRMED");
    ical_line(out, "TRANSP", one->begins && !one->cancelled ? "OPAQUE" : "TRANSPARENT");
    if (one->open) {
        ical_alarm(out, "-P7D", summary);
        ical_alarm(out, "-P1D", summary);
    }
    ical_line(out, "END", "VEVENT");
}

enum db_status meeting_events_write(struct db *db, const struct meeting_events_question *question, struct arena *arena,
                                    enum language language, bool sample, struct buffer *out)
{
    struct occasions occasions = {0};
    enum db_status status = read_meetings(db, question, arena, &occasions);

    if (status == DB_OK)
        status = read_records(db, question, arena, &occasions);
    for (size_t i = 0; status == DB_OK && i < occasions.count; i++)
        append_event(question->plan, &occasions.all[i], language, sample, arena, out);
    return status == DB_OK && out->failed ? DB_FAILED : status;
}
