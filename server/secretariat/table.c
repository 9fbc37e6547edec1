/* table.c: reads a year's meetings, the team, and who sits in where. */
#include "secretariat/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The parameters that these statements share. */
struct parameters {
    const char *plan, *team, *year, *as_of;
};

static struct parameters parameters_of(const struct sitting_in_question *question, struct arena *arena)
{
    char *as_of = question->as_of ? arena_alloc(arena, TIMESTAMP_TEXT_SIZE) : NULL;

    if (as_of)
        timestamp_format(*question->as_of, as_of);
    return (struct parameters){question->version->plan->code, question->team->code,
                               arena_format(arena, "%d", question->year), as_of};
}

/* ---- meetings ------------------------------------------------------------------------------------------------------ */

/* A body's meetings are recorded under its code or, if it decides at a stage of review, under that of the stage. */
static const struct body *find_body(const struct plan *plan, const char *code)
{
    for (size_t i = 0; i < plan->bodies->body_count; i++)
        if (plan->bodies->bodies[i].stage && strcmp(plan->bodies->bodies[i].stage->code, code) == 0)
            return &plan->bodies->bodies[i];
    return plan_body(plan, code);
}

/* "14:30" as minutes. */
static int minutes_of(const char *time)
{
    return time ? (int)strtol(time, NULL, 10) * 60 + (int)strtol(time + 3, NULL, 10) : OCCASION_NO_TIME;
}

static struct sat_meeting read_meeting(const struct plan *plan, const PGresult *rows, int row, struct arena *arena)
{
    enum { MEETING, BODY, UNIT, KIND, STATE, DAY, BEGINS, ENDS, PLACE };
    struct sat_meeting meeting = {.id = arena_text(arena, PQgetvalue(rows, row, MEETING)),
                                  .body_code = arena_text(arena, PQgetvalue(rows, row, BODY)),
                                  .unit = arena_text(arena, result_text(rows, row, UNIT)),
                                  .kind = arena_text(arena, PQgetvalue(rows, row, KIND)),
                                  .state = arena_text(arena, PQgetvalue(rows, row, STATE)),
                                  .day = arena_text(arena, PQgetvalue(rows, row, DAY)),
                                  .begins = arena_text(arena, result_text(rows, row, BEGINS)),
                                  .ends = arena_text(arena, result_text(rows, row, ENDS)),
                                  .place = arena_text(arena, result_text(rows, row, PLACE))};

    meeting.body = find_body(plan, PQgetvalue(rows, row, BODY));
    date_parse_iso(PQgetvalue(rows, row, DAY), &meeting.occasion.day);
    meeting.occasion.begins = minutes_of(meeting.begins);
    meeting.occasion.ends = minutes_of(meeting.ends);
    meeting.occasion.place = meeting.place;
    meeting.occasion.house = meeting.body && meeting.body->per == BODY_PER_OFFICE ? meeting.unit : NULL;
    return meeting;
}

static enum db_status read_meetings(struct db *db, const struct parameters *given, const struct body *team,
                                    struct arena *arena, struct sat_table *table)
{
    static const struct db_statement list = {
        "meetings_to_sit_in",
        "select meeting, body, unit, kind, state, day, to_char(begins, 'HH24:MI'), to_char(ends, 'HH24:MI'), place"
        " from tributary.meetings_to_sit_in($1, $2::integer, $3::timestamptz)",
        3};
    PGresult *rows = NULL;
    enum db_status status = db_run(db, &list, (const char *const[]){given->plan, given->year, given->as_of}, &rows);
    size_t count = status == DB_OK ? (size_t)PQntuples(rows) : 0;

    if (status != DB_OK)
        return status;
    table->meetings = arena_alloc_array(arena, count + 1, sizeof *table->meetings);
    for (size_t i = 0; table->meetings && i < count; i++) {
        struct sat_meeting meeting = read_meeting(table->plan, rows, (int)i, arena);

        if (meeting.body != team)
            table->meetings[table->meeting_count++] = meeting;
    }
    PQclear(rows);
    return DB_OK;
}

/* ---- members ------------------------------------------------------------------------------------------------------- */

static enum db_status read_members(struct db *db, const struct parameters *given, struct arena *arena,
                                   struct sat_table *table)
{
    static const struct db_statement list = {
        "team_members",
        "select member, name, post, from_date, ended_on from tributary.team_members($1, $2, $3::integer, $4::timestamptz)",
        4};
    PGresult *rows = NULL;
    enum db_status status =
        db_run(db, &list, (const char *const[]){given->plan, given->team, given->year, given->as_of}, &rows);

    if (status != DB_OK)
        return status;
    table->member_count = (size_t)PQntuples(rows);
    table->members = arena_alloc_array(arena, table->member_count + 1, sizeof *table->members);
    for (size_t i = 0; table->members && i < table->member_count; i++) {
        struct sat_member *member = &table->members[i];

        *member = (struct sat_member){.id = arena_text(arena, PQgetvalue(rows, (int)i, 0)),
                                      .name = arena_text(arena, result_text(rows, (int)i, 1)),
                                      .post = arena_text(arena, result_text(rows, (int)i, 2)),
                                      .from = arena_text(arena, PQgetvalue(rows, (int)i, 3)),
                                      .to = arena_text(arena, result_text(rows, (int)i, 4))};
        date_parse_iso(PQgetvalue(rows, (int)i, 3), &member->first);
        if (member->to)
            date_parse_iso(member->to, &member->last);
    }
    PQclear(rows);
    return DB_OK;
}

