/* decision_new.c: a new decision of a meeting: what it asks for, and of whom. */
#include <stdlib.h>

#include "api/common.h"
#include "api/decision_answer.h"
#include "api/handlers.h"
#include "api/members.h"
#include "api/recording.h"
#include "base/json.h"

enum { LONGEST_TITLE = 500, LONGEST_TEXT = 20000, LONGEST_ASKS = 2000, LONGEST_CODE = 100, MOST_OWNERS = 50 };

const char *decision_json_text(struct request *request, const json_t *json)
{
    char *text = json_dumps(json, JSON_COMPACT);
    const char *copy = text ? arena_text(request->arena, text) : NULL;

    free(text);
    if (!copy)
        reply_problem(request, PROBLEM_internal, NULL);
    return copy;
}

bool decision_day(struct request *request, const json_t *json, const char *name, const char **ret_day)
{
    const char *text;
    char iso[DATE_TEXT_SIZE];
    struct date date;

    *ret_day = NULL;
    if (!members_text(request, json, name, LONGEST_CODE, false, &text))
        return false;
    if (!text)
        return true;
    if (!date_parse_habit(text, &date)) {
        members_refuse_value(request, name, json_object_get(json, name), "YYYY-MM-DD");
        return false;
    }
    date_format_iso(date, iso);
    *ret_day = arena_text(request->arena, iso);
    return *ret_day != NULL;
}

static bool read_asks(struct request *request, const struct plan *plan, const json_t *json, struct deciding *deciding)
{
    static const char *const known[] = {"form", "period", "text", NULL};
    const json_t *asks = json_object_get(json, "asks"), *value;
    const char *name;
    const struct form *form;
    struct period period;

    if (!asks || json_is_null(asks))
        return true;
    if (!json_is_object(asks)) {
        members_refuse(request, "asks", "{\"form\",\"period\"}, {\"text\"}");
        return false;
    }
    json_object_foreach((json_t *)asks, name, value) {
        if (!is_one_of(name, known)) {
            members_refuse_unknown(request, arena_format(request->arena, "asks.%s", name), known);
            return false;
        }
    }
    if (!members_text(request, asks, "form", LONGEST_CODE, false, &deciding->asks_form) ||
        !members_text(request, asks, "period", LONGEST_CODE, false, &deciding->asks_period) ||
        !members_words(request, asks, "text", LONGEST_ASKS, false, &deciding->asks))
        return false;
    form = deciding->asks_form ? plan_form(plan, deciding->asks_form) : NULL;
    if (deciding->asks_form && !form)
        members_refuse(request, "asks.form", bilingual(request, "計畫中的表單代碼", "the code of a form of the plan"));
    else if (!deciding->asks_form != !deciding->asks_period)
        members_refuse(request, "asks", bilingual(request, "form 與 period 須同時有", "form and period together"));
    else if (form && (!period_parse(deciding->asks_period, &period) || !plan_has_period(plan, form, period)))
        members_refuse(request, "asks.period", bilingual(request, "這張表單的期間", "a period of the form"));
    else if (!form && !deciding->asks)
        members_refuse(request, "asks", bilingual(request, "form 或 text", "form or text"));
    else
        return true;
    return false;
}

/* One owner: the code of an office, its name, or the name of an agency. NULL: a problem is replied. */
static json_t *read_owner(struct request *request, const struct plan *plan, struct list_place place,
                          const json_t *owner)
{
    const char *office, *agency;

    if (!json_is_object(owner) || json_object_size(owner) != 1) {
        members_refuse_row(request, place, "", "{\"office\"} | {\"agency\"}");
        return NULL;
    }
    if (!members_text(request, owner, "office", LONGEST_CODE, false, &office) ||
        !members_words(request, owner, "agency", LONGEST_CODE, false, &agency))
        return NULL;
    if (!office == !agency) {
        members_refuse_row(request, place, "", "{\"office\"} | {\"agency\"}");
        return NULL;
    }
    if (office && !plan_office(plan, office)) {
        members_refuse_row(request, place, "office",
                           bilingual(request, "計畫中的機關代碼", "the code of an office of the plan"));
        return NULL;
    }
    return json_pack("{ss}", office ? "office" : "agency", office ? office : agency);
}

static bool has_owner(const json_t *owners, const json_t *wanted)
{
    const json_t *owner;
    size_t i;

    json_array_foreach(owners, i, owner) {
        if (json_equal(owner, wanted))
            return true;
    }
    return false;
}

