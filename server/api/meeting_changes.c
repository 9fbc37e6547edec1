/* meeting_changes.c: what becomes of a meeting: its steps, agenda, attendance and resolutions. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "api/common.h"
#include "api/handlers.h"
#include "api/meeting_acts.h"
#include "api/meeting_tag.h"
#include "api/members.h"
#include "base/json.h"

enum {
    MOST_ITEMS = 200,
    MOST_ROWS = 500,
    LONGEST_TITLE = 500,
    LONGEST_PROPOSER = 100,
    LONGEST_TEXT = 20000,
    LONGEST_NAME = 100,
    LONGEST_POST = 200,
    SALT_SIZE = 16
};

/* ---- steps ------------------------------------------------------------------------------------------------------- */

/* False: a problem is replied. */
static bool read_step(struct request *request, struct step_members *step)
{
    static const char *const known[] = {"state", "day", "begins", "ends", "place", "document_number", "reason", NULL},
                             *const states[] = {"planned", "called", "held", "on_record", "cancelled", NULL};
    json_t *json = members_read(request, known);
    bool good = json && members_text(request, json, "state", LONGEST_CODE, true, &step->state);

    if (good && !is_one_of(step->state, states)) {
        members_refuse(request, "state", "planned, called, held, on_record, cancelled");
        good = false;
    }
    good = good && meeting_read_step(request, json, step);
    json_decref(json);
    return good;
}

enum step_result post_meeting_step(struct request *request, struct db *db)
{
    json_t *meeting;
    const struct plan_version *version = meeting_find(request, db, false, &meeting);
    const struct body *body = version ? meeting_body(version->plan, json_text_member(meeting, "body")) : NULL;
    struct step_members step = {0};
    const char *id, *today, *seen;
    struct act *act;

    json_decref(meeting);
    if (!version || !meeting_tag_read(request, MEETING_PART_STEPS, &seen) || !read_step(request, &step))
        return STEP_DONE;
    if (body && meeting_is_by_record(body) && strcmp(step.state, "held") == 0)
        return reply_problem(request, PROBLEM_meeting_by_record, NULL);
    id = meeting_new_id(request);
    today = meeting_today(request, version->plan);
    if (!id || !today)
        return STEP_DONE;
    act = act_prepare(request, "meeting_step", &meeting_step_record,
                      (const char *const[MEETING_STEP_PARAMETERS - ACT_OWN_PARAMETERS]){
                          id, request->path_parameters[0], step.state, step.day, step.begins, step.ends, step.place,
                          step.document_number, step.reason, today, seen});
    if (!act)
        return STEP_DONE;
    request->state = act;
    return job_queue(request, &act->job, meeting_answer);
}

/* ---- lists, each written as a whole ------------------------------------------------------------------------------ */

typedef bool read_row_fn(struct request *request, struct list_place place, const json_t *row, json_t *ret_row);

/* The rows of the list `name`, each read by `read_row`, as JSON text in the arena. NULL: a problem is replied. */
static const char *read_list(struct request *request, const json_t *json, const char *name, size_t most,
                             read_row_fn *read_row)
{
    const json_t *list = json_object_get(json, name), *row;
    json_t *rows = json_array();
    bool good = rows != NULL;
    const char *text = NULL;
    char *dumped;
    size_t i;

    if (!json_is_array(list) || json_array_size(list) < 1 || json_array_size(list) > most) {
        members_refuse(
            request, name,
            arena_format(request->arena, bilingual(request, "1–%zu 列的清單", "a list of 1–%zu rows"), most));
        json_decref(rows);
        return NULL;
    }
    json_array_foreach(list, i, row) {
        json_t *read = json_object();

        good = good && read && read_row(request, (struct list_place){name, i}, row, read);
        json_array_append_new(rows, read);
    }
    dumped = good ? json_dumps(rows, JSON_COMPACT) : NULL;
    text = dumped ? arena_text(request->arena, dumped) : NULL;
    free(dumped);
    json_decref(rows);
    if (good && !text)
        reply_problem(request, PROBLEM_internal, NULL);
    return text;
}

/* An id that is left out or null, or well formed. False: a problem is replied. */
static bool read_id(struct request *request, struct list_place place, const json_t *row, const char *name,
                    json_t *ret_row)
{
    const char *id = json_text_member(row, name);
    const json_t *value = json_object_get(row, name);

    if (value && !json_is_null(value) && (!id || !uuid_is_well_formed(id))) {
        members_refuse_row(request, place, name, "UUID");
        return false;
    }
    return json_object_set_new(ret_row, name, id ? json_string(id) : json_null()) == 0;
}

static bool set_new_id(json_t *row, const char *name)
{
    char id[UUID_TEXT_SIZE];

    uuid_make(id);
    return json_object_set_new(row, name, json_string(id)) == 0;
}

