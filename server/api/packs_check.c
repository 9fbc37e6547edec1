/* packs_check.c: a frozen pack made again at its moment, and held against an earlier one. */
#include <stdio.h>
#include <string.h>

#include "api/common.h"
#include "api/file_part.h"
#include "api/handlers.h"
#include "api/packs.h"
#include "base/json.h"
#include "pack/changes.h"
#include "pack/pack.h"
#include "paper/write.h"

/* A pack as its JSON file holds it. NULL: a problem is replied. */
static json_t *load_model(struct request *request, struct db *db, const char *id)
{
    json_t *model = NULL;

    if (begin_snapshot(request, db)) {
        enum db_status status = pack_model_read(db, id, &model);

        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "pack_file_failed");
        else if (!model)
            reply_pack_damaged(request, id, PACK_JSON);
    }
    db_snapshot_end(db);
    return model;
}

/* ---- check -------------------------------------------------------------------------------------------------------- */

/* What is frozen of a pack: each format's bytes, whether they still are, and what its JSON file says (NULL: it is damaged).
 * False: a problem is replied. */
static bool load_frozen(struct request *request, struct db *db, const char *id, bool ret_stored[PACK_FORMAT_COUNT],
                        json_t **ret_frozen)
{
    enum db_status status = DB_FAILED;

    *ret_frozen = NULL;
    if (begin_snapshot(request, db)) {
        status = pack_model_read(db, id, ret_frozen);
        for (int i = 0; status == DB_OK && i < PACK_FORMAT_COUNT; i++) {
            struct pack_file file;

            status = pack_file_find(db, id, (enum pack_format)i, &file);
            ret_stored[i] = status == DB_OK && file.intact;
        }
        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "pack_file_failed");
    }
    db_snapshot_end(db);
    return status == DB_OK;
}

/* Fills the paper by the rights it was seen by; what is told of it is only whether it is the same. */
static enum db_status make_again(struct request *request, struct db *db, const json_t *pack,
                                 const struct pack_question *question, struct pack_making *ret_making,
                                 struct digest *ret_model)
{
    struct db_context context = pack_context_of(pack, request->principal.jurisdiction, request->principal.actor);
    enum db_status status = db_snapshot_begin(db, &context);

    if (status == DB_OK)
        status = making_run(db, question, request->arena, ret_making);
    db_snapshot_end(db);
    if (status == DB_OK && !making_digest(ret_making, ret_model))
        status = DB_FAILED;
    return status;
}

static enum step_result reply_check(struct request *request, struct db *db, const json_t *pack, const json_t *frozen,
                                    const bool stored[static PACK_FORMAT_COUNT])
{
    struct pack_question question;
    struct pack_making making = {.sources = NULL};
    struct pack_files files;
    struct digest model;
    enum db_status status;

    if (!pack_question_of(request->service->shelf, request->principal.jurisdiction, pack,
                          json_object_get(pack, "sources"), request->service->sample, &question))
        return reply_problem(request, PROBLEM_unknown_plan, json_text_member(pack, "plan"));
    status = make_again(request, db, pack, &question, &making, &model);
    if (status != DB_OK) {
        reply_db_failure(request, db, (int)status, "pack_check_failed");
    } else if (!pack_render(&making, &files)) {
        reply_problem(request, files.too_large ? PROBLEM_pack_too_large : PROBLEM_internal, NULL);
    } else {
        reply_json(request, 200,
                   pack_compare(pack, pack_likeness_of(pack, frozen, &making, &model) != PACK_IS_ANOTHER, &model,
                                &files, stored));
        pack_files_free(&files);
    }
    making_end(&making);
    return STEP_DONE;
}

enum step_result get_pack_check(struct request *request, struct db *db)
{
    const char *id = request->path_parameters[0];
    json_t *pack = find_pack(request, db, id), *frozen = NULL;
    bool stored[PACK_FORMAT_COUNT] = {false};

    if (pack && load_frozen(request, db, id, stored, &frozen) && pack_making_begins(request)) {
        reply_check(request, db, pack, frozen, stored);
        pack_making_ends();
    }
    json_decref(frozen);
    json_decref(pack);
    return STEP_DONE;
}

/* ---- changes ------------------------------------------------------------------------------------------------------ */

const char *const paper_media_types[] = {"application/vnd.oasis.opendocument.text", "application/pdf",
                                         "application/vnd.oasis.opendocument.spreadsheet", NULL};

