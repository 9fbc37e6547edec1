/* place.c: where something is decided. */
#include <stdlib.h>
#include <string.h>

#include "decision/decision.h"

const char *decision_meeting_body(const struct body *body)
{
    return body->stage && !body->stage->own ? body->stage->code : body->code;
}

const struct body *decision_body_of(const struct plan *plan, const char *meeting_body)
{
    for (size_t i = 0; i < plan->bodies->body_count; i++)
        if (strcmp(decision_meeting_body(&plan->bodies->bodies[i]), meeting_body) == 0)
            return &plan->bodies->bodies[i];
    return NULL;
}

const struct body *decision_body_by_form(const struct plan *plan, const char *form)
{
    for (size_t i = 0; i < plan->bodies->body_count; i++) {
        const struct stage *stage = plan->bodies->bodies[i].stage;

        if (stage && stage->meetings && strcmp(stage->meetings->code, form) == 0)
            return &plan->bodies->bodies[i];
    }
    return NULL;
}

const char *decision_day_field(const struct plan *plan)
{
    for (size_t i = 0; i < plan->stage_count; i++)
        if (plan->stages[i].meetings && plan->stages[i].held_on)
            return plan->stages[i].held_on->code;
    return NULL;
}

static enum db_status find(struct db *db, const char *const *parameters, struct arena *arena, bool *ret_found,
                           struct decision_place *ret_place)
{
    static const struct db_statement place = {
        "decision_place",
        "select meeting, record, plan, body, unit, form, year from tributary.decision_place($1::uuid, $2::date, $3, $4, $5, $6)",
        6};
    PGresult *rows = NULL;
    enum db_status status = db_run(db, &place, parameters, &rows);

    if (status != DB_OK)
        return status;
    *ret_found = PQntuples(rows) == 1 && result_text(rows, 0, 6);
    if (*ret_found)
        *ret_place = (struct decision_place){.meeting = arena_text(arena, result_text(rows, 0, 0)),
                                             .record = arena_text(arena, result_text(rows, 0, 1)),
                                             .plan = arena_text(arena, result_text(rows, 0, 2)),
                                             .body = arena_text(arena, result_text(rows, 0, 3)),
                                             .unit = arena_text(arena, result_text(rows, 0, 4)),
                                             .form = arena_text(arena, result_text(rows, 0, 5)),
                                             .year = (int)result_int64(rows, 0, 6)};
    PQclear(rows);
    return arena_is_short(arena) ? DB_FAILED : DB_OK;
}

enum db_status decision_place_find(struct db *db, const char *id, struct arena *arena, bool *ret_found,
                                   struct decision_place *ret_place)
{
    *ret_found = false;
    if (!uuid_is_well_formed(id))
        return DB_OK;
    return find(db, (const char *const[]){id, NULL, NULL, NULL, NULL, NULL}, arena, ret_found, ret_place);
}

enum db_status decision_place_asked(struct db *db, const struct plan *plan, const struct body *body, const char *unit,
                                    const char *asked, struct arena *arena, bool *ret_found,
                                    struct decision_place *ret_place)
{
    const struct form *form = body->stage ? body->stage->meetings : NULL;
    char iso[DATE_TEXT_SIZE];
    struct date day;

    *ret_found = false;
    if (uuid_is_well_formed(asked))
        return decision_place_find(db, asked, arena, ret_found, ret_place);
    if (!date_parse_habit(asked, &day))
        return DB_OK;
    date_format_iso(day, iso);
    return find(db,
                (const char *const[]){NULL, iso, decision_meeting_body(body), unit, form ? form->code : NULL,
                                      decision_day_field(plan)},
                arena, ret_found, ret_place);
}
