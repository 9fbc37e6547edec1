/* watch.c: rules of bodies on a day. */
#include "body/watch.h"

#include <string.h>

#include "body/advice.h"
#include "body/inside.h"
#include "body/steps.h"

int watch_year(const struct plan *plan, struct date day)
{
    int year = day.year - ROC_EPOCH;

    return year < plan->from ? plan->from : year > plan->to ? plan->to : year;
}

bool watch_covers(const struct watch_question *question, const struct body *body, const char *unit)
{
    if (question->body && question->body != body)
        return false;
    if (question->unit && (!unit || strcmp(question->unit, unit) != 0))
        return false;
    return !question->office || body_unit_has(question->version->plan, body, unit, question->office,
                                              watch_year(question->version->plan, question->day));
}

json_t *name_json(const struct name *name)
{
    return name->text[0] ? json_pack("{ss ss}", "zh", name->text[LANGUAGE_ZH], "en", name->text[LANGUAGE_EN])
                         : json_null();
}

static json_t *date_json(bool known, struct date date)
{
    char text[DATE_TEXT_SIZE];

    if (!known)
        return json_null();
    date_format_iso(date, text);
    return json_string(text);
}

/* A number, or null where there is none. */
static json_t *number_or_null(int number, int none)
{
    return number == none ? json_null() : json_integer(number);
}

static json_t *mend_json(const struct mend *mend)
{
    return json_pack("{so so si so sb so}", "exchange", number_or_null(mend->exchange, MEND_IMPOSSIBLE), "add",
                     number_or_null(mend->add, MEND_IMPOSSIBLE), "remove", mend->remove, "free_seats",
                     number_or_null(mend->free_seats, MEND_UNLIMITED), "within_seats", mend->within_seats, "lesser_sex",
                     mend->lesser ? json_stringn(&mend->lesser, 1) : json_null());
}

/* What is being told about: a unit's body. */
struct unit_watch {
    const struct watch_question *question;
    const struct body *body;
    const char *unit;
    const struct name *name;
    struct body_steps steps;
    struct arena *arena;
};

static json_t *rule_json(const struct unit_watch *watch, enum body_rule rule)
{
    static const char *const verdicts[] = {"holds", "broken", "unknown"};
    static const struct body_counts nobody;
    const struct body *body = watch->body;
    const struct body_step *step = body_step_on(&watch->steps, watch->question->day);
    const struct body_counts *counts = step ? &step->counts : &nobody;
    struct rule_history history = rule_history_on(body, rule, &watch->steps, watch->question->day);
    struct mend mend = body_rule_mend(body, rule, counts);
    bool broken = history.verdict == VERDICT_BROKEN;
    char found[BODY_RULE_TEXT_SIZE], wanted[BODY_RULE_TEXT_SIZE];
    json_t *advice = NULL;

    body_rule_found(rule, counts, found);
    body_rule_wanted(body, rule, wanted);
    if (broken)
        advice = json_pack("{ss ss}", "zh", body_advice(body, rule, counts, LANGUAGE_ZH, watch->arena), "en",
                           body_advice(body, rule, counts, LANGUAGE_EN, watch->arena));
    return json_pack(
        "{ss so ss? so ss so sb ss ss ss so so so so ss? ss}", "body", body->code, "name", name_json(&body->name),
        "unit", watch->unit, "unit_name", name_json(watch->name), "rule", body_rule_word(rule), "rule_name",
        name_json(&body_rule_names[rule]), "hard", rule != RULE_SEX_GOAL, "verdict", verdicts[history.verdict], "found",
        found, "wanted", wanted, "since", date_json(history.has_since, history.since), "last_held",
        date_json(history.ever_held, history.last_held), "mend", broken ? mend_json(&mend) : json_null(), "advice",
        broken ? advice : json_null(), "revision", step ? step->revision : NULL, "source", body->source);
}

static enum db_status watch_unit(struct db *db, struct unit_watch *watch, json_t *list)
{
    enum db_status status = body_steps_read(db, watch->question->version->plan, watch->body, watch->unit,
                                            watch->question->as_of, watch->arena, &watch->steps);

    for (int rule = 0; status == DB_OK && rule < BODY_RULE_COUNT; rule++)
        if (body_rule_applies(watch->body, (enum body_rule)rule) &&
            json_array_append_new(list, rule_json(watch, (enum body_rule)rule)) != 0)
            status = DB_FAILED;
    return status;
}

enum db_status watch_rules(struct db *db, const struct watch_question *question, struct arena *arena, json_t **ret_list)
{
    const struct plan *plan = question->version->plan;
    int year = watch_year(plan, question->day);
    json_t *list = json_array();
    enum db_status status = list ? DB_OK : DB_FAILED;

    for (size_t b = 0; b < plan->bodies->body_count; b++) {
        const struct body *body = &plan->bodies->bodies[b];

        for (size_t i = 0; status == DB_OK && i < body_unit_count(plan, body); i++) {
            struct unit_watch watch = {.question = question, .body = body, .arena = arena};

            if (body_unit_at(plan, body, i, year, &watch.unit, &watch.name) && watch_covers(question, body, watch.unit))
                status = watch_unit(db, &watch, list);
        }
    }
    if (status == DB_OK)
        *ret_list = list;
    else
        json_decref(list);
    return status;
}
