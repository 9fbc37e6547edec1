/* pack.c: recording and reading packs. */
#include "pack/pack.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "meeting/meeting.h"
#include "paper/release.h"

enum { MOST_SOURCES = 16 * 1024 * 1024, MOST_PACK_VALUES = 4 * 1024 * 1024 };

const struct db_statement pack_record = {
    "record_pack",
    "select outcome, id, recorded_at, sequence, said from tributary.record_pack($1::uuid, $2, $3::integer, $4, $5, $6, $7,"
    " $8::integer, $9::uuid, $10, $11, $12::timestamptz, $13::bigint, $14, $15, $16::bytea, $17::bytea, $18::bytea,"
    " $19::bytea, $20::bytea, $21::timestamptz, $22::uuid, $23, $24::bytea)",
    PACK_PARAMETERS};

enum db_status pack_moment(struct db *db, timestamp *ret_as_of, uint64_t *ret_sequence)
{
    static const struct db_statement moment = {"newest_moment",
                                               "select sequence, recorded_at from tributary.newest_moment()", 0};
    PGresult *rows = NULL;
    enum db_status status = db_run(db, &moment, NULL, &rows);

    if (status != DB_OK)
        return status;
    if (PQntuples(rows) == 1 && result_text(rows, 0, 0)) {
        *ret_sequence = (uint64_t)result_int64(rows, 0, 0);
        *ret_as_of = result_int64(rows, 0, 1);
    } else {
        status = DB_FAILED;
    }
    PQclear(rows);
    return status;
}

enum db_status pack_meeting_fits(struct db *db, const struct pack_question *question, bool *ret_fits)
{
    static const struct db_statement find = {
        "pack_meeting_fits",
        "select from tributary.meeting where jurisdiction = current_setting('tributary.jurisdiction')"
        " and meeting = $1::uuid and plan = $2 and body = $3 and unit is not distinct from $4",
        4};
    PGresult *rows = NULL;
    enum db_status status = db_run(db, &find,
                                   (const char *const[]){question->meeting, question->version->plan->code,
                                                         meeting_code(question->body), question->unit},
                                   &rows);

    if (status != DB_OK)
        return status;
    *ret_fits = PQntuples(rows) == 1;
    PQclear(rows);
    return DB_OK;
}

/* ---- making ------------------------------------------------------------------------------------------------------ */

/* "\x…", in the arena; NULL without memory. */
static const char *bytea_text(struct arena *arena, const void *bytes, size_t length)
{
    char *text = arena_alloc(arena, 2 * length + 3);

    if (!text)
        return NULL;
    memcpy(text, "\\x", 2);
    sodium_bin2hex(text + 2, 2 * length + 1, bytes, length);
    return text;
}

static const char *number_text(struct arena *arena, unsigned long long number)
{
    return arena_format(arena, "%llu", number);
}

static const char *sources_text(struct arena *arena, const json_t *sources)
{
    struct buffer text = BUFFER_WITH_LIMIT(MOST_SOURCES);
    const char *kept = json_write_canonical(sources, &text) ? arena_text(arena, text.data) : NULL;

    buffer_free(&text);
    if (!kept)
        arena_note_shortage(arena);
    return kept;
}

static const char *kind_word(const struct pack_question *question)
{
    return question->minutes ? "minutes" : "pack";
}

/* "113年度…會議會議資料": what it is called in lists and as a file. */
static const char *full_title(const struct pack_making *making, struct arena *arena)
{
    const struct paper_head *head = &making->paper->head;

    if (!head->subtitle)
        return arena_text(arena, head->title);
    return arena_format(arena, head->language == LANGUAGE_ZH ? "%s%s" : "%s: %s", head->title, head->subtitle);
}

bool pack_parameters(const struct pack_making *making, const struct digest *model, const char *id,
                     const struct pack_files *files, struct arena *arena,
                     const char *ret_parameters[static PACK_PARAMETERS])
{
    const struct pack_question *question = making->question;
    const char **out = ret_parameters;

    *out++ = arena_text(arena, id);
    *out++ = question->version->plan->code;
    *out++ = number_text(arena, (unsigned long long)question->version->version);
    *out++ = kind_word(question);
    *out++ = full_title(making, arena);
    *out++ = question->body->code;
    *out++ = question->unit;
    *out++ = number_text(arena, (unsigned long long)question->year);
    *out++ = question->meeting;
    *out++ = question->basis;
    *out++ = question->language == LANGUAGE_ZH ? "zh" : "en";
    *out++ = arena_text(arena, making->as_of);
    *out++ = number_text(arena, question->log_sequence);
    *out++ = paper_release();
    *out++ = sources_text(arena, making->sources);
    *out++ = bytea_text(arena, model->bytes, DIGEST_SIZE);
    for (int i = 0; i < PACK_FORMAT_COUNT; i++) {
        const struct buffer *file = files ? &files->files[i] : NULL;

        *out++ = file && file->length ? bytea_text(arena, file->data, file->length) : NULL;
    }
    return !arena_is_short(arena) && paper_release();
}

