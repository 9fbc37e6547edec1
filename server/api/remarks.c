/* remarks.c: remarks on a submission: a new one or an answer, the list of them, settling a thread. */
#include "remarks/remarks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/common.h"
#include "api/handlers.h"
#include "api/members.h"
#include "api/paging.h"
#include "api/recording.h"
#include "api/revision_of.h"
#include "api/tabular.h"
#include "base/json.h"
#include "form/place.h"

enum { MOST_TEXT_CHARACTERS = 2000, LONGEST_TEXT = 4 * MOST_TEXT_CHARACTERS, LONGEST_PATH = 1000 };

/* How many remarks one submission may have, with answers. */
static const char most_remarks[] = "2000";

/* ---- answers ---------------------------------------------------------------------------------------------------- */

/* The place of a remark in the words of the plan in force, in both languages; left out where that knows it no more, and of
 * the document as a whole. */
static void add_words(struct request *request, json_t *remark)
{
    const struct plan_version *version =
        shelf_find(request->service->shelf, request->principal.jurisdiction, json_text_member(remark, "plan"), NULL);
    const struct form *form = version ? plan_form(version->plan, json_text_member(remark, "form")) : NULL;
    struct place place;

    if (form && place_parse(form, json_text_member(remark, "path"), request->arena, &place))
        json_object_set_new(remark, "place",
                            json_pack("{ss* ss*}", "zh", place_words(request->arena, form, &place, LANGUAGE_ZH), "en",
                                      place_words(request->arena, form, &place, LANGUAGE_EN)));
}

/* Replies one remark as it stands. */
static enum step_result reply_remark(struct request *request, struct db *db, const char *id, int http_status)
{
    struct remark_filter filter = {.id = id};
    json_t *list = NULL;

    if (begin_snapshot(request, db)) {
        enum db_status status = remark_list(db, &filter, &list);
        json_t *remark = json_array_get(list, 0);

        if (status != DB_OK || !remark) {
            reply_db_failure(request, db, (int)status, "remark_failed");
        } else {
            add_words(request, remark);
            reply_json(request, http_status, json_incref(remark));
        }
        json_decref(list);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

/* ---- a new remark ----------------------------------------------------------------------------------------------- */

struct remarking {
    const char *path, *answers, *text; /* path NULL: where the remark stands that is answered */
};

/* At least one character that is seen, and none that a terminal or a file would take for an order. */
static bool is_plain_text(const char *text)
{
    size_t characters = 0;
    bool seen = false;

    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        bool control =
            *c < 0x20 ? *c != '\n' && *c != '\t' : *c == 0x7f || (c[0] == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0);

        if (control)
            return false;
        characters += (*c & 0xc0) != 0x80;
        seen = seen || *c > 0x20;
    }
    return seen && characters <= MOST_TEXT_CHARACTERS;
}

static bool read_path(struct request *request, const json_t *body, const char **ret_path)
{
    const json_t *value = json_object_get(body, "path");
    const char *path = json_string_value(value);

    *ret_path = NULL;
    if (!value || json_is_null(value)) {
        if (!json_is_string(json_object_get(body, "answers")))
            members_refuse_value(request, "path", value, "fields.…, tables.…[…].…, \"\"");
        return json_is_string(json_object_get(body, "answers"));
    }
    if (!path || strlen(path) > LONGEST_PATH) {
        members_refuse(request, "path",
                       arena_format(request->arena, bilingual(request, "0–%d 位元組的文字", "a text of 0–%d bytes"),
                                    LONGEST_PATH));
        return false;
    }
    *ret_path = arena_text(request->arena, path);
    return *ret_path != NULL;
}

static bool read_remark(struct request *request, struct remarking *ret_remark)
{
    static const char *const known[] = {"path", "text", "answers", NULL};
    json_t *body = members_read(request, known);
    bool good = body && read_path(request, body, &ret_remark->path) &&
                members_text(request, body, "text", LONGEST_TEXT, true, &ret_remark->text) &&
                members_text(request, body, "answers", UUID_TEXT_SIZE, false, &ret_remark->answers);

    json_decref(body);
    if (good && !is_plain_text(ret_remark->text)) {
        members_refuse(request, "text",
                       arena_format(request->arena, bilingual(request, "1–%d 字的文字", "a text of 1–%d characters"),
                                    MOST_TEXT_CHARACTERS));
        good = false;
    }
    if (good && ret_remark->answers && !uuid_is_well_formed(ret_remark->answers)) {
        members_refuse(request, "answers", bilingual(request, "一則意見的識別碼", "the id of a remark"));
        good = false;
    }
    return good;
}

/* Whether the document of the revision in the address has such a place. False: a reply is set. */
static bool check_place(struct request *request, struct db *db, const struct remarking *remark)
{
    struct revision revision;
    struct document *document;
    struct place place;
    bool good;

    if (!find_revision(request, db, request->path_parameters[0], &revision))
        return false;
    if (!remark->path || !*remark->path)
        return true;
    document = judged_document_of(request, db, &revision);
    if (!document)
        return false;
    good = place_parse(document->form, remark->path, request->arena, &place) &&
           place_find(document, request->arena, &place);
    document_release(document);
    if (!good)
        members_refuse(request, "path", bilingual(request, "這份文件有的位置", "a place that the document has"));
    return good;
}

static enum step_result answer_remark(struct request *request, struct db *db)
{
    static const struct refusal refusals[] = {{"no_such_remark", PROBLEM_bad_member, "answers"},
                                              {"other_place", PROBLEM_bad_member, "path"},
                                              {"too_many", PROBLEM_too_many_remarks, NULL},
                                              {NULL, PROBLEM_NONE, NULL}};
    struct act *act = request->state;

