/* calendars.c: due dates as a calendar, with a token or by a feed's secret; making, listing and taking back feeds. */
#include <stdio.h>
#include <string.h>

#include "api/common.h"
#include "api/handlers.h"
#include "api/members.h"
#include "api/obligations_question.h"
#include "api/recording.h"
#include "base/clock.h"
#include "base/json.h"
#include "decision/calendar.h"
#include "decision/decision.h"
#include "meeting/events.h"
#include "meeting/meeting.h"
#include "obligations/calendar_text.h"
#include "obligations/feeds.h"
#include "revisions/revisions.h"

enum { CALENDAR_LIMIT = 64 * 1024 * 1024, SECRET_LENGTH = 43 };

/* A calendar program sends no language: the address may. False: a problem is replied. */
static bool read_lang(struct request *request)
{
    const char *lang = request_query(request, "lang");

    if (lang && strcmp(lang, "en") == 0)
        request->language = LANGUAGE_EN;
    else if (lang && (strcmp(lang, "zh") == 0 || strcmp(lang, "zh-TW") == 0))
        request->language = LANGUAGE_ZH;
    else if (lang)
        reply_bad_parameter(request, "lang", "zh, en");
    return !lang || request->reply.status == 0;
}

/* The days of open decisions, as they were at the moment that is asked. */
static enum db_status write_decisions(struct request *request, struct db *db, const struct obligations_question *asked,
                                      struct buffer *out)
{
    const struct decisions_question question = {.plan = asked->version->plan,
                                                .office = asked->office,
                                                .state = "open",
                                                .as_of = asked->as_of,
                                                .now = asked->now};
    json_t *list = NULL;
    enum db_status status = asked->form ? DB_OK : decisions_list(db, &question, &list);

    buffer_append_text(out, "");
    if (status == DB_OK && !decision_events_write(list, asked->office, request->language, out))
        status = DB_FAILED;
    json_decref(list);
    return status;
}

/* What a calendar is to hold. */
struct calendar_question {
    struct obligations_question obligations;
    const struct body *body; /* its meetings; NULL: of all */
    const char *unit;
    bool meetings_only;
};

/* The meetings of the same years, as they stood at the moment that is asked. */
static enum db_status write_meetings(struct request *request, struct db *db, const struct calendar_question *asked,
                                     struct buffer *out)
{
    const struct obligations_question *obligations = &asked->obligations;
    const struct meeting_events_question question = {.plan = obligations->version->plan,
                                                     .from_year = obligations->from_year,
                                                     .to_year = obligations->to_year,
                                                     .body = asked->body,
                                                     .unit = asked->unit,
                                                     .office = obligations->office,
                                                     .as_of = obligations->as_of};

    buffer_append_text(out, "");
    return obligations->form
               ? DB_OK
               : meeting_events_write(db, &question, request->arena, request->language, request->service->sample, out);
}

/* Due dates, decisions and meetings; or the meetings alone. */
static enum db_status write_calendar(struct request *request, struct db *db, const struct calendar_question *asked,
                                     struct buffer *out)
{
    static const struct name meetings = {{"會議行事曆", "meetings"}};
    const struct obligations_question *question = &asked->obligations;
    struct buffer more = BUFFER_WITH_LIMIT(CALENDAR_LIMIT);
    struct obligation *obligations = NULL;
    size_t count = 0;
    bool good = true;
    enum db_status status =
        asked->meetings_only ? DB_OK : obligations_list(db, question, request->arena, &obligations, &count);

    if (status == DB_OK && !asked->meetings_only)
        status = write_decisions(request, db, question, &more);
    if (status == DB_OK)
        status = write_meetings(request, db, asked, &more);
    if (status == DB_OK && asked->meetings_only)
        good = calendar_text_write_others(question, &meetings, request->language, more.data, out);
    else if (status == DB_OK)
        good = calendar_text_write(question, obligations, count, request->arena, request->language,
                                   request->service->sample, more.data, out);
    buffer_free(&more);
    return good ? status : DB_FAILED;
}

