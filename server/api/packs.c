/* packs.c: making a pack and freezing it. It is filled inside one snapshot, rendered on the worker after that, and recorded
 * with its bytes by one act. */
#include <stdatomic.h>
#include <string.h>

#include "api/common.h"
#include "api/handlers.h"
#include "api/members.h"
#include "api/packs.h"
#include "api/recording.h"
#include "base/json.h"
#include "pack/pack.h"

enum { LONGEST_CODE = 80 };

/* Setting pages takes a processor and memory: so many at a time, that hand-ins and reads go on. */
static atomic_int in_making;

bool pack_making_begins(struct request *request)
{
    if (atomic_fetch_add(&in_making, 1) < PACKS_AT_ONCE)
        return true;
    pack_making_ends();
    reply_problem(request, PROBLEM_overloaded, NULL);
    return false;
}

void pack_making_ends(void)
{
    atomic_fetch_sub(&in_making, 1);
}

/* ---- what is asked ------------------------------------------------------------------------------------------------ */

static bool read_year(struct request *request, const json_t *json, struct pack_question *question)
{
    const struct plan *plan = question->version->plan;
    const json_t *year = json_object_get(json, "year");

    question->year = year ? (int)json_integer_value(year) : plan_current_year(plan, question->as_of);
    if ((!year || (json_is_integer(year) && json_integer_value(year) < 1000)) && question->year >= plan->from &&
        question->year <= plan->to)
        return true;
    members_refuse(request, "year", year_wanted(request, plan));
    return false;
}

static bool read_words(struct request *request, const json_t *json, struct pack_question *question)
{
    const char *language;

    if (!members_text(request, json, "basis", LONGEST_CODE, false, &question->basis) ||
        !members_text(request, json, "language", LONGEST_CODE, false, &language) ||
        !members_text(request, json, "meeting", LONGEST_CODE, false, &question->meeting))
        return false;
    question->basis = question->basis ? question->basis : "latest";
    question->language = !language ? request->language : strcmp(language, "en") == 0 ? LANGUAGE_EN : LANGUAGE_ZH;
    if (!is_one_of(question->basis, (const char *const[]){"latest", "official", NULL}))
        members_refuse(request, "basis", "latest, official");
    else if (language && !is_one_of(language, (const char *const[]){"zh", "en", NULL}))
        members_refuse(request, "language", "zh, en");
    else if (question->meeting && !uuid_is_well_formed(question->meeting))
        reply_problem(request, PROBLEM_no_meeting, NULL);
    else
        return true;
    return false;
}

/* The body and its unit. An office makes packs of its own task group only. */
static bool read_body(struct request *request, const json_t *json, struct pack_question *question)
{
    const struct plan *plan = question->version->plan;
    const struct principal *who = &request->principal;
    const char *body;
    size_t place;

    if (!members_text(request, json, "body", LONGEST_CODE, true, &body) ||
        !members_text(request, json, "unit", LONGEST_CODE, false, &question->unit))
        return false;
    question->body = plan_body(plan, body);
    if (!question->body || !pack_sections(question->body)) {
        reply_problem(request, PROBLEM_unknown_body, body);
        return false;
    }
    if (who->role == ROLE_OFFICE && question->body->per == BODY_PER_OFFICE && !question->unit)
        question->unit = who->office;
    if (who->role == ROLE_OFFICE &&
        (question->body->per != BODY_PER_OFFICE || strcmp(question->unit, who->office) != 0)) {
        reply_problem(request, PROBLEM_forbidden, NULL);
        return false;
    }
    if (!body_unit_find(plan, question->body, question->unit, question->year, &place) ||
        !body_unit_at(plan, question->body, place, question->year, &question->unit, &question->unit_name)) {
        reply_problem(request, PROBLEM_unknown_body,
                      question->unit                     ? question->unit
                      : request->language == LANGUAGE_ZH ? "請指定組別或機關（unit）"
                                                         : "name its group or office (unit)");
        return false;
    }
    return true;
}

static bool check_meeting(struct request *request, struct db *db, const struct pack_question *question)
{
    bool fits = true;
    enum db_status status = question->meeting ? pack_meeting_fits(db, question, &fits) : DB_OK;

    if (status != DB_OK)
        reply_db_failure(request, db, (int)status, "pack_failed");
    else if (!fits)
        reply_problem(request, PROBLEM_no_meeting, NULL);
    return status == DB_OK && fits;
}

