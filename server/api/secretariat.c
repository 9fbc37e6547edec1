/* secretariat.c: whose turn it is to keep the secretariat of a group's meetings. */
#include <string.h>

#include "api/common.h"
#include "api/handlers.h"
#include "api/members.h"
#include "api/recording.h"
#include "api/tabular.h"
#include "base/clock.h"
#include "base/json.h"
#include "secretariat/turns.h"

enum { LONGEST_CODE = 80, LONGEST_REASON = 2000 };

static const struct group *find_group(const struct plan *plan, const char *code)
{
    for (size_t i = 0; i < plan->group_count; i++)
        if (strcmp(plan->groups[i].code, code) == 0)
            return &plan->groups[i];
    return NULL;
}

/* ---- to read ------------------------------------------------------------------------------------------------------- */

/* The body that was named, or the plan's first that rotates. False: a problem is replied. */
static bool read_body(struct request *request, struct secretariat_question *question)
{
    const char *code = request_query(request, "body");

    question->body = code ? plan_body(question->version->plan, code) : secretariat_body(question->version->plan);
    if (question->body && question->body->rotating)
        return true;
    reply_problem(request, PROBLEM_unknown_body, code ? code : "rotating");
    return false;
}

/* False: a problem is replied. */
static bool read_year(struct request *request, struct secretariat_question *question)
{
    const struct plan *plan = question->version->plan;
    const char *year = request_query(request, "year");
    int this_year = plan_current_year(plan, question->as_of ? *question->as_of : clock_now());
    struct period period = {PERIOD_YEAR, this_year, 0};

    if (year && (!period_parse(year, &period) || period.kind != PERIOD_YEAR || period.year < plan->from ||
                 period.year > plan->to)) {
        reply_bad_parameter(request, "year", arena_format(request->arena, "%d–%d", plan->from, plan->to));
        return false;
    }
    question->assume_from = period.year < this_year ? period.year : this_year;
    question->year = period.year;
    return true;
}

/* False: a problem is replied. */
static bool read_unit(struct request *request, struct secretariat_question *question)
{
    const struct group *group;

    question->unit = request_query(request, "unit");
    if (!question->unit)
        return true;
    group = find_group(question->version->plan, question->unit);
    if (!group)
        reply_problem(request, PROBLEM_unknown_body, question->unit);
    else if (!secretariat_covers(question, group))
        reply_problem(request, PROBLEM_forbidden, NULL);
    else
        return true;
    return false;
}

static const struct tabulation_column columns[] = {
    {.code = "unit", .kind = COLUMN_CODE, .heading = {{"分組代碼", "Group code"}}},
    {.code = "unit_name", .kind = COLUMN_TEXT, .heading = {{"分組", "Group"}}},
    {.code = "year", .kind = COLUMN_CODE, .heading = {{"年度", "Year"}}},
    {.code = "office", .kind = COLUMN_CODE, .heading = {{"機關代碼", "Office code"}}},
    {.code = "name", .kind = COLUMN_TEXT, .heading = {{"秘書單位", "Secretariat"}}},
    {.code = "current", .kind = COLUMN_TRUTH, .heading = {{"有效", "Current"}}},
    {.code = "swapped_with", .kind = COLUMN_CODE, .heading = {{"對調年度", "Exchanged with"}}},
    {.code = "reason", .kind = COLUMN_TEXT, .heading = {{"事由", "Reason"}}},
    {.code = "recorded_at", .kind = COLUMN_MOMENT, .heading = {{"登錄時間", "Recorded at"}}},
};

/* The history of every group as one table. */
static void reply_history(struct request *request, const struct plan *plan, const json_t *units)
{
    static const struct name title = {{"秘書單位輪值紀錄", "Turns of the secretariat"}};
    struct tabulation *table = new_tabulation(request, plan, &title, NULL, columns, sizeof columns / sizeof *columns);
    const json_t *unit;
    size_t i, place;

    json_array_foreach(units, i, unit) {
        json_t *turn;

        json_array_foreach(json_object_get(unit, "history"), place, turn) {
            json_object_set(turn, "unit", json_object_get(unit, "unit"));
            json_object_set(turn, "unit_name", json_object_get(unit, "name"));
        }
        tabulate_list(request, table, json_object_get(unit, "history"));
    }
    reply_tabulation(request, table);
}