static enum step_result reply_calendar(struct request *request, struct db *db, const struct calendar_question *question)
{
    struct buffer out = BUFFER_WITH_LIMIT(CALENDAR_LIMIT);
    size_t length;

    if (begin_snapshot(request, db)) {
        enum db_status status = write_calendar(request, db, question, &out);

        if (status != DB_OK) {
            reply_db_failure(request, db, (int)status, "calendar_failed");
        } else {
            char *text = buffer_take(&out, &length);

            reply_bytes(request, 200, "text/calendar; charset=utf-8", text, length);
        }
    }
    db_snapshot_end(db);
    buffer_free(&out);
    return STEP_DONE;
}

/* Which meetings: a body or a unit, which leave nothing else, or `only`. False: a problem is replied. */
static bool read_meetings_asked(struct request *request, struct calendar_question *question)
{
    const struct plan *plan = question->obligations.version->plan;
    const char *only = request_query(request, "only"), *body = request_query(request, "body");

    question->unit = request_query(request, "unit");
    question->meetings_only = only || body || question->unit;
    if (only && strcmp(only, "meetings") != 0)
        reply_bad_parameter(request, "only", "meetings");
    else if (question->meetings_only && question->obligations.form)
        reply_bad_parameter(request, "form",
                            bilingual(request, "不與會議並問", "left out where meetings are asked for"));
    else if (body && !(question->body = plan_body(plan, body)) && !(question->body = meeting_body(plan, body)))
        reply_unknown_value(request, "body", body);
    else
        return knows_unit(request, question->body ? question->body->code : NULL, question->unit);
    return false;
}

enum step_result get_plan_calendar(struct request *request, struct db *db)
{
    struct calendar_question question = {0};
    struct asked_obligations asked;

    if (!read_lang(request) || !read_obligations_question(request, db, true, &asked))
        return STEP_DONE;
    question.obligations = asked.question;
    if (!read_meetings_asked(request, &question))
        return STEP_DONE;
    if (request->principal.role == ROLE_OFFICE)
        question.obligations.office = request->principal.office;
    return reply_calendar(request, db, &question);
}

/* Whoever bears the secret reads as the office does, or the city's side. */
static void act_for(struct request *request, const struct feed *feed)
{
    struct principal *principal = &request->principal;

    *principal = (struct principal){.role = feed->office ? ROLE_OFFICE : ROLE_AUDITOR};
    snprintf(principal->jurisdiction, sizeof principal->jurisdiction, "%s", feed->jurisdiction);
    if (feed->office)
        snprintf(principal->office, sizeof principal->office, "%s", feed->office);
}

enum step_result get_feed_calendar(struct request *request, struct db *db)
{
    const char *name = request->path_parameters[0];
    size_t length = strlen(name);
    struct calendar_question asked = {.obligations = {.now = clock_now()}};
    struct obligations_question *question = &asked.obligations;
    struct feed feed;
    bool found = false;

    if (!read_lang(request))
        return STEP_DONE;
    if (length != SECRET_LENGTH + 4 || strcmp(name + SECRET_LENGTH, ".ics") != 0)
        return reply_problem(request, PROBLEM_not_found, NULL);

    enum db_status status =
        feed_find(db, arena_copy(request->arena, name, SECRET_LENGTH), request->arena, &found, &feed);

    if (status != DB_OK)
        return reply_db_failure(request, db, (int)status, "feed_failed");
    if (!found)
        return reply_problem(request, PROBLEM_not_found, NULL);
    act_for(request, &feed);
    question->version = shelf_find(request->service->shelf, feed.jurisdiction, feed.plan, NULL);
    if (!question->version)
        return reply_problem(request, PROBLEM_not_found, NULL);
    question->from_year = question->version->plan->from;
    question->to_year = question->version->plan->to;
    question->office = feed.office;
    return reply_calendar(request, db, &asked);
}

/* ---- feeds ------------------------------------------------------------------------------------------------------ */

struct making {
    struct act *act;
    const char *url; /* NULL for one that is taken back */
};

