/* packs_read.c: frozen packs: lists, one, the bytes of its files. */
#include <stdio.h>
#include <string.h>

#include "api/common.h"
#include "api/file_part.h"
#include "api/handlers.h"
#include "api/packs.h"
#include "api/paging.h"
#include "api/tabular.h"
#include "base/json.h"
#include "base/log.h"
#include "pack/pack.h"

enum { LONGEST_SEQUENCE = 18 };

bool pack_id_is_good(struct request *request, const char *id)
{
    if (uuid_is_well_formed(id))
        return true;
    reply_problem(request, PROBLEM_not_found, NULL);
    return false;
}

/* Inside a snapshot. NULL: a problem is replied. */
static json_t *find_here(struct request *request, struct db *db, const char *id)
{
    struct pack_filter filter = {.id = id};
    json_t *list = NULL, *pack;
    enum db_status status = packs_list(db, &filter, &list);

    if (status != DB_OK)
        reply_db_failure(request, db, (int)status, "pack_read_failed");
    else if (json_array_size(list) == 0)
        reply_problem(request, PROBLEM_not_found, NULL);
    pack = json_incref(json_array_get(list, 0));
    json_decref(list);
    return pack;
}

json_t *find_pack(struct request *request, struct db *db, const char *id)
{
    json_t *pack = NULL;

    if (pack_id_is_good(request, id) && begin_snapshot(request, db))
        pack = find_here(request, db, id);
    db_snapshot_end(db);
    return pack;
}

enum step_result get_pack(struct request *request, struct db *db)
{
    json_t *pack = find_pack(request, db, request->path_parameters[0]);

    return pack ? reply_json(request, 200, pack) : STEP_DONE;
}

/* ---- list --------------------------------------------------------------------------------------------------------- */

static const struct tabulation_column columns[] = {
    {.code = "pack", .kind = COLUMN_CODE, .heading = {{"識別碼", "Identifier"}}},
    {.code = "of", .kind = COLUMN_CODE, .heading = {{"種類", "Kind"}}},
    {.code = "title", .kind = COLUMN_TEXT, .heading = {{"名稱", "Title"}}},
    {.code = "body", .kind = COLUMN_CODE, .heading = {{"會議代碼", "Body"}}},
    {.code = "unit", .kind = COLUMN_CODE, .heading = {{"單位代碼", "Unit"}}},
    {.code = "year", .kind = COLUMN_CODE, .heading = {{"年度", "Year"}}},
    {.code = "basis", .kind = COLUMN_CODE, .heading = {{"計算基準", "Basis"}}},
    {.code = "language", .kind = COLUMN_CODE, .heading = {{"語言", "Language"}}},
    {.code = "as_of", .kind = COLUMN_MOMENT, .heading = {{"資料時點", "As of"}}},
    {.code = "recorded_at", .kind = COLUMN_MOMENT, .heading = {{"凍結時間", "Frozen at"}}},
    {.code = "model_sha256", .kind = COLUMN_CODE, .heading = {{"內容雜湊", "SHA-256 of what it says"}}},
};

/* False: a problem is replied. */
static bool read_filter(struct request *request, const struct plan *plan, struct pack_filter *filter)
{
    struct period period;

    *filter = (struct pack_filter){.plan = plan->code,
                                   .body = request_query(request, "body"),
                                   .unit = request_query(request, "unit"),
                                   .year = request_query(request, "year"),
                                   .after = request_query(request, "after"),
                                   .of = request_query(request, "of"),
                                   .meeting = request_query(request, "meeting")};
    if (filter->body && !plan_body(plan, filter->body))
        reply_unknown_value(request, "body", filter->body);
    else if (filter->of && !is_one_of(filter->of, (const char *const[]){"pack", "minutes", NULL}))
        reply_bad_parameter(request, "of", "pack, minutes");
    else if (filter->meeting && !uuid_is_well_formed(filter->meeting))
        reply_bad_parameter(request, "meeting", "UUID");
    else if (filter->year && (!period_parse(filter->year, &period) || period.kind != PERIOD_YEAR))
        reply_bad_parameter(request, "year", arena_format(request->arena, "%d–%d", plan->from, plan->to));
    else if (filter->after && (strspn(filter->after, "0123456789") != strlen(filter->after) || !*filter->after ||
                               strlen(filter->after) > LONGEST_SEQUENCE))
        reply_bad_parameter(request, "after", "next");
    else if (knows_unit(request, filter->body, filter->unit))
        return read_limit(request, PAGE_ROWS, &filter->limit);
    return false;
}