/* Whether they are of the same body, unit and language, so that their rows are called alike. */
static bool are_comparable(const json_t *pack, const json_t *since)
{
    static const char *const members[] = {"plan", "body", "unit", "language", "of"};

    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (!json_equal(json_object_get(pack, members[i]), json_object_get(since, members[i])))
            return false;
    return true;
}

/* A paper in the format asked for. */
static void reply_paper(struct request *request, const json_t *pack, const json_t *since, const json_t *changes,
                        enum pack_format format)
{
    enum language language = strcmp(json_text_member(pack, "language"), "en") == 0 ? LANGUAGE_EN : LANGUAGE_ZH;
    struct arena *arena = request->arena;
    const char *title = json_text_member(pack, "title");
    struct paper_head head = {.title = title,
                              .subtitle = language == LANGUAGE_ZH ? "異動對照" : "What changed",
                              .moment = json_text_member(pack, "as_of"),
                              .sample = request->service->sample
                                            ? (language == LANGUAGE_ZH ? "合成樣本資料" : "Synthetic sample data")
                                            : NULL,
                              .language = language};
    struct paper *paper = pack_changes_paper(arena, changes, &head, json_text_member(since, "as_of"));
    struct buffer out = BUFFER_WITH_LIMIT(PACK_MOST_BYTES);
    size_t length;
    char *bytes;
    bool good = format == PACK_ODT   ? paper_write_odt(paper, NULL, &out)
                : format == PACK_PDF ? paper_write_pdf(paper, NULL, &out)
                                     : paper_write_ods(paper, &out);

    bytes = good ? buffer_take(&out, &length) : NULL;
    buffer_free(&out);
    if (!bytes) {
        reply_problem(request, PROBLEM_not_acceptable, NULL);
        return;
    }
    request->reply.disposition = attachment_disposition(
        arena, pack_file_name(arena, arena_format(arena, "%s%s", title, head.subtitle), pack_format_words[format]));
    reply_bytes(request, 200, pack_media_types[format], bytes, length);
}

static void reply_changes(struct request *request, const json_t *pack, const json_t *since, json_t *changes,
                          enum pack_format format)
{
    if (format != PACK_JSON && pack_making_begins(request)) {
        reply_paper(request, pack, since, changes, format);
        pack_making_ends();
    } else if (format == PACK_JSON) {
        json_object_set(changes, "pack", json_object_get(pack, "pack"));
        json_object_set(changes, "since", json_object_get(since, "pack"));
        json_object_set(changes, "title", json_object_get(pack, "title"));
        json_object_set(changes, "as_of", json_object_get(pack, "as_of"));
        json_object_set(changes, "since_as_of", json_object_get(since, "as_of"));
        reply_json(request, 200, json_incref(changes));
    }
}

static void compare(struct request *request, struct db *db, const json_t *pack, const json_t *since,
                    enum pack_format format)
{
    const struct plan_version *version =
        shelf_version(request->service->shelf, request->principal.jurisdiction, json_text_member(pack, "plan"),
                      (int)json_integer_value(json_object_get(pack, "plan_version")));
    json_t *later, *earlier, *changes;

    if (!version) {
        reply_problem(request, PROBLEM_unknown_plan, json_text_member(pack, "plan"));
        return;
    }
    later = load_model(request, db, json_text_member(pack, "pack"));
    earlier = later ? load_model(request, db, json_text_member(since, "pack")) : NULL;
    changes = earlier ? pack_changes(earlier, later, version->plan) : NULL;
    if (changes)
        reply_changes(request, pack, since, changes, format);
    else if (earlier)
        reply_problem(request, PROBLEM_internal, NULL);
    json_decref(changes);
    json_decref(earlier);
    json_decref(later);
}

enum step_result get_pack_changes(struct request *request, struct db *db)
{
    enum pack_format format;
    json_t *pack, *since = NULL;

    if (!read_pack_format(request, PACK_JSON, &format))
        return STEP_DONE;
    pack = find_pack(request, db, request->path_parameters[0]);
    if (pack)
        since = find_pack(request, db, request_query(request, "since"));
    if (since && !are_comparable(pack, since))
        reply_problem(request, PROBLEM_packs_not_comparable, NULL);
    else if (since)
        compare(request, db, pack, since, format);
    json_decref(pack);
    json_decref(since);
    return STEP_DONE;
}