static bool find_member(const struct sat_table *table, const char *id, size_t *ret_place)
{
    for (size_t i = 0; i < table->member_count; i++)
        if (strcmp(table->members[i].id, id) == 0) {
            *ret_place = i;
            return true;
        }
    return false;
}

static bool is_same(const char *one, const char *other)
{
    return one && other ? strcmp(one, other) == 0 : one == other;
}

/* Marks the meetings of a body that a member convenes between two days. */
static void mark_chair(struct sat_table *table, size_t member, const struct body *body, const char *unit,
                       const char *from, const char *to)
{
    for (size_t i = 0; i < table->meeting_count; i++)
        if (table->meetings[i].body == body && is_same(table->meetings[i].unit, unit) &&
            strcmp(from, table->meetings[i].day) <= 0 && (!to || strcmp(table->meetings[i].day, to) <= 0))
            table->chairs[i * table->member_count + member] = true;
}

static enum db_status read_chairs(struct db *db, const struct parameters *given, struct arena *arena,
                                  struct sat_table *table)
{
    static const struct db_statement list = {
        "team_conveners",
        "select member, body, unit, from_date, ended_on from tributary.team_conveners($1, $2, $3::timestamptz)", 3};
    PGresult *rows = NULL;
    enum db_status status = db_run(db, &list, (const char *const[]){given->plan, given->team, given->as_of}, &rows);

    if (status != DB_OK)
        return status;
    table->chairs = arena_alloc_array(arena, table->meeting_count * table->member_count + 1, sizeof *table->chairs);
    for (int i = 0; table->chairs && i < PQntuples(rows); i++) {
        const struct body *body = plan_body(table->plan, PQgetvalue(rows, i, 1));
        size_t member;

        if (body && find_member(table, PQgetvalue(rows, i, 0), &member))
            mark_chair(table, member, body, result_text(rows, i, 2), PQgetvalue(rows, i, 3), result_text(rows, i, 4));
    }
    PQclear(rows);
    return DB_OK;
}

/* ---- who sits in where --------------------------------------------------------------------------------------------- */

static bool find_meeting(const struct sat_table *table, const char *id, size_t *ret_place)
{
    for (size_t i = 0; i < table->meeting_count; i++)
        if (strcmp(table->meetings[i].id, id) == 0) {
            *ret_place = i;
            return true;
        }
    return false;
}

static enum db_status read_sittings(struct db *db, const struct parameters *given, struct arena *arena,
                                    struct sat_table *table)
{
    static const struct db_statement list = {
        "sittings_in",
        "select meeting, member, allocation, reason, tributary.moment_text(recorded_at)"
        " from tributary.sittings_in($1, $2::timestamptz)",
        2};
    PGresult *rows = NULL;
    enum db_status status = db_run(db, &list, (const char *const[]){given->plan, given->as_of}, &rows);

    if (status != DB_OK)
        return status;
    table->sittings = arena_alloc_array(arena, (size_t)PQntuples(rows) + 1, sizeof *table->sittings);
    for (int i = 0; table->sittings && i < PQntuples(rows); i++) {
        struct sitting sitting = {.id = arena_text(arena, PQgetvalue(rows, i, 2)),
                                  .reason = arena_text(arena, result_text(rows, i, 3)),
                                  .recorded_at = arena_text(arena, PQgetvalue(rows, i, 4))};

        if (!find_meeting(table, PQgetvalue(rows, i, 0), &sitting.meeting) ||
            !find_member(table, PQgetvalue(rows, i, 1), &sitting.member))
            continue;
        table->sittings[table->sitting_count++] = sitting;
        table->members[sitting.member].load++;
    }
    PQclear(rows);
    return DB_OK;
}

enum db_status sat_table_read(struct db *db, const struct sitting_in_question *question, struct arena *arena,
                              struct sat_table *ret_table)
{
    struct parameters given = parameters_of(question, arena);
    enum db_status status;

    *ret_table = (struct sat_table){.plan = question->version->plan};
    status = read_meetings(db, &given, question->team, arena, ret_table);
    if (status == DB_OK)
        status = read_members(db, &given, arena, ret_table);
    if (status == DB_OK)
        status = read_chairs(db, &given, arena, ret_table);
    if (status == DB_OK)
        status = read_sittings(db, &given, arena, ret_table);
    return status == DB_OK && arena_is_short(arena) ? DB_FAILED : status;
}

/* ---- questions to it ----------------------------------------------------------------------------------------------- */

bool sat_serves(const struct sat_table *table, size_t member, size_t meeting)
{
    const struct sat_member *one = &table->members[member];
    struct date day = table->meetings[meeting].occasion.day;

    return date_compare(one->first, day) <= 0 && (!one->to || date_compare(day, one->last) <= 0);
}

bool sat_is_covered(const struct sat_table *table, size_t meeting)
{
    for (size_t i = 0; i < table->sitting_count; i++)
        if (table->sittings[i].meeting == meeting)
            return true;
    return false;
}

bool sat_has(const struct sat_table *table, size_t member, size_t meeting)
{
    for (size_t i = 0; i < table->sitting_count; i++)
        if (table->sittings[i].meeting == meeting && table->sittings[i].member == member)
            return true;
    return false;
}

bool sat_is_busy(const struct sat_table *table, size_t member, size_t meeting)
{
    return table->chairs[meeting * table->member_count + member] || sat_has(table, member, meeting);
}
