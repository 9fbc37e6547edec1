/* progress.c: queries over what was said of a revision, and the words for it. */
#include "review/progress.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "plans/names.h"
#include "review/chain.h"

static struct progress read_row(const PGresult *rows, int row, struct arena *arena)
{
    return (struct progress){.passed = (int)result_int64(rows, row, 0),
                             .outcome = arena_text(arena, result_text(rows, row, 1)),
                             .stage = arena_text(arena, result_text(rows, row, 2)),
                             .official = result_bool(rows, row, 3),
                             .moved_at = result_int64(rows, row, 4)};
}

enum db_status progress_read(struct db *db, const char *revision, const timestamp *as_of, struct arena *arena,
                             struct progress *ret_progress)
{
    static const struct db_statement read = {
        "review_progress",
        "select passed, outcome, stage, official, moved_at from tributary.review_progress($1::uuid, $2::timestamptz)",
        2};
    char moment[TIMESTAMP_TEXT_SIZE];
    PGresult *rows = NULL;

    if (as_of)
        timestamp_format(*as_of, moment);

    enum db_status status = db_run(db, &read, (const char *const[]){revision, as_of ? moment : NULL}, &rows);

    if (status != DB_OK)
        return status;
    *ret_progress = read_row(rows, 0, arena);
    PQclear(rows);
    return arena_is_short(arena) ? DB_FAILED : DB_OK;
}

enum db_status progress_read_many(struct db *db, const char *const *revisions, size_t count, struct arena *arena,
                                  struct progress **ret_progress)
{
    static const struct db_statement read = {"review_progresss",
                                             "select g.passed, g.outcome, g.stage, g.official, g.moved_at"
                                             " from unnest($1::uuid[]) with ordinality r (id, place) left join lateral"
                                             " tributary.review_progress(r.id, null) g on true order by r.place",
                                             1};
    struct buffer list = BUFFER_WITH_LIMIT(1024 * 1024);
    PGresult *rows = NULL;
    enum db_status status = DB_FAILED;

    buffer_append_char(&list, '{');
    for (size_t i = 0; i < count; i++)
        buffer_append_format(&list, "%s%s", i ? "," : "", revisions[i]);
    if (buffer_append_char(&list, '}'))
        status = db_run(db, &read, (const char *const[]){list.data}, &rows);
    buffer_free(&list);
    if (status != DB_OK)
        return status;
    *ret_progress = arena_alloc_array(arena, count + 1, sizeof **ret_progress);
    for (int i = 0; *ret_progress && i < PQntuples(rows) && (size_t)i < count; i++)
        (*ret_progress)[i] = read_row(rows, i, arena);
    PQclear(rows);
    return arena_is_short(arena) ? DB_FAILED : DB_OK;
}

const char *progress_state(const struct progress *progress, bool received)
{
    if (!received)
        return "not_received";
    if (!progress->outcome)
        return "received";
    if (strcmp(progress->outcome, "return") == 0)
        return "returned";
    return progress->official ? "official" : "accepted";
}

enum db_status ticket_read(struct db *db, const char *revision, json_t **ret_ticket)
{
    static const struct db_statement read = {"return_ticket", "select tributary.return_ticket($1::uuid, null)", 1};
    PGresult *rows = NULL;
    enum db_status status = db_run(db, &read, (const char *const[]){revision}, &rows);
    const char *text;

    *ret_ticket = NULL;
    if (status != DB_OK)
        return status;
    text = PQntuples(rows) == 1 ? result_text(rows, 0, 0) : NULL;
    if (text && !(*ret_ticket = json_loads(text, 0, NULL)))
        status = DB_FAILED;
    PQclear(rows);
    return status;
}

enum db_status official_read(struct db *db, const char *revision, char *ret_id, size_t id_size, int *ret_number)
{
    static const struct db_statement read = {
        "official_revision",
        "select v.revision, v.number from tributary.revision r join tributary.review v on v.submission = r.submission"
        " where r.id = $1::uuid and tributary.is_official(v.submission, v.number, null) order by v.number desc limit 1",
        1};
    PGresult *rows = NULL;
    enum db_status status = db_run(db, &read, (const char *const[]){revision}, &rows);

    if (status != DB_OK)
        return status;
    snprintf(ret_id, id_size, "%s", PQntuples(rows) ? PQgetvalue(rows, 0, 0) : "");
    *ret_number = PQntuples(rows) ? (int)result_int64(rows, 0, 1) : 0;
    PQclear(rows);
    return DB_OK;
}

static json_t *stage_to_json(const struct stage *stage)
{
    if (!stage)
        return json_null();
    return json_pack("{ss so ss sb sb}", "stage", stage->code, "name", name_to_json(&stage->name), "role", stage->role,
                     "body", stage->body, "own", stage->own);
}

/* The codes of the stages that were passed. */
static json_t *passed_to_json(const struct form *form, int passed)
{
    json_t *list = json_array();

    for (int place = 1; form && place <= passed; place++) {
        const struct stage *stage = chain_stage(form, place);

        if (stage)
            json_array_append_new(list, json_string(stage->code));
    }
    return list;
}

/* Whose turn it is; null: nobody's, or the office's. */
static json_t *next_to_json(const struct progress *progress, const struct form *form, bool received)
{
    bool returned = progress->outcome && strcmp(progress->outcome, "return") == 0;

    return stage_to_json(form && received && !returned ? chain_stage(form, progress->passed + 1) : NULL);
}

json_t *progress_to_short_json(const struct progress *progress, const struct form *form, bool received)
{
    return json_pack("{ss ss? so}", "state", progress_state(progress, received), "stage", progress->stage, "next",
                     next_to_json(progress, form, received));
}

json_t *progress_to_json(const struct progress *progress, const struct form *form, bool received, const json_t *ticket,
                         const char *official, int official_number)
{
    return json_pack(
        "{ss ss? so so so sO?}", "state", progress_state(progress, received), "stage", progress->stage, "passed",
        passed_to_json(form, progress->passed), "next", next_to_json(progress, form, received), "official",
        *official ? json_pack("{ss si}", "submission", official, "revision", official_number) : json_null(), "ticket",
        ticket);
}