/* Shows the feed as it stands; a new one with its address, which is said only now. */
static enum step_result answer(struct request *request, struct db *db)
{
    static const struct refusal refusals[] = {
        {"not_found", PROBLEM_not_found, NULL}, {"forbidden", PROBLEM_forbidden, NULL}, {NULL, PROBLEM_NONE, NULL}};
    struct making *making = request->state;
    struct act *act = making->act;
    json_t *list = NULL;

    if (!act_succeeded(request, act, refusals))
        return STEP_DONE;
    if (begin_snapshot(request, db)) {
        enum db_status status = feeds_list(db, NULL, act->id, &list);
        json_t *feed = json_array_get(list, 0);
        bool made = making->url && act->job.outcome != JOB_REPLAY;

        if (status == DB_OK && feed && made)
            json_object_set_new(feed, "url", json_string(making->url));
        if (status != DB_OK || !feed)
            reply_db_failure(request, db, (int)status, "feed_failed");
        else
            reply_json(request, made ? 201 : 200, json_incref(feed));
        json_decref(list);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

static enum step_result queue(struct request *request, struct act *act, const char *url)
{
    struct making *making = arena_alloc(request->arena, sizeof *making);

    if (!making)
        return reply_problem(request, PROBLEM_internal, NULL);
    making->act = act;
    making->url = url;
    request->state = making;
    return job_queue(request, &act->job, answer);
}

/* {"office": code or null}; an office may name itself only, and leave itself out. False: a problem is replied. */
static bool read_office(struct request *request, const struct plan *plan, const char **ret_office)
{
    json_t *json = read_json_body(request), *office = json_object_get(json, "office");
    size_t known = office ? 1 : 0;
    bool good =
        json_is_object(json) && json_object_size(json) == known &&
        (!office || json_is_null(office) || (json_is_string(office) && plan_office(plan, json_string_value(office))));

    if (!json)
        return false;
    *ret_office = json_is_string(office) ? arena_text(request->arena, json_string_value(office)) : NULL;
    json_decref(json);
    if (!good) {
        members_refuse(request, "office",
                       bilingual(request, "計畫中的機關代碼，或不填", "the code of an office of the plan, or none"));
        return false;
    }
    if (request->principal.role != ROLE_OFFICE)
        return true;
    if (*ret_office && strcmp(*ret_office, request->principal.office) != 0) {
        reply_problem(request, PROBLEM_forbidden, NULL);
        return false;
    }
    *ret_office = request->principal.office;
    return true;
}

enum step_result post_feed(struct request *request, struct db *db)
{
    const struct plan_version *version = find_plan(request, db, NULL);
    const char *office = NULL;
    char id[UUID_TEXT_SIZE], secret[44], hash[BYTEA_TEXT_SIZE];
    struct digest digest;

    if (!version || !read_office(request, version->plan, &office))
        return STEP_DONE;
    uuid_make(id);
    token_make(secret, &digest);
    bytea_format(digest.bytes, DIGEST_SIZE, hash);

    struct act *act =
        act_prepare(request, "calendar_feed", &feed_make,
                    (const char *const[FEED_MAKE_PARAMETERS - ACT_OWN_PARAMETERS]){
                        arena_text(request->arena, id), version->plan->code, office, arena_text(request->arena, hash)});

    return act ? queue(request, act, arena_format(request->arena, "/v1/calendars/%s.ics", secret)) : STEP_DONE;
}

enum step_result list_feeds(struct request *request, struct db *db)
{
    const struct plan_version *version = find_plan(request, db, NULL);
    json_t *list = NULL;

    if (!version)
        return STEP_DONE;
    if (begin_snapshot(request, db)) {
        enum db_status status = feeds_list(db, version->plan->code, NULL, &list);

        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "feeds_failed");
        else
            reply_json(request, 200, json_pack("{ss so}", "plan", version->plan->code, "feeds", list));
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

enum step_result delete_feed(struct request *request, struct db *db)
{
    const char *id = request->path_parameters[0];
    struct act *act;

    (void)db;
    if (!uuid_is_well_formed(id))
        return reply_problem(request, PROBLEM_not_found, NULL);
    act = act_prepare(request, "calendar_feed_revocation", &feed_revoke, (const char *const[]){id});
    return act ? queue(request, act, NULL) : STEP_DONE;
}
