/* meetings.c: meetings that reviews are recorded against: the city's by their day, an office's own by its records. */
#include <string.h>

#include "review/reviews.h"

const struct db_statement meeting_record = {
    "record_meeting",
    "select outcome, id, recorded_at, sequence, said from tributary.record_meeting($1::uuid, $2, $3, $4::date, $5,"
    " $6::timestamptz, $7::uuid, $8, $9::bytea)",
    MEETING_PARAMETERS};

enum db_status meetings_list(struct db *db, const struct meeting_filter *filter, json_t **ret_list)
{
    static const struct db_statement list = {
        "meetings",
        "select meeting, plan, body, held_on, document_number, tributary.moment_text(recorded_at) from tributary.meeting"
        " where jurisdiction = current_setting('tributary.jurisdiction') and ($1::uuid is null or meeting = $1::uuid)"
        " and ($2::text is null or plan = $2) and ($3::text is null or body = $3)"
        " and ($4::date is null or held_on = $4::date) order by held_on, body",
        4};
    PGresult *rows = NULL;
    json_t *all = NULL;
    enum db_status status =
        db_run(db, &list, (const char *const[]){filter->id, filter->plan, filter->body, filter->held_on}, &rows);

    if (status != DB_OK)
        return status;
    all = json_array();
    for (int i = 0; i < PQntuples(rows); i++)
        json_array_append_new(all, json_pack("{ss ss ss ss ss? ss}", "meeting", PQgetvalue(rows, i, 0), "plan",
                                             PQgetvalue(rows, i, 1), "body", PQgetvalue(rows, i, 2), "held_on",
                                             PQgetvalue(rows, i, 3), "document_number", result_text(rows, i, 4),
                                             "recorded_at", PQgetvalue(rows, i, 5)));
    PQclear(rows);
    *ret_list = all;
    return all ? DB_OK : DB_FAILED;
}

enum db_status meeting_record_find(struct db *db, const struct stage *stage, const char *plan, const char *office,
                                   const char *asked, struct arena *arena, const char **ret_revision,
                                   const char **ret_document)
{
    static const struct db_statement find = {
        "meeting_record",
        "select r.id, r.document from tributary.submission s cross join lateral"
        " (select n.id, n.document, n.reported from tributary.revision n where n.submission = s.submission"
        "  order by n.number desc limit 1) r"
        " where s.jurisdiction = current_setting('tributary.jurisdiction') and s.plan = $1 and s.form = $2 and s.office = $3"
        " and r.reported and (s.event = $4::uuid or r.document::jsonb -> 'fields' ->> $6 = $5 or s.submission ="
        "  (select k.submission from tributary.revision k where k.id = $4::uuid))"
        " order by s.submission desc limit 1",
        6};
    bool is_id = uuid_is_well_formed(asked);
    PGresult *rows = NULL;
    enum db_status status = db_run(db, &find,
                                   (const char *const[]){plan, stage->meetings->code, office, is_id ? asked : NULL,
                                                         is_id ? NULL : asked, stage->held_on->code},
                                   &rows);

    if (status != DB_OK)
        return status;
    *ret_revision = PQntuples(rows) ? arena_text(arena, PQgetvalue(rows, 0, 0)) : "";
    *ret_document = PQntuples(rows) ? arena_text(arena, PQgetvalue(rows, 0, 1)) : NULL;
    PQclear(rows);
    return arena_is_short(arena) ? DB_FAILED : DB_OK;
}

enum quorum meeting_quorum(const struct stage *stage, const struct document *record)
{
    const struct cell *members = &record->fields[stage->members->index];
    struct decimal present = {0}, twice;

    if (members->state != CELL_VALUE)
        return QUORUM_UNKNOWN;
    for (size_t i = 0; i < stage->present_count; i++) {
        const struct cell *cell = &record->fields[stage->present[i]->index];

        if (cell->state != CELL_VALUE || !decimal_add(present, cell->number, &present))
            return QUORUM_UNKNOWN;
    }
    if (!decimal_add(present, present, &twice))
        return QUORUM_UNKNOWN;
    return decimal_compare(twice, members->number) > 0 ? QUORUM_REACHED : QUORUM_MISSED;
}
