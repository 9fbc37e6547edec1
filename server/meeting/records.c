/* records.c: meetings of an office's own body by its records. */
#include "meeting/records.h"

#include <string.h>

#include "base/json.h"

enum { DOCUMENT_VALUES = 1024 * 1024 };

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

/* The document if its meeting had its quorum, which the caller owns; otherwise NULL. */
static json_t *counted(const struct plan *plan, const struct stage *stage, const char *text, struct arena *arena)
{
    struct findings ignored = FINDINGS_IN(arena);
    struct json_fault fault;
    json_t *json = json_parse_strict(text, strlen(text), DOCUMENT_VALUES, &fault), *kept = NULL;
    struct document *record = json ? document_judge(plan, json, &ignored) : NULL;

    if (record && meeting_quorum(stage, record) == QUORUM_REACHED)
        kept = json_incref(record->json);
    document_release(record);
    return kept;
}

enum db_status meeting_record_before(struct db *db, const struct plan *plan, const struct stage *stage,
                                     const char *office, struct date before, timestamp as_of, struct arena *arena,
                                     const char **ret_revision, json_t **ret_document)
{
    static const struct db_statement list = {
        "meeting_records_before",
        "select r.id, r.document from tributary.submission s cross join lateral"
        " (select n.id, n.document, n.reported, n.withdrawn from tributary.revision n where n.submission = s.submission"
        "  and n.recorded_at <= $6::timestamptz order by n.number desc limit 1) r"
        " where s.jurisdiction = current_setting('tributary.jurisdiction') and s.plan = $1 and s.form = $2 and s.office = $3"
        " and r.reported and r.withdrawn is null and r.document::jsonb -> 'fields' ->> $4 < $5"
        " order by r.document::jsonb -> 'fields' ->> $4 desc, s.submission desc",
        6};
    char day[DATE_TEXT_SIZE], moment[TIMESTAMP_TEXT_SIZE];
    PGresult *rows = NULL;
    json_t *found = NULL;
    enum db_status status;

    date_format_iso(before, day);
    timestamp_format(as_of, moment);
    status = db_run(db, &list,
                    (const char *const[]){plan->code, stage->meetings->code, office, stage->held_on->code, day, moment},
                    &rows);
    if (status != DB_OK)
        return status;
    for (int i = 0; i < PQntuples(rows) && !found; i++) {
        found = counted(plan, stage, PQgetvalue(rows, i, 1), arena);
        if (found)
            *ret_revision = arena_text(arena, PQgetvalue(rows, i, 0));
    }
    PQclear(rows);
    *ret_document = found;
    return DB_OK;
}