    if (!act_succeeded(request, act, refusals))
        return STEP_DONE;
    return reply_remark(request, db, act->id, act->job.outcome == JOB_REPLAY ? 200 : 201);
}

enum step_result post_remark(struct request *request, struct db *db)
{
    struct remarking remark = {0};
    char id[UUID_TEXT_SIZE];
    struct act *act;
    bool good;

    if (!identity_may_hand_in(request->service->identity, &request->principal, request->service->hand_ins_per_second))
        return reply_problem(request, PROBLEM_too_many_requests, NULL);
    if (!read_remark(request, &remark))
        return STEP_DONE;
    good = begin_snapshot(request, db) && check_place(request, db, &remark);
    db_snapshot_end(db);
    if (!good)
        return STEP_DONE;
    uuid_make(id);
    act = act_prepare(request, "remark", &remark_record,
                      (const char *const[REMARK_PARAMETERS - ACT_OWN_PARAMETERS]){
                          arena_text(request->arena, id), request->path_parameters[0], remark.path, remark.answers,
                          remark.text, most_remarks});
    if (!act)
        return STEP_DONE;
    request->state = act;
    return job_queue(request, &act->job, answer_remark);
}

/* ---- settling --------------------------------------------------------------------------------------------------- */

static enum step_result answer_resolution(struct request *request, struct db *db)
{
    static const struct refusal refusals[] = {{"not_found", PROBLEM_not_found, NULL}, {NULL, PROBLEM_NONE, NULL}};
    struct act *act = request->state;

    if (!act_succeeded(request, act, refusals))
        return STEP_DONE;
    return reply_remark(request, db, act->id, act->job.outcome == JOB_RECORDED ? 201 : 200);
}

static bool read_resolution(struct request *request, bool *ret_resolved)
{
    static const char *const known[] = {"resolved", NULL};
    json_t *body = members_read(request, known);
    const json_t *resolved = json_object_get(body, "resolved");
    bool good = json_is_boolean(resolved);

    *ret_resolved = json_is_true(resolved);
    if (body && !good)
        members_refuse(request, "resolved", "true, false");
    json_decref(body);
    return good;
}

enum step_result post_remark_resolution(struct request *request, struct db *db)
{
    bool resolved;
    struct act *act;