/* A word among some; left out: `usual`, or null. False: a problem is replied. */
static bool read_word(struct request *request, struct list_place place, const json_t *row, const char *name,
                      const char *const *words, const char *usual, json_t *ret_row)
{
    const json_t *value = json_object_get(row, name);
    const char *word = json_is_string(value) ? json_string_value(value) : NULL;
    const char *expected = words[0];

    if (!value || json_is_null(value))
        return json_object_set_new(ret_row, name, usual ? json_string(usual) : json_null()) == 0;
    if (word && is_one_of(word, words))
        return json_object_set_new(ret_row, name, json_string(word)) == 0;
    for (size_t i = 1; words[i]; i++)
        expected = arena_format(request->arena, "%s, %s", expected, words[i]);
    members_refuse_row(request, place, name, expected);
    return false;
}

/* ---- the agenda -------------------------------------------------------------------------------------------------- */

/* What stands in an answer and isn't written may be sent back. */
static bool read_item(struct request *request, struct list_place place, const json_t *row, json_t *ret_row)
{
    static const char *const known[] = {"item",     "place",       "kind",     "title",      "proposer",
                                        "referral", "explanation", "proposal", "resolution", NULL};
    enum item_kind kind;
    const char *word = json_text_member(row, "kind");

    if (!members_row_known(request, place, row, known) || !read_id(request, place, row, "item", ret_row))
        return false;
    if (json_is_null(json_object_get(ret_row, "item")) && !set_new_id(ret_row, "item"))
        return false;
    if (!word || !item_kind_parse(word, &kind)) {
        members_refuse_row(request, place, "kind", "opening, minutes, tracking, report, discussion, motion, closing");
        return false;
    }
    return json_object_set_new(ret_row, "kind", json_string(word)) == 0 &&
           members_row_text(request, place, row, "title", LONGEST_TITLE, true, ret_row) &&
           members_row_text(request, place, row, "proposer", LONGEST_PROPOSER, false, ret_row) &&
           members_row_text(request, place, row, "explanation", LONGEST_TEXT, false, ret_row) &&
           members_row_text(request, place, row, "proposal", LONGEST_TEXT, false, ret_row) &&
           read_id(request, place, row, "referral", ret_row);
}

/* The items that the rows of a list name, as an array literal; none twice. NULL: a problem is replied. */
static const char *read_known(struct request *request, const json_t *json, const char *name)
{
    const json_t *list = json_object_get(json, name), *row;
    const char *known = "{";
    size_t i;

    json_array_foreach(list, i, row) {
        const char *item = json_text_member(row, "item");

        if (!item)
            continue;
        if (strstr(known, item)) {
            members_refuse_row(request, (struct list_place){name, i}, "item",
                               bilingual(request, "每個案由一次", "each item once"));
            return NULL;
        }
        known = arena_format(request->arena, "%s%s%s", known, known[1] ? "," : "", item);
    }
    return arena_format(request->arena, "%s}", known);
}

enum step_result put_meeting_agenda(struct request *request, struct db *db)
{
    static const char *const names[] = {"items", "reason", NULL};
    json_t *meeting, *json;
    const struct plan_version *version = meeting_find(request, db, false, &meeting);
    const char *seen, *items = NULL, *known = NULL, *reason;
    struct act *act;

    json_decref(meeting);
    if (!version || !meeting_tag_read(request, MEETING_PART_AGENDA, &seen) || !(json = members_read(request, names)))
        return STEP_DONE;
    if (meeting_read_reason(request, json, &reason) &&
        (items = read_list(request, json, "items", MOST_ITEMS, read_item)))
        known = read_known(request, json, "items");
    json_decref(json);
    if (!items || !known)
        return STEP_DONE;
    act = act_prepare(request, "meeting_agenda", &meeting_agenda_record,
                      (const char *const[MEETING_AGENDA_PARAMETERS - ACT_OWN_PARAMETERS]){request->path_parameters[0],
                                                                                          seen, items, known, reason});
    if (!act)
        return STEP_DONE;
    request->state = act;
    return job_queue(request, &act->job, meeting_answer);
}

/* ---- who was there ----------------------------------------------------------------------------------------------- */

static bool read_truth(struct request *request, struct list_place place, const json_t *row, const char *name,
                       json_t *ret_row)
{
    const json_t *value = json_object_get(row, name);

    if (value && !json_is_null(value) && !json_is_boolean(value)) {
        members_refuse_row(request, place, name, "true, false");
        return false;
    }
    return json_object_set_new(ret_row, name, json_boolean(json_is_true(value))) == 0;
}

static bool set_salt(json_t *row)
{
    unsigned char salt[SALT_SIZE];
    char hex[2 * SALT_SIZE + 1];

    randombytes_buf(salt, sizeof salt);
    sodium_bin2hex(hex, sizeof hex, salt, sizeof salt);
    return json_object_set_new(row, "salt", json_string(hex)) == 0;
}

