/* gathering.c: the meetings of a year, those recorded here and those told by their records, which are submissions. */
#include "meeting/gathering.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "form/document.h"
#include "meeting/inside.h"
#include "meeting/records.h"

enum { DOCUMENT_VALUES = 1024 * 1024 };

static void add(struct gatherings *gatherings, struct gathering gathering, struct arena *arena)
{
    if (gatherings->count == gatherings->room) {
        size_t room = gatherings->room ? 2 * gatherings->room : 64;
        struct gathering *all = arena_alloc_array(arena, room, sizeof *all);

        if (!all)
            return;
        if (gatherings->count)
            memcpy(all, gatherings->all, gatherings->count * sizeof *all);
        gatherings->all = all;
        gatherings->room = room;
    }
    gatherings->all[gatherings->count++] = gathering;
}

/* ---- those recorded here ----------------------------------------------------------------------------------------- */

static bool is_missed(const json_t *meeting)
{
    const json_t *quorum = json_object_get(json_object_get(meeting, "attendance"), "quorum");
    const char *verdict = json_text_member(quorum, "verdict");

    return verdict && strcmp(verdict, "broken") == 0;
}

static struct gathering gather(const json_t *meeting, const struct body *body, struct arena *arena)
{
    const char *state = json_text_member(meeting, "state"), *kind = json_text_member(meeting, "kind");
    struct gathering one = {.body = body,
                            .unit = arena_text(arena, json_text_member(meeting, "unit")),
                            .state = arena_text(arena, state),
                            .kind = arena_text(arena, kind),
                            .meeting = arena_text(arena, json_text_member(meeting, "meeting")),
                            .place = arena_text(arena, json_text_member(meeting, "place")),
                            .document_number = arena_text(arena, json_text_member(meeting, "document_number")),
                            .number = (int)json_integer_value(json_object_get(meeting, "number")),
                            .took_place = json_is_string(json_object_get(meeting, "held_on")),
                            .regular = kind && strcmp(kind, "regular") == 0,
                            .cancelled = state && strcmp(state, "cancelled") == 0};

    date_parse_iso(json_text_member(meeting, "day"), &one.day);
    return one;
}

static enum db_status read_meetings(struct db *db, const struct meeting_calendar_question *question,
                                    struct arena *arena, struct gatherings *gatherings)
{
    const struct meeting_filter filter = {.plan = question->plan->code,
                                          .body = question->body ? meeting_code(question->body) : NULL,
                                          .unit = question->unit,
                                          .year = question->year,
                                          .as_of = question->as_of};
    json_t *list = NULL, *meeting;
    size_t i;
    enum db_status status = meetings_list(db, &filter, &list);

    json_array_foreach(list, i, meeting) {
        const struct meeting_question asked = {question->plan, json_text_member(meeting, "meeting"), question->as_of};
        const struct body *body = meeting_body(question->plan, json_text_member(meeting, "body"));
        struct gathering one;

        if (!body)
            continue;
        one = gather(meeting, body, arena);
        if (status == DB_OK && one.took_place && body->quorum != QUORUM_NONE) {
            status = meeting_add_details(db, &asked, meeting, arena);
            one.missed_quorum = is_missed(meeting);
        }
        add(gatherings, one, arena);
    }
    json_decref(list);
    return status;
}

/* ---- those told by their records --------------------------------------------------------------------------------- */

/* Judged as its form does, so that its figures are read as they are everywhere. False: it says no day. */
static bool gather_record(const struct plan *plan, const struct body *body, const PGresult *rows, int row,
                          struct arena *arena, struct gathering *ret_one)
{
    const struct stage *stage = body->stage;
    const struct item *kind = stage->meetings->least_where;
    const char *text = PQgetvalue(rows, row, 2), *word = NULL;
    struct findings ignored = FINDINGS_IN(arena);
    struct json_fault fault;
    json_t *json = json_parse_strict(text, strlen(text), DOCUMENT_VALUES, &fault);
    struct document *record = json ? document_judge(plan, json, &ignored) : NULL;
    bool has_day = record && record->fields[stage->held_on->index].state == CELL_VALUE;