/* What POST /v1/plans/{plan}/packs asks for. */
static bool read_question(struct request *request, struct db *db, struct pack_question *question)
{
    static const char *const known[] = {"body", "unit", "year", "meeting", "basis", "language", NULL};
    json_t *json;
    bool good;

    question->version = find_plan(request, db, &question->as_of);
    json = question->version ? members_read(request, known) : NULL;
    good = json && read_year(request, json, question) && read_words(request, json, question) &&
           read_body(request, json, question) && check_meeting(request, db, question);
    json_decref(json);
    return good;
}

/* ---- making ------------------------------------------------------------------------------------------------------- */

/* A pack on its way: in the request's arena. */
struct order {
    struct pack_question question;
    struct pack_making making;
    struct digest model;
    bool unchanged;
    struct act *act;
};

/* Fills the paper inside the snapshot. False: a problem is replied. */
static bool fill(struct request *request, struct db *db, pack_read_fn *read, struct order *order)
{
    struct pack_question *question = &order->question;
    enum db_status status = pack_moment(db, &question->as_of, &question->log_sequence);

    question->sample = request->service->sample;
    if (status == DB_OK && !read(request, db, question))
        return false;
    if (status == DB_OK)
        status = making_run(db, question, request->arena, &order->making);
    if (status == DB_OK && !making_digest(&order->making, &order->model))
        status = DB_FAILED;
    if (status == DB_OK)
        status = pack_is_unchanged(db, question, &order->model, &order->unchanged);
    if (status != DB_OK)
        reply_db_failure(request, db, (int)status, "pack_failed");
    return status == DB_OK;
}

/* The writer is done: show the pack as it is frozen. */
static enum step_result answer(struct request *request, struct db *db)
{
    static const struct refusal refusals[] = {{"overtaken", PROBLEM_pack_overtaken, NULL}, {NULL, PROBLEM_NONE, NULL}};
    struct order *order = request->state;
    struct act *act = order->act;
    bool own = strcmp(act->id, act->parameters[0]) == 0;

    if (act_succeeded(request, act, refusals)) {
        json_t *pack = find_pack(request, db, act->id);

        if (pack) {
            json_object_set_new(pack, "unchanged", json_boolean(act->job.outcome == JOB_UNCHANGED && !own));
            reply_json(request, own && act->job.outcome != JOB_REPLAY ? 201 : 200, pack);
        }
    }
    pack_making_ends();
    return STEP_DONE;
}

/* Renders what is new and prepares the act that keeps all of it. False: a problem is replied. */
static bool prepare_act(struct request *request, struct order *order)
{
    const char *parameters[PACK_PARAMETERS] = {NULL};
    struct pack_files files;
    char id[UUID_TEXT_SIZE];
    bool good;

    uuid_make(id);
    if (!order->unchanged && !pack_render(&order->making, &files)) {
        reply_problem(request, files.too_large ? PROBLEM_pack_too_large : PROBLEM_internal, NULL);
        return false;
    }
    good = pack_parameters(&order->making, &order->model, id, order->unchanged ? NULL : &files, request->arena,
                           parameters);
    if (!order->unchanged)
        pack_files_free(&files);
    if (!good) {
        reply_problem(request, PROBLEM_internal, NULL);
        return false;
    }
    order->act = act_prepare(request, "pack", &pack_record, parameters);
    request->state = order;
    return order->act != NULL;
}

enum step_result pack_order(struct request *request, struct db *db, pack_read_fn *read)
{
    struct order *order = arena_alloc(request->arena, sizeof *order);
    enum step_result result = STEP_DONE;
    bool prepared;

    if (!order)
        return reply_problem(request, PROBLEM_internal, NULL);
    if (!pack_making_begins(request))
        return STEP_DONE;
    prepared = begin_snapshot(request, db) && fill(request, db, read, order);
    db_snapshot_end(db);
    prepared = prepared && prepare_act(request, order);
    making_end(&order->making); /* before the writer has it: then the order is no longer this thread's */
    if (prepared)
        result = job_queue(request, &order->act->job, answer);
    if (result == STEP_DONE)
        pack_making_ends();
    return result;
}

enum step_result post_pack(struct request *request, struct db *db)
{
    return pack_order(request, db, read_question);
}