static bool read_attendance(struct request *request, struct list_place place, const json_t *row, json_t *ret_row)
{
    static const char *const known[] = {"part", "duty",       "office", "member", "seat",    "served",
                                        "post", "authorised", "sex",    "name",   "counted", NULL},
                             *const parts[] = {"present", "sitting_in", "excused", "absent", NULL},
                             *const duties[] = {"chair", "recorder", NULL},
                             *const seats[] = {"internal", "external", NULL}, *const sexes[] = {"m", "f", NULL};

    return members_row_known(request, place, row, known) && set_new_id(ret_row, "attendance") && set_salt(ret_row) &&
           read_word(request, place, row, "part", parts, "present", ret_row) &&
           read_word(request, place, row, "duty", duties, NULL, ret_row) &&
           members_row_text(request, place, row, "office", LONGEST_CODE, false, ret_row) &&
           read_id(request, place, row, "member", ret_row) &&
           read_word(request, place, row, "seat", seats, "internal", ret_row) &&
           read_truth(request, place, row, "served", ret_row) &&
           members_row_text(request, place, row, "post", LONGEST_POST, false, ret_row) &&
           read_truth(request, place, row, "authorised", ret_row) &&
           read_word(request, place, row, "sex", sexes, NULL, ret_row) &&
           members_row_text(request, place, row, "name", LONGEST_NAME, false, ret_row);
}

/* Offices are those of the plan; one is in the chair. False: a problem is replied. */
static bool check_sheet(struct request *request, const struct plan *plan, const json_t *json)
{
    const json_t *list = json_object_get(json, "rows"), *row;
    int chairs = 0;
    size_t i;

    json_array_foreach(list, i, row) {
        const char *office = json_text_member(row, "office"), *duty = json_text_member(row, "duty");
        struct list_place place = {"rows", i};

        if (office && !plan_office(plan, office)) {
            members_refuse_row(request, place, "office",
                               bilingual(request, "計畫中的機關代碼", "the code of an office of the plan"));
            return false;
        }
        chairs += duty && strcmp(duty, "chair") == 0;
        if (chairs > 1) {
            members_refuse_row(request, place, "duty", bilingual(request, "主席（chair）只有一人", "one chair only"));
            return false;
        }
    }
    return true;
}

enum step_result put_meeting_attendance(struct request *request, struct db *db)
{
    static const char *const names[] = {"rows", "reason", NULL};
    json_t *meeting, *json;
    const struct plan_version *version = meeting_find(request, db, true, &meeting);
    const char *seen, *rows = NULL, *reason;
    struct act *act;

    json_decref(meeting);
    if (!version || !meeting_tag_read(request, MEETING_PART_SHEET, &seen) || !(json = members_read(request, names)))
        return STEP_DONE;
    if (meeting_read_reason(request, json, &reason))
        rows = read_list(request, json, "rows", MOST_ROWS, read_attendance);
    if (rows && !check_sheet(request, version->plan, json))
        rows = NULL;
    json_decref(json);
    if (!rows)
        return STEP_DONE;
    act = act_prepare(request, "meeting_sheet", &meeting_sheet_record,
                      (const char *const[MEETING_SHEET_PARAMETERS - ACT_OWN_PARAMETERS]){request->path_parameters[0],
                                                                                         seen, rows, reason});
    if (!act)
        return STEP_DONE;
    request->state = act;
    return job_queue(request, &act->job, meeting_answer);
}

/* ---- what was resolved ------------------------------------------------------------------------------------------- */

static bool read_resolution(struct request *request, struct list_place place, const json_t *row, json_t *ret_row)
{
    static const char *const known[] = {"item", "text", "remarks", NULL};

    if (!members_row_known(request, place, row, known) || !set_new_id(ret_row, "resolution") ||
        !read_id(request, place, row, "item", ret_row))
        return false;
    if (json_is_null(json_object_get(ret_row, "item"))) {
        members_refuse_row(request, place, "item", "UUID");
        return false;
    }
    return members_row_text(request, place, row, "text", LONGEST_TEXT, true, ret_row) &&
           members_row_text(request, place, row, "remarks", LONGEST_TEXT, false, ret_row);
}

enum step_result put_meeting_resolutions(struct request *request, struct db *db)
{
    static const char *const names[] = {"resolutions", "reason", NULL};
    json_t *meeting, *json;
    const struct plan_version *version = meeting_find(request, db, true, &meeting);
    const char *seen, *rows = NULL, *reason;
    struct act *act;

    json_decref(meeting);
    if (!version || !meeting_tag_read(request, MEETING_PART_RESOLUTIONS, &seen) ||
        !(json = members_read(request, names)))
        return STEP_DONE;
    if (meeting_read_reason(request, json, &reason))
        rows = read_list(request, json, "resolutions", MOST_ITEMS, read_resolution);
    if (rows && !read_known(request, json, "resolutions"))
        rows = NULL;
    json_decref(json);
    if (!rows)
        return STEP_DONE;
    act = act_prepare(request, "meeting_resolutions", &meeting_resolutions_record,
                      (const char *const[MEETING_RESOLUTIONS_PARAMETERS - ACT_OWN_PARAMETERS]){
                          request->path_parameters[0], seen, rows, reason});
    if (!act)
        return STEP_DONE;
    request->state = act;
    return job_queue(request, &act->job, meeting_answer);
}
