/* minutes.c: minutes of a meeting: drafted and frozen, or drafted only, with names. */
#include <string.h>

#include "api/common.h"
#include "api/file_part.h"
#include "api/handlers.h"
#include "api/meeting_acts.h"
#include "api/members.h"
#include "api/packs.h"
#include "base/json.h"
#include "pack/pack.h"

const char *const minutes_media_types[] = {"application/vnd.oasis.opendocument.text", "application/pdf", NULL};

/* "zh", "en"; NULL: the request's own. False: it is neither. */
static bool read_language(const struct request *request, const char *text, enum language *ret_language)
{
    *ret_language = !text ? request->language : strcmp(text, "en") == 0 ? LANGUAGE_EN : LANGUAGE_ZH;
    return !text || is_one_of(text, (const char *const[]){"zh", "en", NULL});
}

/* Whether there is anything to minute. False: a problem is replied. */
static bool is_minuted(struct request *request, const struct body *body, const json_t *meeting)
{
    if (!body)
        reply_problem(request, PROBLEM_unknown_body, json_text_member(meeting, "body"));
    else if (meeting_is_by_record(body))
        reply_problem(request, PROBLEM_meeting_by_record, NULL);
    else if (!json_is_string(json_object_get(meeting, "held_on")))
        reply_problem(request, PROBLEM_meeting_not_held, NULL);
    else
        return true;
    return false;
}

/* Texts go into the arena. False: a problem is replied. */
static bool read_place(struct request *request, const json_t *meeting, struct pack_question *question)
{
    const struct plan *plan = question->version->plan;
    const char *unit = json_text_member(meeting, "unit");
    size_t place;
    int year;

    question->body = meeting_body(plan, json_text_member(meeting, "body"));
    if (!is_minuted(request, question->body, meeting))
        return false;
    question->meeting = arena_text(request->arena, json_text_member(meeting, "meeting"));
    question->year = (int)json_integer_value(json_object_get(meeting, "year"));
    question->basis = "latest";
    question->minutes = true;
    year = question->year;
    if (question->meeting && body_unit_find(plan, question->body, unit, year, &place) &&
        body_unit_at(plan, question->body, place, year, &question->unit, &question->unit_name))
        return true;
    reply_problem(request, PROBLEM_unknown_body, unit ? unit : "unit");
    return false;
}

/* The meeting of the address as a question; its moment is set. Inside a snapshot. False: a problem is replied. */
static bool read_meeting(struct request *request, struct db *db, struct pack_question *question)
{
    const struct meeting_filter filter = {.id = request->path_parameters[0], .as_of = &question->as_of};
    json_t *list = NULL;
    const json_t *meeting;
    bool good = uuid_is_well_formed(filter.id);
    enum db_status status = good ? meetings_list(db, &filter, &list) : DB_OK;

    meeting = json_array_get(list, 0);
    if (meeting)
        question->version = shelf_find(request->service->shelf, request->principal.jurisdiction,
                                       json_text_member(meeting, "plan"), &question->as_of);
    if (status != DB_OK)
        reply_db_failure(request, db, (int)status, "minutes_failed");
    else if (!question->version)
        reply_problem(request, PROBLEM_not_found, NULL);
    good = question->version && read_place(request, meeting, question);
    json_decref(list);
    return good;
}

/* What POST asks for. */
static bool read_order(struct request *request, struct db *db, struct pack_question *question)
{
    static const char *const known[] = {"language", NULL};
    json_t *json = members_read(request, known);
    const char *language = NULL;
    bool good = json && members_text(request, json, "language", LONGEST_CODE, false, &language);

    json_decref(json);
    if (good && !read_language(request, language, &question->language)) {
        members_refuse(request, "language", "zh, en");
        good = false;
    }
    return good && read_meeting(request, db, question);
}

enum step_result post_minutes(struct request *request, struct db *db)
{
    return pack_order(request, db, read_order);
}

/* ---- with names --------------------------------------------------------------------------------------------------- */

/* Fills the paper with the names that the caller may read. False: a problem is replied. */
static bool draft(struct request *request, struct db *db, struct pack_question *question, struct pack_making *making)
{
    enum db_status status = pack_moment(db, &question->as_of, &question->log_sequence);

    if (status == DB_OK && !read_meeting(request, db, question))
        return false;
    question->sample = request->service->sample;
    question->names = true;
    if (status == DB_OK)
        status = making_run(db, question, request->arena, making);
    if (status != DB_OK)
        reply_db_failure(request, db, (int)status, "minutes_failed");
    return status == DB_OK;
}

static void reply_draft(struct request *request, const struct pack_making *making, enum pack_format format)
{
    struct buffer out = BUFFER_WITH_LIMIT(PACK_MOST_BYTES);
    bool good = pack_write(making, format, &out), large = out.beyond_limit;
    size_t length;
    char *bytes = good ? buffer_take(&out, &length) : NULL;

    buffer_free(&out);
    if (!bytes) {
        reply_problem(request, large ? PROBLEM_pack_too_large : PROBLEM_internal, NULL);
        return;
    }
    request->reply.disposition = attachment_disposition(
        request->arena, pack_file_name(request->arena, making->paper->head.title, pack_format_words[format]));
    reply_bytes(request, 200, pack_media_types[format], bytes, length);
}

static void draft_and_reply(struct request *request, struct db *db, struct pack_question *question,
                            enum pack_format format)
{
    struct pack_making making = {.sources = NULL};
    bool filled = begin_snapshot(request, db) && draft(request, db, question, &making);

    db_snapshot_end(db);
    if (filled)
        reply_draft(request, &making, format);
    making_end(&making);
}

enum step_result get_minutes(struct request *request, struct db *db)
{
    struct pack_question question = {.basis = "latest"};
    enum pack_format format;

    if (!read_pack_format(request, PACK_ODT, &format))
        return STEP_DONE;
    if (!read_language(request, request_query(request, "language"), &question.language))
        return reply_bad_parameter(request, "language", "zh, en");
    if (pack_making_begins(request)) {
        draft_and_reply(request, db, &question, format);
        pack_making_ends();
    }
    return STEP_DONE;
}
