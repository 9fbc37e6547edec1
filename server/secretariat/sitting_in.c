/* sitting_in.c: the table of who sits in where, as JSON. */
#include "secretariat/sitting_in.h"

#include <string.h>

#include "secretariat/table.h"

const struct db_statement sitting_in_record = {
    "record_sitting_in",
    "select outcome, id, recorded_at, sequence, said from tributary.record_sitting_in($1::uuid[], $2, $3::uuid[], $4::uuid[],"
    " $5::boolean, $6, $7::bigint, $8::timestamptz, $9::uuid, $10, $11::bytea)",
    SITTING_IN_PARAMETERS};

const struct body *sitting_in_team(const struct plan *plan)
{
    for (size_t i = 0; i < plan->bodies->body_count; i++)
        if (plan->bodies->bodies[i].kind == BODY_TEAM)
            return &plan->bodies->bodies[i];
    return NULL;
}

enum db_status sitting_in_place(struct db *db, const char *meeting, struct arena *arena, const char **ret_plan,
                                int *ret_year)
{
    static const struct db_statement find = {
        "sitting_in_place", "select plan, extract(year from day)::integer - 1911 from tributary.meeting_now($1::uuid)",
        1};
    PGresult *rows = NULL;
    enum db_status status = db_run(db, &find, (const char *const[]){meeting}, &rows);

    if (status != DB_OK)
        return status;
    *ret_plan = PQntuples(rows) ? arena_text(arena, PQgetvalue(rows, 0, 0)) : NULL;
    *ret_year = PQntuples(rows) ? (int)result_int64(rows, 0, 1) : 0;
    PQclear(rows);
    return arena_is_short(arena) ? DB_FAILED : DB_OK;
}

/* ---- meetings ------------------------------------------------------------------------------------------------------ */

static json_t *name_json(const struct name *name)
{
    return json_pack("{ss ss}", "zh", name->text[LANGUAGE_ZH], "en", name->text[LANGUAGE_EN]);
}

static json_t *unit_name_json(const struct sat_table *table, const struct sat_meeting *meeting)
{
    const struct name *name;
    const char *code;

    for (size_t i = 0; meeting->unit && meeting->body && i < body_unit_count(table->plan, meeting->body); i++)
        if (body_unit_at(table->plan, meeting->body, i, meeting->occasion.day.year - ROC_EPOCH, &code, &name) && code &&
            strcmp(code, meeting->unit) == 0)
            return name_json(name);
    return json_null();
}

static json_t *member_json(const struct sat_member *member)
{
    return json_pack("{ss ss? ss?}", "member", member->id, "name", member->name, "post", member->post);
}

static json_t *sitting_list(const struct sat_table *table, size_t meeting)
{
    json_t *list = json_array();

    for (size_t i = 0; list && i < table->sitting_count; i++) {
        const struct sitting *sitting = &table->sittings[i];
        json_t *one = sitting->meeting == meeting ? member_json(&table->members[sitting->member]) : NULL;

        if (!one)
            continue;
        json_object_set_new(one, "allocation", json_string(sitting->id));
        json_object_set_new(one, "reason", sitting->reason ? json_string(sitting->reason) : json_null());
        json_object_set_new(one, "recorded_at", json_string(sitting->recorded_at));
        json_array_append_new(list, one);
    }
    return list;
}

static json_t *chair_list(const struct sat_table *table, size_t meeting)
{
    json_t *list = json_array();

    for (size_t member = 0; list && member < table->member_count; member++)
        if (table->chairs[meeting * table->member_count + member])
            json_array_append_new(list, member_json(&table->members[member]));
    return list;
}

