/* decision_rulings.c: what a meeting rules of a decision's owners. */
#include <string.h>

#include "api/common.h"
#include "api/decision_tracking.h"
#include "api/handlers.h"
#include "api/members.h"
#include "api/recording.h"
#include "base/json.h"

enum { MOST_RULINGS = 50 };

static json_t *read_one_ruling(struct request *request, const struct tracking *tracking, struct list_place place,
                               const json_t *one)
{
    static const char *const known[] = {"owner", "outcome", "due_on", "text", NULL};
    const char *outcome, *due_on, *text, *name;
    const json_t *value;
    int owner;

    if (!json_is_object(one)) {
        members_refuse_row(request, place, "", "{\"owner\",\"outcome\",\"due_on\",\"text\"}");
        return NULL;
    }
    json_object_foreach((json_t *)one, name, value) {
        if (!is_one_of(name, known)) {
            members_refuse_unknown(request, arena_format(request->arena, "rulings[%zu].%s", place.i, name), known);
            return NULL;
        }
    }
    owner = tracking_owner(tracking->decision, json_object_get(one, "owner"));
    if (!members_text(request, one, "outcome", LONGEST_TRACKING_CODE, true, &outcome) ||
        !members_words(request, one, "text", LONGEST_TRACKING_TEXT, false, &text) ||
        !decision_day(request, one, "due_on", &due_on))
        return NULL;
    if (!owner)
        members_refuse_row(
            request, place, "owner",
            bilingual(request, "列管事項的權責機關序號 1、2 …", "the number of an owner of the decision, 1, 2 …"));
    else if (!is_one_of(outcome, tracking_outcomes))
        members_refuse_row(request, place, "outcome", tracking_outcome_words);
    else if (due_on && strcmp(outcome, "continue") != 0)
        members_refuse_row(request, place, "due_on",
                           bilingual(request, "不填；只有繼續列管（continue）才訂期限",
                                     "none; only what stays open (continue) has a day"));
    else
        return json_pack("{si ss ss? ss?}", "owner", owner, "outcome", outcome, "due_on", due_on, "text", text);
    return NULL;
}

static bool names_owner(const json_t *rulings, const json_t *ruling)
{
    const json_t *one;
    size_t i;

    json_array_foreach(rulings, i, one) {
        if (json_equal(json_object_get(one, "owner"), json_object_get(ruling, "owner")))
            return true;
    }
    return false;
}

/* The rulings as the database takes them. NULL: a problem is replied. */
static const char *read_rulings(struct request *request, const struct tracking *tracking, const json_t *json)
{
    const json_t *given = json_object_get(json, "rulings"), *one;
    json_t *rulings = json_array(), *ruling;
    bool good = json_array_size(given) >= 1 && json_array_size(given) <= MOST_RULINGS;
    const char *text = NULL;
    size_t i;

    if (!good)
        members_refuse(request, "rulings",
                       arena_format(request->arena, bilingual(request, "1–%d 項裁示的清單", "a list of 1–%d rulings"),
                                    MOST_RULINGS));
    json_array_foreach(given, i, one) {
        if (!good || !(ruling = read_one_ruling(request, tracking, (struct list_place){"rulings", i}, one))) {
            good = false;
            break;
        }
        if (names_owner(rulings, ruling)) {
            members_refuse_row(request, (struct list_place){"rulings", i}, "owner",
                               bilingual(request, "每個權責機關一次", "each owner once"));
            good = false;
        }
        json_array_append_new(rulings, ruling);
    }
    if (good)
        text = decision_json_text(request, rulings);
    json_decref(rulings);
    return text;
}

enum step_result post_ruling(struct request *request, struct db *db)
{
    static const char *const known[] = {"meeting", "rulings", NULL};
    struct tracking tracking = {0};
    struct decision_place place = {0};
    const char *meeting, *rulings = NULL;
    json_t *json = members_read(request, known);
    bool good = json && members_text(request, json, "meeting", LONGEST_TRACKING_CODE, true, &meeting) &&
                begin_snapshot(request, db) && tracking_find(request, db, request->path_parameters[0], &tracking) &&
                (rulings = read_rulings(request, &tracking, json)) &&
                tracking_find_meeting(request, db, &tracking, tracking.body, tracking.unit, meeting, &place);

    db_snapshot_end(db);
    json_decref(tracking.decision);
    json_decref(json);
    if (!good)
        return STEP_DONE;
    return tracking_queue(
        request, act_prepare(request, "decision_ruling", &decision_ruling_record,
                             (const char *const[DECISION_RULING_PARAMETERS - ACT_OWN_PARAMETERS]){
                                 tracking_new_id(request), request->path_parameters[0], place.meeting, place.record,
                                 decision_meeting_body(tracking.body), decision_day_field(tracking.plan), rulings}));
}