    if (has_day) {
        if (kind && record->fields[kind->index].state == CELL_VALUE)
            word = json_string_value(record->fields[kind->index].json);
        *ret_one = (struct gathering){.body = body,
                                      .unit = arena_text(arena, PQgetvalue(rows, row, 0)),
                                      .state = result_bool(rows, row, 3) ? "on_record" : "held",
                                      .kind = arena_text(arena, word),
                                      .record = arena_text(arena, PQgetvalue(rows, row, 1)),
                                      .event = arena_text(arena, result_text(rows, row, 4)),
                                      .revision = (int)result_int64(rows, row, 5),
                                      .recorded_at = arena_text(arena, PQgetvalue(rows, row, 6)),
                                      .day = record->fields[stage->held_on->index].date,
                                      .took_place = true,
                                      .regular = !kind || (word && strcmp(word, stage->meetings->least_equals) == 0),
                                      .missed_quorum = meeting_quorum(stage, record) == QUORUM_MISSED};
    }
    document_release(record);
    return has_day;
}

/* The newest revision of each record of the year; on record once a stage made one official. */
static enum db_status read_records(struct db *db, const struct meeting_calendar_question *question,
                                   const struct body *body, struct arena *arena, struct gatherings *gatherings)
{
    static const struct db_statement list = {
        "meeting_records",
        "select s.office, r.id, r.document, exists (select from tributary.review v where v.submission = s.submission"
        "  and v.official and ($5::timestamptz is null or v.recorded_at <= $5::timestamptz)), s.event, r.number,"
        " tributary.moment_text(r.recorded_at)"
        " from tributary.submission s cross join lateral (select n.id, n.number, n.recorded_at, n.document, n.reported, n.withdrawn"
        "  from tributary.revision n where n.submission = s.submission"
        "  and ($5::timestamptz is null or n.recorded_at <= $5::timestamptz) order by n.number desc limit 1) r"
        " where s.jurisdiction = current_setting('tributary.jurisdiction') and s.plan = $1 and s.form = $2 and s.period = $3"
        " and ($4::text is null or s.office = $4) and r.reported and r.withdrawn is null order by s.submission",
        5};
    char moment[TIMESTAMP_TEXT_SIZE], year[16];
    PGresult *rows = NULL;
    enum db_status status;

    if (question->as_of)
        timestamp_format(*question->as_of, moment);
    snprintf(year, sizeof year, "%d", question->year);
    status = db_run(db, &list,
                    (const char *const[]){question->plan->code, body->stage->meetings->code, year, question->unit,
                                          question->as_of ? moment : NULL},
                    &rows);
    for (int i = 0; status == DB_OK && i < PQntuples(rows); i++) {
        struct gathering one;

        if (gather_record(question->plan, body, rows, i, arena, &one))
            add(gatherings, one, arena);
    }
    PQclear(rows);
    return status;
}

/* ---- together ---------------------------------------------------------------------------------------------------- */

static int compare_days(const void *a, const void *b)
{
    const struct gathering *one = a, *other = b;
    int order = date_compare(one->day, other->day);

    if (order != 0)
        return order;
    if (!one->record != !other->record) /* records first */
        return one->record ? -1 : 1;
    if (one->record)
        return strcmp(one->record, other->record);
    return (one->number > other->number) - (one->number < other->number);
}

static bool is_same_unit(const struct gathering *one, const struct gathering *other)
{
    return one->body == other->body && one->unit && other->unit && strcmp(one->unit, other->unit) == 0;
}

/* Where meetings are told by their records, those count too: a planned one is numbered behind the days of the records before
 * it, and on the day of a record it is that meeting. */
static void number_by_record(struct gatherings *gatherings)
{
    for (size_t i = 0; i < gatherings->count; i++) {
        struct gathering *one = &gatherings->all[i];
        const struct gathering *before = NULL;

        if (!meeting_is_by_record(one->body) || one->cancelled)
            continue;
        for (size_t k = 0; k < i; k++)
            if (!gatherings->all[k].cancelled && is_same_unit(&gatherings->all[k], one))
                before = &gatherings->all[k];
        one->number = before ? before->number + 1 : 1;
        if (before && !one->record != !before->record && date_compare(before->day, one->day) == 0)
            one->number = before->number;
    }
}

enum db_status gatherings_of_records(struct db *db, const struct meeting_calendar_question *question,
                                     struct arena *arena, struct gatherings *gatherings)
{
    const struct plan_bodies *bodies = question->plan->bodies;
    enum db_status status = DB_OK;

    for (size_t i = 0; status == DB_OK && i < bodies->body_count; i++)
        if (meeting_is_by_record(&bodies->bodies[i]) && (!question->body || question->body == &bodies->bodies[i]))
            status = read_records(db, question, &bodies->bodies[i], arena, gatherings);
    return status;
}

enum db_status gatherings_read(struct db *db, const struct meeting_calendar_question *question, struct arena *arena,
                               struct gatherings *ret_gatherings)
{
    enum db_status status;

