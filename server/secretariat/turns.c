/* turns.c: queries over turns of a secretariat. */
#include "secretariat/turns.h"

#include <stdio.h>
#include <string.h>

const struct db_statement secretariat_turn_record = {
    "record_secretariat_turn",
    "select outcome, id, recorded_at, sequence, said from tributary.record_secretariat_turn($1::uuid, $2, $3, $4, $5::integer,"
    " $6, $7, $8::timestamptz, $9::uuid, $10, $11::bytea)",
    SECRETARIAT_TURN_PARAMETERS};

const struct db_statement secretariat_swap_record = {
    "record_secretariat_swap",
    "select outcome, id, recorded_at, sequence, said from tributary.record_secretariat_swap($1::uuid, $2, $3, $4, $5::integer,"
    " $6, $7::uuid, $8::integer, $9, $10, $11::bigint, $12, $13::timestamptz, $14::uuid, $15, $16::bytea)",
    SECRETARIAT_SWAP_PARAMETERS};

const struct body *secretariat_body(const struct plan *plan)
{
    for (size_t i = 0; i < plan->bodies->body_count; i++)
        if (plan->bodies->bodies[i].rotating)
            return &plan->bodies->bodies[i];
    return NULL;
}

bool secretariat_covers(const struct secretariat_question *question, const struct group *group)
{
    if (question->unit && strcmp(question->unit, group->code) != 0)
        return false;
    return !question->office ||
           body_unit_has(question->version->plan, question->body, group->code, question->office, question->year);
}

/* The columns in the order of the statement below. */
enum { TURN, PLAN, YEAR, OFFICE, SWAPPED_WITH, REASON, RECORDED_AT, SEQUENCE, CURRENT };

static struct turn read_row(const PGresult *rows, int row, struct arena *arena)
{
    return (struct turn){.id = arena_text(arena, PQgetvalue(rows, row, TURN)),
                         .plan = arena_text(arena, PQgetvalue(rows, row, PLAN)),
                         .year = (int)result_int64(rows, row, YEAR),
                         .office = arena_text(arena, PQgetvalue(rows, row, OFFICE)),
                         .swapped_with = (int)result_int64(rows, row, SWAPPED_WITH),
                         .reason = arena_text(arena, result_text(rows, row, REASON)),
                         .recorded_at = arena_text(arena, PQgetvalue(rows, row, RECORDED_AT)),
                         .sequence = result_int64(rows, row, SEQUENCE),
                         .current = result_bool(rows, row, CURRENT)};
}

/* The meetings that were held by the question's moment. */
static enum db_status read_held(struct db *db, const struct secretariat_question *question, const struct group *group,
                                const char *as_of, struct arena *arena, struct rotation *rotation)
{
    static const struct db_statement list = {
        "secretariat_meetings_held",
        "select m.meeting, m.day, tributary.moment_text(m.day::timestamp at time zone 'Asia/Taipei'), m.year"
        " from tributary.meetings_as_of($1, $4::timestamptz) m"
        " where m.body = $2 and m.unit = $3 and m.state in ('held', 'on_record') order by m.day, m.meeting",
        4};
    PGresult *rows = NULL;
    enum db_status status =
        db_run(db, &list,
               (const char *const[]){question->version->plan->code, question->body->code, group->code, as_of}, &rows);

    if (status != DB_OK)
        return status;
    rotation->held_count = (size_t)PQntuples(rows);
    rotation->held = arena_alloc_array(arena, rotation->held_count + 1, sizeof *rotation->held);
    for (size_t i = 0; rotation->held && i < rotation->held_count; i++)
        rotation->held[i] = (struct held_meeting){.id = arena_text(arena, PQgetvalue(rows, (int)i, 0)),
                                                  .day = arena_text(arena, PQgetvalue(rows, (int)i, 1)),
                                                  .began_at = arena_text(arena, PQgetvalue(rows, (int)i, 2)),
                                                  .year = (int)result_int64(rows, (int)i, 3)};
    PQclear(rows);
    return arena_is_short(arena) ? DB_FAILED : DB_OK;
}

enum db_status secretariat_rotation(struct db *db, const struct secretariat_question *question,
                                    const struct group *group, struct arena *arena, struct rotation *ret_rotation)
{
    static const struct db_statement list = {
        "secretariat_turns",
        "select turn, plan, year, office, swapped_with, reason, tributary.moment_text(recorded_at), sequence,"
        "  row_number() over (partition by plan, year order by sequence desc) = 1"
        " from tributary.secretariat_turn where jurisdiction = current_setting('tributary.jurisdiction')"
        "  and body = $2 and unit = $3 and (plan = $1 or year < $4::integer)"
        "  and ($5::timestamptz is null or recorded_at <= $5) order by year, sequence",
        5};
    const struct plan *plan = question->version->plan;
    char from[16], as_of[TIMESTAMP_TEXT_SIZE];
    PGresult *rows = NULL;
    enum db_status status;

    snprintf(from, sizeof from, "%d", plan->from);
    if (question->as_of)
        timestamp_format(*question->as_of, as_of);
    status = db_run(
        db, &list,
        (const char *const[]){plan->code, question->body->code, group->code, from, question->as_of ? as_of : NULL},
        &rows);
    if (status != DB_OK)
        return status;
    *ret_rotation = (struct rotation){
        .plan = plan, .group = group, .count = (size_t)PQntuples(rows), .assume_from = question->assume_from};
    ret_rotation->turns = arena_alloc_array(arena, ret_rotation->count + 1, sizeof *ret_rotation->turns);
    for (size_t i = 0; ret_rotation->turns && i < ret_rotation->count; i++)
        ret_rotation->turns[i] = read_row(rows, (int)i, arena);
    PQclear(rows);
    return arena_is_short(arena) ? DB_FAILED
                                 : read_held(db, question, group, question->as_of ? as_of : NULL, arena, ret_rotation);
}

int64_t rotation_newest(const struct rotation *rotation)
{
    int64_t newest = 0;

    for (size_t i = 0; i < rotation->count; i++)
        if (strcmp(rotation->turns[i].plan, rotation->plan->code) == 0 && rotation->turns[i].sequence > newest)
            newest = rotation->turns[i].sequence;
    return newest;
}