enum step_result list_packs(struct request *request, struct db *db)
{
    static const struct name title = {{"會議資料清單", "Packs"}};
    const struct plan_version *version = find_plan(request, db, NULL);
    struct pack_filter filter;
    json_t *list = NULL;

    if (!version || !read_filter(request, version->plan, &filter))
        return STEP_DONE;
    if (begin_snapshot(request, db)) {
        enum db_status status = packs_list(db, &filter, &list);
        const char *next = status == DB_OK ? cut_page(request, list, filter.limit, "sequence") : NULL;

        if (status != DB_OK) {
            reply_db_failure(request, db, (int)status, "packs_failed");
        } else if (request->format != FORMAT_JSON) {
            struct tabulation *table =
                new_tabulation(request, version->plan, &title, NULL, columns, sizeof columns / sizeof *columns);

            tabulate_list(request, table, list);
            reply_tabulation(request, table);
            tell_next(request, next);
        } else {
            reply_json(request, 200, json_pack("{ss sO ss?}", "plan", filter.plan, "packs", list, "next", next));
        }
        json_decref(list);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

/* ---- files -------------------------------------------------------------------------------------------------------- */

const char *pack_file_name(struct arena *arena, const char *title, const char *ending)
{
    char *name = arena_format(arena, "%s.%s", title, ending);

    for (char *c = name; c && *c; c++)
        if (strchr("/\\:*?\"<>|", *c))
            *c = '-';
    return name;
}

static bool is_offered(const struct request *request, enum pack_format format)
{
    for (const char *const *type = request->route->media_types; type && *type; type++)
        if (strcmp(*type, pack_media_types[format]) == 0)
            return true;
    return false;
}

bool read_pack_format(struct request *request, enum pack_format otherwise, enum pack_format *ret_format)
{
    const char *asked = request_query(request, "format");
    int best = asked ? 0 : request_likes(request, pack_media_types[otherwise]);
    bool good =
        asked && pack_format_parse(asked, ret_format) && (*ret_format == otherwise || is_offered(request, *ret_format));

    if (!asked) {
        *ret_format = otherwise;
        for (int i = 0; i < PACK_FORMAT_COUNT; i++) {
            int liked = is_offered(request, (enum pack_format)i) ? request_likes(request, pack_media_types[i]) : 0;

            if (liked > best) {
                best = liked;
                *ret_format = (enum pack_format)i;
            }
        }
        good = best > 0;
    }
    if (!good)
        reply_problem(request, PROBLEM_not_acceptable, NULL);
    return good;
}

enum step_result reply_pack_damaged(struct request *request, const char *id, enum pack_format format)
{
    log_event(LOG_ERROR, "pack_file_damaged", "pack %s: the stored bytes of its %s file aren't those that were frozen",
              id, pack_format_words[format]);
    return reply_problem(request, PROBLEM_pack_damaged, NULL);
}

/* Sends the bytes, or the part of them that is asked for. */
static void reply_file(struct request *request, struct db *db, const json_t *pack, enum pack_format format,
                       uint64_t size)
{
    const char *name = pack_file_name(request->arena, json_text_member(pack, "title"), pack_format_words[format]);
    struct file_part part;
    char *bytes = NULL;
    enum db_status status;

    if (!name || !read_file_part(request, size, &part))
        return;
    status = pack_file_read(db, request->path_parameters[0], format, part.first, part.length, &bytes);
    if (status != DB_OK) {
        request->reply.etag[0] = '\0';
        reply_db_failure(request, db, (int)status, "pack_file_failed");
        return;
    }
    reply_header(request, "Content-Disposition", attachment_disposition(request->arena, name));
    reply_bytes(request, part.status, pack_media_types[format], bytes, (size_t)part.length);
}

enum step_result get_pack_file(struct request *request, struct db *db)
{
    const char *id = request->path_parameters[0];
    enum pack_format format;
    struct pack_file file = {0};

    if (!pack_id_is_good(request, id) || !read_pack_format(request, PACK_ODT, &format))
        return STEP_DONE;
    if (begin_snapshot(request, db)) {
        json_t *pack = find_here(request, db, id);
        enum db_status status = pack ? pack_file_find(db, id, format, &file) : DB_OK;

        if (status != DB_OK) {
            reply_db_failure(request, db, (int)status, "pack_file_failed");
        } else if (pack && file.size == 0) {
            reply_problem(request, PROBLEM_not_acceptable, NULL);
        } else if (pack && !file.intact) {
            reply_pack_damaged(request, id, format);
        } else if (pack) {
            snprintf(request->reply.etag, sizeof request->reply.etag, "\"%s\"", file.sha256);
            reply_file(request, db, pack, format, file.size);
        }
        json_decref(pack);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}