static bool may_record(const struct request *request)
{
    return (request->principal.role & (ROLE_GEO | ROLE_SUPERVISION)) != 0;
}

enum step_result get_secretariat(struct request *request, struct db *db)
{
    struct secretariat_question question = {.office = request->principal.role == ROLE_OFFICE ? request->principal.office
                                                                                             : NULL};
    timestamp moment;
    json_t *units = NULL;

    if (!read_as_of(request, &moment, &question.as_of))
        return STEP_DONE;
    question.version = find_plan(request, db, question.as_of);
    if (!question.version || !read_body(request, &question) || !read_year(request, &question) ||
        !read_unit(request, &question) || !settle(request, db, question.as_of))
        return STEP_DONE;
    if (begin_snapshot(request, db)) {
        enum db_status status = secretariat_units(db, &question, request->arena, &units);

        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "secretariat_failed");
        else if (request->format != FORMAT_JSON)
            reply_history(request, question.version->plan, units);
        else
            reply_json(request, 200,
                       json_pack("{ss ss si s{ss ss} sO so}", "plan", question.version->plan->code, "body",
                                 question.body->code, "year", question.year, "convener", "zh",
                                 question.body->convener.text[LANGUAGE_ZH], "en",
                                 question.body->convener.text[LANGUAGE_EN], "units", units, "may",
                                 may_record(request) ? json_pack("[ss]", "record", "swap") : json_array()));
        json_decref(units);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

/* ---- to record ----------------------------------------------------------------------------------------------------- */

/* What is asked for; texts in the request's arena. */
struct ordering {
    struct secretariat_question question;
    const struct group *group;
    const char *office, *reason;
    int years[2];
};

/* Body and group. False: a problem is replied. */
static bool read_place(struct request *request, const json_t *json, struct ordering *ordering)
{
    struct secretariat_question *question = &ordering->question;
    const char *body;

    if (!members_text(request, json, "body", LONGEST_CODE, false, &body) ||
        !members_text(request, json, "unit", LONGEST_CODE, true, &question->unit))
        return false;
    question->body = body ? plan_body(question->version->plan, body) : secretariat_body(question->version->plan);
    ordering->group = find_group(question->version->plan, question->unit);
    if (!question->body || !question->body->rotating)
        members_refuse(request, "body", bilingual(request, "秘書處輪值的會議", "a body whose secretariat rotates"));
    else if (!ordering->group)
        members_refuse(request, "unit", bilingual(request, "計畫中的組別代碼", "the code of a group of the plan"));
    else
        return true;
    return false;
}

/* A ROC year of the plan. False: a problem is replied. */
static bool take_year(struct request *request, const struct plan *plan, const char *name, const json_t *value,
                      int *ret_year)
{
    json_int_t year = json_integer_value(value);

    if (!json_is_integer(value) || year < plan->from || year > plan->to) {
        members_refuse_value(request, name, value, year_wanted(request, plan));
        return false;
    }
    *ret_year = (int)year;
    return true;
}

static const char *year_text(struct request *request, int year)
{
    return arena_format(request->arena, "%d", year);
}

/* The turns that the act recorded, or the one that was there, and what is unfair by now. */
static json_t *recorded_json(const struct ordering *ordering, const struct rotation *rotation, const char *id)
{
    json_t *turns = json_array();
    int64_t sequence = 0;

    for (size_t i = 0; i < rotation->count; i++)
        if (strcmp(rotation->turns[i].id, id) == 0)
            sequence = rotation->turns[i].sequence;
    for (size_t i = 0; turns && i < rotation->count; i++)
        if (rotation->turns[i].sequence == sequence)
            json_array_append_new(turns, turn_to_json(rotation, &rotation->turns[i]));
    return json_pack("{ss ss ss so so}", "plan", rotation->plan->code, "body", ordering->question.body->code, "unit",
                     rotation->group->code, "turns", turns, "findings", rotation_findings(rotation));
}

/* The writer is done: show the turns as they stand. */
static enum step_result answer(struct request *request, struct db *db)
{
    static const struct refusal refusals[] = {{"reason_missing", PROBLEM_turn_reason_missing, NULL},
                                              {"turns_changed", PROBLEM_turns_changed, NULL},
                                              {"no_turn", PROBLEM_no_turn, NULL},
                                              {"same_office", PROBLEM_same_turn, NULL},
                                              {"not_in_group", PROBLEM_turn_not_in_group, NULL},
                                              {NULL, PROBLEM_NONE, NULL}};
    struct act *act = request->state;
    struct ordering ordering = {.question = {.version = find_plan(request, db, NULL)}};
    struct rotation rotation;
    bool made;