    *ret_gatherings = (struct gatherings){0};
    status = read_meetings(db, question, arena, ret_gatherings);
    if (status == DB_OK)
        status = gatherings_of_records(db, question, arena, ret_gatherings);
    if (ret_gatherings->count)
        qsort(ret_gatherings->all, ret_gatherings->count, sizeof *ret_gatherings->all, compare_days);
    number_by_record(ret_gatherings);
    return arena_is_short(arena) ? DB_FAILED : status;
}

/* ---- for others -------------------------------------------------------------------------------------------------- */

static const struct gathering *find_meeting(const struct gatherings *gatherings, const char *id)
{
    for (size_t i = 0; i < gatherings->count; i++)
        if (gatherings->all[i].meeting && strcmp(gatherings->all[i].meeting, id) == 0)
            return &gatherings->all[i];
    return NULL;
}

static bool is_by_record(const struct plan *plan, const json_t *meeting)
{
    const struct body *body = meeting_body(plan, json_text_member(meeting, "body"));

    return body && meeting_is_by_record(body);
}

/* Of the body and the year of the meeting at `first`, all that stand from there on in the list. */
static enum db_status number_from(struct db *db, const struct plan *plan, const timestamp *as_of, struct arena *arena,
                                  json_t *list, size_t first)
{
    const json_t *one = json_array_get(list, first);
    struct meeting_calendar_question question = {.plan = plan,
                                                 .body = meeting_body(plan, json_text_member(one, "body")),
                                                 .year = (int)json_integer_value(json_object_get(one, "year")),
                                                 .unit =
                                                     json_array_size(list) == 1 ? json_text_member(one, "unit") : NULL,
                                                 .as_of = as_of};
    struct gatherings gatherings;
    enum db_status status = gatherings_read(db, &question, arena, &gatherings);

    for (size_t i = first; status == DB_OK && i < json_array_size(list); i++) {
        json_t *meeting = json_array_get(list, i);
        const struct gathering *found = find_meeting(&gatherings, json_text_member(meeting, "meeting"));

        if (found && found->number)
            json_object_set_new(meeting, "number", json_integer(found->number));
    }
    return status;
}

/* Whether one before it in the list is of the same body and year. */
static bool is_numbered(const json_t *list, size_t place)
{
    const json_t *one = json_array_get(list, place);

    for (size_t i = 0; i < place; i++) {
        const json_t *other = json_array_get(list, i);

        if (json_equal(json_object_get(one, "body"), json_object_get(other, "body")) &&
            json_equal(json_object_get(one, "year"), json_object_get(other, "year")))
            return true;
    }
    return false;
}

enum db_status meetings_number(struct db *db, const struct plan *plan, const timestamp *as_of, struct arena *arena,
                               json_t *list)
{
    enum db_status status = DB_OK;

    for (size_t i = 0; status == DB_OK && i < json_array_size(list); i++)
        if (is_by_record(plan, json_array_get(list, i)) && !is_numbered(list, i))
            status = number_from(db, plan, as_of, arena, list, i);
    return status;
}

static enum db_status count_records(struct db *db, const struct meeting_calendar_question *question, struct date before,
                                    struct arena *arena, int *ret_count)
{
    struct gatherings records = {0};
    enum db_status status = gatherings_of_records(db, question, arena, &records);

    for (size_t i = 0; i < records.count; i++) {
        const struct gathering *one = &records.all[i];

        *ret_count += one->regular && !one->missed_quorum && date_compare(one->day, before) < 0;
    }
    return arena_is_short(arena) ? DB_FAILED : status;
}

static enum db_status count_meetings(struct db *db, const struct meeting_calendar_question *question,
                                     struct date before, int *ret_count)
{
    const struct meeting_filter filter = {.plan = question->plan->code,
                                          .body = meeting_code(question->body),
                                          .unit = question->unit,
                                          .year = question->year,
                                          .took_place = true,
                                          .as_of = question->as_of};
    json_t *list = NULL;
    const json_t *one;
    struct date day;
    size_t i;
    enum db_status status = meetings_list(db, &filter, &list);

    json_array_foreach(list, i, one) {
        const char *kind = json_text_member(one, "kind");

        *ret_count += kind && strcmp(kind, "regular") == 0 && date_parse_iso(json_text_member(one, "day"), &day) &&
                      date_compare(day, before) < 0;
    }
    json_decref(list);
    return status;
}

enum db_status gatherings_counted(struct db *db, const struct meeting_calendar_question *question, struct date before,
                                  struct arena *arena, int *ret_count)
{
    *ret_count = 0;
    return meeting_is_by_record(question->body) ? count_records(db, question, before, arena, ret_count)
                                                : count_meetings(db, question, before, ret_count);
}
