/* prepared.c: hand-ins that wait for release: shown, released by another person of the office, or given back. */
#include "api/prepared.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "api/common.h"
#include "api/handlers.h"
#include "api/members.h"
#include "api/paging.h"
#include "api/recording.h"
#include "api/submission_body.h"
#include "http/router.h"

enum { LONGEST_REASON = 2000, LONGEST_TYPE = 200, DOCUMENT_LIMIT = 64 * 1024 * 1024 };

/* ---- showing ---------------------------------------------------------------------------------------------------- */

static bool may_release(const struct request *request, const char *preparer)
{
    return request->principal.duty != DUTY_PREPARE && strcmp(preparer, request->principal.actor) != 0;
}

/* State and what the reader may do. */
static void set_may(const struct request *request, json_t *json)
{
    const char *preparer = json_string_value(json_object_get(json, "prepared_by")),
               *state = json_string_value(json_object_get(json, "state"));
    bool waits = state && strcmp(state, "waiting") == 0,
         own = preparer && strcmp(preparer, request->principal.actor) == 0;

    json_object_set_new(json, "may",
                        json_pack("{sb sb}", "release", waits && preparer && may_release(request, preparer), "reject",
                                  waits && (own || request->principal.duty != DUTY_PREPARE)));
}

/* Finds one by the address. False: a problem is replied. */
static bool find_prepared(struct request *request, struct db *db, const char *id, struct prepared *ret_prepared)
{
    bool found = false;
    enum db_status status = DB_OK;

    if (begin_snapshot(request, db)) {
        status = prepared_find(db, id, request->arena, &found, ret_prepared);
        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "prepared_failed");
        else if (!found)
            reply_problem(request, PROBLEM_not_found, NULL);
    }
    db_snapshot_end(db);
    return status == DB_OK && found;
}

static enum step_result reply_shown(struct request *request, int status, const struct prepared *prepared, json_t *more)
{
    json_t *json = json_loads(prepared->shown, 0, NULL);

    if (json) {
        set_may(request, json);
        json_object_update(json, more);
    }
    json_decref(more);
    return reply_json(request, status, json);
}

/* Puts the kept bytes where those of a request are, with what was said of them. False: a problem is replied. */
static bool take_up(struct request *request, const struct prepared *prepared)
{
    if (!prepared->bytes) {
        reply_problem(request, PROBLEM_prepared_ended, NULL);
        return false;
    }
    buffer_free(&request->body);
    request->body = BUFFER_WITH_LIMIT(BODY_LIMIT);
    request->kept_type = prepared->content_type;
    request->raw_query = prepared->query;
    request->query_count = 0;
    request->path_parameters[0] = prepared->plan;
    if (buffer_append(&request->body, prepared->bytes, prepared->length) && read_query(request) == PROBLEM_NONE)
        return true;
    reply_problem(request, PROBLEM_internal, NULL);
    return false;
}

/* What would be handed in, as it is judged by itself. NULL: a problem is replied. */
static json_t *read_document(struct request *request, struct db *db)
{
    const struct plan_version *version = find_plan(request, db, NULL);
    struct findings findings = FINDINGS_IN(request->arena);
    struct buffer text = BUFFER_WITH_LIMIT(DOCUMENT_LIMIT);
    struct cell_places *places;
    struct document *document;
    json_t *json = NULL;
    bool replied;

    if (!version)
        return NULL;
    document = submission_body_read(request, version->plan, &findings, &places, &replied);
    if (replied)
        return NULL;
    if (document && document_write_canonical(document, &text))
        json = json_loadb(text.data, text.length, 0, NULL);
    if (json)
        json_object_set_new(json, "base", json_integer(document->base));
    document_release(document);
    buffer_free(&text);
    json = json_pack("{so? so}", "document", json, "findings", findings_to_json(&findings, request->language));
    if (!json)
        reply_problem(request, PROBLEM_internal, NULL);
    return json;
}

enum step_result get_prepared(struct request *request, struct db *db)
{
    struct prepared prepared;
    json_t *more;

    if (!find_prepared(request, db, request->path_parameters[0], &prepared))
        return STEP_DONE;
    if (!prepared.bytes)
        return reply_shown(request, 200, &prepared, NULL);
    more = take_up(request, &prepared) ? read_document(request, db) : NULL;
    return more ? reply_shown(request, 200, &prepared, more) : STEP_DONE;
}

enum step_result list_prepared(struct request *request, struct db *db)
{
    static const char *const states[] = {"waiting", "open", "all", NULL};
    const struct plan_version *version = find_plan(request, db, NULL);
    const char *after = request_query(request, "after"), *asked = request_query(request, "state"),
               *state = asked ? asked : "waiting";
    json_t *list = NULL, *one;
    size_t i;
    int limit;