    if (!act_succeeded(request, act, refusals) || !ordering.question.version)
        return STEP_DONE;
    made = act->job.outcome == JOB_RECORDED ||
           (act->job.outcome == JOB_UNCHANGED && strcmp(act->id, act->parameters[0]) == 0);
    ordering.question.body = plan_body(ordering.question.version->plan, act->parameters[2]);
    ordering.group = find_group(ordering.question.version->plan, act->parameters[3]);
    if (begin_snapshot(request, db)) {
        enum db_status status =
            ordering.question.body && ordering.group
                ? secretariat_rotation(db, &ordering.question, ordering.group, request->arena, &rotation)
                : DB_FAILED;

        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "secretariat_failed");
        else
            reply_json(request, made ? 201 : 200, recorded_json(&ordering, &rotation, act->id));
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

static bool read_turn(struct request *request, struct ordering *ordering)
{
    static const char *const known[] = {"body", "unit", "year", "office", "reason", NULL};
    json_t *json = members_read(request, known);
    bool good = json && read_place(request, json, ordering) &&
                take_year(request, ordering->question.version->plan, "year", json_object_get(json, "year"),
                          &ordering->years[0]) &&
                members_text(request, json, "office", LONGEST_CODE, true, &ordering->office) &&
                members_words(request, json, "reason", LONGEST_REASON, false, &ordering->reason);
    const struct rotation rotation = {.plan = ordering->question.version->plan, .group = ordering->group};

    json_decref(json);
    if (!good)
        return false;
    if (rotation_has(&rotation, ordering->office, ordering->years[0]))
        return true;
    reply_problem(request, PROBLEM_turn_not_in_group, ordering->office);
    return false;
}

enum step_result post_secretariat_turn(struct request *request, struct db *db)
{
    struct ordering ordering = {.question = {.version = find_plan(request, db, NULL)}};
    char id[UUID_TEXT_SIZE];
    struct act *act;