    (void)db;
    if (!uuid_is_well_formed(request->path_parameters[0]))
        return reply_problem(request, PROBLEM_not_found, NULL);
    if (!read_resolution(request, &resolved))
        return STEP_DONE;
    act = act_prepare(request, "remark_resolution", &remark_resolution_record,
                      (const char *const[]){request->path_parameters[0], resolved ? "t" : "f"});
    if (!act)
        return STEP_DONE;
    request->state = act;
    return job_queue(request, &act->job, answer_resolution);
}

/* ---- the list --------------------------------------------------------------------------------------------------- */

static const struct tabulation_column columns[] = {
    {.code = "remark", .kind = COLUMN_CODE, .heading = {{"識別碼", "Identifier"}}},
    {.code = "revision", .kind = COLUMN_INTEGER, .heading = {{"版次", "Revision"}}},
    {.code = "path", .kind = COLUMN_CODE, .heading = {{"位置代碼", "Path"}}},
    {.code = "place", .kind = COLUMN_TEXT, .heading = {{"位置", "Place"}}, .for_people = true},
    {.code = "role", .kind = COLUMN_CODE, .heading = {{"發言者", "By"}}},
    {.code = "text", .kind = COLUMN_TEXT, .heading = {{"意見", "Remark"}}},
    {.code = "thread", .kind = COLUMN_CODE, .heading = {{"討論串", "Thread"}}},
    {.code = "answers", .kind = COLUMN_CODE, .heading = {{"回覆", "Answers"}}},
    {.code = "open", .kind = COLUMN_TRUTH, .heading = {{"待處理", "Open"}}},
    {.code = "resolution.recorded_at", .kind = COLUMN_MOMENT, .heading = {{"結案或重啟時間", "Settled or opened at"}}},
    {.code = "recorded_at", .kind = COLUMN_MOMENT, .heading = {{"登錄時間", "Recorded at"}}},
};

/* False: a problem is replied. */
static bool read_filter(struct request *request, struct remark_filter *filter, bool *open)
{
    const char *path = request_query(request, "path");
    int64_t after;
    int limit;

    if (!read_limit(request, LONG_PAGE_ROWS, &limit) || !read_after(request, &after))
        return false;
    if (path && strlen(path) > LONGEST_PATH)
        reply_bad_parameter(request, "path", "fields.…, tables.…");
    else if (read_flag(request, "open", open)) {
        *filter = (struct remark_filter){
            .open = request_query(request, "open") ? open : NULL, .path = path, .after = after, .limit = limit};
        return true;
    }
    return false;
}

static enum step_result reply_list_table(struct request *request, const json_t *list)
{
    static const struct name title = {{"意見", "Remarks"}};
    struct tabulation *table = new_tabulation(request, NULL, &title, NULL, columns, sizeof columns / sizeof *columns);

    tabulate_list(request, table, list);
    return reply_tabulation(request, table);
}

static void reply_list(struct request *request, struct db *db, const struct revision *revision)
{
    struct remark_filter filter;
    const char *next = NULL;
    json_t *list = NULL, *remark;
    enum db_status status;
    bool open;
    size_t i;

    if (!read_filter(request, &filter, &open))
        return;
    filter.submission = revision->submission;
    status = remark_list(db, &filter, &list);
    if (status != DB_OK) {
        reply_db_failure(request, db, (int)status, "remarks_failed");
        return;
    }
    if (json_array_size(list) > (size_t)filter.limit) {
        const json_t *last = json_array_get(list, (size_t)filter.limit - 1);

        next = arena_format(request->arena, "%" JSON_INTEGER_FORMAT,
                            json_integer_value(json_object_get(json_object_get(last, "log"), "sequence")));
        json_array_remove(list, (size_t)filter.limit);
    }
    json_array_foreach(list, i, remark)
        add_words(request, remark);
    tell_next(request, next);
    if (request->format == FORMAT_JSON)
        reply_json(request, 200, json_pack("{sO ss?}", "remarks", list, "next", next));
    else
        reply_list_table(request, list);
    json_decref(list);
}

enum step_result list_remarks(struct request *request, struct db *db)
{
    return with_revision(request, db, reply_list);
}
