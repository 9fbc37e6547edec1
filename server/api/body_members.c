/* body_members.c: recording who sits on a body, and until when. */
#include <sodium.h>
#include <string.h>

#include "api/common.h"
#include "api/handlers.h"
#include "api/members.h"
#include "api/recording.h"
#include "body/members.h"
#include "body/watch.h"

enum { LONGEST_NAME = 150, LONGEST_POST = 200, LONGEST_CODE = 80, SALT_SIZE = 16 };

/* The writer is done: show the member as it stands. */
static enum step_result answer(struct request *request, struct db *db)
{
    static const struct refusal refusals[] = {{"not_found", PROBLEM_not_found, NULL},
                                              {"before_beginning", PROBLEM_member_not_begun, NULL},
                                              {"not_ended", PROBLEM_member_not_ended, NULL},
                                              {NULL, PROBLEM_NONE, NULL}};
    struct act *act = request->state;
    struct body_member_filter filter = {.id = act->id};
    struct body_member *members = NULL;
    size_t count = 0;
    bool made;

    if (!act_succeeded(request, act, refusals))
        return STEP_DONE;
    made = act->job.outcome == JOB_RECORDED ||
           (act->job.outcome == JOB_UNCHANGED && strcmp(act->id, act->parameters[0]) == 0);
    if (begin_snapshot(request, db)) {
        enum db_status status = body_members_list(db, &filter, request->arena, &members, &count);

        if (status != DB_OK || count != 1)
            reply_db_failure(request, db, (int)(status == DB_OK ? DB_FAILED : status), "body_member_failed");
        else
            reply_json(request, made ? 201 : 200, body_member_to_json(&members[0]));
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

/* What is asked for; texts in the request's arena. */
struct seating {
    const char *unit, *name, *sex, *seat, *role, *post, *from;
    bool served;
};

static bool check_word(struct request *request, const char *name, const char *word, const char *const *words,
                       const char *expected)
{
    if (is_one_of(word, words))
        return true;
    members_refuse(request, name, expected);
    return false;
}

/* A day in any habit, as the contract writes it. False: a problem is replied. */
static bool read_day(struct request *request, const json_t *json, const char *name, bool required, const char **ret_day)
{
    const char *text;
    char iso[DATE_TEXT_SIZE];
    struct date date;

    *ret_day = NULL;
    if (!members_text(request, json, name, LONGEST_CODE, required, &text))
        return false;
    if (!text)
        return true;
    if (!date_parse_habit(text, &date)) {
        members_refuse(request, name, "YYYY-MM-DD");
        return false;
    }
    date_format_iso(date, iso);
    *ret_day = arena_text(request->arena, iso);
    return *ret_day != NULL;
}

static bool read_served(struct request *request, const json_t *json, struct seating *seating)
{
    const json_t *served = json_object_get(json, "served_on_council");

    seating->served = json_is_true(served);
    if (served && !json_is_boolean(served))
        members_refuse(request, "served_on_council", "true, false");
    else if (seating->served && strcmp(seating->seat, "external") != 0)
        members_refuse(request, "served_on_council",
                       bilingual(request, "席次（seat）為 external 才能是 true", "true only with the seat external"));
    else
        return true;
    return false;
}

/* False: a problem is replied. */
static bool read_seating(struct request *request, const json_t *json, struct seating *seating)
{
    static const char *const sexes[] = {"m", "f", NULL}, *const seats[] = {"external", "internal", NULL},
                             *const roles[] = {"convener", "deputy", "member", "executive_secretary", NULL};

    return members_text(request, json, "unit", LONGEST_CODE, false, &seating->unit) &&
           members_text(request, json, "name", LONGEST_NAME, true, &seating->name) &&
           members_text(request, json, "sex", LONGEST_CODE, true, &seating->sex) &&
           members_text(request, json, "seat", LONGEST_CODE, true, &seating->seat) &&
           members_text(request, json, "role", LONGEST_CODE, true, &seating->role) &&
           members_text(request, json, "post", LONGEST_POST, false, &seating->post) &&
           check_word(request, "sex", seating->sex, sexes, "m, f") &&
           check_word(request, "seat", seating->seat, seats, "external, internal") &&
           check_word(request, "role", seating->role, roles, "convener, deputy, member, executive_secretary") &&
           read_served(request, json, seating) && read_day(request, json, "from", true, &seating->from);
}

/* The body of the address, whose members are recorded one by one, and its unit. NULL: a problem is replied. */
static const struct body *find_body(struct request *request, const struct plan *plan, const struct seating *seating)
{
    const struct body *body = plan_body(plan, request->path_parameters[1]);
    struct date from = {0};
    size_t place;

    if (!body) {
        reply_problem(request, PROBLEM_unknown_body, request->path_parameters[1]);
        return NULL;
    }
    if (body->roster) {
        reply_problem(request, PROBLEM_roster_body, NULL);
        return NULL;
    }
    date_parse_iso(seating->from, &from);
    if (!body_unit_find(plan, body, seating->unit, watch_year(plan, from), &place)) {
        members_refuse(request, "unit", unit_wanted(request, body));
        return NULL;
    }
    return body;
}

enum step_result post_body_member(struct request *request, struct db *db)
{
    static const char *const known[] = {"unit", "name", "sex", "seat", "role", "post", "from", "served_on_council",
                                        NULL};
    const struct plan_version *version = find_plan(request, db, NULL);
    json_t *json = version ? members_read(request, known) : NULL;
    struct seating seating = {0};
    bool good = json && read_seating(request, json, &seating);
    const struct body *body;
    unsigned char salt[SALT_SIZE];
    char id[UUID_TEXT_SIZE], salt_text[BYTEA_TEXT_SIZE];
    struct act *act;

    json_decref(json);
    if (!good || !(body = find_body(request, version->plan, &seating)))
        return STEP_DONE;
    uuid_make(id);
    randombytes_buf(salt, sizeof salt);
    bytea_format(salt, sizeof salt, salt_text);
    act = act_prepare(request, "body_member", &body_member_record,
                      (const char *const[BODY_MEMBER_PARAMETERS - ACT_OWN_PARAMETERS]){
                          arena_text(request->arena, id), version->plan->code, body->code, seating.unit, seating.name,
                          arena_text(request->arena, salt_text), seating.sex, seating.seat, seating.role, seating.post,
                          seating.served ? "t" : "f", seating.from});
    if (!act)
        return STEP_DONE;
    request->state = act;
    return job_queue(request, &act->job, answer);
}

enum step_result post_body_member_end(struct request *request, struct db *db)
{
    static const char *const known[] = {"ended_on", NULL};
    json_t *json;
    const char *ended_on = NULL;
    char id[UUID_TEXT_SIZE];
    bool good, said;
    struct act *act;

    (void)db;
    if (!uuid_is_well_formed(request->path_parameters[0]))
        return reply_problem(request, PROBLEM_not_found, NULL);
    json = members_read(request, known);
    if (!json)
        return STEP_DONE;
    said = json_object_get(json, "ended_on") != NULL;
    good = read_day(request, json, "ended_on", false, &ended_on);
    json_decref(json);
    if (!good)
        return STEP_DONE;
    if (!said)
        return members_refuse(request, "ended_on", "YYYY-MM-DD, null");
    uuid_make(id);
    act = act_prepare(request, "body_member_end", &body_member_end_record,
                      (const char *const[BODY_MEMBER_END_PARAMETERS - ACT_OWN_PARAMETERS]){
                          arena_text(request->arena, id), request->path_parameters[0], ended_on});
    if (!act)
        return STEP_DONE;
    request->state = act;
    return job_queue(request, &act->job, answer);
}