json_t *sat_meeting_json(const struct sat_table *table, size_t place)
{
    const struct sat_meeting *meeting = &table->meetings[place];

    return json_pack("{ss ss so ss? so ss ss ss ss? ss? ss? so so}", "meeting", meeting->id, "body", meeting->body_code,
                     "name", meeting->body ? name_json(&meeting->body->name) : json_null(), "unit", meeting->unit,
                     "unit_name", unit_name_json(table, meeting), "kind", meeting->kind, "state", meeting->state, "day",
                     meeting->day, "begins", meeting->begins, "ends", meeting->ends, "place", meeting->place,
                     "sitting_in", sitting_list(table, place), "chaired_by", chair_list(table, place));
}

/* ---- members and clashes ------------------------------------------------------------------------------------------- */

static json_t *members_json(const struct sat_table *table)
{
    json_t *list = json_array();

    for (size_t member = 0; list && member < table->member_count; member++) {
        const struct sat_member *one = &table->members[member];
        int chairs = 0;

        for (size_t meeting = 0; meeting < table->meeting_count; meeting++)
            chairs += table->chairs[meeting * table->member_count + member];
        json_array_append_new(list, json_pack("{ss ss? ss? ss ss? si si}", "member", one->id, "name", one->name, "post",
                                              one->post, "from", one->from, "to", one->to, "load", one->load, "chairs",
                                              chairs));
    }
    return list;
}

static json_t *clash_json(const struct sat_table *table, size_t member, size_t one, size_t other,
                          enum meeting_conflict conflict)
{
    static const struct {
        const char *word, *zh, *en;
    } words[] = {
        [CONFLICT_TIGHT_TIMES_UNKNOWN] = {"tight", "同日兩場會議，時間未定，可能重疊",
                                          "Two meetings on one day, whose times aren't set: they may overlap"},
        [CONFLICT_TIGHT_WAY] = {"tight", "同日兩場會議地點不同，間隔不足半日",
                                "Two meetings on one day in different places, less than half a day apart"},
        [CONFLICT_CLASH] = {"clash", "兩場會議時間重疊", "Two meetings at the same time"},
    };
    const struct sat_member *who = &table->members[member];

    return json_pack("{ss ss ss? ss? ss s[ss] s{ss ss}}", "clash", words[conflict].word, "member", who->id, "name",
                     who->name, "post", who->post, "day", table->meetings[one].day, "meetings", table->meetings[one].id,
                     table->meetings[other].id, "message", "zh", words[conflict].zh, "en", words[conflict].en);
}

/* Of two meetings that a member only chairs nothing is said: nobody gave them those here. */
static json_t *clashes_json(const struct sat_table *table)
{
    json_t *list = json_array();

    for (size_t one = 0; list && one < table->meeting_count; one++)
        for (size_t other = one + 1; other < table->meeting_count; other++) {
            enum meeting_conflict conflict =
                occasion_conflict(&table->meetings[one].occasion, &table->meetings[other].occasion);

            for (size_t member = 0; conflict != CONFLICT_NONE && member < table->member_count; member++)
                if (sat_is_busy(table, member, one) && sat_is_busy(table, member, other) &&
                    (sat_has(table, member, one) || sat_has(table, member, other)))
                    json_array_append_new(list, clash_json(table, member, one, other, conflict));
        }
    return list;
}

enum db_status sitting_in_table(struct db *db, const struct sitting_in_question *question, struct arena *arena,
                                json_t **ret_table)
{
    struct sat_table table;
    enum db_status status = sat_table_read(db, question, arena, &table);
    json_t *meetings, *uncovered;

    if (status != DB_OK)
        return status;
    meetings = json_array();
    uncovered = json_array();
    for (size_t i = 0; i < table.meeting_count; i++) {
        json_array_append_new(meetings, sat_meeting_json(&table, i));
        if (!sat_is_covered(&table, i))
            json_array_append_new(uncovered, json_string(table.meetings[i].id));
    }
    *ret_table = json_pack("{so so so so}", "meetings", meetings, "members", members_json(&table), "clashes",
                           clashes_json(&table), "uncovered", uncovered);
    return *ret_table ? DB_OK : DB_FAILED;
}
