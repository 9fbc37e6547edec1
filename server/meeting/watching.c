/* watching.c: how many meetings counted, in the words of the rule watch. */
#include "meeting/watching.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "meeting/gathering.h"
#include "meeting/inside.h"

enum { TEXT_SIZE = 24 };

const char watch_meetings_rule[] = "meetings";

/* One unit's body. */
struct watched {
    const struct watch_question *question;
    const struct body *body;
    const char *unit;
    const struct name *name;
    int year, counted;
};

static int count(const struct watched *watched, const struct gatherings *gatherings)
{
    int counted = 0;

    for (size_t i = 0; i < gatherings->count; i++) {
        const struct gathering *one = &gatherings->all[i];
        bool same = one->body == watched->body && !one->unit == !watched->unit &&
                    (!one->unit || strcmp(one->unit, watched->unit) == 0);

        counted += same && one->took_place && one->regular && !one->missed_quorum &&
                   date_compare(one->day, watched->question->day) <= 0;
    }
    return counted;
}

static json_t *row_json(const struct watched *watched, struct arena *arena)
{
    static const struct name rule = {{"年度定期會議次數", "regular meetings in the year"}};
    const struct body *body = watched->body;
    int missing = body->meetings_least - watched->counted;
    bool broken = missing > 0 && watched->counted < meetings_due_before(body, watched->year, watched->question->day);
    char found[TEXT_SIZE], wanted[TEXT_SIZE];
    json_t *advice = json_null();

    snprintf(found, sizeof found, "%d", watched->counted);
    snprintf(wanted, sizeof wanted, "≥%d", body->meetings_least);
    if (broken)
        advice =
            json_pack("{ss? ss?}", "zh", arena_format(arena, "%d年度尚應召開定期會議%d次。", watched->year, missing),
                      "en", arena_format(arena, "Regular meetings still owed in ROC %d: %d.", watched->year, missing));
    return json_pack("{ss so ss? so ss so sb ss ss ss sn sn sn so sn ss}", "body", body->code, "name",
                     meeting_name_json(&body->name), "unit", watched->unit, "unit_name",
                     meeting_name_json(watched->name), "rule", watch_meetings_rule, "rule_name",
                     meeting_name_json(&rule), "hard", !body->meetings_soft, "verdict",
                     missing <= 0 ? "holds"
                     : broken     ? "broken"
                                  : "unknown",
                     "found", found, "wanted", wanted, "since", "last_held", "mend", "advice", advice, "revision",
                     "source", body->source);
}

static bool is_of(const json_t *row, const struct watched *watched)
{
    const char *body = json_text_member(row, "body"), *unit = json_text_member(row, "unit");

    return body && strcmp(body, watched->body->code) == 0 && !unit == !watched->unit &&
           (!unit || strcmp(unit, watched->unit) == 0);
}

/* Behind the last rule of the same unit's body, or at the end. */
static bool insert(json_t *list, const struct watched *watched, struct arena *arena)
{
    size_t place = json_array_size(list);

    for (size_t i = json_array_size(list); i > 0; i--)
        if (is_of(json_array_get(list, i - 1), watched)) {
            place = i;
            break;
        }
    return json_array_insert_new(list, place, row_json(watched, arena)) == 0;
}

enum db_status watch_meetings(struct db *db, const struct watch_question *question, struct arena *arena, json_t *list)
{
    const struct plan *plan = question->version->plan;
    int year = watch_year(plan, question->day);
    const struct meeting_calendar_question asked = {
        .plan = plan, .year = year, .body = question->body, .unit = question->unit, .as_of = question->as_of};
    struct gatherings gatherings;
    enum db_status status = gatherings_read(db, &asked, arena, &gatherings);

    for (size_t b = 0; status == DB_OK && b < plan->bodies->body_count; b++) {
        const struct body *body = &plan->bodies->bodies[b];

        for (size_t i = 0; status == DB_OK && body->meetings_least > 0 && i < body_unit_count(plan, body); i++) {
            struct watched watched = {.question = question, .body = body, .year = year};

            if (!body_unit_at(plan, body, i, year, &watched.unit, &watched.name) ||
                !watch_covers(question, body, watched.unit))
                continue;
            watched.counted = count(&watched, &gatherings);
            if (!insert(list, &watched, arena))
                status = DB_FAILED;
        }
    }
    return status;
}