    if (!ordering.question.version || !read_turn(request, &ordering))
        return STEP_DONE;
    uuid_make(id);
    act = act_prepare(request, "secretariat_turn", &secretariat_turn_record,
                      (const char *const[SECRETARIAT_TURN_PARAMETERS - ACT_OWN_PARAMETERS]){
                          arena_text(request->arena, id), ordering.question.version->plan->code,
                          ordering.question.body->code, ordering.group->code, year_text(request, ordering.years[0]),
                          ordering.office, ordering.reason});
    if (!act)
        return STEP_DONE;
    request->state = act;
    return job_queue(request, &act->job, answer);
}

/* ---- an exchange --------------------------------------------------------------------------------------------------- */

static bool read_swap(struct request *request, struct ordering *ordering)
{
    static const char *const known[] = {"body", "unit", "years", "reason", NULL};
    const struct plan *plan = ordering->question.version->plan;
    json_t *json = members_read(request, known);
    const json_t *years = json_object_get(json, "years");
    bool good = json && read_place(request, json, ordering) &&
                members_words(request, json, "reason", LONGEST_REASON, true, &ordering->reason) &&
                take_year(request, plan, "years[0]", json_array_get(years, 0), &ordering->years[0]) &&
                take_year(request, plan, "years[1]", json_array_get(years, 1), &ordering->years[1]);

    if (good && (json_array_size(years) != 2 || ordering->years[0] == ordering->years[1])) {
        members_refuse(request, "years", bilingual(request, "兩個不同的年度 [a, b]", "two different years, [a, b]"));
        good = false;
    }
    json_decref(json);
    return good;
}

/* Who has each year before the exchange; NULL where nobody is known. False without memory. */
static bool find_holders(struct request *request, const struct rotation *rotation, const int *years,
                         const char **ret_offices)
{
    for (size_t i = 0; i < 2; i++) {
        const struct turn *turn = rotation_turn(rotation, years[i]);
        struct suggestion suggestion = {0};

        if (!turn && !rotation_suggest(rotation, years[i], request->arena, &suggestion))
            return false;
        ret_offices[i] = turn ? turn->office : suggestion.office ? suggestion.office->code : NULL;
    }
    return true;
}

/* Why two years can't be exchanged; NULL: they can. */
static const char *find_hindrance(const struct rotation *rotation, const int *years, const char *const *offices)
{
    if (!offices[0] || !offices[1] || (!rotation_turn(rotation, years[0]) && !rotation_turn(rotation, years[1])))
        return "no_turn";
    if (strcmp(offices[0], offices[1]) == 0)
        return "same_office";
    if (!rotation_has(rotation, offices[0], years[1]) || !rotation_has(rotation, offices[1], years[0]))
        return "not_in_group";
    return NULL;
}

/* NULL: a problem is replied. */
static struct act *prepare_swap(struct request *request, const struct ordering *ordering,
                                const struct rotation *rotation)
{
    char id[UUID_TEXT_SIZE], other[UUID_TEXT_SIZE];
    const char *offices[2];

    if (!find_holders(request, rotation, ordering->years, offices)) {
        reply_problem(request, PROBLEM_internal, NULL);
        return NULL;
    }
    uuid_make(id);
    uuid_make(other);
    return act_prepare(request, "secretariat_turn", &secretariat_swap_record,
                       (const char *const[SECRETARIAT_SWAP_PARAMETERS - ACT_OWN_PARAMETERS]){
                           arena_text(request->arena, id), rotation->plan->code, ordering->question.body->code,
                           rotation->group->code, year_text(request, ordering->years[0]), offices[1],
                           arena_text(request->arena, other), year_text(request, ordering->years[1]), offices[0],
                           ordering->reason, arena_format(request->arena, "%lld", (long long)rotation_newest(rotation)),
                           find_hindrance(rotation, ordering->years, offices)});
}

static int earliest(int this_year, const int *years)
{
    int first = years[0] < years[1] ? years[0] : years[1];

    return first < this_year ? first : this_year;
}

enum step_result post_secretariat_swap(struct request *request, struct db *db)
{
    struct ordering ordering = {.question = {.version = find_plan(request, db, NULL)}};
    struct rotation rotation;
    struct act *act = NULL;

    if (!ordering.question.version || !read_swap(request, &ordering))
        return STEP_DONE;
    ordering.question.assume_from =
        earliest(plan_current_year(ordering.question.version->plan, clock_now()), ordering.years);
    if (begin_snapshot(request, db)) {
        enum db_status status = secretariat_rotation(db, &ordering.question, ordering.group, request->arena, &rotation);

        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "secretariat_failed");
        else
            act = prepare_swap(request, &ordering, &rotation);
    }
    db_snapshot_end(db);
    if (!act)
        return STEP_DONE;
    request->state = act;
    return job_queue(request, &act->job, answer);
}