static bool read_owners(struct request *request, const struct plan *plan, const json_t *json, struct deciding *deciding)
{
    const json_t *given = json_object_get(json, "owners"), *one;
    json_t *owners = json_array(), *owner;
    bool good = json_array_size(given) >= 1 && json_array_size(given) <= MOST_OWNERS;
    size_t i;

    if (!good)
        members_refuse(request, "owners",
                       arena_format(request->arena,
                                    bilingual(request, "1–%d 個權責機關的清單", "a list of 1–%d owners"), MOST_OWNERS));
    json_array_foreach(given, i, one) {
        if (!good || !(owner = read_owner(request, plan, (struct list_place){"owners", i}, one))) {
            good = false;
            break;
        }
        if (has_owner(owners, owner)) {
            members_refuse(request, "owners", bilingual(request, "每個機關一次", "each of them once"));
            good = false;
        }
        json_array_append_new(owners, owner);
    }
    if (good)
        deciding->owners = decision_json_text(request, owners);
    json_decref(owners);
    return good && deciding->owners;
}

bool decision_read_new(struct request *request, const struct plan *plan, const json_t *json, struct deciding *deciding)
{
    static const char *const kinds[] = {"resolution", "direction", NULL};

    if (!members_text(request, json, "item", UUID_TEXT_SIZE, false, &deciding->item) ||
        !members_text(request, json, "kind", LONGEST_CODE, false, &deciding->kind) ||
        !members_words(request, json, "title", LONGEST_TITLE, true, &deciding->title) ||
        !members_words(request, json, "text", LONGEST_TEXT, true, &deciding->text) ||
        !decision_day(request, json, "due_on", &deciding->due_on) || !read_asks(request, plan, json, deciding) ||
        !read_owners(request, plan, json, deciding))
        return false;
    if (deciding->item && !uuid_is_well_formed(deciding->item))
        members_refuse(request, "item", "UUID");
    else if (deciding->kind && !is_one_of(deciding->kind, kinds))
        members_refuse(request, "kind", "resolution, direction");
    else
        return true;
    return false;
}

const struct plan *decision_find_place(struct request *request, struct db *db, struct deciding *deciding)
{
    bool found = false;
    enum db_status status = begin_snapshot(request, db) ? decision_place_find(db, request->path_parameters[0],
                                                                              request->arena, &found, &deciding->place)
                                                        : DB_UNAVAILABLE;
    const struct plan *plan = found ? decision_plan_of(request, deciding->place.plan) : NULL;

    db_snapshot_end(db);
    if (plan)
        deciding->body = deciding->place.form ? decision_body_by_form(plan, deciding->place.form)
                                              : decision_body_of(plan, deciding->place.body);
    if (deciding->body)
        return plan;
    if (status != DB_OK)
        reply_db_failure(request, db, (int)status, "decision_place_failed");
    else
        reply_problem(request, PROBLEM_not_found, NULL);
    return NULL;
}

struct act *decision_prepare(struct request *request, const struct plan *plan, const struct db_statement *statement,
                             const struct deciding *deciding)
{
    const struct decision_place *place = &deciding->place;
    char id[UUID_TEXT_SIZE];

    uuid_make(id);
    return act_prepare(request, "decision", statement,
                       (const char *const[DECISION_PARAMETERS - ACT_OWN_PARAMETERS]){
                           arena_text(request->arena, id), plan->code, deciding->body->code, place->unit,
                           arena_format(request->arena, "%d", place->year), place->meeting, place->record,
                           deciding->item, deciding->kind, deciding->title, deciding->text, deciding->due_on,
                           deciding->asks_form, deciding->asks_period, deciding->asks, deciding->owners,
                           decision_day_field(plan)});
}

enum step_result post_decision(struct request *request, struct db *db)
{
    static const char *const known[] = {"item", "kind", "title", "text", "due_on", "asks", "owners", NULL};
    struct deciding deciding = {0};
    const struct plan *plan = decision_find_place(request, db, &deciding);
    json_t *json = plan ? members_read(request, known) : NULL;
    bool good = json && decision_read_new(request, plan, json, &deciding);
    struct act *act;

    json_decref(json);
    if (!good || !(act = decision_prepare(request, plan, &decision_record, &deciding)))
        return STEP_DONE;
    request->state = act;
    return job_queue(request, &act->job, answer_decision);
}