enum db_status pack_is_unchanged(struct db *db, const struct pack_question *question, const struct digest *model,
                                 bool *ret_unchanged)
{
    static const struct db_statement newest = {
        "newest_pack",
        "select n.model_sha256 = $8::bytea and n.release = $9"
        " from tributary.newest_pack($1, $10, $2, $3, $4::integer, $5::uuid, $6, $7) n where n.pack is not null",
        10};
    char year[16], digest[BYTEA_TEXT_SIZE];
    PGresult *rows = NULL;
    enum db_status status;

    snprintf(year, sizeof year, "%d", question->year);
    bytea_format(model->bytes, DIGEST_SIZE, digest);
    status = db_run(db, &newest,
                    (const char *const[]){question->version->plan->code, question->body->code, question->unit, year,
                                          question->meeting, question->basis,
                                          question->language == LANGUAGE_ZH ? "zh" : "en", digest, paper_release(),
                                          kind_word(question)},
                    &rows);
    if (status != DB_OK)
        return status;
    *ret_unchanged = PQntuples(rows) == 1 && result_bool(rows, 0, 0);
    PQclear(rows);
    return DB_OK;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

enum db_status packs_list(struct db *db, const struct pack_filter *filter, json_t **ret_list)
{
    static const struct db_statement list = {
        "packs",
        "select tributary.pack_shown(p, $1::uuid is not null) from tributary.pack p"
        " where p.jurisdiction = current_setting('tributary.jurisdiction') and ($1::uuid is null or p.pack = $1::uuid)"
        " and ($2::text is null or p.plan = $2) and ($3::text is null or p.body = $3) and ($4::text is null or p.unit = $4)"
        " and ($5::integer is null or p.year = $5::integer) and ($6::bigint is null or p.sequence < $6::bigint)"
        " and ($8::text is null or p.kind = $8) and ($9::uuid is null or p.meeting = $9::uuid)"
        " order by p.sequence desc limit $7::integer",
        9};
    char limit[16];
    PGresult *rows = NULL;
    json_t *all;
    enum db_status status;

    snprintf(limit, sizeof limit, "%d", filter->id ? 1 : filter->limit + 1);
    status = db_run(db, &list,
                    (const char *const[]){filter->id, filter->plan, filter->body, filter->unit, filter->year,
                                          filter->after, limit, filter->of, filter->meeting},
                    &rows);
    if (status != DB_OK)
        return status;
    all = json_array();
    for (int i = 0; all && i < PQntuples(rows); i++) {
        if (json_array_append_new(all, json_loads(PQgetvalue(rows, i, 0), 0, NULL)) != 0) {
            json_decref(all);
            all = NULL;
        }
    }
    PQclear(rows);
    *ret_list = all;
    return all ? DB_OK : DB_FAILED;
}

enum db_status pack_file_find(struct db *db, const char *id, enum pack_format format, struct pack_file *ret_file)
{
    static const struct db_statement find = {
        "pack_file_find",
        "select octet_length(bytes), encode(sha256, 'hex'), sha256(bytes) = sha256 from tributary.pack_file"
        " where pack = $1::uuid and format = $2",
        2};
    PGresult *rows = NULL;
    enum db_status status = db_run(db, &find, (const char *const[]){id, pack_format_words[format]}, &rows);

    if (status != DB_OK)
        return status;
    *ret_file = (struct pack_file){.intact = true};
    if (PQntuples(rows) == 1) {
        ret_file->size = (uint64_t)result_int64(rows, 0, 0);
        ret_file->intact = result_bool(rows, 0, 2);
        snprintf(ret_file->sha256, sizeof ret_file->sha256, "%s", PQgetvalue(rows, 0, 1));
    }
    PQclear(rows);
    return DB_OK;
}

enum db_status pack_file_read(struct db *db, const char *id, enum pack_format format, uint64_t first, uint64_t length,
                              char **ret_bytes)
{
    static const struct db_statement read = {
        "pack_file_read",
        "select substring(bytes from $3::integer for $4::integer) from tributary.pack_file where pack = $1::uuid and format = $2",
        4};
    char from[24], count[24];
    PGresult *rows = NULL;
    unsigned char *bytes = NULL;
    size_t got = 0;
    enum db_status status;

    snprintf(from, sizeof from, "%llu", (unsigned long long)first + 1);
    snprintf(count, sizeof count, "%llu", (unsigned long long)length);
    status = db_run(db, &read, (const char *const[]){id, pack_format_words[format], from, count}, &rows);
    if (status != DB_OK)
        return status;
    if (PQntuples(rows) == 1)
        bytes = result_bytes(rows, 0, 0, &got);
    PQclear(rows);
    *ret_bytes = bytes && got == length ? malloc(length + 1) : NULL;
    if (*ret_bytes)
        memcpy(*ret_bytes, bytes, length);
    PQfreemem(bytes);
    return *ret_bytes ? DB_OK : DB_FAILED;
}

enum db_status pack_model_read(struct db *db, const char *id, json_t **ret_model)
{
    char *bytes = NULL;
    struct json_fault fault;
    struct pack_file file;
    enum db_status status = pack_file_find(db, id, PACK_JSON, &file);

    *ret_model = NULL;
    if (status != DB_OK || file.size == 0 || !file.intact)
        return status;
    status = pack_file_read(db, id, PACK_JSON, 0, file.size, &bytes);
    if (bytes)
        *ret_model = json_parse_strict(bytes, file.size, MOST_PACK_VALUES, &fault);
    free(bytes);
    return status == DB_OK && !*ret_model ? DB_FAILED : status;
}