    if (!version || !read_limit(request, PAGE_ROWS, &limit))
        return STEP_DONE;
    if (after && !uuid_is_well_formed(after))
        return reply_bad_parameter(request, "after", "UUID");
    if (!is_one_of(state, states))
        return reply_bad_parameter(request, "state", "waiting, open, all");
    if (begin_snapshot(request, db)) {
        enum db_status status = prepared_list(db, version->plan->code, state, after, limit, &list);

        if (status != DB_OK) {
            reply_db_failure(request, db, (int)status, "prepared_failed");
        } else {
            const char *next = cut_page(request, list, limit, "prepared");

            tell_next(request, next);

            json_array_foreach(list, i, one)
                set_may(request, one);
            reply_json(request, 200,
                       json_pack("{ss so ss?}", "plan", version->plan->code, "prepared", list, "next", next));
        }
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

/* ---- preparing, rejecting --------------------------------------------------------------------------------------- */

struct keeping {
    struct act *act;
    const struct findings *findings;
    int status;
};

static enum step_result answer(struct request *request, struct db *db)
{
    static const struct refusal refusals[] = {{"not_found", PROBLEM_not_found, NULL},
                                              {"prepared_ended", PROBLEM_prepared_ended, NULL},
                                              {NULL, PROBLEM_NONE, NULL}};
    struct keeping *keeping = request->state;
    struct prepared prepared;

    /* told before by another word of the job itself */
    if (keeping->act->job.outcome == JOB_PREPARED_ENDED)
        return reply_problem(request, PROBLEM_prepared_ended, NULL);
    if (!act_succeeded(request, keeping->act, refusals) || !find_prepared(request, db, keeping->act->id, &prepared))
        return STEP_DONE;
    return reply_shown(request, keeping->status, &prepared,
                       keeping->findings
                           ? json_pack("{so}", "findings", findings_to_json(keeping->findings, request->language))
                           : NULL);
}

static enum step_result queue(struct request *request, struct act *act, const struct findings *findings, int status)
{
    struct keeping *keeping = act ? arena_alloc(request->arena, sizeof *keeping) : NULL;

    if (!act)
        return STEP_DONE;
    if (!keeping)
        return reply_problem(request, PROBLEM_internal, NULL);
    *keeping = (struct keeping){act, findings, status};
    request->state = keeping;
    return job_queue(request, &act->job, answer);
}

/* The body as the store reads bytes; in the arena, NULL without memory. */
static const char *body_text(struct request *request)
{
    size_t length = request->body.length;
    char *text = arena_alloc(request->arena, 2 * length + 3);

    if (!text)
        return NULL;
    text[0] = '\\';
    text[1] = 'x';
    sodium_bin2hex(text + 2, 2 * length + 1, (const unsigned char *)request->body.data, length);
    return text;
}

/* Other bytes may be no text to the store, and would spoil the batch they travel in. */
static bool is_good_type(const char *type)
{
    size_t length = type ? strlen(type) : 0;

    for (size_t i = 0; i < length; i++)
        if (type[i] < 0x20 || type[i] > 0x7e)
            return false;
    return length >= 1 && length <= LONGEST_TYPE;
}

enum step_result prepare_submission(struct request *request, struct document *document, const struct findings *findings)
{
    const char *type = request_header(request, MHD_HTTP_HEADER_CONTENT_TYPE), *bytes = body_text(request);
    struct digest digest = digest_of(request->body.data, request->body.length);
    char id[UUID_TEXT_SIZE], sha256[BYTEA_TEXT_SIZE], received_at[TIMESTAMP_TEXT_SIZE];
    struct act *act;

    if (!bytes || !is_good_type(type))
        return reply_problem(request, bytes ? PROBLEM_unsupported_media_type : PROBLEM_internal, NULL);
    uuid_make(id);
    bytea_format(digest.bytes, DIGEST_SIZE, sha256);
    timestamp_format(request->received_at, received_at);
    act =
        act_prepare(request, "preparation", &record_preparation,
                    (const char *const[]){arena_text(request->arena, id), document->plan->code, document->form->code,
                                          document->office->code, arena_text(request->arena, document->period_text),
                                          type, request->raw_query ? request->raw_query : "", bytes,
                                          arena_text(request->arena, sha256), arena_text(request->arena, received_at)});
    document_release(document); /* while it is still this thread's */
    return queue(request, act, findings, 202);
}

enum step_result post_prepared_rejection(struct request *request, struct db *db)
{
    static const char *const known[] = {"reason", NULL};
    struct prepared prepared;
    const char *reason;
    json_t *body;
    bool good;

    if (!find_prepared(request, db, request->path_parameters[0], &prepared))
        return STEP_DONE;
    if (request->principal.duty == DUTY_PREPARE && strcmp(prepared.preparer, request->principal.actor) != 0)
        return reply_problem(request, PROBLEM_duty_prepares, NULL);
    body = members_read(request, known);
    good = body && members_text(request, body, "reason", LONGEST_REASON, true, &reason);
    json_decref(body);
    if (!good)
        return STEP_DONE;
    return queue(request,
                 act_prepare(request, "prepared_rejection", &record_prepared_rejection,
                             (const char *const[]){prepared.id, reason}),
                 NULL, 200);
}

/* ---- releasing -------------------------------------------------------------------------------------------------- */

/* Who released it a moment ago and didn't hear the answer gets the receipt again. True: it is replied. */
static bool released_before(struct request *request, struct db *db, const struct prepared *prepared)
{
    json_t *shown = prepared->bytes ? NULL : json_loads(prepared->shown, 0, NULL);
    const char *revision = json_string_value(json_object_get(shown, "revision")),
               *by = json_string_value(json_object_get(shown, "ended_by"));
    bool again = revision && by && strcmp(by, request->principal.actor) == 0;

    if (again) {
        request->path_parameters[0] = arena_text(request->arena, revision);
        request->reply.replayed = true;
        get_receipt(request, db);
    }
    json_decref(shown);
    return again;
}

enum step_result post_prepared_release(struct request *request, struct db *db)
{
    struct prepared *prepared = arena_alloc(request->arena, sizeof *prepared);

    if (!prepared)
        return reply_problem(request, PROBLEM_internal, NULL);
    if (!find_prepared(request, db, request->path_parameters[0], prepared))
        return STEP_DONE;
    if (request->principal.duty == DUTY_PREPARE)
        return reply_problem(request, PROBLEM_duty_prepares, NULL);
    if (strcmp(prepared->preparer, request->principal.actor) == 0)
        return reply_problem(request, PROBLEM_own_preparation, NULL);
    if (released_before(request, db, prepared))
        return STEP_DONE;
    return take_up(request, prepared) ? submit_prepared(request, db, prepared) : STEP_DONE;
}
